import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { importDrafts } from '../../../mdm/registry/import-drafts.js'
import { documentOf } from '../../../mdm/registry/judge-drafts.js'
import { importRegistry, rehearseImport } from '../../../mdm/registry/import-registry.js'
import { findActorKind } from '../../../storage/billing/actors.js'
import type { Instant } from '../../../domain/time.js'
import type { Database, Queryable } from '../../../storage/database.js'
import { readPurpose } from '../../../storage/deployment.js'
import {
  type OpeningContradiction,
  readOpeningContradictions,
} from '../../../storage/registry/opening-contradictions.js'
import { readOpeningBatches } from '../../../storage/registry/openings.js'
import { readTimeZones } from '../../../storage/registry/tables.js'
import { createProgress } from '../../progress.js'
import { mostContradictions } from '../../registry/contradictions-text.js'
import { growHeapSlowly } from '../../registry/grow-heap-slowly.js'
import { readSheets } from '../../registry/read-sheets.js'
import { sayRows } from '../../registry/say-rows.js'
import { readTableFiles, requireOutput } from '../../registry/table-files.js'
import { createRealClock } from '../../runtime/real-clock.js'
import type { Io } from '../io.js'
import { readJsonFile } from '../read-json-file.js'
import { namesActor, refuseDocument, sayImported } from '../registry-report.js'
import { sayRefusedData } from '../refused-data.js'
import { withDatabase } from '../session.js'
import { isJson } from './registry-check.js'

interface ImportFlags {
  readonly actor: string
  readonly dryRun?: true
  readonly acceptGoodRows?: true
  readonly report?: string
  readonly tariffToCome?: readonly string[]
  readonly json?: true
}

export function addRegistryImportCommand(registry: Command, io: Io): void {
  registry
    .command('import')
    .description(
      '导入档案：全部或全不；同一文件再导入不改变任何东西 takes master data in, all of it or nothing; the same file again changes nothing',
    )
    .argument(
      '<file|folder>',
      '.xlsx、.csv、CSV 文件夹，或 JSON a folder of CSV, or JSON: docs/schemas/registry.schema.json',
    )
    .requiredOption('--actor <code>', '导入人，须在文件 actors 中或已登记 who imports: in the file’s actors, or known')
    .option('--dry-run', '只试不写 tries it and leaves everything as it was')
    .option(
      '--accept-good-rows',
      '只收正确的行，拒收的行及其所牵连的行除外 takes what is right, without what depends on refused rows',
    )
    .option(
      '--tariff-to-come <code...>',
      '协议可用的、尚未登记的电价 tariffs that agreements may name before they are on record',
    )
    .option('--report <file>', '逐行报告 .xlsx 或 .csv a report of every row')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((file: string, flags: ImportFlags) =>
      isJson(file) ? importDocument(io, file, flags) : importTables(io, file, flags),
    )
}

async function importDocument(io: Io, file: string, flags: ImportFlags): Promise<void> {
  if (flags.acceptGoodRows === true || flags.report !== undefined)
    throw new UserError(
      'bad_usage',
      'JSON 全部或全不 a JSON document goes in whole: no --accept-good-rows, no --report',
    )
  const document = readJsonFile(io, file)
  const report = { file, document, json: flags.json === true, isRehearsal: flags.dryRun === true }
  await withDatabase(io, 'mdm', async (database) => {
    await requireImporter(database, flags.actor, namesActor(document, flags.actor))
    const stamp = { actor: flags.actor, recordedAt: createRealClock().now() }
    const openings = lookAtOpenings(stamp.recordedAt)
    const imported = await sayRefusedData(file, () =>
      (report.isRehearsal ? rehearseImport : importRegistry)(
        database,
        document,
        stamp,
        flags.tariffToCome,
        openings.look,
      ),
    )
    if (!imported.ok) refuseDocument(io, report, imported.error)
    sayImported(io, report, imported.value, openings.found())
  })
}

async function importTables(io: Io, file: string, flags: ImportFlags): Promise<void> {
  if (flags.report !== undefined) requireOutput(io.cwd, flags.report, ['.xlsx', '.csv'])
  growHeapSlowly()
  const progress = createProgress(io)
  const files = readTableFiles(io.cwd, file)
  const how = { file, json: flags.json === true, report: flags.report ?? null, isRehearsal: flags.dryRun === true }
  await withDatabase(io, 'mdm', async (database) => {
    const reading = progress.stage('读取 reading', 1)
    const sheets = await readSheets(files, await readTimeZones(database))
    reading.done()
    const drafts = sheets.rows.map(({ draft }) => draft)
    await requireImporter(
      database,
      flags.actor,
      documentOf(drafts).actors.some(({ actor }) => actor === flags.actor),
    )
    const taking = progress.stage('核对并写入 checking, writing', 1)
    const isRehearsal = how.isRehearsal || sheets.problems.length > 0
    const stamp = { actor: flags.actor, recordedAt: createRealClock().now() }
    const openings = lookAtOpenings(stamp.recordedAt)
    const options = {
      look: openings.look,
      acceptGoodRows: flags.acceptGoodRows === true,
      isRehearsal,
      tariffsToCome: flags.tariffToCome ?? [],
    }
    const done = await sayRefusedData(file, () => importDrafts(database, drafts, options, stamp))
    taking.done()
    sayRows(io, how, sheets, { done, openings: openings.found() })
  })
}

/** What batches of the old books that come in say against those in force: nobody will approve them. */
function lookAtOpenings(recordedAt: Instant) {
  let contradictions: readonly OpeningContradiction[] = []
  return {
    look: async (tx: Queryable) => {
      const batches = (await readOpeningBatches(tx)).filter((batch) => batch.recordedAt === recordedAt)
      if (batches.length === 0) return
      const codes = batches.map(({ code }) => code)
      contradictions = await readOpeningContradictions(tx, { batches: codes, limit: mostContradictions })
    },
    found: () => contradictions,
  }
}

async function requireImporter(database: Database, actor: string, isInFile: boolean): Promise<void> {
  if ((await readPurpose(database)) === 'demo')
    throw new UserError(
      'refused',
      '此库为演示库 this database holds a demo; use another folder (SHUANGWU_FOLDER) or database',
    )
  if (!isInFile && (await findActorKind(database, actor)) === null)
    throw new UserError(
      'bad_usage',
      `无此操作员：文件与数据库中都没有 unknown actor ${actor}: neither among the file’s actors nor in the database`,
    )
}
