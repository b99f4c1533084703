import { controlOf, decodeDlt698 } from '../dlt698/frame.js'
import { inspectJoined } from '../dlt698/inspect-dlt698.js'
import { decodeSegment, joinSegment, type SegmentChain } from '../dlt698/segments.js'
import type { InspectedFrame } from './inspected-frame.js'

/**
 * Reads frames of DL/T 698.45 one after the other. The frame that completes an APDU cut into segments comes back with what the
 * whole says, any other as it is; segments are kept apart by who speaks, since several may.
 */
export function createSegmentJoiner(inspectInner: (bytes: Buffer) => InspectedFrame | null) {
  const chains = new Map<string, SegmentChain>()
  return (frame: InspectedFrame, bytes: Buffer): InspectedFrame => {
    const decoded = decodeDlt698(bytes)
    if (!decoded.ok || !controlOf(decoded.value.controlCode).segmented) return frame
    const segment = decodeSegment(decoded.value.userData)
    if (segment === null || segment.place === 'confirmation') return frame
    const speaker = `${frame.address} ${frame.direction}`
    const step = joinSegment(chains.get(speaker) ?? null, segment)
    chains.delete(speaker)
    if (!step.ok) return frame
    if (step.value.kind === 'complete') return inspectJoined(frame, step.value.apdu, inspectInner)
    chains.set(speaker, step.value.chain)
    return frame
  }
}
