import t from 'tap'
import { billOf, hours, intervals } from './offline.js'

t.test('a quantity that several components ask for in several versions is reported once', async (t) => {
  const calendar = {
    name: 'day',
    slots: [
      { name: 'peak', when: [{ windows: [{ from: '08:00', to: '20:00' }] }] },
      { name: 'off', otherwise: true },
    ],
  }
  const usage = (code: string) => ({
    code,
    kind: 'usage',
    slots: { calendar: 'day' },
    model: { kind: 'per_unit', prices: { peak: '2', off: '1' } },
  })
  const version = (number: number, more: object) => ({
    version: number,
    rounding: {},
    calendars: [calendar],
    components: [usage('energy'), usage('network')],
    ...more,
  })
  const bill = billOf({
    components: [],
    versions: [version(1, { validFrom: '2026-01-01', validTo: '2026-06-02' }), version(2, { validFrom: '2026-06-02' })],
    periods: [{ start: '2026-06-01', end: '2026-06-04', quantities: [intervals('2026-06-01', hours(72))] }],
  })
  const [period] = bill.periods
  t.same(
    period?.quantities.map(({ name, slot, value }) => `${name} ${slot ?? 'all'} ${value}`),
    ['energy all 72', 'energy peak 36', 'energy off 36'],
  )
  t.same(
    period?.closing.quantities.map(({ name, slot = 'all', value }) => `${name} ${slot} ${value}`),
    ['energy all 72', 'energy off 36', 'energy peak 36'],
  )
})
