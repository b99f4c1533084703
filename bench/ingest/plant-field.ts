import { dayMs } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import { toTimestamptz } from '../../storage/type-parsers.js'
import { codeOf, type FieldPlan, topicsOf } from './field-plan.js'

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
