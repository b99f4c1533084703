import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { packageRoot } from '../console/package-root.js'

const folder = join(packageRoot, 'bench', 'peers')

/** Loads a package that only benchmarks are compared with; installs them first where they are not there yet. */
export function loadPeer(name: string): unknown {
  if (!existsSync(join(folder, 'node_modules', name)))
    execFileSync('npm', ['install', '--no-package-lock', '--no-audit', '--no-fund'], {
      cwd: folder,
      stdio: ['ignore', 2, 2],
    })
  return createRequire(join(folder, 'package.json'))(name)
}
