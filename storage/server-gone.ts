import pg from 'pg'
import { UserError } from '../domain/errors.js'

/** Class 08: connection exceptions; 57P01 to 57P03: the server shuts down, crashed, or is not up yet. */
const goneStates = /^(08\w{3}|57P0[123])$/

/**
 * What a person is told when a session of the pool failed because the server ended or dropped it; null for every other failure of a session.
 * Transactions that were under way are rolled back, so running the command again is safe.
 */
export function serverGone(error: unknown): UserError | null {
  if (!(error instanceof Error) || !saysGone(error)) return null
  return new UserError('database_unreachable', `the database server ended in mid-run: ${error.message}`, {
    cause: error,
  })
}

function saysGone(error: Error): boolean {
  if (error instanceof pg.DatabaseError) return goneStates.test(error.code ?? '')
  // The driver's own words when the socket closes under a statement have no code; what the socket itself says names the system call.
  return error.message.startsWith('Connection terminated') || ('syscall' in error && isSocketCall(error.syscall))
}

function isSocketCall(syscall: unknown): boolean {
  return syscall === 'connect' || syscall === 'read' || syscall === 'write'
}
