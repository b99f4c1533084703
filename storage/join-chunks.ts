/** Chunks in one piece, in memory of its own, so that it may move to another thread. */
export function joinChunks(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0))
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

/** Pieces that are overwritten by the next one, one behind the other in memory of its own that grows. */
export function createGathering(leastBytes: number): {
  readonly take: (piece: Uint8Array) => void
  readonly bytes: () => Uint8Array<ArrayBuffer>
} {
  let room = new Uint8Array(leastBytes)
  let length = 0
  return {
    take(piece) {
      if (length + piece.length > room.length) {
        const larger = new Uint8Array(2 * (length + piece.length))
        larger.set(room.subarray(0, length))
        room = larger
      }
      room.set(piece, length)
      length += piece.length
    },
    bytes: () => room.subarray(0, length),
  }
}
