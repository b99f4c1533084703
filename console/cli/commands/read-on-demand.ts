import { attemptText } from '../attempt-words.js'
import { unknownActor } from '../../../domain/actor-errors.js'
import { UserError } from '../../../domain/errors.js'
import { uuidOf } from '../../../domain/ids.js'
import { quirksOf } from '../../../domain/meter-quirks.js'
import { secondMs } from '../../../domain/time.js'
import type { AdmissionRefusal } from '../../../headend/schedule/line-job.js'
import { planInForce } from '../../../headend/plan/plan-in-force.js'
import type { Edition } from '../../../protocols/dlt645/data-item.js'
import { findFamily } from '../../../protocols/dlt645/catalogue/catalogue.js'
import { maskedHex } from '../../../protocols/dlt645/masked-hex.js'
import { hexOf } from '../../../protocols/hex.js'
import { inspectPayload } from '../../../protocols/inspection/inspect-dlt645.js'
import { findActorKind } from '../../../storage/billing/actors.js'
import { insertReadRequest, type MeterOnLine, type ReadAnswer } from '../../../storage/headend/read-requests.js'
import { valueText } from '../../frames/frame-text.js'
import { whileWorking } from '../../progress.js'
import { createRealClock } from '../../runtime/real-clock.js'
import { answersBy, askableMeter, requireRunningNode, unanswered, waitingTitle } from '../await-answers.js'
import type { Io } from '../io.js'
import { withDatabase } from '../session.js'

export interface OnDemandRead {
  readonly meter: string
  /** Identifiers of the meter's edition, separated by commas; null for forward active energy. */
  readonly items: string | null
  readonly actor: string | undefined
  /** Seconds until the answer is of no use any more; as the plan says where nothing is said. */
  readonly wait: number | undefined
  readonly json: boolean
}

/** What an answer that was read at the last moment takes to be stored. */
const graceMs = secondMs

/** Asks the owner of the meter's line for items, and shows what came by the deadline. */
export async function readOnDemand(io: Io, wish: OnDemandRead): Promise<void> {
  const { actor } = wish
  if (actor === undefined)
    throw new UserError(
      'bad_usage',
      '用 --meter 须给 --actor，召测记录在案 --meter needs --actor: whoever asks is put on record',
    )
  await withDatabase(io, 'console', async (database) => {
    if ((await findActorKind(database, actor)) === null) throw unknownActor(actor)
    const meter = await askableMeter(database, wish.meter)
    const requestedAt = createRealClock().now()
    const { ladder, models } = (await planInForce(database, requestedAt, requestedAt)).plan
    const edition = quirksOf(models, meter.model).edition ?? '2007'
    const items = itemsOf(wish.items ?? forwardEnergy[edition], edition)
    await requireRunningNode(database)
    const requestId = uuidOf('read_request', wish.meter, ...items, requestedAt, actor)
    const deadline = requestedAt + (wish.wait ?? ladder.onDemandSeconds) * secondMs
    const { meterId, lineId } = meter
    await insertReadRequest(database, { requestId, meterId, lineId, items, requestedAt, deadline, actor })
    io.err(`已请求 asked for ${items.join(', ')} · 线路 line ${meter.lineCode} · ${requestId}`)
    const answers = await whileWorking(io, { title: waitingTitle, isQuiet: wish.json }, () =>
      answersBy(database, requestId, items.length, deadline + graceMs),
    )
    say(io, wish, { meter, items, edition }, answers)
    if (answers.length < items.length) throw await unanswered(database, meter)
  })
}

/** Total and tariffs: what somebody who names no item wants to see. */
const forwardEnergy: Readonly<Record<Edition, string>> = { '2007': '0001FF00', '1997': '901F' }

