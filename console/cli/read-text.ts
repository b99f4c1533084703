import { readFileSync } from 'node:fs'
import { UserError } from '../../domain/errors.js'
import { fileProblem } from './file-problem.js'

/** Text of a file that the user named. */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new UserError('bad_input', `${path}: 读不了 cannot be read: ${fileProblem(cause)}`, { cause })
  }
}
