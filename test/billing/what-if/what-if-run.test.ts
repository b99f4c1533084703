import t from 'tap'
import { dryRun } from '../../../billing/runs/dry-run.js'
import { freezeRun } from '../../../billing/runs/freeze-run.js'
import type { TariffDocument } from '../../../billing/tariffs/tariff-document.js'
import { registeredTariff, scenarioTariff } from '../../../billing/what-if/scenario-tariffs.js'
import type { AccountChange } from '../../../billing/what-if/what-if.js'
import { whatIfRun } from '../../../billing/what-if/what-if-run.js'
import { withDatabase } from '../../support/database.js'
import { allRows, arrangeBilling, billingClock as clock, freezeInput } from '../runs/billing-fixture.js'
import { shippedCodes, shippedDocument } from '../tariffs/shipped-tariffs.js'

const runId = 'county-1:2026-07-01:2026-08-01:r1'

type Code = (typeof shippedCodes)[number]

/** The shipped version with every price of slot or block that is `from` set to `to`. */
function repriced(code: Code, from: string, to: string): TariffDocument {
  const document = shippedDocument(code)
  const change = <T extends { readonly price: string }>(cell: T): T =>
    cell.price === from ? { ...cell, price: to } : cell
  return {
    ...document,
    energyPrices: document.energyPrices.map(change),
    ...(document.ladder === undefined
      ? {}
      : { ladder: { ...document.ladder, blockPrices: document.ladder.blockPrices.map(change) } }),
  }
}

function scenario(document: TariffDocument) {
  return [scenarioTariff({ name: 'what.json', json: document })]
}

function texts(changes: readonly AccountChange[]): readonly string[] {
  return changes.map(({ accountId, beforeFen, afterFen, exactE12, holdBefore, holdAfter }) =>
    [accountId, holdBefore ?? beforeFen, holdAfter ?? afterFen, exactE12].join(' '),
  )
}

t.test('a run under other versions', async (t) => {
  const test = await withDatabase(t)
  const billing = await arrangeBilling(test)
  await freezeRun(billing, clock, { ...freezeInput, segmentAccounts: 3 })
  const owner = test.as('owner')
  const reader = test.as('reader')
  const asked = async (document: TariffDocument) => {
    const changes: AccountChange[] = []
    const take = (more: readonly AccountChange[]) => Promise.resolve(void changes.push(...more))
    const whatIf = await whatIfRun(reader, clock, { runId, scenario: scenario(document), take })
    return { whatIf, changes }
  }
  const before = await allRows(owner)

  await t.test('with its own versions, from files and from the record, nobody differs by anything', async (t) => {
    const files = shippedCodes.slice(1).map((code) => ({ name: code, json: shippedDocument(code) }))
    const recorded = await registeredTariff(reader, 'sd-residential-tou', 1)
    const whatIf = await whatIfRun(reader, clock, { runId, scenario: [...files, recorded].map(scenarioTariff) })
    t.match(whatIf, { accounts: 7, touched: 0, increased: 0, decreased: 0, exactE12: 0n, largest: [] })
    t.equal(whatIf.beforeFen, whatIf.afterFen)
  })

  await t.test('a millionth on one price changes what it is multiplied by, and nobody else', async (t) => {
    // 5000 kWh × 0.555 = 2775.00; × 0.555001 = 2775.005, which rounds up.
    const shared = await asked(repriced('sd-residential-shared', '0.555', '0.555001'))
    t.same(texts(shared.changes), ['5 277500 277501 5000000000'])
    t.match(shared.whatIf, { touched: 1, increased: 1, decreased: 0, exactE12: 5_000_000_000n })
    // Account 1 has 150 kWh at the peak price, account 2 has 60: 0.00015 and 0.00006 before rounding, nothing after it.
    const peak = await asked(repriced('sd-residential-tou', '0.5769', '0.576901'))
    t.same(
      peak.changes.map(({ accountId, exactE12 }) => [accountId, exactE12]),
      [
        [1n, 150_000_000n],
        [2n, 60_000_000n],
      ],
    )
    t.match(peak.whatIf, { touched: 2, increased: 0, decreased: 0, exactE12: 210_000_000n })
  })

  await t.test('totals, tariffs and the distribution add up', async (t) => {
    const { whatIf } = await asked(repriced('sd-residential-shared', '0.555', '0.5'))
    t.match(whatIf, { beforeFen: 377_743n, afterFen: 350_243n, touched: 1, decreased: 1 })
    t.same(
      whatIf.byTariff.map(({ code, accounts, beforeFen, afterFen }) => [code, accounts, afterFen - beforeFen]),
      [
        ['hb-commercial-single-lv', 1, 0n],
        ['sd-residential', 3, 0n],
        ['sd-residential-shared', 1, -27_500n],
        ['sd-residential-tou', 2, 0n],
      ],
    )
    t.same(
      whatIf.bins
        .filter(({ accounts }) => accounts > 0)
        .map(({ fromFen, belowFen, accounts }) => [fromFen, belowFen, accounts]),
      [
        [null, -9999n, 1],
        [0n, 1n, 6],
      ],
    )
    t.same(texts(whatIf.largest), ['5 277500 250000 -275000000000000'])
  })

  await t.test('an account without a bill on one side is told apart', async (t) => {
    const { ladder: _without, ...plain } = shippedDocument('sd-residential')
    const source = { source: 'none', grade: 'U' as const }
    const { whatIf, changes } = await asked({ ...plain, energyPrices: [{ slot: 'all', price: '0.5', ...source }] })
    t.match(whatIf, { touched: 3, released: 1, newlyHeld: 0 })
    t.match(texts(changes).at(-1), /^7 ladder_opening_unknown 500 /)
  })

  t.same(await allRows(owner), before, 'nothing was written')

  await t.test('a tariff that the run does not bill is refused, and one that is none', async (t) => {
    const other = { ...shippedDocument('sd-residential'), code: 'nowhere' }
    await t.rejects(asked(other), { code: 'bad_input', message: /^nowhere: / })
    t.throws(() => scenarioTariff({ name: 'x.json', json: { format: 'tariff/1' } }), { code: 'bad_input' })
    await t.rejects(registeredTariff(reader, 'sd-residential', 9), { code: 'not_found' })
  })

  await t.test('where the run itself no longer comes to what it recorded, no scenario is computed', async (t) => {
    await dryRun(billing, clock, { runId, actor: 'system' })
    t.equal((await asked(shippedDocument('sd-residential'))).whatIf.touched, 0, 'its own digests hold')
    await owner.execute(
      `insert into segment_result (segment_id, attempt, bill_count, exception_count, energy_e4, amount_fen, digest, recorded_at)
       select segment_id, attempt + 1, bill_count, exception_count, energy_e4, amount_fen, sha256('other'), recorded_at
         from segment_result order by segment_id desc limit 1`,
    )
    await t.rejects(asked(shippedDocument('sd-residential')), { code: 'refused', reason: 'self_test_failed' })
  })
})
