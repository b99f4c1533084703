import { parentPort } from 'node:worker_threads'
import type { ProofVerdict } from './check-proof.js'
import { createSegmentCheck, type SegmentCheck, type SegmentVerdict } from './check-segment.js'

/** Proofs of a segment in the order of its bills, each as JSON text; with a statement the segment is closed after them. */
export interface CheckRequest {
  readonly proofs: readonly string[]
  readonly statement: string | null
}

export interface CheckAnswer {
  /** One for each proof. */
  readonly bills: readonly ProofVerdict[]
  /** Null without a statement. */
  readonly segment: SegmentVerdict | null
}

let check: SegmentCheck = createSegmentCheck()

parentPort?.on('message', ({ proofs, statement }: CheckRequest) => {
  const bills = proofs.map((proof) => check.take(JSON.parse(proof)))
  const segment = statement === null ? null : check.close(JSON.parse(statement))
  if (segment !== null) check = createSegmentCheck()
  parentPort?.postMessage({ bills, segment } satisfies CheckAnswer, [])
})
