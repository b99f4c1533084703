import { createHash } from 'node:crypto'
import { dayMs } from '../../domain/time.js'
import type { Database, Transaction } from '../../storage/database.js'
import { toTimestamptz } from '../../storage/type-parsers.js'
import { type BenchResult, result, secondsOf } from '../bench-report.js'
import { map, prepareCopy, supplyFrom } from './registry.js'

/** Types of the columns of `bill`, in the order of its COPY. */
const billColumns = [
  'int8',
  'int4',
  'int8',
  'timestamptz',
  'timestamptz',
  'int8',
  'int8',
  'int8',
  'bool',
  'int2[]',
  'int2[]',
  'int2[]',
  'int8[]',
  'int8[]',
  'int8[]',
  'text',
  'int4',
  'bytea',
] as const

const periodEnd = supplyFrom + 31 * dayMs
const segmentAccounts = 20_000
const digest = createHash('sha256').update('bench').digest()
const asOf = [toTimestamptz(periodEnd), toTimestamptz(supplyFrom + dayMs)] as const

/** As-of over all four timelines joined for every account. */
export async function measureAsOf(owner: Database): Promise<readonly BenchResult[]> {
  const seconds = await secondsOf(() =>
    owner.query(
      `select count(*), sum(i.meter_id), sum(m.ct_ratio * m.pt_ratio), max(c.address)
         from agreement_as_of($1, $2) a
         join installation_as_of($1, $2) i using (usage_point_id)
         join multiplier_as_of($1, $2) m using (usage_point_id)
         join contact_as_of($1, $2) c on c.account_id = a.account_id`,
      asOf,
    ),
  )
  return [result('as-of over four timelines, all accounts', seconds, 's')]
}

/** Determinants in by COPY, and out by COPY as the engine takes them. */
export async function fillDeterminants(owner: Database, accounts: number): Promise<readonly BenchResult[]> {
  const columns = [
    'int8',
    'int8',
    'int8',
    'text',
    'text',
    'timestamptz',
    'timestamptz',
    'date',
    'int8',
    'int8',
    'int8',
    'int8',
    'int8',
    'bool',
  ] as const
  const copy = prepareCopy(
    'determinant_staged',
    columns,
    map(
      accounts,
      (id) =>
        [
          1n,
          id,
          id,
          'r1',
          'regular',
          supplyFrom,
          periodEnd,
          '2026-01-01',
          2_000_000n,
          500_000n,
          500_000n,
          500_000n,
          500_000n,
          false,
        ] as const,
    ),
  )
  const input = await secondsOf(() =>
    owner.transaction(async (tx) => {
      await tx.execute(`create temp table determinant_staged on commit drop as
        select set_id, account_id, usage_point_id, tariff_code, settlement_kind, period_start, period_end, ladder_from, energy_e4, tou1_e4, tou2_e4,
               tou3_e4, tou4_e4, estimated from determinant limit 0`)
      await copy(tx)
      await tx.execute(`insert into determinant (set_id, account_id, usage_point_id, tariff_code, settlement_kind, period_start, period_end, ladder_from,
          energy_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4, estimated, meter_ids, multipliers, start_reads, end_reads)
        select s.*, array[s.usage_point_id], array[1], array[s.period_start], array[s.period_end] from determinant_staged s order by account_id`)
      await tx.execute(`insert into determinant_set values (1, 1, $1, $2, 1, $3, $4, now())`, [
        toTimestamptz(supplyFrom),
        toTimestamptz(periodEnd),
        accounts,
        digest,
      ])
    }),
  )
  let bytes = 0
  const output = await secondsOf(() =>
    owner.copyOut(
      `copy (select account_id, energy_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4, estimated from determinant where set_id = 1 order by account_id)
         to stdout (format binary)`,
      (chunk) => {
        bytes += chunk.length
      },
    ),
  )
  return [
    result('determinants in', input, 's'),
    result('determinants out by binary COPY', output, 's'),
    result('determinants out by binary COPY', bytes / output / 1e6, 'MB/s'),
  ]
}

