import { hostname } from 'node:os'
import { type Command, Option } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { unreachable } from '../../../domain/result.js'
import { beijing, type Instant, isLocalDate, localMinute, minuteMs } from '../../../domain/time.js'
import { approveOrder } from '../../../headend/orders/approve-order.js'
import type { ExecutedOrder } from '../../../headend/orders/execute-order.js'
import { orderKinds } from '../../../headend/orders/order-kinds.js'
import { proposeOrder, type ProposeOrderError } from '../../../headend/orders/propose-order.js'
import { findActorKind } from '../../../storage/billing/actors.js'
import type { Queryable } from '../../../storage/database.js'
import { meterCodeOfOrder, orderAttempts } from '../../../storage/headend/order-attempts.js'
import { findOrderInPlace, listOrders, orderApprovals, orderResults } from '../../../storage/headend/orders.js'
import { loadCredentialKey } from '../../orders/credential-key.js'
import { executeByHand } from '../../orders/execute-by-hand.js'
import { orderParametersText } from '../../orders/order-parameters.js'
import { orderRefusal } from '../../orders/order-refusal.js'
import { listedJson, orderJson, orderText, type ShownOrder, standingOf } from '../../orders/order-text.js'
import { createRealClock } from '../../runtime/real-clock.js'
import { createRealNetwork } from '../../runtime/real-network.js'
import { createSerialPorts } from '../../runtime/serial-port.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { withDatabase } from '../session.js'
import { textTable } from '../table.js'
import { addOrderCredentialCommand } from './order-credential.js'
import { actorHelp, jsonHelp } from './order-help.js'
import { addStandingOrderCommands } from './order-standing.js'

interface ProposeFlags {
  readonly meter: string
  readonly kind: string
  readonly parameters: string
  readonly credential?: string
  readonly reason: string
  readonly from?: string
  readonly minutes: string
  readonly actor: string
  readonly json?: true
}

interface ActorFlags {
  readonly actor: string
  readonly json?: true
}

const uuidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const mostListed = 200

export function addOrderCommand(program: Command, io: Io): void {
  const order = program
    .command('order')
    .description(
      '电表写入指令：提出、审批、执行、回读 what is written to meters: proposed, approved, used once, read back',
    )
  order
    .command('propose')
    .description('提出指令 put an order on record; nothing is sent')
    .requiredOption('--meter <code>', '电表资产号 meter code')
    .addOption(new Option('--kind <kind>', '种类 kind of order').choices(orderKinds).makeOptionMandatory())
    .option('--parameters <json>', '参数，各种类见下 what the kind needs, as JSON: see below', '{}')
    .option('--credential <code>', '口令代号 code of the sealed password')
    .requiredOption('--reason <text>', '原因 why')
    .option('--from <time>', '生效时间，北京时间 valid from, 2026-07-01T09:00; now when left out')
    .option('--minutes <count>', '有效分钟数 valid for so many minutes', '60')
    .requiredOption('--actor <id>', actorHelp)
    .option('--json', jsonHelp)
    .addHelpText('after', orderParametersText())
    .action((flags: ProposeFlags) => propose(io, flags))
  order
    .command('approve')
    .description('审批指令，提出人除外 approve an order; its author may not')
    .argument('<order>', '指令号 order id')
    .requiredOption('--actor <id>', actorHelp)
    .option('--json', jsonHelp)
    .action((id: string, flags: ActorFlags) => approve(io, orderIdFrom(id), flags))
  order
    .command('show')
    .description('指令全文、审批、结果 an order with its approvals and what came of it')
    .argument('<order>', '指令号 order id')
    .option('--json', jsonHelp)
    .action((id: string, flags: { readonly json?: true }) => show(io, orderIdFrom(id), flags))
  order
    .command('list')
    .description(`最近 ${mostListed} 条指令 the latest orders`)
    .option('--json', jsonHelp)
    .action((flags: { readonly json?: true }) => list(io, flags))
  order
    .command('execute')
    .description(
      '执行一次并回读；线路有采集节点时由节点执行 use an order once and read back; on a line that a node owns the node does it',
    )
    .argument('<order>', '指令号 order id')
    .requiredOption('--actor <id>', actorHelp)
    .option('--json', jsonHelp)
    .action((id: string, flags: ActorFlags) => execute(io, orderIdFrom(id), flags))
  addStandingOrderCommands(order, io)
  addOrderCredentialCommand(order, io)
}

async function propose(io: Io, flags: ProposeFlags): Promise<void> {
  const clock = createRealClock()
  const notBefore = flags.from === undefined ? clock.now() : localTime('--from', flags.from)
  const proposal = {
    meterCode: flags.meter,
    kind: flags.kind,
    parameters: jsonFrom('--parameters', flags.parameters),
    credentialCode: flags.credential ?? null,
    reason: flags.reason,
    author: flags.actor,
    notBefore,
    expiresAt: notBefore + minutesFrom(flags.minutes) * minuteMs,
  }
  const proposed = await withDatabase(io, 'console', (console) => proposeOrder(console, clock, proposal))
  if (!proposed.ok) throw proposalRefused(flags, proposed.error)
  const { kind, order, approvalsNeeded } = proposed.value
  const papers = { approvals: [], approvalsNeeded, usedAt: null, attempts: [], results: [] }
  const shown: ShownOrder = { order, meterCode: flags.meter, ...papers }
  if (flags.json === true) return io.out(toJson({ outcome: kind, ...orderJson(shown) }))
  io.out(orderText(shown))
  io.err(
    `${kind === 'created' ? '已登记 recorded' : '早已登记 was there'} · 须 ${approvalsNeeded} 人审批 approvals needed`,
  )
}

