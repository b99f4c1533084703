import { groupBy } from '../../domain/group-by.js'
import { present } from '../../domain/result.js'
import type { Calendar } from '../../domain/time.js'
import { findComponentBills, type StoredComponentBill } from '../../storage/billing/component-bills.js'
import { eachComponentInput, readComponentInputs } from '../../storage/billing/component-inputs.js'
import type { ProofBillRow } from '../../storage/billing/proof.js'
import { findProofQuantities, type ProofQuantityRow } from '../../storage/billing/proof-quantities.js'
import { signedTariffVersions } from '../../storage/billing/tariff-versions.js'
import type { Transaction } from '../../storage/database.js'
import { inputsOf } from '../by-account/asks-for-curve.js'
import { loadFrozenTariffs } from '../runs/frozen-tariffs.js'
import { openRun } from '../runs/open-run.js'
import type { ComponentTariff } from '../tariffs/components/tariff-schema.js'
import type { ComponentProof } from './proof-document.js'

/** A tariff of components as a run froze it, and its versions as they are on record. */
export interface FrozenComponents {
  readonly tariff: ComponentTariff
  readonly versions: ComponentProof['tariff']['versions']
}

/** What bills under tariffs of components rest on beside their evidence. */
export interface ComponentRows {
  /** By code. */
  readonly tariffs: ReadonlyMap<string, FrozenComponents>
  /** By account, as stored. */
  readonly inputs: ReadonlyMap<bigint, unknown>
  /** The stored lines and states, by ordinal of the segment. */
  readonly stored: ReadonlyMap<number, StoredComponentBill>
  /** Known determinants beside the energy, by account. */
  readonly quantities: ReadonlyMap<bigint, readonly ProofQuantityRow[]>
}

/** Of bills of one segment, in order of their accounts, those under tariffs of components: a handful of queries, however many they are. */
export async function readComponentRows(
  tx: Transaction,
  bills: readonly ProofBillRow[],
  calendar: Calendar,
): Promise<ComponentRows> {
  const own = bills.filter(({ tariff_document }) => isOfComponents(tariff_document))
  const [first, last] = [own[0], own.at(-1)]
  if (first === undefined || last === undefined) return none
  const codes = [...new Set(own.map(({ tariff_code }) => tariff_code))]
  const tariffs = await frozenComponents(tx, first, codes, calendar)
  const query = {
    runId: first.run_id,
    setId: first.set_id,
    accounts: { first: first.account_id, last: last.account_id },
    ...inputsOf([...tariffs.values()].map(({ tariff }) => tariff)),
  }
  const inputs = new Map<bigint, unknown>()
  eachComponentInput(await readComponentInputs(tx, query, 'all'), ({ accountId, document }) =>
    inputs.set(accountId, document),
  )
  const ordinals = own.map(({ ordinal }) => ordinal)
  const accountIds = own.map(({ account_id }) => account_id)
  const quantities = await findProofQuantities(tx, first.set_id, accountIds)
  return {
    tariffs,
    inputs,
    stored: await findComponentBills(tx, { segmentId: first.segment_id, ordinals }),
    quantities: groupBy(quantities, ({ account_id }) => account_id),
  }
}

const none: ComponentRows = { tariffs: new Map(), inputs: new Map(), stored: new Map(), quantities: new Map() }

export function isOfComponents(tariff: unknown): boolean {
  return typeof tariff === 'object' && tariff !== null && 'format' in tariff && tariff.format === 'tariff/2'
}

async function frozenComponents(
  tx: Transaction,
  { run_id, run_period_start, run_period_end }: ProofBillRow,
  codes: readonly string[],
  calendar: Calendar,
): Promise<ComponentRows['tariffs']> {
  const { manifest } = await openRun(tx, run_id)
  const named = manifest.tariffs.filter(({ code }) => codes.includes(code))
  const period = { from: calendar.dateAt(run_period_start), to: calendar.dateAt(run_period_end) }
  const { components } = await loadFrozenTariffs(tx, { tariffs: named }, period)
  const rows = await signedTariffVersions(tx, codes, period.from, period.to)
  const versionsOf = (code: string) =>
    rows
      .filter((row) => row.tariff_code === code)
      .filter((row) => named.some((one) => one.code === code && one.version === row.version))
      .map(({ document, sha256 }) => ({ document, sha256: sha256.toString('hex') }))
  const byCode = new Map(components.map((tariff) => [tariff.code, tariff]))
  return new Map(
    codes.map((code) => [code, { tariff: present(byCode.get(code), `tariff ${code}`), versions: versionsOf(code) }]),
  )
}
