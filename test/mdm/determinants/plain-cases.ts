import { dayMs, type Instant } from '../../../domain/time.js'
import type { Row } from '../../../storage/insert-rows.js'
import { toTimestamptz } from '../../../storage/type-parsers.js'
import { midnight } from '../support/small-utility.js'

export const from = midnight(1)
export const to = midnight(32)
export const knownAt = midnight(34)
const since = midnight(-180)

/** Ids of one household; each of its own kind, so that none is taken for another. */
export interface Household {
  readonly accountId: bigint
  readonly usagePointId: bigint
  readonly meterId: bigint
  readonly secondMeterId: bigint
}

/** Rows by table. */
export type Rows = Readonly<Record<string, readonly Row[]>>

export interface PlainCase {
  readonly name: string
  /** Whether it is frozen in columns. */
  readonly plain: boolean
  readonly rows: (household: Household) => Rows
}

export function household(number: number): Household {
  const n = BigInt(number)
  return { accountId: 100n + n, usagePointId: 1000n + n, meterId: 2000n + n, secondMeterId: 3000n + n }
}

const stamped = {
  revision: 1,
  effective_from: since,
  effective_to: null,
  recorded_at: since,
  actor_id: 'system',
  reason: '',
}

export function agreement({ accountId, usagePointId }: Household, part: Row = {}): Row {
  const terms = { tariff_code: 'sd-residential-tou', ladder_from: '2026-01-01', usage_class: 'residential' }
  return { account_id: accountId, usage_point_id: usagePointId, ...stamped, ...terms, ...part }
}

export function installation({ usagePointId, meterId }: Household, part: Row = {}): Row {
  return { usage_point_id: usagePointId, meter_id: meterId, line_id: 1, ...stamped, ...part }
}

export function multiplier({ usagePointId }: Household, part: Row = {}): Row {
  return { usage_point_id: usagePointId, ct_ratio: 1, pt_ratio: 1, ...stamped, ...part }
}

export function decision({ meterId }: Household, readAt: Instant, totalE4: bigint | null, part: Row = {}): Row {
  const registers = {
    total_e4: totalE4,
    tou1_e4: null,
    tou2_e4: totalE4 === null ? null : totalE4 / 2n,
    tou3_e4: null,
    tou4_e4: 0n,
  }
  const said = { revision: 1, verdict: 'accepted', source: 1, rules: [], reason: '', recorded_at: readAt + 600_000 }
  return { meter_id: meterId, quantity: 1, read_at: readAt, ...registers, ...said, ...part }
}

/** A household of which nothing is remarkable. */
export function plainRows(own: Household): Rows {
  return {
    agreement_timeline: [agreement(own)],
    installation_timeline: [installation(own)],
    multiplier_timeline: [multiplier(own)],
    validation_decision: [decision(own, from, 1000_0000n), decision(own, to, 1310_5000n)],
  }
}

const ends =
  (start: Row, end: Row) =>
  (own: Household): Rows => ({
    ...plainRows(own),
    validation_decision: [decision(own, from, 1000_0000n, start), decision(own, to, 1310_5000n, end)],
  })

/** A decision beside those at the ends. */
const beside =
  (readAt: Instant, part: Row, totalE4: bigint | null = 1150_0000n) =>
  (own: Household): Rows => {
    const rows = plainRows(own)
    return {
      ...rows,
      validation_decision: [...(rows['validation_decision'] ?? []), decision(own, readAt, totalE4, part)],
    }
  }

const instead =
  (table: string, make: (own: Household) => readonly Row[]) =>
  (own: Household): Rows => ({ ...plainRows(own), [table]: make(own) })

const held = { verdict: 'held', total_e4: null, tou2_e4: null, tou4_e4: null }
const noTou = { tou2_e4: null, tou4_e4: null }

