import { hostname } from 'node:os'
import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import type { TouDownloadReason, TouTables } from '../../../domain/tou-tables.js'
import { beijing, localMinute, minuteMs } from '../../../domain/time.js'
import {
  approveOrderGroup,
  type LoadedGroup,
  loadGroup,
  proposeTouDownload,
} from '../../../headend/orders/order-group.js'
import { planTouDownload, type TouDownload, type WantedTouTables } from '../../../headend/orders/tou-download.js'
import { tablesOfTariff } from '../../../mdm/tou-tables/tables-of-tariff.js'
import { hoursOn } from '../../../mdm/tou-tables/tariff-hours.js'
import { hoursOfTariffs, seenTables } from '../../../mdm/tou-tables/tou-verdicts.js'
import { findActorKind } from '../../../storage/billing/actors.js'
import type { Database, Queryable } from '../../../storage/database.js'
import { groupApprovers } from '../../../storage/headend/order-groups.js'
import { findMeterByCode, orderResults } from '../../../storage/headend/orders.js'
import { loadCredentialKey } from '../../orders/credential-key.js'
import { executeByHand } from '../../orders/execute-by-hand.js'
import { orderRefusal } from '../../orders/order-refusal.js'
import { createRealClock } from '../../runtime/real-clock.js'
import { createRealNetwork } from '../../runtime/real-network.js'
import { createSerialPorts } from '../../runtime/serial-port.js'
import { downloadJson, downloadText, type ShownDownload } from '../../tou/download-text.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { parseInstant } from '../parse-instant.js'
import { withDatabase } from '../session.js'
import { actorHelp, jsonHelp } from './order-help.js'

interface ProposeFlags {
  readonly meter: string
  readonly tariff: string
  readonly switchAt: string
  readonly credential: string
  readonly reason: string
  readonly minutes: string
  readonly actor: string
  readonly json?: true
}

interface ActorFlags {
  readonly actor: string
  readonly json?: true
}

export function addTouDownloadCommand(tou: Command, io: Io): void {
  const download = tou
    .command('download')
    .description(
      '时段下装：备用套与切换时间，一次审批、逐项写入、逐项回读 the set not in use and its change-over: one approved act, written and read back part by part',
    )
  download
    .command('propose')
    .description('按电价版本提出 what the version in force at the change-over asks for; nothing is sent')
    .requiredOption('--meter <code>', '电表资产号 meter code')
    .requiredOption('--tariff <code>', '电价 tariff')
    .requiredOption('--switch-at <time>', '切换时间，北京时间 change-over, such as "2026-11-01 00:00"')
    .requiredOption('--credential <code>', '口令代号 code of the sealed password')
    .requiredOption('--reason <text>', '原因 why')
    .option('--minutes <count>', '有效分钟数 valid for so many minutes', '1440')
    .requiredOption('--actor <id>', actorHelp)
    .option('--json', jsonHelp)
    .action((flags: ProposeFlags) => propose(io, flags))
  download
    .command('approve')
    .description('审批整套，提出人除外 approves the whole of it; its author may not')
    .argument('<download>', '下装号 download id')
    .requiredOption('--actor <id>', actorHelp)
    .option('--json', jsonHelp)
    .action((id: string, flags: ActorFlags) => approve(io, id, flags))
  download
    .command('show')
    .description('整套、各项与结果 the whole, its parts and what came of them')
    .argument('<download>', '下装号 download id')
    .option('--json', jsonHelp)
    .action((id: string, flags: { readonly json?: true }) => show(io, id, flags))
  download
    .command('execute')
    .description(
      '依次写入并回读，一项不成即止 writes part after part and reads each back; stops at the first that fails',
    )
    .argument('<download>', '下装号 download id')
    .requiredOption('--actor <id>', actorHelp)
    .option('--json', jsonHelp)
    .action((id: string, flags: ActorFlags) => execute(io, id, flags))
}

async function propose(io: Io, flags: ProposeFlags): Promise<void> {
  const clock = createRealClock()
  const now = clock.now()
  if (!/^[1-9]\d{0,4}$/.test(flags.minutes))
    throw new UserError('bad_usage', `--minutes ${flags.minutes}: 应为不小于 1 的整数 expected a whole number from 1`)
  await withDatabase(io, 'console', async (database) => {
    const proposed = await proposeTouDownload(database, clock, {
      download: await downloadFor(database, flags, now),
      meterCode: flags.meter,
      credentialCode: flags.credential,
      reason: flags.reason,
      author: flags.actor,
      notBefore: now,
      expiresAt: now + Number(flags.minutes) * minuteMs,
    })
    if (!proposed.ok) {
      const { error } = proposed
      if (error.kind === 'parameters_malformed')
        throw new UserError('bad_input', `${error.path}: 不合规则 ${error.message}`)
      throw orderRefusal(error.kind, error.kind === 'actor_unknown' ? flags.actor : flags.meter)
    }
    await say(io, database, proposed.value.group.groupId, flags.json)
  })
}

