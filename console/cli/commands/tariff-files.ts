import { type Command, InvalidArgumentError } from 'commander'
import { asksForCurve } from '../../../billing/by-account/asks-for-curve.js'
import { parseTariff } from '../../../billing/tariffs/parse-tariff.js'
import { registerComponents, requireComponents } from '../../../billing/tariffs/register-components.js'
import { type RegisteredTariff, registerTariff } from '../../../billing/tariffs/register-tariff.js'
import { signTariff } from '../../../billing/tariffs/sign-tariff.js'
import { UserError } from '../../../domain/errors.js'
import { defectText } from '../../../domain/refusal-words.js'
import type { Database } from '../../../storage/database.js'
import { createRealClock } from '../../runtime/real-clock.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { readJsonFile } from '../read-json-file.js'
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
  const { code, versions } = checkedTariff(file, readJsonFile(io, file))
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

function checkedTariff(file: string, document: unknown): CheckedTariff {
  if (!isOfComponents(document)) {
    const parsed = parseTariff(document)
    if (!parsed.ok)
      throw new UserError(
        'bad_input',
        parsed.error.defects.map((defect) => `${file}: 不合规则 against the rules: ${defectText(defect)}`).join('\n'),
      )
    const { code, version, validFrom, validTo = null } = parsed.value
    return { code, versions: [{ version, validFrom, validTo, byCurve: false }] }
  }
  const { code, versions } = inFile(file, () => requireComponents(document))
  return {
    code,
    versions: versions.map((one) => {
      const { version, validFrom, validTo = null } = one
      return { version, validFrom, validTo, byCurve: asksForCurve(one) }
    }),
  }
}

function isOfComponents(document: unknown): boolean {
  return typeof document === 'object' && document !== null && 'format' in document && document.format === 'tariff/2'
}

function inFile<T>(file: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw new UserError(error.code, `${file}: ${error.message}`, { cause: error })
  }
}

async function register(io: Io, file: string, { actor, json }: Signed): Promise<void> {
  const document = readJsonFile(io, file)
  checkedTariff(file, document)
  const registered = await withDatabase(io, 'billing', (billing) => registerAll(billing, document, actor))
  if (json === true) return io.out(toJson({ registered }))
  for (const { kind, code, version } of registered)
    io.out(
      `${code} v${version} ${kind === 'created' ? '已登记，待两人签署 registered; two people sign it' : '已在册 on record already'}`,
    )
}

async function registerAll(billing: Database, document: unknown, author: string): Promise<readonly RegisteredTariff[]> {
  const clock = createRealClock()
  return isOfComponents(document)
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
