import { randomBytes } from 'node:crypto'
import { UserError } from '../../domain/errors.js'
import { loginName, loginRoles, type LoginRole } from '../roles.js'
import { parseJson, readIfThere, replaceFile } from './atomic-file.js'

export type Passwords = Readonly<Record<LoginRole, string>>

const passwordBytes = 24

/**
 * The passwords of a folder's cluster, made at its first start. The file is for its owner's eyes only.
 * @throws UserError `local_database_failed` when the file of an existing cluster is gone or broken: new ones would open nothing.
 */
export function ensurePasswords(path: string, clusterExists: boolean): Passwords {
  const stored = readIfThere(path)
  if (stored !== null) return parsePasswords(stored, path)
  if (clusterExists)
    throw new UserError(
      'local_database_failed',
      `${path} 不见了，请放回 is missing; put it back, or remove its folder to begin anew`,
    )
  const made = Object.fromEntries(loginRoles.map((role) => [role, randomBytes(passwordBytes).toString('base64url')]))
  replaceFile(path, `${JSON.stringify(made, null, 2)}\n`, 0o600)
  return parsePasswords(JSON.stringify(made), path)
}

/** Lets a person open the database with psql and the reader's rights, without a password on any screen. */
export function ensurePassFile(path: string, passwords: Passwords): void {
  const line = `*:*:*:${loginName('reader')}:${passwords.reader}\n`
  if (readIfThere(path) !== line) replaceFile(path, line, 0o600)
}

function parsePasswords(text: string, path: string): Passwords {
  const parsed = parseJson(text)
  if (!isPasswords(parsed))
    throw new UserError(
      'local_database_failed',
      `${path} 未含本地库口令 does not hold the passwords of the local database`,
    )
  return parsed
}

function isPasswords(value: unknown): value is Passwords {
  return typeof value === 'object' && value !== null && loginRoles.every((role) => role in value)
}
