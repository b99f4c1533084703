import { z } from 'zod'
import { parseScaled } from '../../../domain/scaled.js'
import { calendarOf, isLocalDate } from '../../../domain/time.js'

/** Fields that entries of several lists have in common. */
export const code = plain(64)
export const text = plain(400)
export const instant = z.iso
  .datetime({ offset: true })
  .refine(
    (value) => isInRange(value),
    '1980 至 2099 年的时刻；无止则空白 expected an instant from 1980 to 2099; blank for an end that is not known',
  )
export const localDate = z
  .string()
  .refine(isLocalDate, '日期，如 2026-07-01 expected a calendar day YYYY-MM-DD')
  .refine((value) => isInRange(value), '1980 至 2099 年的日期 expected a day from 1980 to 2099')
export const zone = z
  .string()
  .refine((name) => calendarOf(name) !== null, '已知的时区，如 Asia/Shanghai expected a time zone the product knows')
export const energy = z
  .string()
  .refine(
    isEnergy,
    '电量 kWh 小数文本，至多 4 位小数，非负 expected a decimal text in kWh, at most 4 decimals, not negative',
  )
export const power = z
  .string()
  .refine(
    isEnergy,
    '功率 kW 小数文本，至多 4 位小数，非负 expected a decimal text in kW, at most 4 decimals, not negative',
  )
export const percent = z
  .string()
  .refine(
    isEnergy,
    '百分数小数文本，至多 4 位小数，非负 expected a decimal text in per cent, at most 4 decimals, not negative',
  )
export const share = z
  .string()
  .refine(
    isShare,
    '大于 0、至多 1 的小数文本，至多 6 位小数 expected a decimal text above 0, at most 1, with at most 6 decimals',
  )
export const money = z
  .string()
  .refine(isMoney, '金额小数文本，至多 2 位小数，非负 expected a decimal text, at most 2 decimals, not negative')
export const owed = money.refine((value) => Number(value) > 0, '须大于 0 expected more than 0')
export const ratio = z.int().min(1).max(100_000)
export const effective = { from: instant, to: instant.exactOptional() }

function plain(length: number) {
  return z
    .string()
    .min(1)
    .max(length)
    .refine(isPlain, '不得含控制字符或残缺字符 expected no control characters and no halves of a character')
}

/** What PostgreSQL can hold, and a screen show. */
function isPlain(value: string): boolean {
  return !/[\p{Cc}\p{Cs}]/u.test(value.replaceAll(/[\t\n\r]/g, ''))
}

function isEnergy(value: string): boolean {
  const parsed = parseScaled(value, 4)
  return parsed !== null && parsed >= 0n
}

/** Outside of it dates are slips of the pen, or stand for "no end". */
function isInRange(value: string): boolean {
  const year = new Date(value).getUTCFullYear()
  // Text that is no date at all is told of once.
  return Number.isNaN(year) || (year >= 1979 && year < 2100)
}

function isMoney(value: string): boolean {
  const parsed = parseScaled(value, 2)
  return parsed !== null && parsed >= 0n
}

function isShare(value: string): boolean {
  const parsed = parseScaled(value, 6)
  return parsed !== null && parsed > 0n && parsed <= 1_000_000n
}
