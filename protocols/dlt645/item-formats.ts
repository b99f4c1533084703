import type { RegisterSet } from '../../domain/reading.js'
import { err, invariant, ok, type Result } from '../../domain/result.js'
import { addDays, beijing, type Instant, isLocalDate, type LocalDate, minuteMs } from '../../domain/time.js'
import { decodeBcd, encodeBcd, isAbsent } from './bcd.js'

/** Why a payload has no value: the meter has none (all FFH), the bytes are no such value, or their number does not fit. */
export type ItemError =
  | { readonly kind: 'value_absent' }
  | { readonly kind: 'value_invalid' }
  | { readonly kind: 'length_mismatch' }
  | { readonly kind: 'more_than_four_tariffs' }

/** How the payload of one kind of item is read and written; the two directions are exact inverses. */
export interface ItemFormat<T> {
  readonly decode: (payload: Buffer) => Result<T, ItemError>
  readonly encode: (value: T) => Buffer
}

const registerBytes = 4
/** XXXXXX.XX kWh: one count is 0.01 kWh. */
const countE4 = 100n
const rolloverE4 = 100_000_000n * countE4
const noTariffs = [null, null, null, null] as const

/**
 * Total and then as many tariffs as the length says, 4 bytes each. A tariff that is absent is null; an absent total is an
 * absent value, since tariffs without a total cannot be checked.
 */
export const energyRegisters: ItemFormat<RegisterSet> = {
  decode(payload) {
    const count = payload.length / registerBytes
    if (count === 0 || !Number.isInteger(count)) return err({ kind: 'length_mismatch' })
    if (count > 1 + noTariffs.length) return err({ kind: 'more_than_four_tariffs' })
    const registers = Array.from({ length: count }, (_, index) => decodeRegister(payload, index))
    if (registers.includes('invalid')) return err({ kind: 'value_invalid' })
    const [total, ...tariffs] = registers.map((register) => (typeof register === 'bigint' ? register : null))
    if (total === null || total === undefined) return err({ kind: 'value_absent' })
    return ok({ totalE4: total, touE4: fourTariffs(tariffs) })
  },
  encode({ totalE4, touE4 }) {
    const tariffCount = touE4.findLastIndex((register) => register !== null) + 1
    return Buffer.concat([totalE4, ...touE4.slice(0, tariffCount)].map(encodeRegister))
  },
}

/** One register, 4 bytes, without tariffs. */
export const energyTotal: ItemFormat<RegisterSet> = {
  decode: (payload) =>
    payload.length === registerBytes ? energyRegisters.decode(payload) : err({ kind: 'length_mismatch' }),
  encode: ({ totalE4 }) => encodeRegister(totalE4),
}

/** Minute stamp mm hh DD MM YY in Beijing time, the instant at which that minute begins. */
export const minuteStamp: ItemFormat<Instant> = {
  decode(payload) {
    const digits = bcdField(payload, 5)
    if (!digits.ok) return digits
    const date = dateOf(digits.value.slice(0, 6))
    const minute = minuteOfDay(digits.value.slice(6))
    if (date === null || minute === null) return err({ kind: 'value_invalid' })
    return ok(beijing.startOfDay(date) + minute * minuteMs)
  },
  encode(instant) {
    const minute = beijing.minuteOfDay(instant)
    return encodeBcd(
      `${digitsOfDate(beijing.dateAt(instant))}${twoDigits(Math.floor(minute / 60))}${twoDigits(minute % 60)}`,
      5,
    )
  },
}

export interface DateAndWeekday {
  readonly date: LocalDate
  /** 0 Sunday … 6 Saturday, as the meter claims. */
  readonly weekday: number
}

/** WW DD MM YY. */
export const dateAndWeekday: ItemFormat<DateAndWeekday> = {
  decode(payload) {
    const digits = bcdField(payload, 4)
    if (!digits.ok) return digits
    const date = dateOf(digits.value.slice(0, 6))
    const weekday = Number(digits.value.slice(6))
    return date === null || weekday > 6 ? err({ kind: 'value_invalid' }) : ok({ date, weekday })
  },
  encode: ({ date, weekday }) => encodeBcd(`${digitsOfDate(date)}${twoDigits(weekday)}`, 4),
}

/** Weekday of a local day in the meter's numbering: 0 Sunday … 6 Saturday. */
export function weekdayOf(date: LocalDate): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay()
}

/** ss mm hh as whole seconds from local midnight. */
export const secondOfDay: ItemFormat<number> = {
  decode(payload) {
    const digits = bcdField(payload, 3)
    if (!digits.ok) return digits
    const minute = minuteOfDay(digits.value.slice(0, 4))
    const second = Number(digits.value.slice(4))
    return minute === null || second > 59 ? err({ kind: 'value_invalid' }) : ok(minute * 60 + second)
  },
  encode: (value) =>
    encodeBcd([Math.floor(value / 3600), Math.floor(value / 60) % 60, value % 60].map(twoDigits).join(''), 3),
}

/** Sixteen bits, low byte first. */
export const statusWord: ItemFormat<number> = {
  decode(payload) {
    if (payload.length !== 2) return err({ kind: 'length_mismatch' })
    return isAbsent(payload) ? err({ kind: 'value_absent' }) : ok(payload.readUInt16LE())
  },
  encode(bits) {
    const payload = Buffer.alloc(2)
    payload.writeUInt16LE(bits)
    return payload
  },
}

function decodeRegister(payload: Buffer, index: number): bigint | 'absent' | 'invalid' {
  const bytes = payload.subarray(index * registerBytes, (index + 1) * registerBytes)
  if (isAbsent(bytes)) return 'absent'
  const digits = decodeBcd(bytes)
  return digits === null ? 'invalid' : BigInt(digits) * countE4
}

function encodeRegister(valueE4: bigint | null): Buffer {
  if (valueE4 === null) return Buffer.alloc(registerBytes, 0xff)
  invariant(valueE4 >= 0n && valueE4 < rolloverE4, 'a register shows 0 to 999999.99 kWh')
  return encodeBcd((valueE4 / countE4).toString(), registerBytes)
}

function fourTariffs(tariffs: readonly (bigint | null)[]): RegisterSet['touE4'] {
  const [tou1 = null, tou2 = null, tou3 = null, tou4 = null] = tariffs
  return [tou1, tou2, tou3, tou4]
}

function bcdField(payload: Buffer, byteCount: number): Result<string, ItemError> {
  if (payload.length !== byteCount) return err({ kind: 'length_mismatch' })
  if (isAbsent(payload)) return err({ kind: 'value_absent' })
  const digits = decodeBcd(payload)
  return digits === null ? err({ kind: 'value_invalid' }) : ok(digits)
}

function dateOf(yymmdd: string): LocalDate | null {
  const date = `20${yymmdd.slice(0, 2)}-${yymmdd.slice(2, 4)}-${yymmdd.slice(4, 6)}`
  return isLocalDate(date) ? date : null
}

function digitsOfDate(date: LocalDate): string {
  invariant(date >= '2000-01-01' && date < addDays('2099-12-31', 1), 'meters count the years 2000 to 2099')
  return date.slice(2).replaceAll('-', '')
}

function minuteOfDay(hhmm: string): number | null {
  const hour = Number(hhmm.slice(0, 2))
  const minute = Number(hhmm.slice(2))
  return hour > 23 || minute > 59 ? null : hour * 60 + minute
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
