import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'

const folder = join('simulators', 'truth-check')

t.test('the truth check imports nothing but Node and its own files', async (t) => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts'))
  t.ok(files.length >= 9)
  for (const file of files) {
    const specifiers = [...readFileSync(join(folder, file), 'utf8').matchAll(/from '([^']+)'/g)].map(
      ([, name = '']) => name,
    )
    t.same(
      specifiers.filter((name) => !/^(node:|\.\/)/.test(name)),
      [],
      file,
    )
  }
})
