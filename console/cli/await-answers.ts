import { UserError } from '../../domain/errors.js'
import { beijing, type Instant, localMinute, minuteMs } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import { findMeterOnLine, type MeterOnLine, type ReadAnswer, readAnswers } from '../../storage/headend/read-requests.js'
import { lineOwner } from '../../storage/headend/line-owner.js'
import { nodesSeen } from '../../storage/headend/running-nodes.js'
import { createRealClock } from '../runtime/real-clock.js'

const pollMs = 200

export const waitingTitle = '等待采集节点应答 waiting for the answer of a node'

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

/** Nobody is waited for where nobody can answer. @throws UserError `no_answer` while no node runs. */
export async function requireRunningNode(database: Database): Promise<void> {
  const { running, lastSignAt } = await nodesSeen(database)
  // A node that has just lost its sessions comes back within seconds.
  if (running.length > 0 || (lastSignAt !== null && createRealClock().now() - lastSignAt < minuteMs)) return
  const sign =
    lastSignAt === null
      ? '从未有采集节点运行 none has ever run'
      : `末次迹象 last sign of one ${localMinute(beijing, lastSignAt)} +08:00`
  throw new UserError(
    'no_answer',
    `没有采集节点在运行 no collection node runs · ${sign} · 另开终端启动 start one in another terminal: shuangwu headend --node n1`,
  )
}

/** Why nobody may have answered by the deadline: which nodes run, and who took the line last. */
export async function unanswered(database: Database, { lineId, lineCode }: MeterOnLine): Promise<UserError> {
  const { running } = await nodesSeen(database)
  const owner = await lineOwner(database, lineId)
  return new UserError(
    'no_answer',
    `时限内无节点应答 no node answered in time · 在运行的节点 running nodes: ${running.join(', ') || '无 none'} · 线路 ${lineCode} 最近由其占用 the line was last taken by: ${owner ?? '无 none'}`,
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
