import t from 'tap'
import { orderParameterHelp, orderParametersText } from '../../../console/orders/order-parameters.js'
import { orderKinds, parseOrderAct } from '../../../headend/orders/order-kinds.js'

await t.test('each kind has an example that the product takes', async (t) => {
  for (const kind of orderKinds) {
    const { example } = orderParameterHelp[kind]
    t.match(parseOrderAct(kind, JSON.parse(example)), { ok: true, value: { kind } }, example)
    t.ok(orderParametersText().includes(example))
  }
})

await t.test('a wrong parameter is answered with what was expected', async (t) => {
  const table: readonly (readonly [kind: string, parameters: unknown, path: string, message: RegExp])[] = [
    ['set_clock', {}, 'mostStepSeconds', /expected whole seconds from 1 to/],
    ['set_clock', { mostStepSeconds: 'x' }, 'mostStepSeconds', /应为.*expected whole seconds/],
    ['set_clock', { mostStepSeconds: 5, acrossDays: 1 }, 'acrossDays', /expected true or false/],
    ['set_clock', { mostStepSeconds: 5, item: '1' }, 'item', /expected 0400010C, 04000101 or 04000102/],
    ['set_clock', { seconds: 5 }, 'mostStepSeconds', /expected whole seconds/],
    ['freeze', { now: true }, '', /expected no parameters/],
    ['freeze', [], '', /expected no parameters/],
    ['tariff_table', { item: '04020001' }, 'values', /expected 1 to 64 texts/],
    ['tariff_table', { values: [] }, 'item', /expected a table of zones, slots or holidays/],
    ['tariff_switch', { item: '04000107', values: ['a', 'b'] }, 'values', /expected one local time/],
    ['relay_permit_close', { validMinutes: 61 }, 'validMinutes', /expected whole minutes from 1 to 60/],
    ['relay_permit_close', { minutes: 1 }, '', /expected validMinutes/],
    ['event_reset', { events: '1' }, 'events', /expected an event identifier that ends in FF/],
  ]
  for (const [kind, parameters, path, message] of table)
    t.match(
      parseOrderAct(kind, parameters),
      { ok: false, error: { kind: 'parameters_malformed', path, message } },
      `${kind} ${JSON.stringify(parameters)}`,
    )
})
