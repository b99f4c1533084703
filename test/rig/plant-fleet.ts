import type { Database } from '../../storage/database.js'
import { beijing } from '../../domain/time.js'
import { toTimestamptz } from '../../storage/type-parsers.js'
import { addressOf, codeOf, type FleetPlan, metersOf } from './fleet-plan.js'

/** The registry of a fleet: one county, every meter installed since 2020 on the line of its concentrator. */
export async function plantFleet(owner: Database, plan: FleetPlan, brokerUrl: string): Promise<void> {
  const since = toTimestamptz(beijing.startOfDay('2020-01-01'))
  await owner.execute(`insert into actor values ('system', 'rig', 'process', '${since}')`)
  await owner.execute(
    `insert into organisation values (1, 'county', null, 'county', 'county', 'Asia/Shanghai', 'CNY', 2)`,
  )
  await owner.execute(`insert into grid_cell values (1, 1, 'cell', 'cell', 'system', null)`)
  await owner.execute(`insert into transformer_area values (1, 1, 'area', 'area')`)
  for (let concentrator = 1; concentrator <= plan.concentrators; concentrator += 1) {
    const code = codeOf(concentrator)
    await owner.execute(
      `insert into line (line_id, organisation_id, code, kind, settings) values ($1, 1, $2, 'mqtt_concentrator', $3)`,
      [
        concentrator,
        code,
        JSON.stringify({ brokerUrl, uploadTopic: `metering/${code}/up`, receiptTopic: `metering/${code}/receipt` }),
      ],
    )
    const meters = metersOf(plan, concentrator)
    await owner.execute(
      `insert into meter (meter_id, code, protocol, communication_address, model, register_digits, register_decimals)
       select id, 'meter-' || id, 'dlt645_2007', address, 'dlt645', 6, 2 from unnest($1::bigint[], $2::text[]) as m (id, address)`,
      [meters, meters.map(addressOf)],
    )
    await owner.execute(
      `insert into usage_point select id, 1, 'point-' || id, 1, 1, 'rig' from unnest($1::bigint[]) as m (id)`,
      [meters],
    )
    await owner.execute(
      `insert into installation_timeline select id, 1, $2, null, id, $3, $2, 'system', 'first installation' from unnest($1::bigint[]) as m (id)`,
      [meters, since, concentrator],
    )
  }
}