function itemsOf(text: string, edition: Edition): readonly string[] {
  const items = [...new Set(text.split(',').map((item) => item.trim().toUpperCase()))]
  const digits = edition === '1997' ? 4 : 8
  const wrong = items.find((item) => item.length !== digits || !/^[0-9A-F]+$/.test(item))
  if (wrong !== undefined)
    throw new UserError(
      'bad_input',
      `--item ${wrong}: 应为 ${digits} 位十六进制，多项以逗号分隔 expected ${digits} hexadecimal digits, several separated by commas`,
    )
  return items
}

interface Asked {
  readonly meter: MeterOnLine
  readonly items: readonly string[]
  readonly edition: Edition
}

function say(io: Io, { json }: OnDemandRead, { meter, items, edition }: Asked, answers: readonly ReadAnswer[]): void {
  const shown = items.map((item) => shownOf(edition, item, answers.find((each) => each.item === item) ?? null))
  if (json)
    io.out(
      JSON.stringify({
        ok: shown.every(({ outcome }) => outcome === 'read'),
        address: meter.communicationAddress,
        items: shown,
      }),
    )
  else for (const each of shown) for (const line of textOf(edition, each)) io.out(line)
  const refused = shown.find(({ outcome }) => outcome === 'refused')
  const ofLine = admissionWords.get(refused?.cause ?? '')
  if (refused !== undefined)
    throw new UserError('refused', `${refused.item}: ${ofLine ?? '电表拒绝 the meter refuses'}: ${refused.cause}`)
  const failed = shown.find(({ outcome }) => outcome === 'failed')
  if (failed !== undefined)
    throw new UserError('no_answer', `${failed.item}: 未召到 not read: ${attemptText(failed.cause ?? failed.outcome)}`)
}

/** Why nobody asked the meter at all. */
const admissionWords: ReadonlyMap<string, string> = new Map<AdmissionRefusal, string>([
  ['would_cost_planned_reads', '会使计划内抄读误窗 reads of the plan would miss their window for it'],
  ['ends_too_late', '时限内读不完 it would not end in time'],
  ['too_many_waiting', '排队过长 too many are waiting on this line'],
])

interface ShownItem {
  readonly item: string
  readonly outcome: ReadAnswer['outcome'] | 'unanswered'
  readonly cause: string | null
  readonly node: string | null
  readonly answeredAt: string | null
  readonly values: ReturnType<typeof inspectPayload>
  readonly payload: string | null
  readonly frames: readonly { readonly request: string; readonly response: string | null }[]
}

function shownOf(edition: Edition, item: string, answer: ReadAnswer | null): ShownItem {
  const values = answer?.payload ? inspectPayload(edition, item, answer.payload) : []
  return {
    item,
    outcome: answer?.outcome ?? 'unanswered',
    cause: answer?.cause ?? null,
    node: answer?.node ?? null,
    answeredAt: answer === null ? null : new Date(answer.answeredAt).toISOString(),
    values,
    payload: answer?.payload ? hexOf(answer.payload) : null,
    frames: (answer?.requests ?? []).map((request, place) => ({
      request: maskedHex(request),
      response: responseHex(answer?.responses[place]),
    })),
  }
}

const outcomeWords: Readonly<Record<ShownItem['outcome'], string>> = {
  read: '已召到 read',
  refused: '拒绝 refused',
  failed: '未召到 failed',
  unanswered: '无节点应答 unanswered',
}

function responseHex(response: Buffer | undefined): string | null {
  return response === undefined || response.length === 0 ? null : maskedHex(response)
}

function textOf(
  edition: Edition,
  { item, outcome, cause, node, values, payload, frames }: ShownItem,
): readonly string[] {
  const title = findFamily(edition, item)?.title ?? '（目录外 not in the catalogue）'
  return [
    `${item} ${title} · ${outcomeWords[outcome]}${cause === null ? '' : `: ${attemptText(cause)}`}${node === null ? '' : ` · 节点 node ${node}`}`,
    ...values.map((value) => `  ${valueText(value)}`),
    ...(values.length === 0 && payload !== null ? [`  数据 payload ${payload}`] : []),
    ...frames.flatMap(({ request, response }) => [`  → ${request}`, `  ← ${response ?? '—'}`]),
  ]
}
