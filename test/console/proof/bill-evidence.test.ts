import t from 'tap'
import type { ProofBoundary, ProofDocument, ProofSegment } from '../../../billing/proof/proof-document.js'
import { billEvidence, evidenceText } from '../../../console/proof/bill-evidence.js'

function boundary(total: string, part: Partial<ProofBoundary> = {}): ProofBoundary {
  return {
    at: '2026-06-30T16:00:00.000Z',
    verdict: 'accepted',
    rules: [],
    reason: '',
    source: 'scheduled',
    registers: { total, tou1: null, tou2: null, tou3: null, tou4: null },
    frame: null,
    document: null,
    ...part,
  }
}

function segment(start: ProofBoundary, end: ProofBoundary, multiplier = 1): ProofSegment {
  const meter = { code: 'meter-1', address: '1', model: 'm', registerDigits: 6, registerMap: null }
  return { from: start.at, to: end.at, meter, multiplier, start, end }
}

type Told = Parameters<typeof billEvidence>[0]

function told(segments: readonly ProofSegment[], others: readonly ProofSegment[] = []): Told {
  const relations = {
    from: '',
    to: '',
    point: 'point-1',
    relations: [],
    points: [{ point: 'point-2', segments: others }],
  }
  return { bill: { energy: '400', amount: '200.00' }, segments, relations } as unknown as ProofDocument
}

const estimated = { verdict: 'estimated', source: null }

t.test('a bill says which part of its money rests on estimates', (t) => {
  const read = segment(boundary('0'), boundary('300'))
  const guessed = segment(boundary('0'), boundary('10', estimated), 10)
  const rows: readonly (readonly [string, Told, readonly string[]])[] = [
    ['nothing', told([read]), ['0.00', '0.00', '0.00']],
    ['a quarter', told([read, guessed]), ['100.00', '50.00', '25.00']],
    ['all of it', told([guessed]), ['400.00', '200.00', '100.00']],
    [
      'a register that turned over',
      told([segment(boundary('999900'), boundary('100', estimated))]),
      ['400.00', '200.00', '100.00'],
    ],
    ['no energy', told([segment(boundary('5'), boundary('5', estimated))]), ['0.00', '0.00', '0.00']],
    ['a share of an estimate', told([], [guessed]), ['400.00', '200.00', '100.00']],
  ]
  for (const [title, proof, [energy, amount, percent]] of rows)
    t.same(billEvidence(proof).estimates, { energy, amount, percent }, title)
  t.end()
})

t.test('values that people entered show with their document and who answers for them', (t) => {
  const note = { source: 'corrected', document: { name: 'photo 7', notedBy: 'clerk-1 + clerk-2' } }
  const proof = told([segment(boundary('1'), boundary('401', note))])
  t.match(billEvidence(proof).handEntered, [
    { meter: 'meter-1', source: 'corrected', energy: '401', document: 'photo 7', by: 'clerk-1 + clerk-2' },
  ])
  t.match(evidenceText(proof), [
    /rests on estimates: 0\.00 \/ 200\.00 元 yuan \(0\.00 %, 0\.00 kWh\)/,
    /※ 更正 corrected 2026-07-01 00:00 · 表 meter meter-1 · 401\.00 kWh · photo 7 · clerk-1 \+ clerk-2/,
  ])
  t.end()
})
