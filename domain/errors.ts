/**
 * An error a person can act on: wrong usage, wrong input, or an environment that is not there.
 * The command line prints `message` on one line and leaves with the exit code of the contract; it never prints a stack.
 */
export class UserError extends Error {
  override readonly name = 'UserError'
  readonly code: UserErrorCode
  readonly exitCode: ExitCode

  constructor(code: UserErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.code = code
    this.exitCode = exitCodes[code]
  }
}

/** 1: the answer is "no". 2: bad usage or bad input. 3: the environment (database, broker, port). */
export type ExitCode = 1 | 2 | 3

const exitCodes = {
  refused: 1,
  not_found: 1,
  bad_usage: 2,
  bad_config: 2,
  bad_input: 2,
  database_unreachable: 3,
  database_in_use: 3,
  database_not_migrated: 3,
  local_database_failed: 3,
  port_taken: 3,
  broker_unreachable: 3,
} as const satisfies Record<string, ExitCode>

export type UserErrorCode = keyof typeof exitCodes
