import { z } from 'zod'
import { code, energy, instant, localDate, money, owed, power, text } from './fields.js'

export const openingBatch = z.strictObject({
  code,
  asOf: instant,
  document: text,
  itemCount: z.int().min(1).max(100_000_000),
  registersKwh: energy,
  ladderKwh: energy,
  estimatesKwh: energy,
  prepaid: money,
  arrears: money,
})
const openedFor = { batch: code, account: code }
export const openingItem = z.discriminatedUnion('kind', [
  z.strictObject({
    ...openedFor,
    kind: z.literal('register'),
    meter: code,
    energyKwh: energy,
    tou1Kwh: energy.exactOptional(),
    tou2Kwh: energy.exactOptional(),
    tou3Kwh: energy.exactOptional(),
    tou4Kwh: energy.exactOptional(),
  }),
  z.strictObject({ ...openedFor, kind: z.literal('ladder'), energyKwh: energy, ladderMonths: z.int().min(0).max(12) }),
  z.strictObject({
    ...openedFor,
    kind: z.literal('demand'),
    month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, '月份，如 2026-05 expected a month such as 2026-05'),
    demandKw: power,
  }),
  z.strictObject({
    ...openedFor,
    kind: z.literal('estimate'),
    fromDay: localDate,
    toDay: localDate,
    energyKwh: energy,
  }),
  z.strictObject({ ...openedFor, kind: z.literal('prepaid'), amount: owed }),
  z.strictObject({ ...openedFor, kind: z.literal('arrear'), bill: code, amount: owed, dueDate: localDate }),
])
