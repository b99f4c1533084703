import type { Database } from '../../storage/database.js'
import { toTimestamptz } from '../../storage/type-parsers.js'
import { secondsOf } from '../bench-report.js'
import { closeFrom, closeTariff, closeTo } from './fill-close.js'

/** Tables of the peers, with the columns, checks and keys of ours. */
export const peerTables = ['bill', 'receivable', 'journal_entry'] as const

export async function createPeerTables(owner: Database): Promise<void> {
  for (const table of peerTables) {
    await owner.execute(`create table peer_${table} (like ${table} including all)`)
    // Of which columns the server keeps statistics is not copied, and what it does beside a peer is the peer's time.
    await owner.execute(
      `do $$ declare c name; begin
         for c in select attname from pg_attribute where attrelid = '${table}'::regclass and attstattarget = 0 loop
           execute format('alter table peer_${table} alter column %I set statistics 0', c);
         end loop;
       end $$`,
    )
  }
}

export async function emptyPeerTables(owner: Database): Promise<void> {
  for (const table of peerTables) await owner.execute(`truncate peer_${table}`)
}

const [from, to] = [`'${toTimestamptz(closeFrom)}'::timestamptz`, `'${toTimestamptz(closeTo)}'::timestamptz`]

interface Range {
  readonly segment: number
  readonly first: number
  readonly last: number
}

/** A column of packed lines: of peak, valley, second and third block those with energy. Without a subquery for each array it is twice as fast. */
function lines(type: string, values: readonly [string, string, string, string]): string {
  const energies = ['peak', 'valley', 'second', 'third']
  return `array_remove(array[${energies.map((energy, at) => `case when ${energy} > 0 then ${values[at]} end`).join(', ')}]::${type}[], null)`
}

/**
 * Prices and limits of the tariff, written out: peak 0.5769, valley 0.3769 with what the registers leave of the total, blocks over 2520 and
 * 4800 kWh a year plus 0.05 and 0.30. `numeric`, rounded half away from zero, a line without energy left out.
 */
const rated = ({ first, last }: Range) => `
  with used as (
    select a.account_id, e.total_e4 - s.total_e4 as energy, e.tou2_e4 - s.tou2_e4 as peak, o.ladder_energy_e4 as opening
      from agreement_timeline a
      join installation_timeline i on i.usage_point_id = a.usage_point_id and i.effective_from <= ${from}
      join multiplier_timeline m on m.usage_point_id = a.usage_point_id and m.effective_from <= ${from}
      join validation_decision s on (s.meter_id, s.quantity, s.read_at) = (i.meter_id, 1, ${from}) and s.verdict = 'accepted'
      join validation_decision e on (e.meter_id, e.quantity, e.read_at) = (i.meter_id, 1, ${to}) and e.verdict = 'accepted'
      join opening_state o on o.account_id = a.account_id and o.as_of = ${from}
     where a.effective_from <= ${from} and a.account_id between ${first} and ${last}),
  blocked as (
    select *, energy - peak as valley, opening + energy as closing,
           greatest(least(opening + energy, 48000000) - greatest(opening, 25200000), 0) as second,
           greatest(opening + energy - greatest(opening, 48000000), 0) as third
      from used),
  priced as (
    select *, round(peak * 0.5769 / 100)::bigint as peak_fen, round(valley * 0.3769 / 100)::bigint as valley_fen,
           round(second * 0.05 / 100)::bigint as second_fen, round(third * 0.30 / 100)::bigint as third_fen
      from blocked),
  totalled as (select *, peak_fen + valley_fen + second_fen + third_fen as amount from priced)
  select (row_number() over (order by account_id) - 1)::integer as ordinal, account_id, energy, closing, amount,
         ${lines('smallint', ['1', '1', '2', '2'])} as components, ${lines('smallint', ['2', '4', '0', '0'])} as slots,
         ${lines('smallint', ['0', '0', '2', '3'])} as blocks, ${lines('bigint', ['peak', 'valley', 'second', 'third'])} as quantities,
         ${lines('bigint', ['57690000', '37690000', '5000000', '30000000'])} as prices,
         ${lines('bigint', ['peak_fen', 'valley_fen', 'second_fen', 'third_fen'])} as fen,
         round(amount / 1.13)::bigint as net
    from totalled`