/** What may be about a household, each case by itself. */
export const plainCases: readonly PlainCase[] = [
  { name: 'nothing', plain: true, rows: plainRows },
  {
    name: 'a multiplier',
    plain: true,
    rows: instead('multiplier_timeline', (own) => [multiplier(own, { ct_ratio: 40, pt_ratio: 100 })]),
  },
  { name: 'no tariff registers', plain: true, rows: ends(noTou, noTou) },
  { name: 'no use at all', plain: true, rows: ends({ total_e4: 1310_5000n, tou2_e4: 655_2500n }, {}) },
  { name: 'more than a connection carries', plain: true, rows: ends({}, { total_e4: 899_999_0000n }) },
  { name: 'back-filled ends', plain: true, rows: ends({ source: 2 }, { source: 2 }) },
  { name: 'a mark long before', plain: true, rows: beside(midnight(-10), { rules: ['jump'] }, 990_0000n) },
  { name: 'a flag that asks for nothing, inside', plain: true, rows: beside(midnight(15), { rules: ['zero_run'] }) },
  {
    name: 'an agreement revised before',
    plain: true,
    rows: instead('agreement_timeline', (own) => [
      agreement(own, { effective_to: midnight(15) }),
      agreement(own, { revision: 2, recorded_at: since + dayMs, tariff_code: 'sd-residential' }),
    ]),
  },
  {
    name: 'a meter change that was entered after the freeze',
    plain: true,
    rows: instead('installation_timeline', (own) => [
      installation(own),
      installation(own, { revision: 2, recorded_at: knownAt + dayMs, meter_id: own.secondMeterId }),
    ]),
  },
  {
    name: 'agreement, meter and multiplier that begin and end with the period',
    plain: true,
    rows: (own) => {
      const span = { effective_from: from, effective_to: to }
      return {
        ...plainRows(own),
        agreement_timeline: [agreement(own, span)],
        installation_timeline: [installation(own, span)],
        multiplier_timeline: [multiplier(own, span)],
      }
    },
  },
  {
    name: 'a ladder from the old books',
    plain: true,
    rows: (own) => ({ ...plainRows(own), opening_state: [opening(own, from)] }),
  },
  {
    name: 'energy that is only drawn',
    plain: true,
    rows: (own) => ({ ...plainRows(own), flow_timeline: [flow(own, 'import')] }),
  },

  { name: 'a register that fell', plain: false, rows: ends({}, { total_e4: 999_0000n }) },
  { name: 'a tariff register that fell', plain: false, rows: ends({}, { tou2_e4: 400_0000n }) },
  {
    name: 'a turnover',
    plain: false,
    rows: ends({ total_e4: 999_900_0000n, ...noTou }, { total_e4: 120_0000n, ...noTou }),
  },
  { name: 'a turnover that took too long', plain: false, rows: ends({ total_e4: 800_000_0000n }, {}) },
  { name: 'a tariff register that is missing at the end', plain: false, rows: ends({}, { tou2_e4: null }) },
  { name: 'a tariff register that is missing at the start', plain: false, rows: ends({ tou4_e4: null }, {}) },
  {
    name: 'registers beyond what is exact in columns',
    plain: false,
    rows: ends({ total_e4: 2n ** 53n - 1n }, { total_e4: 2n ** 53n + 1n }),
  },
  {
    name: 'energies beyond what is exact in columns',
    plain: false,
    rows: (own) => ({
      ...ends({}, { total_e4: 2n ** 50n })(own),
      multiplier_timeline: [multiplier(own, { ct_ratio: 1000 })],
    }),
  },
  { name: 'a held end', plain: false, rows: ends({}, { ...held, rules: ['spike'] }) },
  { name: 'an estimated end', plain: false, rows: ends({}, { verdict: 'estimated' }) },
  { name: 'an end read in the field', plain: false, rows: ends({}, { source: 5 }) },
  { name: 'an end noted at an exchange', plain: false, rows: ends({ source: 6 }, {}) },
  { name: 'an end that repeats', plain: false, rows: ends({}, { rules: ['stale_repeat'] }) },
  { name: 'an end with another flag', plain: false, rows: ends({ rules: ['zero_run'] }, {}) },
  { name: 'an end decided again', plain: false, rows: beside(to, { revision: 2 }, 1300_0000n) },
  {
    name: 'an end held after all',
    plain: false,
    rows: beside(from, { revision: 2, ...held, rules: ['disputed'] }, null),
  },
  {
    name: 'no reading at the end',
    plain: false,
    rows: instead('validation_decision', (own) => [decision(own, from, 1000_0000n)]),
  },
  {
    name: 'a live read some minutes late',
    plain: false,
    rows: instead('validation_decision', (own) => [
      decision(own, from + 300_000, 1000_0000n, { source: 4 }),
      decision(own, to + 300_000, 1310_0000n, { source: 4 }),
    ]),
  },
  { name: 'a value that was lower', plain: false, rows: beside(midnight(20), { ...held, rules: ['decrease'] }, null) },
  {
    name: 'a value that was lower after the end',
    plain: false,
    rows: beside(midnight(35), { ...held, rules: ['decrease'] }, null),
  },
  { name: 'a lone jump', plain: false, rows: beside(midnight(20), { rules: ['jump', 'above_fullest'] }, 1290_0000n) },
  { name: 'a turnover inside', plain: false, rows: beside(midnight(20), { rules: ['rollover'] }) },
  {
    name: 'an agreement from the 10th on',
    plain: false,
    rows: instead('agreement_timeline', (own) => [agreement(own, { effective_from: midnight(10) })]),
  },
  {
    name: 'an agreement that ends on the 10th',
    plain: false,
    rows: (own) => ({
      ...beside(midnight(10), {})(own),
      agreement_timeline: [agreement(own, { effective_to: midnight(10) })],
    }),
  },
  {
    name: 'two agreements',
    plain: false,
    rows: instead('agreement_timeline', (own) => [
      agreement(own, { effective_to: midnight(10) }),
      agreement(own, { effective_from: midnight(10), tariff_code: 'sd-residential' }),
    ]),
  },
  {
    name: 'an agreement that was over before',
    plain: false,
    rows: instead('agreement_timeline', (own) => [agreement(own, { effective_to: midnight(-5) })]),
  },
  {
    name: 'an exchange three days before the period',
    plain: false,
    rows: (own) => ({
      ...plainRows(own),
      installation_timeline: [
        installation(own, { meter_id: own.secondMeterId, effective_to: midnight(-2) }),
        installation(own, { effective_from: midnight(-2) }),
      ],
    }),
  },
  {
    name: 'an exchange five days before the period',
    plain: true,
    rows: (own) => ({
      ...plainRows(own),
      installation_timeline: [
        installation(own, { meter_id: own.secondMeterId, effective_to: midnight(-4) }),
        installation(own, { effective_from: midnight(-4) }),
      ],
    }),
  },
  {
    name: 'an exchange',
    plain: false,
    rows: (own) => ({
      ...plainRows(own),
      installation_timeline: [
        installation(own, { effective_to: midnight(10) }),
        installation(own, { effective_from: midnight(10), meter_id: own.secondMeterId }),
      ],
      validation_decision: [
        decision(own, from, 1000_0000n),
        decision(own, midnight(10), 1100_0000n, { source: 6 }),
        decision(own, midnight(10), 5_0000n, { source: 6, meter_id: own.secondMeterId }),
        decision(own, to, 200_0000n, { meter_id: own.secondMeterId }),
      ],
    }),
  },
  {
    name: 'another multiplier from the 10th on',
    plain: false,
    rows: (own) => ({
      ...beside(midnight(10), {}, 1100_0000n)(own),
      multiplier_timeline: [
        multiplier(own, { effective_to: midnight(10) }),
        multiplier(own, { effective_from: midnight(10), ct_ratio: 2 }),
      ],
    }),
  },
  { name: 'no meter', plain: false, rows: instead('installation_timeline', () => []) },
  { name: 'no multiplier', plain: false, rows: instead('multiplier_timeline', () => []) },
  {
    name: 'a go-live inside the period',
    plain: false,
    rows: (own) => ({ ...plainRows(own), opening_state: [opening(own, midnight(5))] }),
  },
  {
    name: 'a go-live after the period',
    plain: false,
    rows: (own) => ({ ...plainRows(own), opening_state: [opening(own, to)] }),
  },
  {
    name: 'large industry without a contract capacity',
    plain: false,
    rows: instead('agreement_timeline', (own) => [agreement(own, { usage_class: 'large_industrial' })]),
  },
  {
    name: 'a contract capacity',
    plain: false,
    rows: instead('agreement_timeline', (own) => [agreement(own, { contract_capacity_kva: 100 })]),
  },
  {
    name: 'energy that is fed in',
    plain: false,
    rows: (own) => ({ ...plainRows(own), flow_timeline: [flow(own, 'both')] }),
  },
  {
    name: 'a demand',
    plain: false,
    rows: (own) => ({
      ...plainRows(own),
      demand_reading: [
        {
          meter_id: own.meterId,
          quantity: 1,
          settled_at: toTimestamptz(to),
          claim_digest: `\\x${'00'.repeat(32)}`,
          total_e4: 5_0000n,
          line_id: 1,
          line_sequence: 1,
          frame_received_at: toTimestamptz(to),
          recorded_at: to,
        },
      ],
    }),
  },
]

function opening({ accountId }: Household, asOf: Instant): Row {
  return {
    account_id: accountId,
    as_of: asOf,
    ladder_energy_e4: 0,
    document: 'sheet',
    recorded_at: since,
    actor_id: 'system',
  }
}

function flow({ usagePointId }: Household, direction: string): Row {
  return { usage_point_id: usagePointId, direction, ...stamped }
}
