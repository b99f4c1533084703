import type { Command } from 'commander'
import { parse, YAMLParseError } from 'yaml'
import { UserError } from '../../../domain/errors.js'
import { unreachable } from '../../../domain/result.js'
import {
  approveStandingOrder,
  registerStandingOrder,
  type RegisterStandingError,
} from '../../../headend/orders/register-standing-order.js'
import { listStandingOrders } from '../../../storage/headend/standing-orders.js'
import { orderRefusal } from '../../orders/order-refusal.js'
import { createRealClock } from '../../runtime/real-clock.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { readText } from '../read-text.js'
import { withDatabase } from '../session.js'
import { textTable } from '../table.js'
import { actorHelp, jsonHelp } from './order-help.js'

interface ActorFlags {
  readonly actor: string
  readonly json?: true
}

/** `order standing …`: versions of standing orders for broadcast time. */
export function addStandingOrderCommands(order: Command, io: Io): void {
  const standing = order
    .command('standing')
    .description(
      '广播校时常设令，两人审批后生效 standing orders for broadcast time; two approvals put a version in force',
    )
  standing
    .command('propose')
    .description('登记一个版本 put a version on record')
    .argument('<file>', 'YAML 或 JSON；格式 docs/schemas/standing-order.schema.json')
    .requiredOption('--actor <id>', actorHelp)
    .option('--json', jsonHelp)
    .action((file: string, flags: ActorFlags) => propose(io, file, flags))
  standing
    .command('approve')
    .description('审批一个版本，提出人除外 approve a version; its author may not')
    .argument('<code>', '代号 code')
    .argument('<version>', '版本 version')
    .requiredOption('--actor <id>', actorHelp)
    .option('--json', jsonHelp)
    .action((code: string, version: string, flags: ActorFlags) => approve(io, code, versionFrom(version), flags))
  standing
    .command('list')
    .description('各版本及审批 every version with its approvals')
    .option('--json', jsonHelp)
    .action((flags: { readonly json?: true }) => list(io, flags))
}

async function propose(io: Io, file: string, { actor, json }: ActorFlags): Promise<void> {
  const document = documentFrom(file)
  const clock = createRealClock()
  const registered = await withDatabase(io, 'console', (console) =>
    registerStandingOrder(console, clock, document, actor),
  )
  if (!registered.ok) throw refused(file, actor, registered.error)
  const { kind, standingOrder } = registered.value
  if (json === true) return io.out(toJson({ outcome: kind, ...standingOrder }))
  io.out(
    `${standingOrder.code} v${standingOrder.version} · ${kind === 'created' ? '已登记 recorded' : '早已登记 was there'} · 须 2 人审批 two approvals needed`,
  )
}

function refused(file: string, actor: string, error: RegisterStandingError): UserError {
  switch (error.kind) {
    case 'standing_order_malformed':
    case 'margin_below_step':
      return new UserError('bad_input', `${file}: ${error.path}: 不合规则 ${error.message}`)
    case 'actor_unknown':
      return orderRefusal(error.kind, actor)
    case 'exists_with_different_document':
      return orderRefusal(error.kind, file)
    default:
      return unreachable(error)
  }
}

async function approve(io: Io, code: string, version: number, { actor, json }: ActorFlags): Promise<void> {
  const clock = createRealClock()
  const given = await withDatabase(io, 'console', (console) =>
    approveStandingOrder(console, clock, { code, version, actor }),
  )
  if (!given.ok)
    throw orderRefusal(given.error.kind, given.error.kind === 'actor_unknown' ? actor : `${code} v${version}`)
  const { kind } = given.value
  if (json === true) return io.out(toJson({ outcome: kind, code, version }))
  io.out(`${code} v${version} · ${kind === 'created' ? '已审批 approved' : `${actor} 早已审批 had approved it before`}`)
}

async function list(io: Io, { json }: { readonly json?: true }): Promise<void> {
  const rows = await withDatabase(io, 'reader', listStandingOrders)
  const shown = rows.map(({ code, version, document, author, approvals }) => ({
    code,
    version,
    author,
    approvals,
    document,
  }))
  if (json === true) return io.out(toJson({ standingOrders: shown }))
  const headings = ['代号 code', '版本 version', '提出 author', '审批 approvals']
  io.out(
    textTable(
      headings,
      shown.map(({ code, version, author, approvals }) => [code, version, author, `${approvals}/2`]),
    ),
  )
}

function documentFrom(file: string): unknown {
  try {
    return parse(readText(file))
  } catch (cause) {
    if (!(cause instanceof YAMLParseError)) throw cause
    const line = cause.linePos?.[0].line ?? 1
    throw new UserError('bad_input', `${file}: 第 ${line} 行 line ${line}: ${cause.message.split('\n')[0]}`, { cause })
  }
}

function versionFrom(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UserError('bad_usage', `${text}: 应为版本号 expected a version`)
  return Number(text)
}
