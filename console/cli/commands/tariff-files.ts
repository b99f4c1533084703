import { type Command, InvalidArgumentError } from 'commander'
import { asksForCurve } from '../../../billing/by-account/asks-for-curve.js'
import { parseTariff, type TariffErrors } from '../../../billing/tariffs/parse-tariff.js'
import { parseForRuns, registerComponents } from '../../../billing/tariffs/register-components.js'
import { type RegisteredTariff, registerTariff } from '../../../billing/tariffs/register-tariff.js'
import { signTariff } from '../../../billing/tariffs/sign-tariff.js'
import { defectText } from '../../../domain/refusal-words.js'
import type { Result } from '../../../domain/result.js'
import type { Database } from '../../../storage/database.js'
import { createRealClock } from '../../runtime/real-clock.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { readJsonFile } from '../read-json-file.js'
import { refuseFile } from '../refuse-file.js'
import { withDatabase } from '../session.js'

interface Json {
  readonly json?: true
}
interface Signed extends Json {
  readonly actor: string
}

const fileHelp = '电价文件 JSON：tariff/1 或 tariff/2 a tariff file'

/** `tariff check | register | sign`. */
export function addTariffFileCommands(tariff: Command, io: Io): void {
  tariff
    .command('check')
    .description('检查文件能否登记，离线 whether a file could be registered, offline')
    .argument('<file>', fileHelp)
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((file: string, flags: Json) => check(io, file, flags))
  tariff
    .command('register')
    .description(
      '登记文件中的各版本；两人签署后方可计费 registers its versions; runs use them once two people have signed',
    )
    .argument('<file>', fileHelp)
    .requiredOption('--actor <id>', '编制人 its author')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((file: string, flags: Signed) => register(io, file, flags))
  tariff
    .command('sign')
    .description('签署一个版本，须非编制人 signs a version; not its author')
    .argument('<code>', '电价代码 code of the tariff')
    .argument('<version>', '版本号 number of the version', versionNumber)
    .requiredOption('--actor <id>', '签署人 who signs')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action((code: string, version: number, flags: Signed) => sign(io, code, version, flags))
}

function check(io: Io, file: string, { json }: Json): void {
  const { code, versions } = checkedTariff(io, file, readJsonFile(io, file))
  noteOpenEnd(io, versions)
  if (json === true) return io.out(toJson({ ok: true, code, versions }))
  io.out(`✓ ${code}：可以登记 can be registered`)
  for (const { version, validFrom, validTo, byCurve } of versions)
    io.out(
      `  v${version} ${validFrom} … ${validTo ?? '另行通知 further notice'}${byCurve ? ' · 按曲线计费 rated by interval days' : ''}`,
    )
}

interface CheckedTariff {
  readonly code: string
  readonly versions: readonly {
    readonly version: number
    readonly validFrom: string
    readonly validTo: string | null
    /** Whether it can be rated only by when energy was used. */
    readonly byCurve: boolean
  }[]
}

function checkedTariff(io: Io, file: string, document: unknown): CheckedTariff {
  const format = formatOf(document)
  if (format === 'tariff/2') {
    const { code, versions } = accepted(io, file, parseForRuns(document))
    return {
      code,
      versions: versions.map((one) => {
        const { version, validFrom, validTo = null } = one
        return { version, validFrom, validTo, byCurve: asksForCurve(one) }
      }),
    }
  }
  if (format !== 'tariff/1') refuseFile(io, file, ['format: 应为 expected tariff/1 或 or tariff/2'])
  const { code, version, validFrom, validTo = null } = accepted(io, file, parseTariff(document))
  return { code, versions: [{ version, validFrom, validTo, byCurve: false }] }
}

function accepted<T>(io: Io, file: string, parsed: Result<T, TariffErrors>): T {
  if (parsed.ok) return parsed.value
  const texts = parsed.error.defects.map((defect) => `不合规则 against the rules: ${defectText(defect)}`)
  return refuseFile(io, file, texts)
}

function formatOf(document: unknown): unknown {
  return typeof document === 'object' && document !== null && 'format' in document ? document.format : undefined
}

/** What is on record is not changed: whoever leaves the end open should know before two people sign how it comes to an end. */
function noteOpenEnd(io: Io, versions: CheckedTariff['versions']): void {
  for (const { version, validTo } of versions)
    if (validTo === null)
      io.err(
        `注意 note：v${version} 无终止日 validTo，至后续版本写明 "succeeds": true 为止 has no validTo: it holds until a later version says "succeeds": true`,
      )
}

async function register(io: Io, file: string, { actor, json }: Signed): Promise<void> {
  const document = readJsonFile(io, file)
  const { versions } = checkedTariff(io, file, document)
  const registered = await withDatabase(io, 'billing', (billing) => registerAll(billing, document, actor))
  noteOpenEnd(io, versions)
  if (json === true) return io.out(toJson({ registered }))
  for (const { kind, code, version } of registered)
    io.out(
      `${code} v${version} ${kind === 'created' ? '已登记，待两人签署 registered; two people sign it' : '已在册 on record already'}`,
    )
}

async function registerAll(billing: Database, document: unknown, author: string): Promise<readonly RegisteredTariff[]> {
  const clock = createRealClock()
  return formatOf(document) === 'tariff/2'
    ? registerComponents(billing, clock, document, { author })
    : [await registerTariff(billing, clock, document, { author })]
}

async function sign(io: Io, code: string, version: number, { actor, json }: Signed): Promise<void> {
  const { kind } = await withDatabase(io, 'billing', (billing) =>
    signTariff(billing, createRealClock(), { code, version, actor }),
  )
  io.out(
    json === true
      ? toJson({ kind, code, version, actor })
      : `${code} v${version} ${kind === 'created' ? '已签署 signed' : '此前已签 signed before'} ${actor}`,
  )
}

function versionNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('版本号 a version number')
  return Number(text)
}
