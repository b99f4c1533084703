import t from 'tap'
import { checkQuantities } from '../../../../billing/checker/components/check-quantities.js'
import { Fault } from '../../../../billing/checker/fault.js'

const cursor = (value: unknown) => ({ value, path: '' })
const energy = { name: 'energy', unit: 'kWh', value: '100' }
const loss = { kind: 'given', active: 'energy', activeLoss: '7' }

function faultOf(period: object, stated: string, version: object = {}): string {
  const quantities = [
    { name: 'energy', slot: null, value: stated },
    { name: 'energy', slot: 'peak', value: '60' },
  ]
  try {
    checkQuantities(cursor({ quantities: [energy], ...period }), cursor(quantities), cursor(version))
    return 'none'
  } catch (error) {
    return error instanceof Fault ? `${error.node} ${error.expected}` : String(error)
  }
}

t.test('a quantity that a bill states is what the usage gave, with its losses', async (t) => {
  const factors = { correctionFactors: [{ of: 'energy', factor: '1.1' }] }
  const rows = [
    ['the same', faultOf({}, '100'), 'none'],
    ['another', faultOf({}, '101'), 'rated.quantities.energy 100'],
    ['with its loss', faultOf({ losses: [loss] }, '107'), 'none'],
    ['without it', faultOf({ losses: [loss] }, '100'), 'rated.quantities.energy 107'],
    ['a loss of something else', faultOf({ losses: [{ ...loss, active: 'export' }] }, '100'), 'none'],
    ['a loss that is worked out elsewhere', faultOf({ losses: [{ kind: 'percent', percent: '7' }] }, '107'), 'none'],
    ['two readings of one name', faultOf({ quantities: [energy, energy] }, '200'), 'none'],
    ['a slot alone', faultOf({ quantities: [{ ...energy, slot: 'peak' }] }, '1'), 'none'],
    ['a meter that was found wrong', faultOf(factors, '110'), 'none'],
    ['units that the version cuts', faultOf({}, '99', { energyRounding: 'reading_truncated' }), 'none'],
  ] as const
  for (const [claim, found, expected] of rows) t.equal(found, expected, claim)
})
