import { createPlainRating } from '../../../billing/engine/components/plain-rating.js'
import type { ComponentTariff } from '../../../billing/tariffs/components/tariff-schema.js'
import { present } from '../../../domain/result.js'
import type { ComponentInputsQuery } from '../../../storage/billing/component-inputs-query.js'
import { readPackedUsages, unpackUsages } from '../../../storage/billing/packed-usages.js'
import { eachPlainInput, type PlainInput, readPlainInputs } from '../../../storage/billing/plain-inputs.js'
import type { SegmentUsages } from '../../../storage/billing/usage-columns.js'
import type { Database } from '../../../storage/database.js'
import { askedOf } from './component-month.js'

/** By what the accounts of a run that are read in rows are rated. */
export async function ratedBy(
  database: Database,
  runId: string,
): Promise<ReadonlyMap<number, 'program' | 'readable rules'>> {
  const { query, components } = await askedOf(database, runId)
  const by = new Map<number, 'program' | 'readable rules'>()
  let rate: ReturnType<typeof createPlainRating> | null = null
  await eachPlain(database, query, (input, usages, row) => {
    rate ??= createPlainRating(usages, 'Asia/Shanghai')
    const tariff = tariffOf(components, usages.tariffCodes[usages.tariff[row] ?? -1] ?? '')
    by.set(input.accountId, rate(tariff, input, row) === null ? 'readable rules' : 'program')
  })
  return by
}

function tariffOf(components: readonly ComponentTariff[], wanted: string): ComponentTariff {
  return present(
    components.find(({ code }) => code === wanted),
    wanted,
  )
}

/** The rows of a set with the columns of their usages. */
export async function eachPlain(
  database: Database,
  query: ComponentInputsQuery,
  take: (input: PlainInput, usages: SegmentUsages, row: number) => void,
): Promise<void> {
  const [set] = await database.query<{ account_count: number }>(
    'select account_count from determinant_set where set_id = $1',
    [query.setId],
  )
  const { account_count: accounts } = present(set, 'the set')
  const [packed, plain] = await database.transaction(async (tx) => [
    await readPackedUsages(tx, query, accounts),
    await readPlainInputs(tx, query, accounts),
  ])
  const usages = unpackUsages(packed)
  eachPlainInput(plain, (input) => take(input, usages, usages.accountId.indexOf(input.accountId)))
}
