import { UserError } from '../../domain/errors.js'
import type { Instant } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import { findMeterOnLine, type MeterOnLine, type ReadAnswer, readAnswers } from '../../storage/headend/read-requests.js'
import { createRealClock } from '../runtime/real-clock.js'

const pollMs = 200

/**
 * A meter that can be asked on demand.
 * @throws UserError for one that hangs nowhere, or where single items cannot be asked for.
 */
export async function askableMeter(database: Database, code: string): Promise<MeterOnLine> {
  const meter = await findMeterOnLine(database, code, createRealClock().now())
  if (meter === null) throw new UserError('not_found', `此表现不在任何线路上 no meter ${code} hangs on a line now`)
  if (!meter.lineKind.startsWith('modbus_')) return meter
  throw new UserError(
    'refused',
    `该线路上不能召测单项 meter ${code} hangs on ${meter.lineCode} (${meter.lineKind}), where single items cannot be asked for`,
  )
}

/** What nodes have answered to a request by an instant, or as soon as all is answered. */
export async function answersBy(
  database: Database,
  requestId: string,
  wanted: number,
  until: Instant,
): Promise<readonly ReadAnswer[]> {
  const clock = createRealClock()
  for (;;) {
    const answers = await readAnswers(database, requestId)
    if (answers.length === wanted || clock.now() >= until) return answers
    await clock.sleep(pollMs)
  }
}