/** Bills, receivables and journal entries, a segment of 20 000 accounts per transaction, with its issue and posting. */
export async function fillBills(owner: Database, accounts: number): Promise<readonly BenchResult[]> {
  await owner.execute(`insert into billing_run values ('bench', 1, $1, $2, 1, 'issued', now())`, [
    toTimestamptz(supplyFrom),
    toTimestamptz(periodEnd),
  ])
  await owner.execute(
    'create table bill_bare (like bill, primary key (segment_id, ordinal), unique (account_id, period_start))',
  )
  await owner.execute('create table receivable_bare (like receivable, primary key (segment_id, ordinal))')
  await owner.execute('create table journal_entry_bare (like journal_entry, primary key (segment_id, ordinal))')
  await owner.execute('create table journal_entry_checked (like journal_entry_bare including constraints)')
  await owner.execute('alter table journal_entry_checked add primary key (segment_id, ordinal)')
  await owner.execute(
    'alter table journal_entry_checked add constraint entry_balanced check (entry_is_balanced(ledger_numbers, amounts_fen))',
  )
  let seconds = 0
  let bare = 0
  let entriesBare = 0
  let entriesChecked = 0
  for (let first = 1, segment = 1; first <= accounts; first += segmentAccounts, segment++) {
    const count = Math.min(segmentAccounts, accounts - first + 1)
    const { write, writeBare, entries } = prepareSegment(BigInt(segment), BigInt(first), count)
    seconds += await secondsOf(() => owner.transaction(write))
    bare += await secondsOf(() => owner.transaction(writeBare))
    await owner.execute('truncate journal_entry_bare')
    entriesBare += await secondsOf(() => entries(owner, 'journal_entry_bare'))
    entriesChecked += await secondsOf(() => entries(owner, 'journal_entry_checked'))
  }
  const readBack = await secondsOf(() => owner.query('select count(*), sum(open_fen) from open_item'))
  const trial = await secondsOf(() => owner.query('select * from trial_balance'))
  return [
    result('bills, receivables and entries in', seconds, 's'),
    result('bills, receivables and entries in', accounts / seconds, 'bills/s', {
      name: 'same tables without checks',
      value: accounts / bare,
      ratio: bare / seconds,
    }),
    result('balanced entries in', accounts / entriesChecked, 'entries/s', {
      name: 'same table without the balance check',
      value: accounts / entriesBare,
      ratio: entriesBare / entriesChecked,
    }),
    result('open items of all accounts summed', readBack, 's'),
    result('trial balance', trial, 's'),
  ]
}

const billLines = [
  [1, 1, 1, 2, 3, 4],
  [0, 1, 2, 0, 0, 0],
  [1, 1, 1, 0, 0, 0],
  [500_000n, 500_000n, 1_000_000n, 2_000_000n, 2_000_000n, 2_000_000n],
  [54_690_000n, 54_690_000n, 54_690_000n, 2_000_000n, 620_000n, 190_000n],
  [2735n, 2735n, 5469n, 400n, 124n, 38n],
] as const
const amountFen = 11_501n

function prepareSegment(segment: bigint, first: bigint, count: number) {
  const bills = prepareCopy(
    'bill',
    billColumns,
    map(
      count,
      (id) =>
        [
          segment,
          Number(id - 1n),
          first + id - 1n,
          supplyFrom,
          periodEnd,
          2_000_000n,
          amountFen,
          2_000_000n,
          false,
          ...billLines,
          'r1',
          1,
          digest,
        ] as const,
    ),
  )
  const receivables = prepareCopy(
    'receivable',
    ['int8', 'int4', 'int8', 'date', 'int8'],
    map(count, (id) => [segment, Number(id - 1n), first + id - 1n, '2026-02-20', amountFen] as const),
  )
  const entries = prepareCopy(
    'journal_entry',
    ['int8', 'int4', 'date', 'text', 'int8', 'int4[]', 'int8[]'],
    map(
      count,
      (id) =>
        [
          segment,
          Number(id - 1n),
          '2026-02-01',
          'bill',
          first + id - 1n,
          [1122, 6001, 2221, 2241],
          [amountFen, -9801n, -1300n, -400n],
        ] as const,
    ),
  )
  const writeBare = async (tx: Transaction) => {
    await bills(tx, 'bill_bare')
    await receivables(tx, 'receivable_bare')
    await entries(tx, 'journal_entry_bare')
  }
  const write = async (tx: Transaction) => {
    await tx.execute(`insert into ledger_segment values ($1, $2, 'bills', now())`, [segment, `bench/${segment}`])
    await tx.execute(`insert into run_segment values ($1, 'bench', $1::bigint::int, $2, $3, $4)`, [
      segment,
      first,
      first + BigInt(count) - 1n,
      count,
    ])
    await tx.execute(`insert into segment_review values ($1, $2, 'bench', now())`, [segment, digest])
    await bills(tx)
    await receivables(tx)
    await entries(tx)
    await tx.execute(`insert into segment_issue values ($1, 'bench2', now(), $2, $3, $4)`, [
      segment,
      first,
      count,
      digest,
    ])
    await tx.execute(`insert into segment_posting values ($1, 'bench2', now(), $1, $2, sha256($3))`, [
      segment,
      count,
      Buffer.from(String(segment)),
    ])
    await tx.execute(`insert into segment_balance values ($1, 1122, $2, 0), ($1, 6001, 0, $2)`, [
      segment,
      amountFen * BigInt(count),
    ])
  }
  return { write, writeBare, entries }
}
