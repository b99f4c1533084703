import { err } from '../../domain/result.js'

/** The registry says something else; `reason` is for a person, `code` for a program. */
export interface ChangeRefused {
  readonly kind: 'change_refused'
  readonly code:
    | 'unknown_code'
    | 'unknown_tariff'
    | 'exists_with_different_content'
    | 'not_installed'
    | 'no_agreement'
    | 'not_at_midnight'
    | 'does_not_fit_display'
    | 'part_of_itself'
    | 'still_to_come'
    | 'nothing_to_correct'
    | 'rests_on_it'
    | 'bill_issued'
    | 'does_not_describe'
  readonly reason: string
}

/** `exists`: this very change is in the registry already. `waits`: a correction that a second person has to hand in, too. */
export type ChangeOutcome = 'applied' | 'exists' | 'waits'

export function refuse(code: ChangeRefused['code'], reason: string) {
  return err<ChangeRefused>({ kind: 'change_refused', code, reason })
}
