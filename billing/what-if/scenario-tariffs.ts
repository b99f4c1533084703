import { UserError } from '../../domain/errors.js'
import { tariffVersions } from '../../storage/billing/tariff-versions.js'
import type { Queryable } from '../../storage/database.js'
import { compileProgram } from '../engine/compile-program.js'
import type { FrozenTariff } from '../runs/frozen-tariffs.js'
import { parseTariff } from '../tariffs/parse-tariff.js'
import { toTariff } from '../tariffs/tariff.js'

/** A tariff document and what to call it in a message: a file, or `code@version`. */
export interface NamedTariff {
  readonly name: string
  readonly json: unknown
}

/**
 * A version for rating what might have been. Validity and signatures do not matter: the version is asked about a month in which it does not
 * hold, before anybody signs it. @throws UserError bad_input
 */
export function scenarioTariff({ name, json }: NamedTariff): FrozenTariff {
  const parsed = parseTariff(json)
  if (!parsed.ok) throw new UserError('bad_input', `${name}: ${parsed.error.defects.join('; ')}`)
  const tariff = toTariff(parsed.value)
  const program = compileProgram(tariff)
  if (!program.ok) throw new UserError('bad_input', `${name}: ${program.error.kind}`)
  return { tariff, program: program.value }
}

/** A version on record, signed or not. @throws UserError not_found */
export async function registeredTariff(client: Queryable, code: string, version: number): Promise<NamedTariff> {
  const rows = await tariffVersions(client, code)
  const row = rows.find((one) => one.version === version)
  if (row === undefined) throw new UserError('not_found', `${code}@${version}: 无此电价版本 no such tariff version`)
  return { name: `${code}@${version}`, json: row.document }
}

/** The tariffs of a run, those of the scenario in place of the ones with their codes. @throws UserError bad_input for a code that the run does not bill. */
export function replaceTariffs(
  frozen: readonly FrozenTariff[],
  scenario: readonly FrozenTariff[],
): readonly FrozenTariff[] {
  const codes = frozen.map(({ tariff }) => tariff.code)
  for (const [index, { tariff }] of scenario.entries()) {
    if (!codes.includes(tariff.code))
      throw new UserError(
        'bad_input',
        `${tariff.code}: 该批次没有此电价的户 the run bills nobody under it; it has ${codes.join(', ')}`,
      )
    if (scenario.findIndex((one) => one.tariff.code === tariff.code) !== index)
      throw new UserError('bad_input', `${tariff.code}: 给了两次 given twice`)
  }
  return frozen.map((one) => scenario.find(({ tariff }) => tariff.code === one.tariff.code) ?? one)
}
