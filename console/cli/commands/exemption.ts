import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { uuidOf } from '../../../domain/ids.js'
import { beijing, type Instant, isLocalDate, localMinute } from '../../../domain/time.js'
import {
  type Exemption,
  findExemption,
  insertExemption,
  insertExemptionApproval,
  type ListedExemption,
  listExemptions,
} from '../../../storage/headend/exemptions.js'
import { findMeterByCode } from '../../../storage/headend/orders.js'
import { createRealClock } from '../../runtime/real-clock.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { requirePerson } from '../require-actor.js'
import { withDatabase } from '../session.js'
import { textTable } from '../table.js'

interface ProposeFlags {
  readonly meter: string
  readonly from: string
  readonly to: string
  readonly reason: string
  readonly document: string
  readonly actor: string
  readonly json?: true
}
interface ApproveFlags {
  readonly actor: string
  readonly json?: true
}
interface ListFlags {
  readonly meter?: string
  readonly waiting?: true
  readonly json?: true
}

const mostListed = 200
const jsonHelp = '输出一个 JSON 文档 one JSON document'

export function addExemptionCommand(program: Command, io: Io): void {
  const exemption = program
    .command('exemption')
    .description('免考核：无法采集的应采点，两人办理 due points excused by two people, where no rule excuses them')
  exemption
    .command('propose')
    .description('提出，待他人批准 asks for it; nothing is excused before another person approves')
    .requiredOption('--meter <code>', '电表资产号 meter code')
    .requiredOption('--from <day>', '首日 first day whose midnight is excused, such as 2026-07-01')
    .requiredOption('--to <day>', '止日，不含 the day on which it ends, itself no longer excused')
    .requiredOption('--reason <text>', '原因 why')
    .requiredOption('--document <text>', '依据 what it rests on: a sheet, a letter')
    .requiredOption('--actor <id>', '提出人 who asks')
    .option('--json', jsonHelp)
    .action((flags: ProposeFlags) => propose(io, flags))
  exemption
    .command('approve')
    .description('批准，提出人除外 grants it; not by its author')
    .argument('<exemption>', '编号 id')
    .requiredOption('--actor <id>', '批准人 who approves')
    .option('--json', jsonHelp)
    .action((id: string, flags: ApproveFlags) => approve(io, id, flags))
  exemption
    .command('list')
    .description(`最近 ${mostListed} 条 the latest`)
    .option('--meter <code>', '仅此电表 of one meter')
    .option('--waiting', '仅待批 only what waits for approval')
    .option('--json', jsonHelp)
    .action((flags: ListFlags) => list(io, flags))
}

async function propose(io: Io, flags: ProposeFlags): Promise<void> {
  const { meter: code, reason, document, actor: author, json } = flags
  const fromAt = midnightOf('--from', flags.from)
  const toAt = midnightOf('--to', flags.to)
  if (fromAt >= toAt)
    throw new UserError('bad_usage', `--to ${flags.to}: 须晚于 --from must be later than ${flags.from}`)
  if (reason.trim() === '' || document.trim() === '')
    throw new UserError('bad_usage', '--reason, --document: 不得为空 must say something')
  const { outcome, stored } = await withDatabase(io, 'console', async (console) => {
    await requirePerson(console, author)
    const recordedAt = createRealClock().now()
    const meter = await findMeterByCode(console, code, recordedAt)
    if (meter === null) throw new UserError('not_found', `${code}: 无此电表 no such meter`)
    const exemptionId = uuidOf('exemption', code, flags.from, flags.to, reason, document, author)
    const asked: Exemption = { exemptionId, meterId: meter.meterId, fromAt, toAt, reason, document, author, recordedAt }
    const isNew = await insertExemption(console, asked)
    return { outcome: isNew ? 'created' : 'exists', stored: await findExemption(console, exemptionId) }
  })
  if (stored === null) throw new UserError('not_found', `${code}: 无此申请 no such exemption`)
  if (json === true) return io.out(toJson({ outcome, ...forJson(stored) }))
  io.out(
    `${stored.exemptionId} · ${outcome === 'created' ? '已提出 recorded' : '早已提出 was there'} · ${standingText(stored)}`,
  )
}

async function approve(io: Io, exemptionId: string, { actor: approver, json }: ApproveFlags): Promise<void> {
  const { outcome, stored } = await withDatabase(io, 'console', async (console) => {
    await requirePerson(console, approver)
    const found = await findExemption(console, exemptionId)
    if (found === null) throw new UserError('not_found', `${exemptionId}: 无此申请 no such exemption`)
    if (found.author === approver)
      throw new UserError('refused', `${approver} 提出的须由他人批准 asked for it and may not approve it`, {
        reason: 'four_eyes',
      })
    const recordedAt = createRealClock().now()
    const isNew = await insertExemptionApproval(console, { exemptionId, approver, recordedAt })
    return { outcome: isNew ? 'created' : 'exists', stored: (await findExemption(console, exemptionId)) ?? found }
  })
  if (json === true) return io.out(toJson({ outcome, ...forJson(stored) }))
  io.out(`${exemptionId} · ${standingText(stored)}`)
}

async function list(io: Io, { meter, waiting, json }: ListFlags): Promise<void> {
  const wish = { meterCode: meter ?? null, waiting: waiting === true, limit: mostListed }
  const rows = await withDatabase(io, 'reader', (reader) => listExemptions(reader, wish))
  if (json === true) return io.out(toJson({ exemptions: rows.map(forJson) }))
  if (rows.length === 0) return io.out('无 none')
  io.out(
    textTable(
      ['编号 exemption', '电表 meter', '自 from', '至 to', '原因 reason', '依据 document', '提出 author', '状态 state'],
      rows.map((row) => [
        row.exemptionId,
        row.meterCode,
        beijing.dateAt(row.fromAt),
        beijing.dateAt(row.toAt),
        row.reason,
        row.document,
        row.author,
        standingText(row),
      ]),
    ),
  )
}

function standingText({ approver, approvedAt }: ListedExemption): string {
  if (approver === null || approvedAt === null) return '待他人批准 waits for another person'
  return `已批准 approved by ${approver} ${localMinute(beijing, approvedAt)}`
}

function forJson(row: ListedExemption) {
  const { meterId: _, fromAt, toAt, recordedAt, approvedAt, ...rest } = row
  return {
    ...rest,
    fromAt: isoOf(fromAt),
    toAt: isoOf(toAt),
    recordedAt: isoOf(recordedAt),
    approvedAt: approvedAt === null ? null : isoOf(approvedAt),
  }
}

function isoOf(instant: Instant): string {
  return new Date(instant).toISOString()
}

/** The due point of a day is the midnight that begins it. */
function midnightOf(flag: string, text: string): Instant {
  if (!isLocalDate(text))
    throw new UserError('bad_usage', `${flag} ${text}: 应为日期 expected a day such as 2026-07-01`)
  return beijing.startOfDay(text)
}
