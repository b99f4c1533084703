import type { Corpus } from './corpus.js'
import { createFuzzRandom } from './fuzz-random.js'
import { appendBytes, createInput } from './input.js'
import { minimise } from './minimise.js'
import { mutate } from './mutate.js'
import type { Target } from './target.js'

export interface FuzzPlan {
  readonly targets: readonly Target[]
  readonly corpus: Corpus
  readonly seed: number
  /** Milliseconds on a clock that never goes back. */
  readonly nowMs: () => number
}

export interface Failure {
  readonly kind: 'broken' | 'slow' | 'hang' | 'memory'
  readonly target: string
  readonly seed: number
  /** Of the input; -1 for one of the corpus. */
  readonly index: number
  readonly message: string
  readonly input: Buffer
  readonly minimised: Buffer
}

export interface Fuzzer {
  /** The input of an index, the same for a seed wherever and whenever it is made; valid until the next call. */
  readonly inputOf: (index: number) => { readonly target: Target; readonly bytes: Buffer }
  /** Makes the input and gives it to its target. */
  readonly run: (index: number) => Failure | null
  /** Gives every target the inputs that are kept for it. */
  readonly replayCorpus: () => Failure | null
}

/** No decoder needs this long for a few thousand bytes; a pause of the machine is told apart by trying again. */
const slowMs = 100
const triesOfSlow = 3
const corpusOdds = 8

export function createFuzzer({ targets, corpus, seed, nowMs }: FuzzPlan): Fuzzer {
  const random = createFuzzRandom()
  const input = createInput()
  // A target stands in the list as often as its weight says.
  const weighted = targets.flatMap((target) => Array.from({ length: target.weight }, () => target))
  let lastEnd = nowMs()

  function inputOf(index: number): { readonly target: Target; readonly bytes: Buffer } {
    random.reseed(seed, index)
    const target = random.pick(weighted)
    const kept = corpus[target.corpus]
    input.length = 0
    if (kept.length > 0 && random.oneIn(corpusOdds)) appendBytes(input, random.pick(kept))
    else target.grammar(random, input)
    mutate(random, input, kept.length > 0 ? random.pick(kept) : input.bytes)
    return { target, bytes: input.bytes.subarray(0, input.length) }
  }

  function check(target: Target, bytes: Buffer, index: number): Failure | null {
    const message = messageOf(target, bytes)
    const end = nowMs()
    const isSlow = end - lastEnd > slowMs
    lastEnd = end
    if (message !== null) return failure('broken', target, bytes, index, message)
    if (!isSlow || !isSlowAgain(target, bytes, nowMs)) return null
    return failure('slow', target, bytes, index, `takes more than ${slowMs} ms`)
  }

  function failure(kind: 'broken' | 'slow', target: Target, bytes: Buffer, index: number, message: string): Failure {
    const kept = Buffer.from(bytes)
    const fails = kind === 'broken' ? (one: Buffer) => messageOf(target, one) !== null : () => false
    return { kind, target: target.name, seed, index, message, input: kept, minimised: minimise(kept, fails) }
  }

  return {
    inputOf,
    run(index) {
      const { target, bytes } = inputOf(index)
      return check(target, bytes, index)
    },
    replayCorpus() {
      for (const target of targets)
        for (const bytes of corpus[target.corpus]) {
          const failed = check(target, bytes, -1)
          if (failed !== null) return failed
        }
      return null
    },
  }
}

function messageOf(target: Target, bytes: Buffer): string | null {
  try {
    target.check(bytes)
    return null
  } catch (thrown) {
    return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)
  }
}

function isSlowAgain(target: Target, bytes: Buffer, nowMs: () => number): boolean {
  for (let tries = 0; tries < triesOfSlow; tries += 1) {
    const start = nowMs()
    target.check(bytes)
    if (nowMs() - start <= slowMs) return false
  }
  return true
}
