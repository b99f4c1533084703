import t from 'tap'
import { billedDifferenceJson, billedDifferenceText } from '../../../console/determinants/billed-difference-text.js'
import type { BilledDifference } from '../../../storage/mdm/billed-differences.js'

const one: BilledDifference = {
  account: 'account-1',
  timeZone: 'Asia/Shanghai',
  billNumber: 7n,
  billedSet: 1n,
  periodStart: Date.parse('2026-07-01T00:00:00+08:00'),
  periodEnd: Date.parse('2026-08-01T00:00:00+08:00'),
  billedE4: 900_0000n,
  frozenE4: 850_5000n,
  holdCode: null,
  isGone: false,
  isTouOther: false,
  areTermsOther: true,
  curve: null,
  otherQuantities: ['demand_max'],
}
const held: BilledDifference = {
  ...one,
  account: 'account-2',
  frozenE4: null,
  holdCode: 'contradicted',
  areTermsOther: false,
  otherQuantities: [],
}
const gone: BilledDifference = { ...held, account: 'account-3', holdCode: null, isGone: true }
const bySplit: BilledDifference = {
  ...held,
  account: 'account-4',
  holdCode: null,
  frozenE4: one.billedE4,
  curve: 'other_days',
}

t.test('a freeze says by how much issued bills differ from it, and that none is changed', (t) => {
  t.equal(billedDifferenceText([]), null, 'bills that agree are not worth a word')
  const text = billedDifferenceText([one, held]) ?? ''
  t.match(text, /rest on another set: 2 · 合计 in all -49\.5 kWh · 现为待核 now held 1/)
  t.match(text, /each needs a correction/)
  t.match(text, /account-1 .* 7 .*2026-07-01 00:00 .* 900 .* 850\.5 .* -49\.5 .*tariff or period、demand_max/)
  t.match(text, /account-2 .*contradicted .* — /)
  const others = billedDifferenceText([gone, bySplit]) ?? ''
  t.match(others, /rest on another set: 2 · 合计 in all -900 kWh\n/, 'all of the bill of an account that is gone')
  t.match(others, /account-3 .* 已不在本集 no longer in this set .* -900 .*all of it is too much/)
  t.match(others, /account-4 .* 900 .* 900 .* 0 .*所据表日修订不同.*split by time may differ/)
  t.match(billedDifferenceJson(gone), { noLongerInSet: true, frozenKwh: null, differenceKwh: '-900' })
  const many = Array.from({ length: 60 }, (_, index) => ({ ...one, account: `account-${index}` }))
  t.match(billedDifferenceText(many), /10 户 more; --json lists all/)
  t.match(billedDifferenceJson(held), {
    frozenKwh: null,
    differenceKwh: null,
    hold: 'contradicted',
    correctionNeeded: true,
  })
  t.match(billedDifferenceJson(one), {
    bill: '7',
    differenceKwh: '-49.5',
    termsDiffer: true,
    periodStart: '2026-06-30T16:00:00.000Z',
  })
  t.end()
})
