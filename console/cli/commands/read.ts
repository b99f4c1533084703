import { type Command, InvalidArgumentError, Option } from 'commander'
import { attemptText } from '../attempt-words.js'
import { UserError } from '../../../domain/errors.js'
import { unreachable } from '../../../domain/result.js'
import { type Discovered, discoverMeter } from '../../../headend/sessions/discover-meter.js'
import { type Dlt645Line, openDlt645Line } from '../../../headend/sessions/dlt645-line.js'
import { type ItemExchange, type ItemOutcome, readItem } from '../../../headend/sessions/read-item.js'
import { parseAddress } from '../../../protocols/dlt645/address.js'
import { hexOf } from '../../../protocols/hex.js'
import { maskedHex } from '../../../protocols/dlt645/masked-hex.js'
import { findFamily } from '../../../protocols/dlt645/catalogue/catalogue.js'
import type { Edition } from '../../../protocols/dlt645/data-item.js'
import { writeFields } from '../../../protocols/dlt645/field.js'
import { readRequest } from '../../../protocols/dlt645/message.js'
import { recordSelections } from '../../../protocols/dlt645/payload-fields.js'
import { inspectPayload } from '../../../protocols/inspection/inspect-dlt645.js'
import { valueText } from '../../frames/frame-text.js'
import { createRealClock } from '../../runtime/real-clock.js'
import { createRealNetwork } from '../../runtime/real-network.js'
import type { Io } from '../io.js'
import { lineOpener } from '../line-address.js'

interface Flags extends Omit<ReadFlags, 'line'> {
  readonly line?: string
  readonly meter?: string
  readonly actor?: string
  readonly wait?: number
}

interface ReadFlags {
  readonly line: string
  readonly item?: string
  readonly address?: string
  readonly edition: Edition | 'auto'
  readonly baud?: number
  readonly parity: 'even' | 'odd' | 'none'
  readonly wakeUp: number
  readonly timeout: number
  readonly records?: number
  readonly from?: string
  readonly json?: true
}

interface Target {
  readonly edition: Edition
  readonly baud: number
  readonly address: string
}

const usualBaud = 2400

export function addReadCommand(program: Command, io: Io): void {
  program
    .command('read')
    .description(
      '点抄并显示报文：--line 直接上线，不需数据库；--meter 经采集节点召测 one read with its frames: on a line, without a database, or of a registered meter through its node',
    )
    .option('--line <where>', '串口路径，或 tcp://主机:端口 serial port, or raw TCP serial server')
    .option(
      '--meter <code>',
      '档案中的电表，由线路所属节点召测 a registered meter, asked by the node that owns its line',
    )
    .option('--actor <code>', '召测人，与 --meter 同用 who asks, with --meter')
    .option(
      '--wait <seconds>',
      '召测时限，缺省按方案 with --meter: how long an answer is waited for',
      wholeNumber(1, 3600),
    )
    .option(
      '--item <identifier>',
      '数据标识；缺省时 --line 只查表，--meter 读正向有功 identifier, such as 00010000 or 9010; without it --line only looks for the meter, and --meter reads forward active energy',
    )
    .option(
      '--address <digits>',
      '通信地址，缺省用通配地址（总线上只能有一块表）meter address; without it the one meter on the line',
    )
    .addOption(
      new Option('--edition <edition>', '645 版本；auto 自动识别').choices(['2007', '1997', 'auto']).default('2007'),
    )
    .option('--baud <rate>', '波特率 bit/s (default 2400)', wholeNumber(300, 115_200))
    .addOption(
      new Option('--parity <parity>', '校验，伪终端用 none · parity').choices(['even', 'odd', 'none']).default('even'),
    )
    .option('--wake-up <count>', '前导 FE 个数 wake-up bytes', wholeNumber(0, 16), 4)
    .option('--timeout <ms>', '等待首字节的毫秒数 time to the first byte of a reply', wholeNumber(1, 60_000), 1500)
    .option('--records <count>', '负荷记录条数 number of load records', wholeNumber(1, 255))
    .option('--from <time>', '负荷记录起始时刻 load records from, 2026-07-01T00:00 by the meter’s clock')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((flags: Flags, command: Command) => readEither(io, flags, command))
}

/** Options that say how one's own line is spoken on; the node of a registered meter knows that from the registry. */
const ofLines = ['address', 'edition', 'baud', 'parity', 'wakeUp', 'timeout', 'records', 'from']
const ofMeters = ['actor', 'wait']

