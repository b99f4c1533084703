import type { Command } from 'commander'
import { openDatabase } from '../../../storage/database.js'
import { type DatabaseAdvice, databaseFacts } from '../../../storage/doctor.js'
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
    .option('--json', 'one JSON document')
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
            ...Object.entries(database.settings),
          ],
        ),
      )
      for (const code of database.advice) io.out(`→ ${advice[code]}`)
    })
}

async function examine(io: Io) {
  return withResolvedDatabase(io, async ({ ownerUrl, local }) => {
    const owner = openDatabase({ url: ownerUrl, clock: createRealClock() })
    try {
      return {
        node: process.version,
        local: local && { data: local.data, major: local.major },
        database: await databaseFacts(owner),
      }
    } finally {
      await owner.close()
    }
  })
}
