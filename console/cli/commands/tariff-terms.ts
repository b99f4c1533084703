import type { Command } from 'commander'
import { recordTerms } from '../../../billing/by-account/record-terms.js'
import { UserError } from '../../../domain/errors.js'
import { accountTerms, findAccountId } from '../../../storage/billing/account-terms.js'
import { createRealClock } from '../../runtime/real-clock.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { readJsonFile } from '../read-json-file.js'
import { withDatabase } from '../session.js'

interface Json {
  readonly json?: true
}
interface RecordFlags extends Json {
  readonly account: string
  readonly actor: string
  readonly reason: string
}
interface ShowFlags extends Json {
  readonly account: string
}

/** `tariff terms record | show`: what an account is rated by beside its tariff. */
export function addTariffTermsCommands(tariff: Command, io: Io): void {
  const terms = tariff
    .command('terms')
    .description(
      '计费约定：需量核定值、容量、分时、人口等 what is agreed with an account: contracted kW, equipment, households',
    )
  terms
    .command('record')
    .description('登记一户的全部约定，成为新的一版 records the whole of it as a new revision')
    .argument('<file>', '约定文件 JSON terms: docs/schemas/terms.schema.json')
    .requiredOption('--account <code>', '户号 account code')
    .requiredOption('--actor <id>', '登记人 who records')
    .requiredOption('--reason <text>', '依据 why: the contract, the notice')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((file: string, flags: RecordFlags) => record(io, file, flags))
  terms
    .command('show')
    .description('各版约定 its revisions, the last one first')
    .requiredOption('--account <code>', '户号 account code')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((flags: ShowFlags) => show(io, flags))
}

async function record(io: Io, file: string, { json, ...about }: RecordFlags): Promise<void> {
  const document = readJsonFile(io, file)
  const recorded = await withDatabase(io, 'billing', (billing) =>
    recordTerms(billing, createRealClock(), document, about),
  )
  if (json === true) return io.out(toJson(recorded))
  const { kind, account, revision } = recorded
  io.out(
    `户 account ${account} · 约定第 ${revision} 版 terms revision ${revision} ${kind === 'created' ? '已登记 recorded' : '已在册 on record already'}`,
  )
}

async function show(io: Io, { account, json }: ShowFlags): Promise<void> {
  const revisions = await withDatabase(io, 'reader', async (reader) => {
    const accountId = await findAccountId(reader, account)
    if (accountId === null) throw new UserError('not_found', `无此户 there is no account ${account}`)
    return accountTerms(reader, accountId)
  })
  const shown = revisions.map(({ revision, document, recorded_at, actor_id, reason }) => ({
    revision,
    recordedAt: new Date(recorded_at).toISOString(),
    actor: actor_id,
    reason,
    terms: document,
  }))
  if (json === true) return io.out(toJson({ account, revisions: shown }))
  if (shown.length === 0) return io.out(`户 account ${account}：无约定 no terms on record`)
  for (const { revision, recordedAt, actor, reason, terms } of shown)
    io.out(
      `第 ${revision} 版 revision ${revision} · ${recordedAt} · ${actor} · ${reason}\n${JSON.stringify(terms, null, 2)}`,
    )
}
