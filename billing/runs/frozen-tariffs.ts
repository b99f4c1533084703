import { UserError } from '../../domain/errors.js'
import { groupBy } from '../../domain/group-by.js'
import { invariant } from '../../domain/result.js'
import type { LocalDate } from '../../domain/time.js'
import {
  signedTariffVersions,
  type TariffVersionRow,
  tariffVersionsInForce,
} from '../../storage/billing/tariff-versions.js'
import type { Queryable } from '../../storage/database.js'
import { compileProgram, type RateProgram } from '../engine/compile-program.js'
import { parseComponentTariff } from '../tariffs/components/parse-document.js'
import { ended } from '../tariffs/components/succession.js'
import type { ComponentTariff } from '../tariffs/components/tariff-schema.js'
import { parseTariff, tariffSha256 } from '../tariffs/parse-tariff.js'
import { type Tariff, toTariff } from '../tariffs/tariff.js'
import type { Manifest } from './manifest.js'

/** A version of slots and ladder that a run uses, compiled for the columns. */
export interface FrozenTariff {
  readonly tariff: Tariff
  readonly program: RateProgram
}

/** The tariffs of a run, in the order of the manifest. */
export interface FrozenTariffs {
  readonly compiled: readonly FrozenTariff[]
  /** With all their versions of the period. */
  readonly components: readonly ComponentTariff[]
}

interface Period {
  readonly from: LocalDate
  readonly to: LocalDate
}

/**
 * For each code the signed versions that cover all of [from, to). A tariff of components may change inside it, one of slots and ladder has
 * one version. A run refuses to start on a gap.
 */
export async function tariffsInForce(
  client: Queryable,
  codes: readonly string[],
  from: LocalDate,
  to: LocalDate,
): Promise<Manifest['tariffs']> {
  const rows = await tariffVersionsInForce(client, codes, from, to)
  return codes.flatMap((code) => {
    const own = rows.filter((row) => row.tariff_code === code)
    const covering = own.filter((row) => covers(row, from, to))
    const inForce = covering.length > 0 || !own.every(isOfComponents) ? covering : own
    if (!follow(inForce, { from, to }))
      throw new UserError(
        'refused',
        `没有已签署的电价版本覆盖全期 no signed version of tariff ${code} covers all of ${from} to ${to}`,
        {
          reason: 'tariff_gap',
        },
      )
    return inForce.map(({ version, sha256 }) => ({ code, version, sha256: sha256.toString('hex') }))
  })
}

function covers(row: TariffVersionRow, from: LocalDate, to: LocalDate): boolean {
  return row.valid_from <= from && (row.valid_to === null || row.valid_to >= to)
}

/** Whether versions by begin of validity leave no day of the period out. */
function follow(rows: readonly TariffVersionRow[], { from, to }: Period): boolean {
  let reached: LocalDate | null = from
  for (const { valid_from, valid_to } of rows) {
    if (reached === null || valid_from > reached) return false
    reached = valid_to
  }
  return rows.length > 0 && (reached === null || reached >= to)
}

function isOfComponents({ document }: TariffVersionRow): boolean {
  return typeof document === 'object' && document !== null && 'format' in document && document.format === 'tariff/2'
}

/** Loads exactly the versions of a manifest; those of slots and ladder are compiled. */
export async function loadFrozenTariffs(
  client: Queryable,
  manifest: Pick<Manifest, 'tariffs'>,
  period: Period,
): Promise<FrozenTariffs> {
  const codes = [...new Set(manifest.tariffs.map(({ code }) => code))]
  const rows = await signedTariffVersions(client, codes, period.from, period.to)
  const frozen = manifest.tariffs.map((named) => frozenRow(rows, named))
  const [components, others] = [frozen.filter(isOfComponents), frozen.filter((row) => !isOfComponents(row))]
  return {
    compiled: others.map(compiled),
    components: [...groupBy(components, ({ tariff_code }) => tariff_code).values()].map(ofComponents),
  }
}

function frozenRow(rows: readonly TariffVersionRow[], named: Manifest['tariffs'][number]): TariffVersionRow {
  const { code, version, sha256 } = named
  const row = rows.find((one) => one.tariff_code === code && one.version === version)
  if (row === undefined || tariffSha256(row.document as object).toString('hex') !== sha256) throw changed(code, version)
  return row
}

function compiled({ document, tariff_code, version }: TariffVersionRow): FrozenTariff {
  const parsed = parseTariff(document)
  if (!parsed.ok) throw changed(tariff_code, version)
  const tariff = toTariff(parsed.value)
  const program = compileProgram(tariff)
  invariant(program.ok, `tariff ${tariff_code} version ${version} compiles`)
  return { tariff, program: program.value }
}

/** Versions of one tariff put together; its head is the same in all of them. */
function ofComponents(rows: readonly TariffVersionRow[]): ComponentTariff {
  const parsed = rows.map(({ document, tariff_code, version }) => {
    const tariff = parseComponentTariff(document)
    if (!tariff.ok) throw changed(tariff_code, version)
    return tariff.value
  })
  const last = parsed.at(-1)
  invariant(last !== undefined, 'a group has a row')
  return { ...last, versions: [...ended(parsed.flatMap(({ versions }) => versions))] }
}

function changed(code: string, version: number): UserError {
  return new UserError(
    'refused',
    `电价已不是批次冻结时的内容 tariff ${code} version ${version} is no longer what the run froze`,
  )
}
