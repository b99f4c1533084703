import { plainDocument } from '../../../../billing/engine/components/plain-document.js'
import { withAccountBills } from '../../../../billing/engine/account-bills.js'
import { encodeShard } from '../../../../billing/engine/encode-shard.js'
import { type RatedShard, rateShard } from '../../../../billing/engine/rate-shard.js'
import type { ComponentTariff } from '../../../../billing/tariffs/components/tariff-schema.js'
import { beijing, type LocalDate } from '../../../../domain/time.js'
import { createComponentRows } from '../../../../storage/billing/component-bills.js'
import { unpackUsages } from '../../../../storage/billing/packed-usages.js'
import { eachPlainInput } from '../../../../storage/billing/plain-inputs.js'
import { createCopyDecoder, encodeCopy } from '../../../../storage/copy-binary.js'
import { CopyWriter } from '../../../../storage/copy-writer.js'
import { packRows } from '../packed-usages.js'

/** A plain account in a month. kWh e4, as the database has them. */
export interface PlainAccount {
  readonly energyE4: bigint
  readonly touE4: readonly [bigint, bigint, bigint, bigint]
  readonly inUseFrom: LocalDate
  readonly terms: object | null
  readonly lastBill: {
    readonly end: LocalDate
    readonly tariff: string
    readonly ladderE4: bigint
    readonly closing: object | null
  } | null
  readonly opening: { readonly asOf: LocalDate; readonly ladderE4: bigint } | null
  readonly capacityKva: number | null
  readonly hasActiveEnergy: boolean
  readonly intervalDays: { readonly totalE4: bigint | null; readonly missing: string | null } | null
}

const zone = 'Asia/Shanghai'
const none = bytesOf(encodeCopy(['int8'], []))
const terms = { segmentId: 7n, dueDate: '2026-08-18', accountingDate: '2026-08-03' } as const
const plainTypes = [
  ...(['int8', 'text', 'timestamptz', 'timestamptz', 'int4', 'text', 'text', 'text'] as const),
  ...(['bool', 'int8', 'text'] as const),
] as const

/** What is stored of the bills of a shard, and what is told of it. */
export interface StoredShard {
  readonly rated: RatedShard
  /** Bills, receivables and entries as bytes; lines and closing state of each bill as values. */
  readonly rows: readonly unknown[]
  /** Closing states of accounts from 0; null where there is no bill. */
  readonly closings: readonly (object | null)[]
}

/** Usages as a run keeps them and plain inputs as the database sends them, of accounts that count from 1. */
export function plainBytes(
  tariff: ComponentTariff,
  [from, to]: readonly [LocalDate, LocalDate],
  accounts: readonly PlainAccount[],
) {
  const at = (date: LocalDate) => beijing.startOfDay(date)
  const usages = accounts.map(
    ({ energyE4, touE4, inUseFrom, lastBill, opening }, index) =>
      [
        ...([
          BigInt(index + 1),
          tariff.code,
          'regular',
          at(from),
          at(to),
          inUseFrom,
          energyE4,
          ...touE4,
          false,
        ] as const),
        lastBill === null ? null : at(lastBill.end),
        lastBill?.ladderE4 ?? null,
        opening === null ? null : at(opening.asOf),
        opening?.ladderE4 ?? null,
      ] as const,
  )
  const plain = accounts.map(
    ({ terms: agreed, lastBill, capacityKva, hasActiveEnergy, intervalDays }, index) =>
      [
        BigInt(index + 1),
        agreed === null ? null : jsonbText(agreed),
        at('2020-01-01'),
        null,
        capacityKva,
        'residential',
        lastBill?.tariff ?? null,
        lastBill === null || lastBill.closing === null ? null : jsonbText(lastBill.closing),
        hasActiveEnergy,
        intervalDays?.totalE4 ?? null,
        intervalDays?.missing ?? null,
      ] as const,
  )
  return { usages: packRows(usages), plain: bytesOf(encodeCopy(plainTypes, plain)) }
}

/** Rates accounts by programs where these know them. */
export function byPrograms(tariff: ComponentTariff, given: ReturnType<typeof plainBytes>): StoredShard {
  return stored(tariff, given.usages, { plain: given.plain, documents: none })
}

/** The same accounts, each by the readable rules. */
export function byReadableRules(tariff: ComponentTariff, given: ReturnType<typeof plainBytes>): StoredShard {
  const usages = unpackUsages(given.usages)
  const documents: (readonly [bigint, string, string])[] = []
  eachPlainInput(given.plain, (input) => {
    const document = plainDocument(usages, documents.length, input)
    documents.push([BigInt(input.accountId), tariff.code, JSON.stringify(document)])
  })
  const rows = bytesOf(encodeCopy(['int8', 'text', 'jsonb'], documents))
  return stored(tariff, given.usages, { plain: none, documents: rows })
}

function stored(
  tariff: ComponentTariff,
  usages: Uint8Array<ArrayBuffer>,
  inputs: { readonly plain: Uint8Array<ArrayBuffer>; readonly documents: Uint8Array<ArrayBuffer> },
): StoredShard {
  const taken = createComponentRows(terms.segmentId)
  const shard = rateShard(
    { usages, timeZone: zone, tariffs: [], accounts: { ...inputs, tariffs: [tariff] } },
    withAccountBills,
    taken.take,
  )
  const { bills, receivables, entries, components } = encodeShard(new CopyWriter(), shard, terms, taken)
  const closings: (object | null)[] = Array.from(shard.bills.hold, () => null)
  const rows: unknown[] = [bills, receivables, entries].map((pieces) => Buffer.concat(pieces).toString('latin1'))
  const ordinals = [...shard.bills.hold.keys()].filter((row) => shard.bills.hold[row] === 0)
  const decoder = createCopyDecoder(['int8', 'int4', 'jsonb', 'jsonb'], ([segment, ordinal, lines, closing]) => {
    const state = JSON.parse(closing ?? '') as object
    closings[ordinals[ordinal ?? -1] ?? -1] = state
    rows.push([segment, ordinal, JSON.parse(lines ?? ''), state])
  })
  for (const piece of components) decoder.push(piece)
  const { accountsSha256: _ofOtherBytes, ...rated } = shard.rated
  return { rated: { ...rated, accountsSha256: null }, rows, closings }
}

/** As PostgreSQL writes a jsonb: keys by length, then by character. */
export function jsonbText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jsonbText).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const inOrder = Object.entries(value).toSorted(([a], [b]) => a.length - b.length || (a < b ? -1 : 1))
  return `{${inOrder.map(([key, inner]) => `${JSON.stringify(key)}: ${jsonbText(inner)}`).join(', ')}}`
}

function bytesOf(pieces: Iterable<Uint8Array>): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.concat([...pieces]))
}
