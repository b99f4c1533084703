import { err, invariant, ok, type Result } from '../../domain/result.js'

/**
 * A piece of an APDU that does not fit one frame; the link's user data begin with its number and place.
 * Source for the two high bits: four independent public implementations (00 first, 01 last, 10 confirmation, 11 middle).
 */
export interface Segment {
  /** 0 to 4095, counted around. */
  readonly number: number
  readonly place: SegmentPlace
  /** A piece of the APDU; a confirmation has none. */
  readonly fragment: Buffer
}

const places = ['first', 'last', 'confirmation', 'middle'] as const
export type SegmentPlace = (typeof places)[number]

export interface SegmentChain {
  readonly nextNumber: number
  readonly collected: Buffer
}

export type SegmentStep =
  | { readonly kind: 'incomplete'; readonly chain: SegmentChain }
  | { readonly kind: 'complete'; readonly apdu: Buffer }

export type SegmentError = { readonly kind: 'segment_out_of_order' } | { readonly kind: 'segments_too_long' }

const segmentHeaderBytes = 2
const numberMask = 0x0fff
/** Far above the few kilobytes that meters negotiate. */
const maxApduBytes = 1 << 20

/** The user data of a frame whose control code says that it is segmented; null when they are too short. */
export function decodeSegment(userData: Buffer): Segment | null {
  if (userData.length < segmentHeaderBytes) return null
  const word = userData.readUInt16LE(0)
  return {
    number: word & numberMask,
    place: places[word >> 14] ?? 'first',
    fragment: Buffer.from(userData.subarray(segmentHeaderBytes)),
  }
}

export function encodeSegment({ number, place, fragment }: Segment): Buffer {
  const header = Buffer.alloc(segmentHeaderBytes)
  header.writeUInt16LE((places.indexOf(place) << 14) | (number & numberMask))
  return Buffer.concat([header, fragment])
}

/** The pieces of one APDU, two at least, none longer than `maxBytes` (its header not counted). */
export function segmentsOf(apdu: Buffer, maxBytes: number): readonly Segment[] {
  invariant(maxBytes > 0 && apdu.length > maxBytes, 'an APDU that fits one frame is not cut')
  const count = Math.ceil(apdu.length / maxBytes)
  return Array.from({ length: count }, (_, number) => ({
    number: number & numberMask,
    place: placeOf(number, count),
    fragment: apdu.subarray(number * maxBytes, (number + 1) * maxBytes),
  }))
}

/**
 * Joins one more piece; the chain is null before the first. Pure: the caller keeps what comes back.
 * A piece that comes twice, because its confirmation was lost, changes nothing.
 */
export function joinSegment(chain: SegmentChain | null, segment: Segment): Result<SegmentStep, SegmentError> {
  if (segment.place === 'first') return stepWith(segment, Buffer.alloc(0))
  if (chain === null || segment.place === 'confirmation') return err({ kind: 'segment_out_of_order' })
  if (segment.number === ((chain.nextNumber - 1) & numberMask)) return ok({ kind: 'incomplete', chain })
  if (segment.number !== chain.nextNumber) return err({ kind: 'segment_out_of_order' })
  return stepWith(segment, chain.collected)
}

function stepWith({ number, place, fragment }: Segment, before: Buffer): Result<SegmentStep, SegmentError> {
  const collected = Buffer.concat([before, fragment])
  if (collected.length > maxApduBytes) return err({ kind: 'segments_too_long' })
  if (place === 'last') return ok({ kind: 'complete', apdu: collected })
  return ok({ kind: 'incomplete', chain: { nextNumber: (number + 1) & numberMask, collected } })
}

function placeOf(number: number, count: number): SegmentPlace {
  if (number === 0) return 'first'
  return number === count - 1 ? 'last' : 'middle'
}
