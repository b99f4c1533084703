import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { parseStandingOrder, standingOrderDigest } from '../../../headend/orders/standing-order.js'
import { checkoutRoot } from '../../architecture/source-files.js'

const document = { code: 'time', version: 1, kind: 'broadcast_time', validFrom: '2026-07-01', validTo: '2027-07-01' }

t.test('what is left out is safe', async (t) => {
  const parsed = parseStandingOrder(document)
  t.match(parsed, {
    ok: true,
    value: {
      enabled: true,
      mostStepSeconds: 240,
      hours: { from: '02:00', to: '05:00' },
      clearOf: { midnightMinutes: 30, settlementMinutes: 30, slotMinutes: 6 },
      settlements: ['0100'],
    },
  })
  t.equal(parsed.ok && parsed.value.slotBorders.length, 48)
})

const wrong: readonly (readonly [what: string, document: object, kind: string, path: string])[] = [
  ['a key that nobody knows', { ...document, hour: 1 }, 'standing_order_malformed', '(top level)'],
  ['a step that meters ignore', { ...document, mostStepSeconds: 301 }, 'standing_order_malformed', 'mostStepSeconds'],
  ['no end', { ...document, validTo: undefined }, 'standing_order_malformed', 'validTo'],
  ['an end before the begin', { ...document, validTo: '2026-06-30' }, 'standing_order_malformed', 'validTo'],
  ['a day that is none', { ...document, validFrom: '2026-02-30' }, 'standing_order_malformed', 'validFrom'],
  ['hours that end first', { ...document, hours: { from: '05:00', to: '02:00' } }, 'standing_order_malformed', 'hours'],
  ['a settlement on the 31st', { ...document, settlements: ['3100'] }, 'standing_order_malformed', 'settlements.0'],
  [
    'a margin below the step',
    { ...document, clearOf: { midnightMinutes: 30, settlementMinutes: 30, slotMinutes: 3 } },
    'margin_below_step',
    'clearOf.slotMinutes',
  ],
]

for (const [what, given, kind, path] of wrong) {
  t.test(`refuses ${what}`, async (t) => {
    t.match(parseStandingOrder(given), { ok: false, error: { kind, path } })
  })
}

t.test('the digest covers what defaults say', async (t) => {
  const digests = [document, { ...document, enabled: true }, { ...document, mostStepSeconds: 200 }].map((given) => {
    const parsed = parseStandingOrder(given)
    return parsed.ok ? standingOrderDigest(parsed.value).toString('hex') : ''
  })
  t.equal(digests[0], digests[1])
  t.not(digests[0], digests[2])
})

t.test('the example in docs is one that the program takes', async (t) => {
  const text = readFileSync(join(checkoutRoot, 'docs', 'schemas', 'standing-order.example.yaml'), 'utf8')
  t.match(parseStandingOrder(parse(text)), { ok: true, value: { kind: 'broadcast_time' } })
})
