// Prints the compiled test files that reach the cluster of the database tests through what they import: those alone can tell the tiers apart.
// node scripts/database-tests.mjs [FOLDER…]: only those in these folders of build/test.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const cluster = join(root, 'build', 'test', 'support', 'cluster.js')
const reaching = new Map([[cluster, true]])
const folders = process.argv.slice(2)

const tests = readdirSync(join(root, 'build', 'test'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.js'))
  .filter(
    (name) => folders.length === 0 || folders.some((folder) => name.startsWith(`${folder}/`.replaceAll('/', sep))),
  )
  .map((name) => join(root, 'build', 'test', name))
const found = tests.filter(reaches).sort()
if (found.length === 0) throw new Error('no compiled test reaches the cluster: has it moved?')
console.log(found.join('\n'))

// Only tests import from test/support, so the walk may end where it leaves build/test.
function reaches(file) {
  const known = reaching.get(file)
  if (known !== undefined) return known
  reaching.set(file, false)
  const imports = readFileSync(file, 'utf8').matchAll(/^(?:import|export)\s[^;\n]*?['"](\.[^'"]+\.js)['"]/gm)
  const result = [...imports]
    .map(([, specifier]) => resolve(dirname(file), specifier))
    .some((target) => target.includes(join('build', 'test')) && reaches(target))
  reaching.set(file, result)
  return result
}
