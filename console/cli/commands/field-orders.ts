import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { yuan } from '../../../domain/scaled.js'
import { beijing, calendarFor, hourMs, isLocalDate, localMinute } from '../../../domain/time.js'
import { loadExceptionPolicy } from '../../../mdm/exceptions/load-policy.js'
import { moneyOnce } from '../../../mdm/exceptions/money-once.js'
import type { Queryable } from '../../../storage/database.js'
import { isCrew } from '../../../storage/headend/crews.js'
import { openFieldOrdersOf } from '../../../storage/mdm/field-orders.js'
import { iso } from '../../exceptions/exception-list.js'
import { ordersOfDay, orderSheet, type RankedOrder } from '../../field-orders/order-table.js'
import { writeCsv, writeWorkbook } from '../../files/write-table.js'
import { createRealClock } from '../../runtime/real-clock.js'
import { fileProblem } from '../file-problem.js'
import { attemptText } from '../attempt-words.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { withDatabase } from '../session.js'
import { textTable } from '../table.js'
import { addFieldOrdersImportCommand } from './field-orders-import.js'

interface ListFlags {
  readonly crew?: string
  readonly json?: true
}
interface ExportFlags {
  readonly crew: string
  readonly day: string
  readonly visits?: string
  readonly out: string
}
/** A crew leaves at eight. */
const departureMs = 8 * hourMs
const everything = Number.MAX_SAFE_INTEGER

export function addFieldOrdersCommand(program: Command, io: Io): void {
  const orders = program
    .command('field-orders')
    .description(
      '补抄单：按风险与期限排序，导出给班组，导回结果 visits ranked by money and deadline, out to crews as sheets and back in',
    )
  orders
    .command('list')
    .description('未办补抄单 visits that nobody has made yet')
    .option('--crew <code>', '只此班组；none 为无班组 only of this crew; none: of no crew')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((flags: ListFlags) => list(io, flags))
  orders
    .command('export')
    .description('班组一天的补抄表，XLSX 或 CSV a crew’s day, ranked and in the order of a walk')
    .requiredOption('--crew <code>', '班组 crew; none: areas of no crew')
    .requiredOption('--day <date>', '日期 day, YYYY-MM-DD')
    .requiredOption('--out <file>', '.xlsx 或 .csv 文件 a file')
    .option('--visits <number>', '至多几处 at most so many places; the policy’s day when left out')
    .action((flags: ExportFlags) => exportDay(io, flags))
  addFieldOrdersImportCommand(orders, io)
}

async function list(io: Io, { crew, json }: ListFlags): Promise<void> {
  const now = createRealClock().now()
  const orders = await withDatabase(io, 'reader', async (reader) => {
    await requireCrew(reader, crew)
    const { policy } = await loadExceptionPolicy(reader, now)
    const all = ordersOfDay(await openFieldOrdersOf(reader, now, crew ?? null), policy, { now, visits: everything })
    return all.toSorted((a, b) => a.rank - b.rank)
  })
  if (json === true) return io.out(toJson({ orders: orders.map(orderJson) }))
  if (orders.length === 0) return io.out('无未办补抄单 no visit is to be made')
  io.out(
    textTable(
      [
        '名次 rank',
        '补抄单 order',
        '电表 meter',
        '示数时刻 registers of',
        '台区 area',
        '地址 address',
        '班组 crew',
        '原因 cause',
        '风险¥ at risk',
        '期限 due',
      ],
      orders.map((order) => [
        order.rank,
        order.fieldOrderId,
        order.meterCode,
        localMinute(calendarFor(order.timeZone), order.readAt),
        order.areaCode,
        order.supplyAddress,
        order.crewCode ?? '（无）none',
        attemptText(order.cause),
        yuan(order.riskFen),
        localMinute(calendarFor(order.timeZone), order.dueAt),
      ]),
      { spare: ['名次 rank', '台区 area', '补抄单 order'] },
    ),
  )
}

async function exportDay(io: Io, { crew, day, visits, out }: ExportFlags): Promise<void> {
  if (!isLocalDate(day)) throw new UserError('bad_usage', `--day ${day}: 应为日期 expected a day such as 2026-07-01`)
  const ending = /\.(xlsx|csv)$/i.exec(out)?.[1]?.toLowerCase()
  if (ending === undefined) throw new UserError('bad_usage', `--out ${out}: .xlsx 或 or .csv`)
  if (visits !== undefined && !/^[1-9]\d{0,3}$/.test(visits))
    throw new UserError('bad_usage', `--visits ${visits}: 应为不小于 1 的整数 expected a whole number from 1`)
  const known = createRealClock().now()
  const orders = await withDatabase(io, 'reader', async (reader) => {
    await requireCrew(reader, crew)
    const { policy } = await loadExceptionPolicy(reader, known)
    const most = visits === undefined ? Math.floor(policy.dayMinutes / policy.visitMinutes) : Number(visits)
    const now = beijing.startOfDay(day) + departureMs
    return ordersOfDay(await openFieldOrdersOf(reader, known, crew), policy, { now, visits: most })
  })
  const sheet = orderSheet(orders)
  const bytes = Buffer.concat([...(ending === 'csv' ? writeCsv(sheet) : writeWorkbook([sheet]))])
  writeOut(io, out, bytes)
  const riskFen = moneyOnce(
    orders,
    ({ bill }) => bill,
    (order) => order.riskFen,
  )
  io.out(`${out} · ${orders.length} 单 orders · ¥${yuan(riskFen)}`)
}

function writeOut(io: Io, out: string, bytes: Uint8Array): void {
  try {
    writeFileSync(resolve(io.cwd, out), bytes)
  } catch (error) {
    throw new UserError('bad_input', `${out}: ${fileProblem(error)}`, { cause: error })
  }
}

async function requireCrew(reader: Queryable, crew: string | undefined): Promise<void> {
  if (crew !== undefined && crew !== 'none' && !(await isCrew(reader, crew)))
    throw new UserError('bad_input', `crew ${crew}: 无此班组 not found`)
}

function orderJson(order: RankedOrder) {
  const { rank, fieldOrderId, meterCode, communicationAddress, usagePointCode, supplyAddress, areaCode, crewCode } =
    order
  const { accountCode, readAt, dueAt, cause, kind, riskFen } = order
  return {
    rank,
    fieldOrderId,
    meterCode,
    communicationAddress,
    usagePointCode,
    supplyAddress,
    areaCode,
    crewCode,
    accountCode,
    readAt: iso(readAt),
    dueAt: iso(dueAt),
    cause,
    kind,
    riskFen,
  }
}
