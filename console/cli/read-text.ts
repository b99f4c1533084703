import { readFileSync } from 'node:fs'
import { UserError } from '../../domain/errors.js'

/** Text of a file that the user named. */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new UserError('bad_input', `${path}: cannot be read: ${reason}`, { cause })
  }
}
