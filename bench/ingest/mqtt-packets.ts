import type { Readable } from 'node:stream'

/** The few packets of MQTT 3.1.1 that a publisher needs; the broker under it is real. */
export type Packet =
  | { readonly kind: 'acknowledgement' }
  | { readonly kind: 'message'; readonly payload: Buffer }
  | { readonly kind: 'other' }

export function connect(clientId: string): Buffer {
  return packetOf(0x10, [text('MQTT'), Buffer.from([4, 0x02, 0, 0]), text(clientId)])
}

/** With QoS 0: what comes back is timed, not kept. */
export function subscribe(topic: string): Buffer {
  return packetOf(0x82, [Buffer.from([0, 1]), text(topic), Buffer.from([0])])
}

/** With QoS 1. */
export function publish(topic: string, payload: Buffer, packetId: number): Buffer {
  return packetOf(0x32, [text(topic), Buffer.from([packetId >> 8, packetId & 0xff]), payload])
}

/** Hands each packet on as it is complete. */
export function takePackets(stream: Readable, take: (packet: Packet) => void): void {
  let rest = Buffer.alloc(0)
  stream.on('data', (chunk: Buffer) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let at = 0
    for (;;) {
      const body = bodyAt(bytes, at)
      if (body === null) break
      take(toPacket(bytes[at] ?? 0, bytes.subarray(body.start, body.end)))
      at = body.end
    }
    rest = Buffer.from(bytes.subarray(at))
  })
}

function toPacket(header: number, body: Buffer): Packet {
  if (header >> 4 === 4) return { kind: 'acknowledgement' }
  if (header >> 4 === 3) return { kind: 'message', payload: body.subarray(2 + body.readUInt16BE(0)) }
  return { kind: 'other' }
}

/** Null while the packet is not complete. */
function bodyAt(bytes: Buffer, at: number): { readonly start: number; readonly end: number } | null {
  let length = 0
  for (let digit = 0; digit < 4; digit++) {
    const byte = bytes[at + 1 + digit]
    if (byte === undefined) return null
    length += (byte & 0x7f) << (7 * digit)
    const start = at + 2 + digit
    if (byte < 0x80) return start + length <= bytes.length ? { start, end: start + length } : null
  }
  throw new Error('a packet length has four bytes at the most')
}

function packetOf(header: number, parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  const length: number[] = []
  for (let rest = body.length; rest > 0 || length.length === 0; rest >>= 7)
    length.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0))
  return Buffer.concat([Buffer.from([header, ...length]), body])
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  const length = Buffer.alloc(2)
  length.writeUInt16BE(bytes.length)
  return Buffer.concat([length, bytes])
}