const bills = (segment: number) => `insert into peer_bill
  select ${segment}, ordinal, account_id, ${from}, ${to}, energy, amount, closing, false, components, slots, blocks, quantities, prices, fen,
         '${closeTariff}', 1, sha256(convert_to(concat_ws(',', components, slots, blocks, quantities, prices, fen), 'utf8')) from rated`
const receivables = (segment: number) =>
  `insert into peer_receivable select ${segment}, ordinal, account_id, '2026-07-18', amount from rated where amount <> 0`
const entries = (segment: number) => `insert into peer_journal_entry
  select ${segment}, ordinal, '2026-07-03', 'bill', account_id, case when net < amount then array[1122, 2221, 6001] else array[1122, 6001] end,
         case when net < amount then array[amount, net - amount, -net] else array[amount, -net] end from rated where amount <> 0`

const inOneStatement = (range: Range): string =>
  `with rated as materialized (${rated(range)}), b as (${bills(range.segment)}), r as (${receivables(range.segment)}) ${entries(range.segment)}`

/** Accounts 1 to `accounts` in two parts, for two sessions. */
function halves(accounts: number): readonly [Range, Range] {
  const half = Math.ceil(accounts / 2)
  return [
    { segment: 1, first: 1, last: half },
    { segment: 2, first: half + 1, last: accounts },
  ]
}

/**
 * Ways to close the month in SQL: the statements of each session, all of a session in one transaction, all sessions at once. Ours has two
 * connections, so the peers may have two. The fastest counts.
 */
export function sqlCloses(accounts: number): Readonly<Record<string, readonly (readonly string[])[]>> {
  const all = { segment: 1, first: 1, last: accounts }
  const fromTable = (statement: string) => statement.replace('from rated', 'from peer_rated')
  return {
    'one statement': [[inOneStatement(all)]],
    'rated in parallel into a table first': [
      [
        `create unlogged table peer_rated as ${rated(all)}`,
        ...[bills(1), receivables(1), entries(1)].map(fromTable),
        'drop table peer_rated',
      ],
    ],
    'one statement for each half, two sessions at once': halves(accounts).map((half) => [inOneStatement(half)]),
  }
}

/** Seconds of one way, the tables empty before. */
export async function secondsOfSqlClose(owner: Database, sessions: readonly (readonly string[])[]): Promise<number> {
  await emptyPeerTables(owner)
  return secondsOf(() =>
    Promise.all(
      sessions.map((statements) =>
        owner.transaction(async (tx) => {
          for (const statement of statements) await tx.execute(statement)
        }),
      ),
    ),
  )
}

/** Rows that the last SQL close and ours do not have in common; the digest of lines is each side's own. */
export async function differingRows(owner: Database): Promise<number> {
  const columns = `account_id, period_start, period_end, energy_e4, amount_fen, ladder_energy_e4, line_component, line_slot, line_block,
    line_quantity_e4, line_price_e8, line_fen`
  const pairs = [
    [`select ${columns} from bill`, `select ${columns} from peer_bill`],
    ['select account_id, amount_fen from receivable', 'select account_id, amount_fen from peer_receivable'],
    [
      'select account_id, ledger_numbers, amounts_fen from journal_entry',
      'select account_id, ledger_numbers, amounts_fen from peer_journal_entry',
    ],
  ] as const
  let differing = 0
  for (const [ours, theirs] of pairs) {
    for (const [one, other] of [
      [ours, theirs],
      [theirs, ours],
    ]) {
      const [row] = await owner.query<{ readonly count: bigint }>(`select count(*) from (${one} except ${other}) d`)
      differing += Number(row?.count ?? 0n)
    }
  }
  return differing
}