function proposalRefused(flags: ProposeFlags, error: ProposeOrderError): UserError {
  switch (error.kind) {
    case 'parameters_malformed':
      return new UserError('bad_input', `--parameters: ${error.path || flags.kind}: 不合规则 ${error.message}`)
    case 'meter_unknown':
    case 'line_kind_unsupported':
      return orderRefusal(error.kind, flags.meter)
    case 'actor_unknown':
      return orderRefusal(error.kind, flags.actor)
    case 'validity_wrong':
      return orderRefusal(error.kind, `${flags.minutes} min (≤ ${error.longestMinutes} min)`)
    case 'kind_unknown':
    case 'credential_missing':
    case 'reason_missing':
      return orderRefusal(error.kind, flags.kind)
    default:
      return unreachable(error)
  }
}

async function approve(io: Io, orderId: string, { actor, json }: ActorFlags): Promise<void> {
  const clock = createRealClock()
  const [given, shown] = await withDatabase(io, 'console', async (console) => [
    await approveOrder(console, clock, { orderId, actor }),
    await shownOrder(console, orderId, clock.now()),
  ])
  if (!given.ok) throw orderRefusal(given.error.kind, given.error.kind === 'actor_unknown' ? actor : orderId)
  if (shown === null) throw orderRefusal('order_not_found', orderId)
  io.out(json === true ? toJson({ outcome: given.value.kind, ...orderJson(shown) }) : orderText(shown))
  if (given.value.kind === 'exists') io.err(`${actor}: 早已审批 had approved it before`)
}

async function show(io: Io, orderId: string, { json }: { readonly json?: true }): Promise<void> {
  const now = createRealClock().now()
  const shown = await withDatabase(io, 'reader', (reader) => shownOrder(reader, orderId, now))
  if (shown === null) throw orderRefusal('order_not_found', orderId)
  io.out(json === true ? toJson(orderJson(shown)) : orderText(shown))
}

async function list(io: Io, { json }: { readonly json?: true }): Promise<void> {
  const now = createRealClock().now()
  const orders = await withDatabase(io, 'reader', (reader) => listOrders(reader, { knownAt: now, limit: mostListed }))
  if (json === true) return io.out(toJson({ orders: orders.map(listedJson) }))
  const headings = ['指令 order', '电表 meter', '种类 kind', '审批 approvals', '失效 expires', '状态 state']
  const rows = orders.map((each) => [
    each.orderId,
    each.meterCode,
    each.kind,
    `${each.approvals}/${each.approvalsNeeded ?? '—'}`,
    localMinute(beijing, each.expiresAt),
    standingOf(each, now),
  ])
  io.out(textTable(headings, rows))
}

async function execute(io: Io, orderId: string, { actor, json }: ActorFlags): Promise<void> {
  const clock = createRealClock()
  const credentialKey = loadCredentialKey(io.env)
  const node = `${hostname()}:${process.pid}:${actor}`
  const [executed, shown] = await withDatabase(io, 'headend', async (database) => {
    if ((await findActorKind(database, actor)) === null) throw orderRefusal('actor_unknown', actor)
    const wires = { network: createRealNetwork(), serialPorts: createSerialPorts() }
    const done = await executeByHand({ database, clock, ...wires, node, credentialKey }, orderId)
    return [done, await shownOrder(database, orderId, clock.now())] as const
  })
  if (executed.kind === 'not_written') throw orderRefusal(executed.reason, orderId)
  if (executed.kind === 'left_to_node')
    io.err(
      `线路 ${executed.lineCode} 由采集节点占用，节点将执行此令 · the node that owns the line will do it: shuangwu order show ${orderId}`,
    )
  if (shown !== null) io.out(json === true ? toJson(orderJson(shown)) : orderText(shown))
  if (executed.kind === 'settled' && executed.verdict !== 'verified') throw notVerified(orderId, executed)
}

function notVerified(orderId: string, { verdict, detail }: Extract<ExecutedOrder, { kind: 'settled' }>): UserError {
  return orderRefusal('order_not_verified', `${orderId}: ${verdict}: ${detail}`)
}

async function shownOrder(client: Queryable, orderId: string, now: Instant): Promise<ShownOrder | null> {
  const found = await findOrderInPlace(client, orderId, now)
  if (found === null) return null
  const { order, approvalsNeeded, usedAt } = found
  const approvals = await orderApprovals(client, orderId)
  const [attempts, results] = [await orderAttempts(client, orderId), await orderResults(client, orderId)]
  const meterCode = (await meterCodeOfOrder(client, orderId)) ?? String(order.meterId)
  return { order, meterCode, approvals, approvalsNeeded, usedAt, attempts, results }
}

function orderIdFrom(text: string): string {
  const id = text.toLowerCase()
  if (!uuidPattern.test(id)) throw new UserError('bad_usage', `${text}: 应为指令号 expected an order id`)
  return id
}

function jsonFrom(flag: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new UserError('bad_input', `${flag}: 不是 JSON is no JSON`, { cause })
  }
}

function minutesFrom(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text))
    throw new UserError('bad_usage', `--minutes ${text}: 应为不小于 1 的整数 expected a whole number from 1`)
  return Number(text)
}

function localTime(flag: string, text: string): Instant {
  const [, date = '', hour = '', minute = ''] = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? []
  if (!isLocalDate(date))
    throw new UserError(
      'bad_input',
      `${flag} ${text}: 应为时刻，例如 2026-07-01T09:00 expected a time such as 2026-07-01T09:00`,
    )
  return beijing.startOfDay(date) + (Number(hour) * 60 + Number(minute)) * minuteMs
}
