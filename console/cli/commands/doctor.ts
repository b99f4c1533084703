import type { Command } from 'commander'
import { type ClockSkew, clockSkew, isSkewed, mostSkewMs } from '../../../domain/clock-skew.js'
import type { Clock } from '../../../domain/runtime.js'
import { loadUplinks } from '../../../headend/concentrators/load-uplinks.js'
import { isLossFree } from '../../../protocols/concentrator/envelope-profile.js'
import { type Database, openDatabase } from '../../../storage/database.js'
import { type DatabaseAdvice, databaseFacts, serverTime } from '../../../storage/doctor.js'
import { createRealClock } from '../../runtime/real-clock.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { withResolvedDatabase } from '../session.js'
import { textTable } from '../table.js'

const advice: Readonly<Record<DatabaseAdvice, string>> = {
  run_migrate: '运行 shuangwu migrate 建库升级 · run shuangwu migrate',
  update_program: '数据库由更新的版本建立，请升级本程序 · the database is newer, update this program',
  install_timescaledb:
    '可装 TimescaleDB（以 root 运行 scripts/install-timescaledb.sh）；没有也能用，按原生分区 · TimescaleDB is optional, plain partitions are in use',
  session_not_utc: '会话时区不是 UTC，请运行 shuangwu migrate · sessions are not in UTC, run shuangwu migrate',
}

export function addDoctorCommand(program: Command, io: Io): void {
  program
    .command('doctor')
    .description('环境检查 what is here, and what to do about what is missing')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action(async ({ json }: { readonly json?: true }) => {
      const report = await examine(io)
      if (json === true) return io.out(toJson(report))
      const { database } = report
      io.out(
        textTable(
          ['项目 item', ''],
          [
            ['Node', report.node],
            ['数据库层级 database tier', database.tier ?? '未迁移 not migrated'],
            ['PostgreSQL', database.serverVersion],
            ['TimescaleDB', database.timescaleVersion ?? '无 none'],
            ['数据 data', report.local?.data ?? 'DATABASE_URL'],
            ['库表版本 schema', database.schema.version ?? '无 none'],
            ['时钟差 clock less the server’s', skewText(report.clock)],
            ...Object.entries(database.settings),
          ],
        ),
      )
      for (const code of database.advice) io.out(`→ ${advice[code]}`)
      if (isSkewed(report.clock))
        io.out(
          `→ 本机与数据库服务器时钟相差 ${skewText(report.clock)}，超过 ${mostSkewMs} ms：读数时刻与校时都会错，请检查 NTP · this clock and the database server’s differ: readings are stamped and meters are set by the wrong time, check NTP`,
        )
      for (const { code, profile } of report.concentrators?.notLossFree ?? [])
        io.out(
          `→ 集中器 ${code}：报文格式 ${profile} 无应用回执，不保证无损；缺数由补召补齐 · concentrator ${code}: profile ${profile} has no receipts, so it is not loss-free; its gaps are back-filled`,
        )
      if (report.concentrators?.problem !== undefined)
        io.out(`→ 线路设置有误 a line cannot be used: ${report.concentrators.problem}`)
    })
}

async function examine(io: Io) {
  return withResolvedDatabase(io, async ({ ownerUrl, local }) => {
    const clock = createRealClock()
    const owner = openDatabase({ url: ownerUrl, clock })
    try {
      const database = await databaseFacts(owner)
      return {
        clock: await skewOf(owner, clock),
        node: process.version,
        local: local && { data: local.data, major: local.major },
        database,
        concentrators: database.schema.missing.length > 0 ? null : await concentratorFacts(owner),
      }
    } finally {
      await owner.close()
    }
  })
}

/** Taken after other statements, when there is a session and only the way there and back is in doubt. */
async function skewOf(owner: Database, clock: Pick<Clock, 'now'>): Promise<ClockSkew> {
  const askedAt = clock.now()
  const shown = await serverTime(owner)
  return clockSkew({ askedAt, answeredAt: clock.now() }, shown)
}

function skewText({ offsetMs, uncertaintyMs }: ClockSkew): string {
  return `${offsetMs} ms ± ${uncertaintyMs} ms`
}

/** Brokers lose what they have acknowledged; only a receipt of ours makes a concentrator keep an upload until it is stored. */
async function concentratorFacts(owner: Database) {
  const { uplinks, unusable } = await loadUplinks(owner)
  const notLossFree = uplinks
    .filter(({ profile }) => !isLossFree(profile))
    .map(({ line, profile }) => ({ code: line.code, profile: profile.name }))
  const problem = unusable.length === 0 ? undefined : unusable.map(({ message }) => message).join('; ')
  return { total: uplinks.length, notLossFree, problem }
}
