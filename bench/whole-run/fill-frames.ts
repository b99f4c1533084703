import type { Instant } from '../../domain/time.js'
import { encodeItem, identifierOf } from '../../protocols/dlt645/data-items.js'
import { encodeDataReply, encodeReadRequest } from '../../protocols/dlt645/messages-2007.js'
import type { Database } from '../../storage/database.js'
import { toTimestamptz } from '../../storage/type-parsers.js'

interface Decided {
  readonly meter_id: bigint
  readonly address: string
  readonly read_at: Instant
  readonly total_e4: bigint
  readonly tou2_e4: bigint
  readonly tou4_e4: bigint
}

const metersPerStatement = 2500
const metersPerLine = 500n

/** The frames in which the readings of the closed month came: freeze stamp and freeze block of each meter, at both ends. */
export async function fillFrames(owner: Database, meters: number): Promise<void> {
  for (let first = 1; first <= meters; first += metersPerStatement) {
    const decided = await owner.query<Decided>(
      `select d.meter_id, m.communication_address as address, d.read_at, d.total_e4, d.tou2_e4, d.tou4_e4
         from validation_decision d join meter m using (meter_id) where d.meter_id between $1 and $2`,
      [first, first + metersPerStatement - 1],
    )
    const frames = decided.map(freezeFrames)
    const shared = [
      decided.map(({ meter_id }) => meter_id / metersPerLine),
      // One of its line for each meter and end of the month.
      decided.map(({ meter_id, read_at }) => BigInt(read_at) * 1000n + (meter_id % metersPerLine)),
      decided.map(({ read_at }) => toTimestamptz(read_at)),
      decided.map(({ meter_id }) => meter_id),
    ]
    await owner.execute(
      `insert into frame (line_id, line_sequence, received_at, meter_id, protocol, request, response)
       select line, sequence, at, meter, 'dlt645_2007', request, response
         from unnest($1::bigint[], $2::bigint[], $3::timestamptz[], $4::bigint[], $5::bytea[], $6::bytea[]) k(line, sequence, at, meter, request, response)`,
      [...shared, frames.map(({ request }) => request), frames.map(({ response }) => response)],
    )
    await owner.execute(
      `insert into reading (meter_id, quantity, read_at, total_e4, tou1_e4, tou2_e4, tou3_e4, tou4_e4, source, line_id, line_sequence, frame_received_at, recorded_at)
       select meter, 1, at, total, 0, tou2, 0, tou4, 1, line, sequence, at, at
         from unnest($1::bigint[], $2::bigint[], $3::timestamptz[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[]) k(line, sequence, at, meter, total, tou2, tou4)`,
      [
        ...shared,
        decided.map(({ total_e4 }) => total_e4),
        decided.map(({ tou2_e4 }) => tou2_e4),
        decided.map(({ tou4_e4 }) => tou4_e4),
      ],
    )
  }
  await owner.execute('analyze')
}

function freezeFrames({ address, read_at, total_e4, tou2_e4, tou4_e4 }: Decided) {
  const [stamp, block] = [identifierOf('daily_freeze_stamp', 1), identifierOf('daily_freeze_forward_active', 1)]
  const registers = { totalE4: total_e4, touE4: [0n, tou2_e4, 0n, tou4_e4] as const }
  return {
    request: Buffer.concat([stamp, block].map((item) => encodeReadRequest(address, item, { wakeUpBytes: 4 }))),
    response: Buffer.concat([
      encodeDataReply(address, stamp, encodeItem('daily_freeze_stamp', read_at)),
      encodeDataReply(address, block, encodeItem('daily_freeze_forward_active', registers)),
    ]),
  }
}
