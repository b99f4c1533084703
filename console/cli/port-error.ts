import { UserError } from '../../domain/errors.js'

const portCodes = new Set(['EADDRINUSE', 'EACCES', 'EMFILE'])
const hostCodes = new Set(['EADDRNOTAVAIL', 'ENOTFOUND'])

/** The system's word that a port or host cannot be had, as a person can act on it; anything else stays what it is. */
export function asPortError(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error
  if (portCodes.has(String(error.code)))
    return new UserError('port_taken', `端口不能用 cannot be had: ${error.message}`, { cause: error })
  return hostCodes.has(String(error.code))
    ? new UserError('bad_input', `地址不能用 cannot be had: ${error.message}`, { cause: error })
    : error
}
