import { type CopyRow, type CopyType, encodeCopy } from '../../storage/copy-binary.js'
import type { Database, Queryable } from '../../storage/database.js'
import { type BenchResult, result, secondsOf } from '../bench-report.js'

/** Start of supply for every synthetic account, and the moment at which the registry was recorded. */
export const supplyFrom = Date.UTC(2025, 11, 31, 16)

/** Encodes first, so that the returned act times the server and the wire alone. */
export function prepareCopy<const Columns extends readonly CopyType[]>(
  table: string,
  columns: Columns,
  rows: Iterable<CopyRow<Columns>>,
) {
  const chunks = [...encodeCopy(columns, rows)]
  return (client: Queryable, into = table) => client.copyIn(`copy ${into} from stdin (format binary)`, chunks)
}

/** One organisation with one line, area and grid cell; everything else once per account. */
export async function fillRegistry(owner: Database, accounts: number): Promise<readonly BenchResult[]> {
  await owner.execute(
    `insert into actor values ('bench', 'Benchmark', 'process', now()), ('bench2', 'Benchmark', 'process', now())`,
  )
  await owner.execute(`insert into organisation values (1, 'o1', null, 'o1', 'county', 'Asia/Shanghai', 'CNY', 2)`)
  await owner.execute(`insert into grid_cell values (1, 1, 'g1', 'g1', 'bench', null)`)
  await owner.execute(`insert into transformer_area values (1, 1, 't1', 't1')`)
  await owner.execute(`insert into line values (1, 1, 'l1', 'dlt645_tcp', '{}')`)
  await owner.execute(
    `insert into tariff_version values ('r1', 1, '2025-01-01', null, '{}', sha256('r1'), 'bench', now())`,
  )
  const master = await secondsOf(async () => {
    await owner.execute(
      `insert into meter select n, 'm' || n, 'dlt645_2007', lpad(n::text, 12, '0'), 'x', 6, 2 from generate_series(1, $1::bigint) n`,
      [accounts],
    )
    await owner.execute(
      `insert into usage_point select n, 1, 'p' || n, 1, 1, 'address ' || n from generate_series(1, $1::bigint) n`,
      [accounts],
    )
    await owner.execute(
      `insert into customer select n, 'c' || n, 'name ' || n, 'residential', false from generate_series(1, $1::bigint) n`,
      [accounts],
    )
    await owner.execute(`insert into account select n, 1, 'a' || n, n from generate_series(1, $1::bigint) n`, [
      accounts,
    ])
  })
  return [
    result('registry: meters, points, customers, accounts in', master, 's'),
    ...(await fillTimelines(owner, accounts)),
  ]
}

async function fillTimelines(owner: Database, accounts: number): Promise<readonly BenchResult[]> {
  const provenance = [supplyFrom, 'bench', 'import'] as const
  const acts = [
    prepareCopy(
      'installation_timeline',
      ['int8', 'int4', 'timestamptz', 'timestamptz', 'int8', 'int8', 'timestamptz', 'text', 'text'],
      map(accounts, (id) => [id, 1, supplyFrom, null, id, 1n, ...provenance] as const),
    ),
    prepareCopy(
      'multiplier_timeline',
      ['int8', 'int4', 'timestamptz', 'timestamptz', 'int4', 'int4', 'timestamptz', 'text', 'text'],
      map(accounts, (id) => [id, 1, supplyFrom, null, 1, 1, ...provenance] as const),
    ),
    prepareCopy(
      'agreement_timeline',
      ['int8', 'int4', 'timestamptz', 'timestamptz', 'int8', 'text', 'date', 'timestamptz', 'text', 'text'],
      map(accounts, (id) => [id, 1, supplyFrom, null, id, 'r1', '2026-01-01', ...provenance] as const),
    ),
    prepareCopy(
      'contact_timeline',
      [
        'int8',
        'text',
        'int4',
        'timestamptz',
        'timestamptz',
        'text',
        'text',
        'text',
        'bool',
        'timestamptz',
        'text',
        'text',
      ],
      map(
        accounts,
        (id) => [id, 'sms', 1, supplyFrom, null, `1${id}`, 'contract', 'contract', true, ...provenance] as const,
      ),
    ),
  ]
  const seconds = await secondsOf(async () => {
    for (const act of acts) await act(owner)
  })
  return [result('four timelines in', seconds, 's'), result('four timelines in', (4 * accounts) / seconds, 'rows/s')]
}

/** Ids 1…count through `row`. */
export function* map<Row>(count: number, row: (id: bigint) => Row): Generator<Row> {
  for (let id = 1; id <= count; id++) yield row(BigInt(id))
}
