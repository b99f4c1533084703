import { attemptText } from '../attempt-words.js'
import { unknownActor } from '../../../domain/actor-errors.js'
import { UserError } from '../../../domain/errors.js'
import { uuidOf } from '../../../domain/ids.js'
import { beijing, secondMs } from '../../../domain/time.js'
import { touTablesRequest } from '../../../headend/node/answer-tou-tables.js'
import { planInForce } from '../../../headend/plan/plan-in-force.js'
import { findActorKind } from '../../../storage/billing/actors.js'
import { insertReadRequest } from '../../../storage/headend/read-requests.js'
import { whileWorking } from '../../progress.js'
import { createRealClock } from '../../runtime/real-clock.js'
import { loadTouScreen } from '../../tou/load-tou-screen.js'
import { touScreenJson } from '../../tou/tou-json.js'
import { touScreenText } from '../../tou/tou-screen-text.js'
import { answersBy, askableMeter, requireRunningNode, unanswered, waitingTitle } from '../await-answers.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { withDatabase } from '../session.js'

export interface TouReadWish {
  readonly meter: string
  readonly actor: string
  /** Seconds as typed; null: as the plan says. */
  readonly wait: string | null
  readonly json: boolean
}

const mostWaitSeconds = 3600
/** What an answer that was read at the last moment takes to be stored. */
const graceMs = secondMs

/** Asks the owner of the meter's line for all tables, waits until they are stored, and shows them. */
export async function touRead(io: Io, { meter: code, actor, wait, json }: TouReadWish): Promise<void> {
  const clock = createRealClock()
  await withDatabase(io, 'console', async (database) => {
    if ((await findActorKind(database, actor)) === null) throw unknownActor(actor)
    const meter = await askableMeter(database, code)
    await requireRunningNode(database)
    const requestedAt = clock.now()
    const { ladder } = (await planInForce(database, requestedAt, requestedAt)).plan
    const items = [touTablesRequest]
    const requestId = uuidOf('read_request', code, ...items, requestedAt, actor)
    const deadline = requestedAt + (wait === null ? ladder.onDemandSeconds : secondsFrom(wait)) * secondMs
    const { meterId, lineId, lineCode } = meter
    await insertReadRequest(database, { requestId, meterId, lineId, items, requestedAt, deadline, actor })
    io.err(`已请求 asked for the time-of-use tables · 线路 line ${lineCode} · ${requestId}`)
    const [answer] = await whileWorking(io, { title: waitingTitle, isQuiet: json }, () =>
      answersBy(database, requestId, 1, deadline + graceMs),
    )
    if (answer === undefined) throw await unanswered(database, meter)
    if (answer.outcome !== 'read')
      throw new UserError('no_answer', `${code}: 未读到 not read: ${attemptText(answer.cause ?? answer.outcome)}`)
    const now = clock.now()
    const screen = await loadTouScreen(database, code, { date: beijing.dateAt(now), now })
    if (screen !== null) io.out(json ? toJson(touScreenJson(screen)) : touScreenText(screen))
  })
}

function secondsFrom(text: string): number {
  const seconds = Number(text)
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > mostWaitSeconds)
    throw new UserError(
      'bad_input',
      `--wait ${text}: 应为 1 至 ${mostWaitSeconds} 的整秒数 expected whole seconds from 1 to ${mostWaitSeconds}`,
    )
  return seconds
}
