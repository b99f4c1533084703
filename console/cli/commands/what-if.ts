import { resolve } from 'node:path'
import type { Command } from 'commander'
import { daysOf, openRun } from '../../../billing/runs/open-run.js'
import { registeredTariff, type ScenarioTariff, scenarioTariff } from '../../../billing/what-if/scenario-tariffs.js'
import type { AccountChange, WhatIf } from '../../../billing/what-if/what-if.js'
import { whatIfRun } from '../../../billing/what-if/what-if-run.js'
import { UserError } from '../../../domain/errors.js'
import { accountCodes, accountsByCode } from '../../../storage/billing/account-codes.js'
import { exceptionCounts } from '../../../storage/billing/run-exceptions.js'
import { knownRuns } from '../../../storage/billing/runs.js'
import type { Database } from '../../../storage/database.js'
import { exceptionCountsText } from '../../bills/exception-counts-text.js'
import { createProgress } from '../../progress.js'
import { createRealClock } from '../../runtime/real-clock.js'
import { openChangeFile } from '../../what-if/change-file.js'
import { type ChangeDocument, changeDocument, whatIfDocument } from '../../what-if/what-if-document.js'
import { validityNotes } from '../../what-if/validity-notes.js'
import { whatIfText } from '../../what-if/what-if-text.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { readJsonFile } from '../read-json-file.js'
import { withDatabase } from '../session.js'
import { textTable } from '../table.js'

interface WhatIfFlags {
  readonly tariff?: readonly string[]
  readonly registered?: readonly string[]
  readonly account?: readonly string[]
  readonly accounts?: string
  readonly json?: true
}

export function addWhatIfCommand(program: Command, io: Io): void {
  program
    .command('what-if')
    .description(
      '用别的电价重算已冻结的批次，不写任何数据；不给批次则列出各批次 a frozen run under other tariff versions; writes nothing',
    )
    .argument('[run]', '批次 run')
    .option('--tariff <files...>', '电价文件，替换同代码的电价 tariff files, each in place of the one with its code')
    .option('--registered <code@version...>', '已登记的电价版本 tariff versions on record, such as sd-residential@2')
    .option('--account <codes...>', '另列这些户 these accounts as well')
    .option('--accounts <file>', '涉及的各户写入文件 every touched account into a file, .csv or .jsonl')
    .option('--json', '一个 JSON 文档 one JSON document')
    .action(async (runId: string | undefined, flags: WhatIfFlags) => {
      if (runId === undefined) return withDatabase(io, 'reader', (reader) => listRuns(io, reader, flags))
      if (flags.tariff === undefined && flags.registered === undefined)
        throw new UserError(
          'bad_usage',
          '应给出 --tariff 或 --registered expected --tariff <files...> or --registered <code@version...>',
        )
      return withDatabase(io, 'reader', (reader) => showWhatIf(io, reader, runId, flags))
    })
}

async function listRuns(io: Io, reader: Database, { json }: WhatIfFlags): Promise<void> {
  const counts = await exceptionCounts(reader)
  const runs = (await knownRuns(reader)).map((run) => ({ ...run, exceptions: counts.get(run.runId) ?? {} }))
  io.out(
    json === true
      ? toJson(runs)
      : textTable(
          ['批次 run', '状态 state', '户数 accounts', '未出账 without a bill'],
          runs.map(({ runId, state, accounts, exceptions }) => [
            runId,
            state,
            accounts,
            exceptionCountsText(exceptions) || '0',
          ]),
        ),
  )
}

async function showWhatIf(io: Io, reader: Database, runId: string, flags: WhatIfFlags): Promise<void> {
  const scenario = await scenarioOf(io, reader, flags)
  const asked = await askedAccounts(reader, flags.account ?? [])
  const { whatIf, found } = await compute(io, reader, { runId, scenario, asked, file: flags.accounts })
  const codes = await accountCodes(
    reader,
    whatIf.largest.map(({ accountId }) => accountId),
  )
  const document = whatIfDocument(runId, whatIf, codes)
  if (flags.json === true) return io.out(toJson(asked.size === 0 ? document : { ...document, asked: found }))
  io.out(whatIfText(document, found))
  const untouched = [...asked.keys()].filter((code) => !found.some(({ account }) => account === code))
  if (untouched.length > 0) io.out(`不变或不在批次内 untouched, or not in the run: ${untouched.join(', ')}`)
}

async function scenarioOf(io: Io, reader: Database, flags: WhatIfFlags): Promise<readonly ScenarioTariff[]> {
  const files = (flags.tariff ?? []).map((name) => scenarioTariff({ name, json: readJsonFile(io, name) }))
  const registered: ScenarioTariff[] = []
  for (const text of flags.registered ?? []) {
    const [, code, version] = /^([a-z0-9-]+)@(\d{1,9})$/.exec(text) ?? []
    if (code === undefined) throw new UserError('bad_usage', `--registered ${text}: 应为 expected CODE@VERSION`)
    registered.push(scenarioTariff(await registeredTariff(reader, code, Number(version))))
  }
  return [...files, ...registered]
}

async function askedAccounts(reader: Database, codes: readonly string[]): Promise<ReadonlyMap<string, bigint>> {
  const known = await accountsByCode(reader, codes)
  const unknown = codes.filter((code) => !known.has(code))
  if (unknown.length > 0) throw new UserError('not_found', `无此户 no such account: ${unknown.join(', ')}`)
  return known
}

interface Wish {
  readonly runId: string
  readonly scenario: readonly ScenarioTariff[]
  readonly asked: ReadonlyMap<string, bigint>
  readonly file: string | undefined
}

async function compute(
  io: Io,
  reader: Database,
  { runId, scenario, asked, file }: Wish,
): Promise<{ readonly whatIf: WhatIf; readonly found: readonly ChangeDocument[] }> {
  const run = await openRun(reader, runId)
  const { manifest } = run
  const bar = createProgress(io).stage('自检与重算 self-test, then the scenario', 2 * manifest.segments.length)
  for (const note of validityNotes(scenario, daysOf(run))) io.err(note)
  const sink = file === undefined ? null : openChangeFile(resolve(io.cwd, file))
  const ids = new Set(asked.values())
  const found: ChangeDocument[] = []
  const take = async (changes: readonly AccountChange[]) => {
    const wanted = sink === null ? changes.filter(({ accountId }) => ids.has(accountId)) : changes
    if (wanted.length === 0) return
    const codes = await accountCodes(
      reader,
      wanted.map(({ accountId }) => accountId),
    )
    found.push(...wanted.filter(({ accountId }) => ids.has(accountId)).map((change) => changeDocument(change, codes)))
    sink?.write(wanted.map((change) => changeDocument(change, codes)))
  }
  try {
    const whatIf = await whatIfRun(reader, createRealClock(), {
      runId,
      scenario,
      advance: (shards) => bar.advance(shards),
      take,
    })
    sink?.finish()
    bar.done()
    return { whatIf, found }
  } finally {
    bar.stop()
    sink?.close()
  }
}
