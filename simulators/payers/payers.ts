import type { Random } from '../../domain/runtime.js'
import { addDays, beijing, hourMs, type Instant, type LocalDate, minuteMs } from '../../domain/time.js'
import { habitOf } from './payment-habit.js'

/** A bill as its customer has it on the table. */
export interface PayableBill {
  readonly accountCode: string
  readonly amountFen: bigint
  readonly dueDate: LocalDate
}

/** A notice that reached its customer. */
export interface DeliveredNotice {
  readonly accountCode: string
  readonly deliveredAt: Instant
}

export interface Payment {
  /** Unique within the bank's channel. */
  readonly reference: string
  readonly accountCode: string
  readonly amountFen: bigint
  readonly paidAt: Instant
}

const overpaidFen = 1000n
/** A standing order whose customer number nobody knows. */
const strayAccount = 'A-UNKNOWN'
const strayFen = 8888n
/** Days before the first due date on which the stray payment comes. */
const strayDaysBefore = 8
const bankOpensHour = 8
const bankOpenMinutes = 12 * 60

/**
 * Payments that reach the bank on a day, by reference. One customer pays too much, and one payment names an account that does
 * not exist. Whoever is asked for the same day twice hears the same, given the same notices up to the day before.
 */
export function paymentsOn(
  random: Random,
  day: LocalDate,
  bills: readonly PayableBill[],
  notices: readonly DeliveredNotice[],
): readonly Payment[] {
  const overpayer = overpayerOf(random, bills)
  const paid = bills
    .filter((bill) => payDayOf(random, bill, notices) === day)
    .map(({ accountCode, amountFen }) =>
      paymentOf(random, day, accountCode, accountCode === overpayer ? amountFen + overpaidFen : amountFen),
    )
  const stray = strayDayOf(bills) === day ? [paymentOf(random, day, strayAccount, strayFen)] : []
  return [...paid, ...stray].toSorted((left, right) => (left.reference < right.reference ? -1 : 1))
}

/** Local day on which a bill is paid; null while nothing moves its customer to pay. */
function payDayOf(random: Random, bill: PayableBill, notices: readonly DeliveredNotice[]): LocalDate | null {
  const habit = habitOf(random, bill.accountCode)
  if (habit.kind === 'never') return null
  if (habit.kind === 'before_due') return addDays(bill.dueDate, -habit.days)
  const moving = notices.filter(({ accountCode }) => accountCode === bill.accountCode)
  const instants = moving.map(({ deliveredAt }) => deliveredAt).toSorted((left, right) => left - right)
  const last = instants[habit.notices - 1]
  return last === undefined ? null : addDays(beijing.dateAt(last), 1)
}

function paymentOf(random: Random, day: LocalDate, accountCode: string, amountFen: bigint): Payment {
  const minutes = random.below(bankOpenMinutes, 'paid at', accountCode, day)
  return {
    reference: `${day.replaceAll('-', '')}-${accountCode}`,
    accountCode,
    amountFen,
    paidAt: beijing.startOfDay(day) + bankOpensHour * hourMs + minutes * minuteMs,
  }
}

/** The first account, by code, that pays in time. */
function overpayerOf(random: Random, bills: readonly PayableBill[]): string | null {
  const inTime = bills.filter(({ accountCode }) => habitOf(random, accountCode).kind === 'before_due')
  return inTime.map(({ accountCode }) => accountCode).toSorted()[0] ?? null
}

function strayDayOf(bills: readonly PayableBill[]): LocalDate | null {
  const firstDue = bills.map(({ dueDate }) => dueDate).toSorted()[0]
  return firstDue === undefined ? null : addDays(firstDue, -strayDaysBefore)
}
