import { type KernelMemory, roomForDays } from '../../../../billing/engine/intervals/kernel-memory.js'
import { encodeCopy } from '../../../../storage/copy-binary.js'
import { type DayLinks, toDayLinks } from '../../../../storage/billing/interval-day-links.js'

/** A day of a meter as it is stored; energies e4. */
export interface StoredDay {
  readonly meter: number
  readonly start: number
  readonly revision: number
  readonly minutes: number
  readonly values: readonly number[]
}

/** Days that an account's determinant names: those of the meter that begin in [from, to). */
export interface NamedStretch {
  readonly meter: number
  readonly multiplier: number
  readonly from: number
  readonly to: number
  readonly revision: number
}

export interface NamedAccount {
  readonly tariff: string
  readonly from: number
  readonly to: number
  readonly missing?: string
  readonly days: readonly NamedStretch[]
}

const postgresEpochMs = Date.UTC(2000, 0, 1)

/** Accounts 1, 2, … as the database sends them. An instant in an array has the bytes of an int8: microseconds since 2000. */
export function linksOf(accounts: readonly NamedAccount[]): DayLinks {
  const types = [
    'int8',
    'text',
    'timestamptz',
    'timestamptz',
    'text',
    'int8[]',
    'int4[]',
    'int8[]',
    'int8[]',
    'int4[]',
  ] as const
  const rows = accounts.map(({ tariff, from, to, missing, days }, index) => {
    const microseconds = (instant: number) => BigInt(instant - postgresEpochMs) * 1000n
    return [
      ...([BigInt(index + 1), tariff, from, to, missing ?? null] as const),
      days.map(({ meter }) => BigInt(meter)),
      days.map(({ multiplier }) => multiplier),
      days.map((own) => microseconds(own.from)),
      days.map((own) => microseconds(own.to)),
      days.map(({ revision }) => revision),
    ] as const
  })
  return toDayLinks(Buffer.concat([...encodeCopy(types, rows)]))
}

/** Stored days as the database sends them, read into a memory. */
export function readInto(memory: KernelMemory, days: readonly StoredDay[]): Uint8Array {
  const types = ['int8', 'timestamptz', 'int4', 'int2', 'bytea'] as const
  const rows = days.map(({ meter, start, revision, minutes, values }) => {
    const bytes = new Uint8Array(Int32Array.from(values).buffer)
    return [BigInt(meter), start, revision, minutes, bytes] as const
  })
  const sent = Buffer.concat([...encodeCopy(types, rows)])
  const room = roomForDays(memory)(sent.length)
  room.set(sent)
  return room.subarray(0, sent.length)
}
