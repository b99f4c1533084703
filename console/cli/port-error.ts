import { UserError } from '../../domain/errors.js'

const portCodes = new Set(['EADDRINUSE', 'EACCES', 'EMFILE'])
const hostCodes = new Set(['EADDRNOTAVAIL', 'ENOTFOUND'])

/** The system's word that a port or host cannot be had, as a person can act on it; anything else stays what it is. */
export function asPortError(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error
  if (portCodes.has(String(error.code))) return new UserError('port_taken', error.message, { cause: error })
  return hostCodes.has(String(error.code)) ? new UserError('bad_input', error.message, { cause: error }) : error
}
