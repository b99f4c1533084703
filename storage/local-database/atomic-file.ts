import { readFileSync, renameSync, writeFileSync } from 'node:fs'

/** Replaces a file in one step, so that a reader or a crash never meets half of it. */
export function replaceFile(path: string, content: string, mode: number): void {
  const draft = `${path}.${process.pid}.draft`
  writeFileSync(draft, content, { mode, flush: true })
  renameSync(draft, path)
}

/** Content of a file; null when it is not there. */
export function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return null
    throw error
  }
}

export function isSystemError(error: unknown, ...codes: readonly string[]): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code)
}

/** The JSON document of a small file of ours; undefined when it is no JSON, which is never what we wrote. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
