import { UserError } from '../../domain/errors.js'
import type { Io } from './io.js'

const mostDefects = 20

/**
 * Says what is wrong with a file: one defect in the line of the refusal, several on a line each before it.
 * @throws UserError bad_input, always
 */
export function refuseFile(io: Io, file: string, defects: readonly string[]): never {
  const [only = ''] = defects
  if (defects.length <= 1) throw new UserError('bad_input', `${file}: ${only}`)
  for (const defect of defects.slice(0, mostDefects)) io.err(`${file}: ${defect}`)
  const rest = defects.length - mostDefects
  if (rest > 0) io.err(`… 另有 ${rest} 处 ${rest} more`)
  throw new UserError(
    'bad_input',
    `${file}: 以上 ${defects.length} 处须改正 ${defects.length} places to correct, above`,
  )
}