async function readEither(io: Io, { line, meter, actor, wait, ...flags }: Flags, command: Command): Promise<void> {
  if (line === undefined && meter === undefined)
    throw new UserError('bad_usage', '应给出 --line 或 --meter expected --line or --meter')
  if (line !== undefined && meter !== undefined)
    throw new UserError('bad_usage', '--line 与 --meter 只取其一 --line or --meter, not both')
  refuseStrangers(command, line === undefined ? ofLines : ofMeters, line === undefined ? '--meter' : '--line')
  if (line !== undefined) return readOnce(io, { ...flags, line })
  // The database's drivers are loaded for those who need them.
  const { readOnDemand } = await import('./read-on-demand.js')
  const { item = null } = flags
  return readOnDemand(io, { meter: meter ?? '', items: item, actor, wait, json: flags.json === true })
}

/** An option that would be ignored was meant for something. */
function refuseStrangers(command: Command, strangers: readonly string[], way: string): void {
  const given = command.options.find(
    (option) =>
      strangers.includes(option.attributeName()) && command.getOptionValueSource(option.attributeName()) === 'cli',
  )
  if (given !== undefined) throw new UserError('bad_usage', `${given.long}: 不能与 ${way} 同用 does not go with ${way}`)
}

async function readOnce(io: Io, flags: ReadFlags): Promise<void> {
  const clock = createRealClock()
  const connect = lineOpener(flags.line, flags, createRealNetwork())
  const openAt = (baud: number): Dlt645Line =>
    openDlt645Line({
      clock,
      connect: connect(baud),
      settings: { baud, wakeUpBytes: flags.wakeUp, replyTimeoutMs: flags.timeout, requestGapMs: 50 },
    })
  // Somebody waits for the answer: a line that cannot be opened is said at once, not tried again.
  const once = clock.now()
  const target = await targetOf(flags, openAt, once)
  if (flags.item === undefined) return sayFound(io, flags, target)
  const dataIdentifier = identifierOf(flags.item, target.edition)
  const line = openAt(target.baud)
  try {
    if (!(await line.ready(once))) throw lineDown(flags.line, line.failure())
    const request = readRequest(target.edition, target.address, dataIdentifier, selectionOf(flags))
    sayOutcome(io, flags, { ...target, dataIdentifier }, await readItem(line, request))
  } finally {
    line.close()
  }
}

/** The meter to ask: as named, or as found by asking in both editions. */
async function targetOf(flags: ReadFlags, openAt: (baud: number) => Dlt645Line, deadline: number): Promise<Target> {
  const { address, edition, baud } = flags
  if (edition !== 'auto' && flags.item !== undefined) {
    const called = address === undefined ? 'AAAAAAAAAAAA' : addressOf(address, edition)
    return { edition, baud: baud ?? usualBaud, address: called }
  }
  const bauds = baud === undefined ? undefined : { '2007': [baud], '1997': [baud] }
  const options = {
    ...(address === undefined ? {} : { address: addressOf(address, '2007') }),
    ...(bauds === undefined ? {} : { bauds }),
  }
  return targetFound(flags.line, await discoverMeter(openAt, options, deadline))
}

function targetFound(line: string, found: Discovered): Target {
  switch (found.kind) {
    case 'found':
      return found
    case 'line_down':
      throw lineDown(line, found.reason)
    case 'not_found': {
      const noise =
        '有响应但不成帧，检查波特率、校验或线上多块表 · bytes came but no frame: rate, parity, or several meters'
      throw new UserError('not_found', `${line}: ${found.heardNoise ? noise : '无应答 nobody answers'}`)
    }
    default:
      return unreachable(found)
  }
}

function lineDown(line: string, reason: unknown): UserError {
  if (reason instanceof UserError) return reason
  const why = reason instanceof Error ? `: ${reason.message}` : ''
  return new UserError('line_unreachable', `${line}: 无法打开或已断开 cannot be opened, or went away${why}`)
}

function addressOf(printed: string, edition: Edition): string {
  const parsed = parseAddress(printed, edition)
  if (!parsed.ok) throw new UserError('bad_input', `--address ${printed}: 应为至多 12 位数字 expected up to 12 digits`)
  return parsed.value
}

function identifierOf(text: string, edition: Edition): string {
  const digits = edition === '2007' ? 8 : 4
  if (!new RegExp(`^[0-9A-Fa-f]{${digits}}$`).test(text))
    throw new UserError(
      'bad_input',
      `--item ${text}: 应为 ${digits} 位十六进制 expected ${digits} hexadecimal digits in edition ${edition}`,
    )
  return text.toUpperCase()
}

/** Number of load records and their begin, as the read carries them. */
function selectionOf({ records, from }: ReadFlags): Buffer {
  if (records === undefined && from === undefined) return Buffer.alloc(0)
  const fields = recordSelections[from === undefined ? 0 : 1]
  const texts = [String(records ?? 1), ...(from === undefined ? [] : [from])]
  const bytes = fields === undefined ? null : writeFields(fields, texts)
  if (bytes === null)
    throw new UserError(
      'bad_input',
      `--from ${from}: 应为时刻，例如 2026-07-01T00:00 expected a time such as 2026-07-01T00:00`,
    )
  return bytes
}

