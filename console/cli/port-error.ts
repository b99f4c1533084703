import { UserError } from '../../domain/errors.js'

const portCodes = new Set(['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL'])

/** The system's word that a port cannot be had, as a person can act on it; anything else stays what it is. */
export function asPortError(error: unknown): unknown {
  const isPort = error instanceof Error && 'code' in error && portCodes.has(String(error.code))
  return isPort ? new UserError('port_taken', error.message, { cause: error }) : error
}
