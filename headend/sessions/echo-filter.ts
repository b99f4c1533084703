/** Takes a request's own bytes out of what comes back. */
export interface EchoFilter {
  /** What of the bytes is no echo; bytes that may still become one are held back until that is clear. */
  readonly push: (chunk: Buffer) => Buffer
  /** The line is silent: what was held back was no echo, since that comes whole. */
  readonly rest: () => Buffer
}

/**
 * An adapter without direction control hears itself. A reply begins like its request (wake-up bytes, address), so only the whole
 * request counts as an echo; whatever differs from it is given back from its first byte on.
 */
export function createEchoFilter(sent: Buffer): EchoFilter {
  let held: Buffer = Buffer.alloc(0)
  let isOver = false
  const release = (): Buffer => {
    const released = held
    held = Buffer.alloc(0)
    isOver = true
    return released
  }
  return {
    push(chunk) {
      if (isOver) return chunk
      held = Buffer.concat([held, chunk])
      const compared = Math.min(held.length, sent.length)
      if (!held.subarray(0, compared).equals(sent.subarray(0, compared))) return release()
      return held.length < sent.length ? held.subarray(0, 0) : release().subarray(sent.length)
    },
    rest: release,
  }
}
