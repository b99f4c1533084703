import fc from 'fast-check'

/** Bytes of a sound frame with some of them changed, cut off or put in. */
export function mutationsOf(frames: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const edits = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 }), fc.constantFrom('set', 'cut', 'insert')), {
    minLength: 1,
    maxLength: 6,
  })
  return fc.tuple(fc.constantFrom(...frames), edits).map(([frame, list]) => list.reduce(edited, frame))
}

function edited(bytes: Buffer, [where, value, how]: readonly [number, number, string]): Buffer {
  const at = bytes.length === 0 ? 0 : where % bytes.length
  if (how === 'cut') return bytes.subarray(0, at)
  const rest = bytes.subarray(how === 'set' ? at + 1 : at)
  return Buffer.concat([bytes.subarray(0, at), Buffer.from([value]), rest])
}
