import { invariant } from '../../../domain/result.js'
import type { GetResponse } from '../../../protocols/dlt698/apdu.js'
import { decodeApdu } from '../../../protocols/dlt698/decode-apdu.js'
import { decodeData } from '../../../protocols/dlt698/decode-data.js'
import { encodeApdu } from '../../../protocols/dlt698/encode-apdu.js'
import { encodeData } from '../../../protocols/dlt698/encode-data.js'
import { controlOf, decodeDlt698, encodeDlt698 } from '../../../protocols/dlt698/frame.js'
import { dlt698Framing } from '../../../protocols/dlt698/framing.js'
import { toGetAnswer } from '../../../protocols/dlt698/get-answers.js'
import { type BlockChain, joinBlock } from '../../../protocols/dlt698/get-blocks.js'
import { decodeSegment, encodeSegment, joinSegment, type SegmentChain } from '../../../protocols/dlt698/segments.js'
import { createStreamSplitter } from '../../../protocols/stream-splitter.js'

const framings = [dlt698Framing]

/** Services, and data by themselves. Lengths may be written in several ways, so that the second writing is compared with the first. */
export function checkApdu(input: Buffer): void {
  const decoded = decodeApdu(input)
  if (decoded.ok) {
    const written = encodeApdu(decoded.value)
    invariant(written.length <= input.length, 'nothing is written that was not read')
    const again = decodeApdu(written)
    invariant(again.ok && encodeApdu(again.value).equals(written), 'a service that was read is written alike')
    if (decoded.value.kind === 'get_response') checkGetResponse(decoded.value, input)
  }
  const data = decodeData(input)
  if (!data.ok) return
  const written = encodeData(data.value)
  const again = decodeData(written)
  invariant(again.ok && encodeData(again.value).equals(written), 'data that were read are written alike')
}

function checkGetResponse(response: GetResponse, input: Buffer): void {
  const { objects } = toGetAnswer(response)
  invariant(objects.length <= input.length, 'no more objects than bytes')
  let chain: BlockChain | null = null
  for (let times = 0; times < 3; times += 1) {
    const step = joinBlock(chain, response)
    if (!step.ok || step.value.kind !== 'incomplete') return
    chain = step.value.chain
  }
}

/** Frames of a stream, and the segments in them put together. */
export function checkDlt698Frames(input: Buffer): void {
  const splitter = createStreamSplitter(framings)
  let chain: SegmentChain | null = null
  for (const { bytes } of [...splitter.push(input), ...splitter.timeout()]) {
    const frame = decodeDlt698(bytes)
    invariant(frame.ok, 'a frame that was found can be read')
    if (!frame.ok) return
    invariant(encodeDlt698(frame.value).equals(bytes), 'a frame that was read is written alike')
    const { controlCode, userData } = frame.value
    if (!controlOf(controlCode).segmented) {
      checkApdu(userData)
      continue
    }
    const segment = decodeSegment(userData)
    if (segment === null) continue
    invariant(encodeSegment(segment).equals(userData), 'a segment that was read is written alike')
    const joined = joinSegment(chain, segment)
    if (!joined.ok) continue
    chain = joined.value.kind === 'incomplete' ? joined.value.chain : null
    if (joined.value.kind !== 'complete') continue
    invariant(joined.value.apdu.length <= input.length, 'no more bytes are put together than came')
    checkApdu(joined.value.apdu)
  }
}
