import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout that holds the sources, found from the compiled test: build/test/architecture -> root. */
export const checkoutRoot = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..')

export const sourceFolders = [
  'domain',
  'protocols',
  'headend',
  'mdm',
  'billing',
  'dunning',
  'storage',
  'simulators',
  'console',
  'bench',
  'test',
] as const

export interface SourceFile {
  /** Path from the checkout, with forward slashes. */
  readonly path: string
  readonly text: string
}

export function sourceFiles(folders: readonly string[] = sourceFolders): readonly SourceFile[] {
  return folders.flatMap((folder) => filesBelow(join(checkoutRoot, folder))).filter(({ path }) => path.endsWith('.ts'))
}

function filesBelow(folder: string): readonly SourceFile[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: relative(checkoutRoot, path).replaceAll('\\', '/'), text: readFileSync(path, 'utf8') }))
}
