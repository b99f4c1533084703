import fc from 'fast-check'
import t from 'tap'
import {
  decodeSegment,
  encodeSegment,
  joinSegment,
  type Segment,
  type SegmentChain,
  segmentsOf,
} from '../../../protocols/dlt698/segments.js'

const apdu = Buffer.from('0123456789abcdef', 'hex')

t.test('cuts an APDU into first, middle and last pieces', async (t) => {
  t.same(
    segmentsOf(apdu, 3).map(({ number, place, fragment }) => [number, place, fragment.toString('hex')]),
    [
      [0, 'first', '012345'],
      [1, 'middle', '6789ab'],
      [2, 'last', 'cdef'],
    ],
  )
})

const headers: readonly [place: Segment['place'], number: number, hex: string][] = [
  ['first', 0, '0000'],
  ['last', 2, '0240'],
  ['confirmation', 1, '0180'],
  ['middle', 4095, 'ffcf'],
]

for (const [place, number, hex] of headers) {
  t.test(`writes the header of a ${place} segment as ${hex}`, async (t) => {
    const segment = { number, place, fragment: Buffer.alloc(0) }
    t.equal(encodeSegment(segment).toString('hex'), hex)
    t.same(decodeSegment(Buffer.from(hex, 'hex')), segment)
  })
}

t.test('has no segment in less than two bytes', async (t) => {
  t.equal(decodeSegment(Buffer.from('00', 'hex')), null)
})

t.test('joins what was cut, each piece arriving once or twice', async (t) => {
  const cuts = fc.record({
    bytes: fc.uint8Array({ minLength: 2, maxLength: 300 }),
    size: fc.integer({ min: 1, max: 40 }),
    twice: fc.boolean(),
  })
  t.doesNotThrow(
    () =>
      fc.assert(
        fc.property(cuts, ({ bytes, size, twice }) => {
          const whole = Buffer.from(bytes)
          fc.pre(whole.length > size)
          const pieces = segmentsOf(whole, size).flatMap((each) =>
            twice && each.place !== 'last' ? [each, each] : [each],
          )
          return joined(pieces)?.equals(whole) === true
        }),
        { seed: 698, numRuns: 300 },
      ),
    '300 APDUs',
  )
})

t.test('refuses a piece that is not the next', async (t) => {
  const [first, middle, last] = segmentsOf(apdu, 3)
  const chain = first === undefined ? null : chainAfter(null, first)
  t.match(last && joinSegment(chain, last), { ok: false, error: { kind: 'segment_out_of_order' } })
  t.match(middle && joinSegment(null, middle), { ok: false, error: { kind: 'segment_out_of_order' } })
  const confirmation: Segment = { number: 0, place: 'confirmation', fragment: Buffer.alloc(0) }
  t.match(joinSegment(chain, confirmation), { ok: false, error: { kind: 'segment_out_of_order' } })
})

t.test('begins anew with a first piece', async (t) => {
  const [first] = segmentsOf(apdu, 3)
  const chain = { nextNumber: 7, collected: Buffer.from('ff', 'hex') }
  t.match(first && joinSegment(chain, first), {
    value: { chain: { nextNumber: 1, collected: Buffer.from('012345', 'hex') } },
  })
})

t.test('stops collecting at a million bytes', async (t) => {
  const piece = (number: number): Segment => ({
    number,
    place: number === 0 ? 'first' : 'middle',
    fragment: Buffer.alloc(1 << 19),
  })
  const chain = chainAfter(chainAfter(null, piece(0)), piece(1))
  t.match(joinSegment(chain, piece(2)), { ok: false, error: { kind: 'segments_too_long' } })
})

function joined(pieces: readonly Segment[]): Buffer | null {
  let chain: SegmentChain | null = null
  for (const piece of pieces) {
    const step = joinSegment(chain, piece)
    if (!step.ok) return null
    if (step.value.kind === 'complete') return step.value.apdu
    chain = step.value.chain
  }
  return null
}

function chainAfter(chain: SegmentChain | null, segment: Segment): SegmentChain | null {
  const step = joinSegment(chain, segment)
  return step.ok && step.value.kind === 'incomplete' ? step.value.chain : null
}
