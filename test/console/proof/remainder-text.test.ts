import t from 'tap'
import type { ComponentProof, ProofDocument, ProofRegisters } from '../../../billing/proof/proof-document.js'
import { billedRemainder, remainderText } from '../../../console/proof/remainder-text.js'

const map = { registers: { tou1: 'sharp', tou2: 'peak', tou3: 'flat', tou4: 'valley' }, residual: 'peak' }

function registers(total: string, tou2: string | null, tou4: string | null): ProofRegisters {
  return { total, tou1: null, tou2, tou3: null, tou4 }
}

const bySlots = (determinant: ProofRegisters, document: object = { slots: map }) =>
  ({ format: 'proof/2', determinant, tariff: { document, sha256: '' } }) as unknown as ProofDocument
const byComponents = (determinant: ProofRegisters, intervals: object | null = null) =>
  ({
    format: 'component-proof/1',
    determinant,
    intervals,
    tariff: { versions: [{ document: { versions: [{ calendars: [{ name: 'grid' }, { name: 'meter', ...map }] }] } }] },
  }) as unknown as ComponentProof

t.test('what the registers by slot leave of the total is told, with the slot that takes it', async (t) => {
  const found = { slot: 'peak', sumBySlot: '100', counted: '52.97' }
  const table: readonly [what: string, proof: ProofDocument | ComponentProof, expected: object | null][] = [
    [
      'a hundredth less',
      bySlots(registers('99.99', '52.97', '47.03')),
      { ...found, total: '99.99', remainder: '-0.01', billed: '52.96' },
    ],
    [
      'two hundredths more',
      bySlots(registers('100.02', '52.97', '47.03')),
      { ...found, total: '100.02', remainder: '0.02', billed: '52.99' },
    ],
    ['nothing left', bySlots(registers('100', '52.97', '47.03')), null],
    ['a meter without registers by slot', bySlots(registers('100', null, null)), null],
    ['a tariff without slots', bySlots(registers('99.99', '52.97', '47.03'), {}), null],
    ['a tariff of components', byComponents(registers('99.99', '52.97', '47.03')), { remainder: '-0.01' }],
    ['a curve that splits the energy', byComponents(registers('99.99', '52.97', '47.03'), {}), null],
  ]
  for (const [what, proof, expected] of table) {
    const said = billedRemainder(proof)
    if (expected === null) t.equal(said, null, what)
    else t.match(said, expected, what)
  }
  t.match(remainderText(billedRemainder(bySlots(registers('99.99', '52.97', '47.03')))), [
    /99\.99 − .* 100\.00 = -0\.01 kWh，归 peak .* counted 52\.97 → .* billed 52\.96/,
  ])
})
