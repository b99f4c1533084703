import { UserError } from '../../domain/errors.js'
import { groupBy } from '../../domain/group-by.js'
import { defectText } from '../../domain/refusal-words.js'
import { tariffVersions } from '../../storage/billing/tariff-versions.js'
import type { Queryable } from '../../storage/database.js'
import { compileProgram } from '../engine/compile-program.js'
import type { FrozenTariff, FrozenTariffs } from '../runs/frozen-tariffs.js'
import type { ComponentTariff } from '../tariffs/components/tariff-schema.js'
import { parseTariff } from '../tariffs/parse-tariff.js'
import { requireComponents } from '../tariffs/register-components.js'
import { toTariff } from '../tariffs/tariff.js'
import { type LocalDays, layOver } from './lay-over.js'

/** A tariff document and what to call it in a message: a file, or `code@version`. */
export interface NamedTariff {
  readonly name: string
  readonly json: unknown
}

/** A tariff for rating what might have been: of slots and ladder (tariff/1), or of components (tariff/2). */
export type ScenarioTariff =
  | {
      readonly format: 'tariff/1'
      readonly code: string
      readonly frozen: FrozenTariff
      readonly validFrom: string
      readonly validTo: string | undefined
    }
  | { readonly format: 'tariff/2'; readonly code: string; readonly components: ComponentTariff }

/** Signatures do not matter: the tariff is asked about before anybody signs it. @throws UserError bad_input */
export function scenarioTariff({ name, json }: NamedTariff): ScenarioTariff {
  if (isOfComponents(json)) {
    const components = requireComponents(json, name)
    return { format: 'tariff/2', code: components.code, components }
  }
  const parsed = parseTariff(json)
  if (!parsed.ok)
    throw new UserError(
      'bad_input',
      `${name}: 不合规则 against the rules: ${parsed.error.defects.map(defectText).join('; ')}`,
    )
  const tariff = toTariff(parsed.value)
  const program = compileProgram(tariff)
  if (!program.ok) throw new UserError('bad_input', `${name}: 不能用于试算 not for a run: ${program.error.kind}`)
  const { validFrom, validTo } = parsed.value
  return { format: 'tariff/1', code: tariff.code, frozen: { tariff, program: program.value }, validFrom, validTo }
}

function isOfComponents(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'format' in json && json.format === 'tariff/2'
}

/** A version on record, signed or not. @throws UserError not_found */
export async function registeredTariff(client: Queryable, code: string, version: number): Promise<NamedTariff> {
  const rows = await tariffVersions(client, code)
  const row = rows.find((one) => one.version === version)
  if (row === undefined) throw new UserError('not_found', `${code}@${version}: 无此电价版本 no such tariff version`)
  return { name: `${code}@${version}`, json: row.document }
}

/**
 * The tariffs of a run, those of the scenario in place of the ones with their codes. @throws UserError bad_input for a code that the run does
 * not bill, for one that it bills by the other format, and for what cannot be put in its place.
 */
export function replaceTariffs(
  frozen: FrozenTariffs,
  scenario: readonly ScenarioTariff[],
  days: LocalDays,
): FrozenTariffs {
  for (const one of scenario) requireBilled(frozen, one)
  const groups = groupBy(scenario, ({ code }) => code)
  const ofCode = (code: string) => groups.get(code) ?? []
  return {
    compiled: frozen.compiled.map((before) => {
      const [first, second] = ofCode(before.tariff.code).flatMap((one) =>
        one.format === 'tariff/1' ? [one.frozen] : [],
      )
      if (second !== undefined) throw givenTwice(before.tariff.code)
      return first ?? before
    }),
    components: frozen.components.map((before) => {
      const given = ofCode(before.code).flatMap((one) => (one.format === 'tariff/2' ? [one.components] : []))
      return given.length === 0 ? before : replaced(before, given, days)
    }),
  }
}

function requireBilled({ compiled, components }: FrozenTariffs, { code, format }: ScenarioTariff): void {
  const formats = new Map<string, ScenarioTariff['format']>([
    ...compiled.map(({ tariff }) => [tariff.code, 'tariff/1'] as const),
    ...components.map((tariff) => [tariff.code, 'tariff/2'] as const),
  ])
  const known = formats.get(code)
  if (known === undefined)
    throw new UserError(
      'bad_input',
      `${code}: 该批次没有此电价的户 the run bills nobody under it; it has ${[...formats.keys()].join(', ')}`,
    )
  if (known !== format)
    throw new UserError(
      'bad_input',
      `${code}: 该批次按 ${known} 计此电价，不能换成 ${format} the run bills it as ${known} and cannot be rated again as ${format}`,
    )
}

/** Versions may come in several documents, which have their currency in common with the tariff that they replace. */
function replaced(before: ComponentTariff, given: readonly ComponentTariff[], days: LocalDays): ComponentTariff {
  const versions = given.flatMap((one) => one.versions)
  if (new Set(versions.map(({ version }) => version)).size < versions.length) throw givenTwice(before.code)
  const { code, decimals } = before.currency
  if (given.some(({ currency }) => currency.code !== code || currency.decimals !== decimals))
    throw new UserError('bad_input', `${before.code}: currency: 应为 expected ${code} (${decimals})`)
  return { ...before, ...given[0], versions: layOver(before.code, versions, days) }
}

function givenTwice(code: string): UserError {
  return new UserError('bad_input', `${code}: 给了两次 given twice`)
}
