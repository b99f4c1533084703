import { UserError } from '../../domain/errors.js'
import { invariant } from '../../domain/result.js'
import type { LocalDate } from '../../domain/time.js'
import { signedTariffVersions, type TariffVersionRow } from '../../storage/billing/tariff-versions.js'
import type { Queryable } from '../../storage/database.js'
import { compileProgram, type RateProgram } from '../engine/compile-program.js'
import { parseTariff, tariffSha256 } from '../tariffs/parse-tariff.js'
import { type Tariff, toTariff } from '../tariffs/tariff.js'
import type { Manifest } from './manifest.js'

/** A tariff version a run uses, in the order of the manifest. */
export interface FrozenTariff {
  readonly tariff: Tariff
  readonly program: RateProgram
}

/** For each code the one signed version that covers all of [from, to); a run refuses to start on a gap or on a change inside it. */
export async function tariffsInForce(
  client: Queryable,
  codes: readonly string[],
  from: LocalDate,
  to: LocalDate,
): Promise<Manifest['tariffs']> {
  const versions = await signedTariffVersions(client, codes, from, to)
  return codes.map((code) => {
    const covering = versions.find((row) => row.tariff_code === code && covers(row, from, to))
    if (covering === undefined)
      throw new UserError('refused', `no signed version of tariff ${code} covers all of ${from} to ${to}`, {
        reason: 'tariff_gap',
      })
    return { code, version: covering.version, sha256: covering.sha256.toString('hex') }
  })
}

function covers(row: TariffVersionRow, from: LocalDate, to: LocalDate): boolean {
  return row.valid_from <= from && (row.valid_to === null || row.valid_to >= to)
}

/** Loads and compiles exactly the versions of a manifest. */
export async function loadFrozenTariffs(
  client: Queryable,
  manifest: Manifest,
  period: { readonly from: LocalDate; readonly to: LocalDate },
): Promise<readonly FrozenTariff[]> {
  const codes = manifest.tariffs.map(({ code }) => code)
  const rows = await signedTariffVersions(client, codes, period.from, period.to)
  return manifest.tariffs.map(({ code, version, sha256 }) => {
    const row = rows.find((one) => one.tariff_code === code && one.version === version)
    const parsed = parseTariff(row?.document)
    if (!parsed.ok || tariffSha256(parsed.value).toString('hex') !== sha256)
      throw new UserError('refused', `tariff ${code} version ${version} is no longer what the run froze`)
    const tariff = toTariff(parsed.value)
    const program = compileProgram(tariff)
    invariant(program.ok, `tariff ${code} version ${version} compiles`)
    return { tariff, program: program.value }
  })
}