/** What the tariff's version at the change-over asks for, in the sets that the meter does not use. */
async function downloadFor(database: Database, flags: ProposeFlags, now: number): Promise<TouDownload> {
  const switchAt = parseInstant(flags.switchAt)
  if (switchAt <= now)
    throw new UserError('bad_input', `--switch-at ${flags.switchAt}: 应为将来的时刻 expected a moment to come`)
  const meter = await findMeterByCode(database, flags.meter, now)
  if (meter === null) throw orderRefusal('meter_unknown', flags.meter)
  const day = { tariffCode: flags.tariff, from: switchAt, to: switchAt + minuteMs }
  const version = hoursOn((await hoursOfTariffs(database, [day])).get(flags.tariff) ?? [], beijing.dateAt(switchAt))
  if (version === null)
    throw new UserError(
      'not_found',
      `${flags.tariff}: 当日无已签署且列明时段的版本 no signed version with hours is in force then`,
    )
  const tables = tablesOfTariff(version)
  if (!tables.ok) throw refused(tables.error.kind, `${tables.error.found} > ${tables.error.room}`)
  const last = (await seenTables(database, [meter.meterId], now)).get(meter.meterId)?.at(-1) ?? null
  const { zones, dayTables, holidays, rest } = tables.value
  const wanted: WantedTouTables = { zones, dayTables, switchAt: localMinute(beijing, switchAt).replace(' ', 'T') }
  const plan = planTouDownload(wanted, last)
  if (!plan.ok) {
    const { kind, found, room } = plan.error
    const readFirst = `先召测 read its tables first: shuangwu tou read ${flags.meter}`
    throw refused(kind, found === null || room === null ? readFirst : `${found} > ${room}`)
  }
  const sharedOf = (each: Pick<TouTables, 'holidays' | 'rest'>) =>
    JSON.stringify([each.holidays, (each.rest?.weekdays.length ?? 0) > 0 ? each.rest : null])
  // They hold for both sets: writing them would move days that count now.
  if (last === null || sharedOf(last.tables) !== sharedOf({ holidays, rest }))
    throw refused(
      'shared_tables_differ',
      '节假日、周休日与电表现有不同 holidays and rest days are not those in the meter',
    )
  return plan.value
}

function refused(reason: TouDownloadReason, what: string): UserError {
  return new UserError('refused', what, { reason })
}

async function approve(io: Io, groupId: string, { actor, json }: ActorFlags): Promise<void> {
  const clock = createRealClock()
  await withDatabase(io, 'console', async (database) => {
    await groupOf(database, groupId)
    const given = await approveOrderGroup(database, clock, { groupId, actor })
    if (!given.ok) throw orderRefusal(given.error.kind, given.error.kind === 'actor_unknown' ? actor : groupId)
    await say(io, database, groupId, json)
  })
}

async function show(io: Io, groupId: string, { json }: { readonly json?: true }): Promise<void> {
  await withDatabase(io, 'reader', (database) => say(io, database, groupId, json))
}

async function execute(io: Io, groupId: string, { actor, json }: ActorFlags): Promise<void> {
  const clock = createRealClock()
  const credentialKey = loadCredentialKey(io.env)
  const node = `${hostname()}:${process.pid}:${actor}`
  await withDatabase(io, 'headend', async (database) => {
    if ((await findActorKind(database, actor)) === null) throw orderRefusal('actor_unknown', actor)
    const { orders } = await groupOf(database, groupId)
    const wires = { network: createRealNetwork(), serialPorts: createSerialPorts() }
    for (const { orderId } of orders) {
      const isDone = (await orderResults(database, orderId)).some(({ verdict }) => verdict === 'verified')
      if (isDone) continue
      const executed = await executeByHand({ database, clock, ...wires, node, credentialKey }, orderId)
      if (executed.kind === 'not_written') throw orderRefusal(executed.reason, orderId)
      if (executed.kind === 'left_to_node') {
        io.err(
          `线路 ${executed.lineCode} 由采集节点占用，节点将逐项执行 · the node that owns the line will do it part by part`,
        )
        break
      }
      if (executed.verdict !== 'verified')
        throw orderRefusal('order_not_verified', `${orderId}: ${executed.verdict}: ${executed.detail}`)
    }
    await say(io, database, groupId, json)
  })
}

async function groupOf(client: Queryable, groupId: string): Promise<LoadedGroup> {
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(groupId))
    throw new UserError('bad_usage', `${groupId}: 应为下装号 expected a download id`)
  const found = await loadGroup(client, groupId)
  if (found === null) throw orderRefusal('order_not_found', groupId)
  return found
}

async function say(io: Io, client: Queryable, groupId: string, json: true | undefined): Promise<void> {
  const { group, orders } = await groupOf(client, groupId)
  const results: ShownDownload['results'][number][] = []
  for (const { orderId } of orders) results.push((await orderResults(client, orderId)).at(-1) ?? null)
  const shown: ShownDownload = { group, orders, results, approvers: await groupApprovers(client, groupId) }
  io.out(json === true ? toJson(downloadJson(shown)) : downloadText(shown))
}
