import { createRealClock } from '../../console/runtime/real-clock.js'
import { dayMs, type Instant } from '../../domain/time.js'
import { type Database, openDatabase } from '../../storage/database.js'
import { databaseFacts } from '../../storage/doctor.js'
import type { BinariesWanted } from '../../storage/local-database/binaries.js'
import { openLocalDatabase } from '../../storage/local-database/open.js'
import { migrate } from '../../storage/migrate.js'
import { ensureTimePartitions } from '../../storage/time-series.js'
import { toTimestamptz } from '../../storage/type-parsers.js'
import { closeInAnyCase, makeBenchFolder, removeBenchFolder } from '../bench-process.js'
import { codeOf, type FieldPlan, topicsOf } from './field-plan.js'

export interface BenchDatabase {
  readonly owner: Database
  /** One connection under the head-end's role. */
  readonly headend: Database
  readonly ownerUrl: string
  readonly headendUrl: string
  /** A folder for files of the bench, gone at the end. */
  readonly folder: string
  /** Version, tier and the settings that matter. */
  readonly description: string
  readonly close: () => Promise<void>
}

const clock = createRealClock()

/** A migrated database of the bench's own, with partitions for the days before `now`. */
export async function openBenchDatabase(binaries: BinariesWanted, now: Instant): Promise<BenchDatabase> {
  const folder = makeBenchFolder()
  const remove = closeInAnyCase(() => removeBenchFolder(folder))
  const local = await openLocalDatabase({ folder, binaries })
  const closeServer = closeInAnyCase(local.close)
  await migrate(local.ownerUrl, { logins: local.passwords })
  const owner = openDatabase({ url: local.ownerUrl, clock, connections: 1 })
  await ensureTimePartitions(owner, now - 61 * dayMs, now + dayMs)
  const headendUrl = local.url('headend')
  const headend = openDatabase({ url: headendUrl, clock, connections: 1 })
  const { serverVersion, tier, settings } = await databaseFacts(owner)
  const shown = ['shared_buffers', 'max_wal_size', 'synchronous_commit', 'fsync']
  return {
    owner,
    headend,
    ownerUrl: local.ownerUrl,
    headendUrl,
    folder,
    description: `PostgreSQL ${serverVersion}, ${tier}, ${shown.map((name) => `${name} ${settings[name]}`).join(', ')}`,
    async close() {
      await Promise.all([owner.close(), headend.close()])
      await closeServer()
      await remove()
    },
  }
}

/** Lines for the concentrators of a plan and their meters, installed since long. */
export async function plantField(owner: Database, plan: FieldPlan, brokerUrl: string): Promise<void> {
  const since = toTimestamptz(plan.midnight - 399 * dayMs)
  const meters = plan.concentrators * plan.metersEach
  await owner.execute(`insert into actor values ('bench', 'bench', 'process', $1)`, [since])
  await owner.execute(`insert into organisation values (1, 'o', null, 'o', 'county', 'Asia/Shanghai', 'CNY', 2)`)
  await owner.execute(`insert into grid_cell values (1, 1, 'g', 'g', 'bench', null)`)
  await owner.execute(`insert into transformer_area values (1, 1, 'a', 'a')`)
  for (let each = 0; each < plan.concentrators; each++) {
    const settings = JSON.stringify({ brokerUrl, ...topicsOf(each) })
    await owner.execute(`insert into line values ($1, 1, $2, 'mqtt_concentrator', $3)`, [
      each + 1,
      codeOf(each),
      settings,
    ])
  }
  await owner.execute(
    `insert into meter select n, 'm' || n, 'dlt645_2007', lpad(n::text, 12, '0'), 'dlt645', 6, 2 from generate_series(1, $1::bigint) n`,
    [meters],
  )
  await owner.execute(
    `insert into usage_point select n, 1, 'p' || n, 1, 1, 'p' from generate_series(1, $1::bigint) n`,
    [meters],
  )
  await owner.execute(
    `insert into installation_timeline
     select n, 1, $2, null, n, (n - 1) / $3::bigint + 1, $2, 'bench', 'first' from generate_series(1, $1::bigint) n`,
    [meters, since, plan.metersEach],
  )
  await owner.execute('analyze')
}
