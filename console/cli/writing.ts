import { UserError } from '../../domain/errors.js'
import { fileProblem } from './file-problem.js'

/** What writing a file that the user named gives. @throws UserError bad_input where the system refuses it */
export function writing<T>(path: string, write: () => T): T {
  try {
    return write()
  } catch (cause) {
    if (cause instanceof UserError || !(cause instanceof Error && 'syscall' in cause)) throw cause
    throw new UserError('bad_input', `${path}: 写不了 cannot be written: ${fileProblem(cause)}`, { cause })
  }
}
