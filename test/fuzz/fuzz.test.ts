import t from 'tap'
import { invariant } from '../../domain/result.js'
import { corpusFolder, readCorpus } from './corpus.js'
import { createFuzzer, type Failure, type Fuzzer } from './fuzz.js'
import { frameContent, lineStream } from './grammar/dlt645.js'
import type { Target } from './target.js'
import { targets } from './targets.js'

const seed = 645
const corpus = readCorpus(corpusFolder)
const nothing = { hex: [], json: [] }
const nowMs = () => 0

t.test('every decoder takes every input that was kept, and 20 000 seeded ones', async (t) => {
  t.ok(corpus.hex.length >= 30 && corpus.json.length >= 3, `${corpus.hex.length} + ${corpus.json.length} inputs kept`)
  const fuzzer = createFuzzer({ targets, corpus, seed, nowMs })
  t.equal(fuzzer.replayCorpus(), null)
  t.equal(firstFailure(fuzzer, 20_000), null)
})

t.test('an index makes the same input again, alone or after others', async (t) => {
  const [one, other] = [createFuzzer({ targets, corpus, seed, nowMs }), createFuzzer({ targets, corpus, seed, nowMs })]
  for (let index = 0; index < 2000; index += 1) one.inputOf(index)
  for (const index of [0, 7, 1999]) {
    const [first, second] = [one.inputOf(index), other.inputOf(index)]
    t.equal(first.target.name, second.target.name)
    t.ok(first.bytes.equals(second.bytes), first.bytes.toString('hex'))
  }
  const another = createFuzzer({ targets, corpus, seed: seed + 1, nowMs })
  const isSame = (index: number) => one.inputOf(index).bytes.equals(another.inputOf(index).bytes)
  t.ok(Array.from({ length: 50 }, (_, index) => index).filter(isSame).length < 10, 'another seed, other inputs')
})

interface Planted {
  readonly defect: string
  readonly check: Target['check']
  readonly message: RegExp
  /** Hexadecimal. */
  readonly minimised: string
}

const planted: readonly Planted[] = [
  {
    defect: 'throws on a byte',
    check: (input) => invariant(!input.includes(0x5a), 'no 5AH'),
    message: /InvariantError: no 5AH/,
    minimised: '5a',
  },
  {
    defect: 'reads behind the end of a frame that is cut short',
    check: (input) => {
      const length = input[input.indexOf(0x68) + 9]
      if (input.includes(0x68) && length !== undefined && length > 40) input.readUInt8(input.indexOf(0x68) + 9 + length)
    },
    message: /RangeError/,
    // Ten bytes from 68H on; the smallest length that the reader wants more of.
    minimised: '',
  },
  {
    defect: 'trusts a control code',
    check: (input) => {
      const at = input.indexOf(Buffer.from([0xd1, 0x01]))
      invariant(at === -1 || input[at + 2] !== 0x35, 'a refusal')
    },
    message: /a refusal/,
    minimised: 'd10135',
  },
]

for (const { defect, check, message, minimised } of planted) {
  t.test(`finds a decoder that ${defect}, and the smallest input for it`, async (t) => {
    const target: Target = { name: 'planted', weight: 1, grammar: lineStream, corpus: 'hex', check }
    const failure = firstFailure(createFuzzer({ targets: [target], corpus: nothing, seed, nowMs }), 300_000)
    t.match(failure, { kind: 'broken', target: 'planted', seed, message })
    if (failure === null) return
    t.throws(() => check(failure.minimised), 'the small input fails too')
    if (minimised === '') t.equal(failure.minimised.length, 10, failure.minimised.toString('hex'))
    else t.equal(failure.minimised.toString('hex'), minimised)
    const { bytes } = createFuzzer({ targets: [target], corpus: nothing, seed, nowMs }).inputOf(failure.index)
    t.ok(bytes.equals(failure.input), 'the index makes the failing input again')
  })
}

t.test('finds a decoder that takes long for an input, but does not mind a pause of the machine', async (t) => {
  let clockMs = 0
  let pauses = 0
  const slowFor = (isSlow: (input: Buffer) => boolean): Target => ({
    name: 'planted',
    weight: 1,
    grammar: frameContent,
    corpus: 'hex',
    check: (input) => {
      if (isSlow(input)) clockMs += 150
    },
  })
  const run = (target: Target) =>
    firstFailure(createFuzzer({ targets: [target], corpus: nothing, seed, nowMs: () => clockMs }), 5000)
  t.match(run(slowFor((input) => input[0] === 0x1c)), { kind: 'slow' })
  t.equal(run(slowFor(() => (pauses += 1) % 100 === 0)), null)
})

function firstFailure(fuzzer: Fuzzer, inputs: number): Failure | null {
  for (let index = 0; index < inputs; index += 1) {
    const failure = fuzzer.run(index)
    if (failure !== null) return failure
  }
  return null
}
