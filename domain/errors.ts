import type { OrderReason } from './meter-order.js'
import type { TouDownloadReason } from './tou-tables.js'

/**
 * An error a person can act on: wrong usage, wrong input, or an environment that is not there.
 * The command line prints `message` on one line and leaves with the exit code of the contract; it never prints a stack.
 * A `reason` tells programs apart what `code` does not; `message` begins with it, so that people can look it up.
 */
export class UserError extends Error {
  override readonly name = 'UserError'
  readonly code: UserErrorCode
  readonly reason: UserErrorReason | undefined
  readonly exitCode: ExitCode

  constructor(code: UserErrorCode, message: string, options: UserErrorOptions = {}) {
    const { reason, ...rest } = options
    super(reason === undefined ? message : `${reason}: ${message}`, rest)
    this.code = code
    this.reason = reason
    this.exitCode = exitCodes[code]
  }
}

/** 1: the answer is "no". 2: bad usage or bad input. 3: the environment (database, broker, port). */
export type ExitCode = 1 | 2 | 3

const exitCodes = {
  refused: 1,
  not_found: 1,
  no_answer: 1,
  bad_usage: 2,
  bad_config: 2,
  bad_input: 2,
  database_unreachable: 3,
  database_in_use: 3,
  database_not_migrated: 3,
  local_database_failed: 3,
  port_taken: 3,
  broker_unreachable: 3,
  line_unreachable: 3,
  serial_port_failed: 3,
} as const satisfies Record<string, ExitCode>

export type UserErrorCode = keyof typeof exitCodes

/** Why a request is refused, where a caller may want to tell one refusal from another. */
export type UserErrorReason =
  | 'tariff_gap'
  | 'tariff_overlap'
  | 'digest_differs'
  | 'set_superseded'
  | 'already_billed'
  | 'nothing_to_bill'
  | 'issue_unfinished'
  | 'opening_contradicts'
  | 'still_to_come'
  | 'self_test_failed'
  | 'four_eyes'
  | 'plan_does_not_fit'
  | 'override_unseen'
  | 'statement_differs'
  | 'exists_with_different_amount'
  | 'exists_with_different_account'
  | 'exists_with_different_time'
  | OrderReason
  | TouDownloadReason

export interface UserErrorOptions {
  readonly reason?: UserErrorReason
  readonly cause?: unknown
}