/** The rate behind a serial server is the server's; nobody can tell it from here. */
function sayFound(io: Io, { line, json }: ReadFlags, { edition, baud, address }: Target): void {
  const rate = line.startsWith('tcp://') ? null : baud
  if (json === true) return io.out(JSON.stringify({ ok: true, edition, baud: rate, address }))
  io.out([`DL/T 645-${edition}`, ...(rate === null ? [] : [`${rate} bit/s`]), `地址 address ${address}`].join(' · '))
}

function sayOutcome(io: Io, flags: ReadFlags, asked: Asked, outcome: ItemOutcome): void {
  const frames = outcome.exchanges.map(exchangeShown)
  if (outcome.kind === 'read') return sayValues(io, flags, asked, outcome, frames)
  const { kind, reasons } = failureOf(outcome)
  if (flags.json === true)
    io.out(JSON.stringify({ ok: false, error: { kind, ...(reasons === null ? {} : { reasons }) }, frames }))
  else for (const line of framesText(frames)) io.err(line)
  if (kind === 'line_down') throw lineDown(flags.line, null)
  if (kind === 'refused')
    throw new UserError('refused', `${asked.dataIdentifier}: 电表拒绝 the meter refuses: ${reasons?.join(', ') || '—'}`)
  throw new UserError('no_answer', `${asked.dataIdentifier}: 未召到 not read: ${attemptText(kind)}`)
}

function failureOf(outcome: Exclude<ItemOutcome, { kind: 'read' }>): {
  readonly kind: string
  readonly reasons: readonly string[] | null
} {
  if (outcome.kind === 'failed') return { kind: outcome.cause, reasons: null }
  return { kind: 'refused', reasons: outcome.reasons.map((reason) => reason.replaceAll('_', '-')) }
}

/** An answer whose length fits no form of a known item is no success: a script must not take it for one. */
function sayValues(
  io: Io,
  flags: ReadFlags,
  asked: Asked,
  { address, payload }: ReadAnswer,
  frames: readonly ShownExchange[],
): void {
  const { edition, baud, dataIdentifier } = asked
  const family = findFamily(edition, dataIdentifier)
  const values = inspectPayload(edition, dataIdentifier, payload)
  const isOdd = family !== null && values.length === 0
  const answer = { edition, baud, address, dataIdentifier, values, payload: hexOf(payload), frames }
  if (flags.json === true)
    io.out(
      JSON.stringify(isOdd ? { ok: false, error: { kind: 'length_mismatch' }, ...answer } : { ok: true, ...answer }),
    )
  else {
    io.out(
      `DL/T 645-${edition} · 地址 address ${address} · ${dataIdentifier} ${family?.title ?? '（目录外 not in the catalogue）'}`,
    )
    for (const value of values) io.out(`  ${valueText(value)}`)
    if (values.length === 0) io.out(`  数据 payload ${hexOf(payload)}`)
    for (const line of framesText(frames)) io.out(`  ${line}`)
  }
  if (isOdd)
    throw new UserError(
      'no_answer',
      `${dataIdentifier}: length_mismatch: ${payload.length} 字节不合此项 bytes fit no form of this item`,
    )
}

type Asked = Target & { readonly dataIdentifier: string }
type ReadAnswer = Extract<ItemOutcome, { kind: 'read' }>

interface ShownExchange {
  readonly request: string
  readonly response: string | null
  /** Frames that were heard and were not the answer. */
  readonly dropped: readonly { readonly reason: string; readonly hex: string }[]
  /** Bytes that were no frame. */
  readonly noise: string | null
}

function exchangeShown({ request, response, heard }: ItemExchange): ShownExchange {
  return {
    request: maskedHex(request),
    response: response === null ? null : maskedHex(response),
    dropped: heard.dropped.map(({ reason, bytes }) => ({ reason, hex: maskedHex(bytes) })),
    noise: heard.noise.length === 0 ? null : hexOf(heard.noise),
  }
}

function framesText(frames: readonly ShownExchange[]): readonly string[] {
  return frames.flatMap(({ request, response, dropped, noise }) => [
    `→ ${request}`,
    ...dropped.map(({ reason, hex }) => `← ${hex} · 非所问 not the answer: ${reason}`),
    ...(noise === null ? [] : [`← ${noise} · 不成帧 no frame`]),
    ...(response === null ? (noise === null && dropped.length === 0 ? ['← —'] : []) : [`← ${response}`]),
  ])
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (!(value >= least && value <= most))
      throw new InvalidArgumentError(
        `应为 ${least} 至 ${most} 的整数 expected a whole number from ${least} to ${most}.`,
      )
    return value
  }
}
