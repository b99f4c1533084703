import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { componentTariffSchema } from '../../../billing/tariffs/components/tariff-schema.js'
import { tariffDocumentSchema } from '../../../billing/tariffs/tariff-document.js'
import { listTariffVersions, type ListedTariffVersion } from '../../../storage/billing/tariff-versions.js'
import { type ChargeRow, rowsOfDocument, rowsOfVersion } from '../../rate/charge-rows.js'
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
    .description(
      '一个电价的各版本：收什么、有效期、签署、出处 what each version of a tariff charges, when, who signed it, and by which sources',
    )
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
  for (const one of versions) io.out(chargesText(one))
}

/** What a version charges; a document that this program no longer reads is shown as it was registered. */
function chargesText({ code, version, sha256, document }: ListedTariffVersion): string {
  const first = tariffDocumentSchema.safeParse(document)
  const second = componentTariffSchema.safeParse(document)
  const head = `${code} v${version} · SHA-256 ${sha256.slice(0, 16)}…`
  if (first.success) {
    const { name, documentNumber, notice } = first.data
    const noticed = notice === undefined ? [] : [`说明 notice: ${notice.zh} ${notice.en}`]
    return [
      `${head} · ${name.zh} ${name.en} · 文号 document ${documentNumber}`,
      chargesTable(rowsOfDocument(first.data)),
      ...noticed,
    ].join('\n')
  }
  if (!second.success) return `${head}\n${JSON.stringify(document, null, 2)}`
  const { name, versions } = second.data
  return versions
    .map((one) =>
      [
        [
          head,
          ...(name === undefined ? [] : [`${name.zh} ${name.en}`]),
          ...(one.documentNumber === undefined ? [] : [`文号 document ${one.documentNumber}`]),
        ].join(' · '),
        chargesTable(rowsOfVersion(one)),
      ].join('\n'),
    )
    .join('\n')
}

function chargesTable(rows: readonly ChargeRow[]): string {
  const sources = [...new Set(rows.map(({ source }) => source).filter((source) => source !== ''))]
  const numbered = (source: string) => (source === '' ? '' : `[${sources.indexOf(source) + 1}]`)
  return [
    textTable(
      ['收费 charge', '时段、档 of', '单价、规则 price, rule', '级 grade', '出处 source'],
      rows.map(({ charge, of, value, grade, source }) => [charge, of, value, grade, numbered(source)]),
    ),
    ...sources.map((source, place) => `[${place + 1}] ${source}`),
  ].join('\n')
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
