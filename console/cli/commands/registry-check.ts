import { extname } from 'node:path'
import type { Command } from 'commander'
import { checkDrafts } from '../../../mdm/registry/import-drafts.js'
import { checkRegistryDocument } from '../../../mdm/registry/import-registry.js'
import { growHeapSlowly } from '../../registry/grow-heap-slowly.js'
import { readSheets } from '../../registry/read-sheets.js'
import { sayRows } from '../../registry/say-rows.js'
import { readTableFiles, requireOutput } from '../../registry/table-files.js'
import type { Io } from '../io.js'
import { readJsonFile } from '../read-json-file.js'
import { refuseDocument, sayDocument } from '../registry-report.js'

interface CheckFlags {
  readonly report?: string
  readonly json?: true
}

export function addRegistryCheckCommand(registry: Command, io: Io): void {
  registry
    .command('check')
    .description('检查档案文件，不需数据库 checks a file; needs no database')
    .argument(
      '<file|folder>',
      '.xlsx、.csv、CSV 文件夹，或 JSON a folder of CSV, or JSON: docs/schemas/registry.schema.json',
    )
    .option('--report <file>', '逐行报告 .xlsx 或 .csv a report of every row')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((file: string, flags: CheckFlags) =>
      isJson(file) ? checkJson(io, file, flags) : checkTables(io, file, flags),
    )
}

export function isJson(file: string): boolean {
  return extname(file).toLowerCase() === '.json'
}

function checkJson(io: Io, file: string, { json }: CheckFlags): void {
  const document = readJsonFile(io, file)
  const checked = checkRegistryDocument(document)
  if (!checked.ok) refuseDocument(io, { file, document, json: json === true }, checked.error)
  sayDocument(io, checked.value, json === true)
}

async function checkTables(io: Io, file: string, { report, json }: CheckFlags): Promise<void> {
  if (report !== undefined) requireOutput(io.cwd, report, ['.xlsx', '.csv'])
  growHeapSlowly()
  const sheets = await readSheets(readTableFiles(io.cwd, file), [])
  const done = checkDrafts(sheets.rows.map(({ draft }) => draft))
  const how = { file, json: json === true, report: report ?? null, isRehearsal: true }
  sayRows(io, how, sheets, { done })
}
