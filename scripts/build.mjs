// Empties build/, compiles the sources and copies the assets that the compiled program reads at run time.
import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const assetFolders = [
  'storage',
  'billing',
  'dunning',
  'protocols',
  'mdm',
  'headend',
  'simulators',
  'console',
  'test',
  'bench',
]
const assetExtensions = new Set(['.sql', '.json', '.html', '.css', '.txt', '.csv', '.hex'])

process.chdir(root)
rmSync('build', { recursive: true, force: true })
execFileSync(process.execPath, [join('node_modules', 'typescript', 'bin', 'tsc'), '-p', '.'], { stdio: 'inherit' })
for (const folder of assetFolders) copyAssets(folder)
chmodSync(join('build', 'console', 'main.js'), 0o755)

function copyAssets(folder) {
  if (!existsSync(folder)) return
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules') continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) copyAssets(path)
    else if (assetExtensions.has(extname(entry.name))) {
      mkdirSync(join('build', folder), { recursive: true })
      cpSync(path, join('build', path))
    }
  }
}
