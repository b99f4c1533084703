import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { listTariffVersions, type ListedTariffVersion } from '../../../storage/billing/tariff-versions.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { withDatabase } from '../session.js'
import { textTable } from '../table.js'

interface Json {
  readonly json?: true
}

/** Signatures that a version needs before runs use it. */
const signaturesNeeded = 2

/** `tariff list | show`. */
export function addTariffShowCommands(tariff: Command, io: Io): void {
  tariff
    .command('list')
    .description('在册的各版本与签署 versions on record, and who signed them')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((flags: Json) => list(io, flags))
  tariff
    .command('show')
    .description('一个电价的各版本原文 the versions of a tariff as they were registered')
    .argument('<code>', '电价代码 code of the tariff')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((code: string, flags: Json) => show(io, code, flags))
}

async function list(io: Io, { json }: Json): Promise<void> {
  const versions = await withDatabase(io, 'reader', (reader) => listTariffVersions(reader, null))
  if (json === true) return io.out(toJson({ versions: versions.map(headOf) }))
  io.out(versionsTable(versions))
}

async function show(io: Io, code: string, { json }: Json): Promise<void> {
  const versions = await withDatabase(io, 'reader', (reader) => listTariffVersions(reader, code))
  if (versions.length === 0) throw new UserError('not_found', `无此电价 there is no tariff ${code}`)
  if (json === true)
    return io.out(toJson({ code, versions: versions.map((one) => ({ ...headOf(one), document: one.document })) }))
  io.out(versionsTable(versions))
  for (const { version, document } of versions) io.out(`v${version} ${JSON.stringify(document, null, 2)}`)
}

function headOf(row: ListedTariffVersion): object {
  const { code, version, format, validFrom, validTo, sha256, author, signedBy } = row
  const isSigned = signedBy.length >= signaturesNeeded
  return { code, version, format, validFrom, validTo, sha256, author, signedBy, isSigned }
}

function versionsTable(versions: readonly ListedTariffVersion[]): string {
  return textTable(
    ['电价 tariff', '版本 version', '格式 format', '自 from', '至 to', '编制 author', '签署 signed by', '可用 usable'],
    versions.map(({ code, version, format, validFrom, validTo, author, signedBy }) => [
      code,
      version,
      format,
      validFrom,
      validTo ?? '',
      author,
      signedBy.join(', '),
      signedBy.length >= signaturesNeeded ? '是 yes' : '否 no',
    ]),
  )
}
