import t from 'tap'
import type { CorrectionChange } from '../../../domain/registry-correction.js'
import { contentIdOf, correctionIdOf } from '../../../mdm/corrections/correction-key.js'
import { exchange } from '../support/changes.js'

const words: CorrectionChange = {
  kind: 'correction',
  of: { kind: 'meter_exchange', usagePoint: 'point-1', at: '2026-07-16T10:00:00+08:00' },
  instead: exchange(),
  reason: 'nobody was there',
  document: 'memo',
}
const at = (of: string, instead = of): CorrectionChange => ({
  ...words,
  of: { kind: 'meter_exchange', usagePoint: 'point-1', at: of },
  instead: { ...exchange(), at: instead },
})

t.test('the same words are the same correction however they are spelt', (t) => {
  const cases: readonly [title: string, change: object, isSame: boolean][] = [
    ['another offset', at('2026-07-16T02:00:00Z'), true],
    ['with milliseconds', at('2026-07-16T02:00:00.000Z', '2026-07-16T10:00:00+08:00'), true],
    ['keys in another order', Object.fromEntries(Object.entries(words).toReversed()), true],
    [
      'decimals with zeros',
      { ...words, instead: { ...exchange(), startRegisters: { total: '5.00', tou2: '3.0', tou4: '2' } } },
      true,
    ],
    ['no correction bill is due', { ...words, correctionBillDue: false }, true],
    ['one is due', { ...words, correctionBillDue: true }, false],
    ['another instant', at('2026-07-16T10:00:00Z'), false],
    ['another paper', { ...words, document: 'memo 2' }, false],
    ['another value', { ...words, instead: { ...exchange(), startRegisters: { total: '6' } } }, false],
    ['nothing instead', { ...words, instead: null }, false],
  ]
  for (const [title, change, isSame] of cases)
    t.equal(contentIdOf(change as CorrectionChange) === contentIdOf(words), isSame, title)
  t.end()
})

t.test('of what stands anew, or with other consequences, it is another correction', (t) => {
  const id = contentIdOf(words)
  const carried = [{ account: 'a', from: 5, field: 'usageClass', was: null, becomes: 'commercial' }] as const
  const ids = [correctionIdOf(id, 1, []), correctionIdOf(id, 2, []), correctionIdOf(id, 1, carried)]
  t.equal(new Set(ids).size, 3)
  t.equal(correctionIdOf(id, 1, []), ids[0])
  t.end()
})
