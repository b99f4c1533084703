import type { Random } from '../../domain/runtime.js'

/** When an account pays: days before the due date, the day after its n-th delivered notice, or never. */
export type PaymentHabit =
  | { readonly kind: 'before_due'; readonly days: number }
  | { readonly kind: 'after_notice'; readonly notices: 1 | 2 | 3 }
  | { readonly kind: 'never' }

const earliestDaysBefore = 12

/** Of a hundred accounts about 70 pay in time, 10, 7 and 5 after one, two and three notices, and 8 not at all. */
export function habitOf(random: Random, accountCode: string): PaymentHabit {
  const lot = random.below(100, 'payment habit', accountCode)
  if (lot < 70)
    return { kind: 'before_due', days: 1 + random.below(earliestDaysBefore, 'days before due', accountCode) }
  if (lot < 80) return { kind: 'after_notice', notices: 1 }
  if (lot < 87) return { kind: 'after_notice', notices: 2 }
  if (lot < 92) return { kind: 'after_notice', notices: 3 }
  return { kind: 'never' }
}
