import t from 'tap'
import { dryRun } from '../../../billing/runs/dry-run.js'
import { freezeRun } from '../../../billing/runs/freeze-run.js'
import { registeredTariff, scenarioTariff } from '../../../billing/what-if/scenario-tariffs.js'
import type { AccountChange } from '../../../billing/what-if/what-if.js'
import { whatIfRun } from '../../../billing/what-if/what-if-run.js'
import { beijing } from '../../../domain/time.js'
import { withDatabase } from '../../support/database.js'
import { allRows, arrangeRegistry } from '../runs/billing-fixture.js'
import {
  bringIntoForce,
  bringSlotsIntoForce,
  componentClock as clock,
  freezeUses,
  ownTariff,
  priceFileJson,
} from '../runs/component-fixture.js'
import { shippedDocument } from '../tariffs/shipped-tariffs.js'

const runId = 'county-1:2026-01-01:2026-02-01:r1'

/** 50 kVA, charged by the days of each version. */
function capacity(price: string): object {
  return { kind: 'fixed', code: 'capacity', quantity: '50', unit: 'kVA', price, per: 'month' }
}

function byCapacity(price: string): object {
  const common = { rounding: { line: { mode: 'half_up', decimals: 2 } }, posting: { vat: { rate: '0.13' } } }
  return ownTariff('by-capacity', {
    versions: [
      { version: 1, validFrom: '2026-01-01', validTo: '2026-01-16', components: [capacity(price)], ...common },
      { version: 2, validFrom: '2026-01-16', components: [capacity('10')], ...common },
    ],
  })
}

/** One version of the test's own tariff. */
function only(code: string, price: string, validFrom: string, changes: object = {}): object {
  return ownTariff(code, {
    versions: [
      {
        version: 3,
        validFrom,
        rounding: { line: { mode: 'half_up', decimals: 2 } },
        posting: { vat: { rate: '0.13' } },
        components: [{ kind: 'usage', code: 'energy', model: { kind: 'per_unit', price } }],
        ...changes,
      },
    ],
  })
}

t.test('a run with accounts under tariffs of components, under other versions', async (t) => {
  const test = await withDatabase(t)
  const owner = test.as('owner')
  await arrangeRegistry(owner)
  const billing = test.as('billing')
  const household = priceFileJson('jiangsu', 'js-household-ladder')
  for (const json of [
    ownTariff('by-days', {}, { unread: 'by_days' }),
    ownTariff('unread', {}),
    byCapacity('10'),
    household,
  ])
    await bringIntoForce(billing, json)
  await bringSlotsIntoForce(billing, 'sd-residential')
  await freezeUses(
    test,
    1,
    ['2026-01-01', '2026-02-01'],
    [
      { account: 1, tariff: 'by-days', kwh: 310 },
      { account: 2, tariff: 'js-household-ladder', kwh: 2700 },
      { account: 3, tariff: 'sd-residential', kwh: 3000 },
      { account: 4, tariff: 'unread', kwh: 310 },
      { account: 5, tariff: 'by-capacity', kwh: 0 },
    ],
  )
  const days = { periodStart: beijing.startOfDay('2026-01-01'), periodEnd: beijing.startOfDay('2026-02-01') }
  const dates = { accountingDate: '2026-02-01', dueDate: '2026-02-15' }
  await freezeRun(billing, clock, {
    organisation: 'county-1',
    ...days,
    ...dates,
    actor: 'system',
    segmentAccounts: 2,
  })
  await dryRun(billing, clock, { runId, actor: 'system' })
  const before = await allRows(owner)
  const reader = test.as('reader')
  const asked = async (...documents: readonly object[]) => {
    const changes: AccountChange[] = []
    const take = (more: readonly AccountChange[]) => Promise.resolve(void changes.push(...more))
    const scenario = documents.map((json) => scenarioTariff({ name: 'what.json', json }))
    const whatIf = await whatIfRun(reader, clock, { runId, scenario, take })
    const texts = changes.map(({ accountId, tariff, beforeFen, afterFen, exactE12, holdBefore, holdAfter }) =>
      [accountId, tariff, holdBefore ?? beforeFen, holdAfter ?? afterFen, exactE12].join(' '),
    )
    return { whatIf, texts }
  }

  await t.test('with its own versions, from files and from the record, nobody differs by anything', async (t) => {
    const recorded = await Promise.all([1, 2].map((version) => registeredTariff(reader, 'by-days', version)))
    const files = [household, byCapacity('10')].map((json) => ({ name: 'own', json }))
    const whatIf = await whatIfRun(reader, clock, { runId, scenario: [...recorded, ...files].map(scenarioTariff) })
    t.match(whatIf, { accounts: 5, touched: 0, exactE12: 0n, beforeFen: 376_211n, afterFen: 376_211n })
    t.same(
      whatIf.byTariff.map(({ code, accounts }) => `${code} ${accounts}`).toSorted(),
      ['by-capacity 1', 'by-days 1', 'js-household-ladder 1', 'sd-residential 1', 'unread 1'],
      'an account that is held counts under its tariff',
    )
  })

  const cases = [
    // 310 × 0.6 = 186.00; before it was 150 × 0.5 + 160 × 0.6 = 171.00.
    [
      'one price of a version that holds from July',
      only('by-days', '0.6', '2026-07-01'),
      ['1 by-days 17100 18600 15000000000000'],
    ],
    // 310 × 0.55162 = 171.0022.
    ['a change that rounding hides', only('by-days', '0.55162', '2026-01-01'), ['1 by-days 17100 17100 2200000000']],
    // 50 × 15/31 × 0.01 = 7.5/31.
    ['a share of days that is no decimal', byCapacity('10.01'), ['5 by-capacity 50000 50024 241935483871']],
    [
      'an account that was held',
      ownTariff('unread', {}, { unread: 'by_days' }),
      ['4 unread rating_refused 17100 171000000000000'],
    ],
    ['an account that would be held', ownTariff('by-days', {}), ['1 by-days 17100 rating_refused -171000000000000']],
    ['slots and ladder beside them', { ...shippedDocument('sd-residential') }, []],
  ] as const
  for (const [what, json, expected] of cases)
    await t.test(what, async (t) => t.same((await asked(json)).texts, expected))

  t.same(await allRows(owner), before, 'nothing was written')

  const refusals = [
    [
      'slots and ladder in place of components',
      [{ ...shippedDocument('sd-residential'), code: 'by-days' }],
      /^by-days: .*tariff\/2/,
    ],
    [
      'components in place of slots and ladder',
      [only('sd-residential', '0.5', '2026-01-01')],
      /^sd-residential: .*tariff\/1/,
    ],
    [
      'a code that the run does not bill',
      [only('nowhere', '0.5', '2026-01-01')],
      /^nowhere: .*it has sd-residential, /,
    ],
    [
      'one version twice',
      [only('by-days', '0.5', '2026-01-01'), only('by-days', '0.6', '2026-01-01')],
      /^by-days: .*twice/,
    ],
    [
      'another currency',
      [{ ...only('by-days', '0.5', '2026-01-01'), currency: { code: 'USD', decimals: 2 } }],
      /CNY \(2\)/,
    ],
  ] as const
  for (const [what, documents, message] of refusals)
    await t.test(`refuses ${what}`, async (t) => t.rejects(asked(...documents), { code: 'bad_input', message }))
  const bare = only('by-days', '0.5', '2026-01-01', { posting: undefined })
  t.throws(() => scenarioTariff({ name: 'x.json', json: bare }), {
    code: 'bad_input',
    message: /^x\.json: .*versions\.0\.posting: posting_missing/,
  })
})
