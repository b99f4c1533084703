import type { Transaction } from '../database.js'

/** Accounts first … last, by number. */
export interface AccountSpan {
  readonly first: bigint
  readonly last: bigint
}

/** About how many bytes will come, and memory for them where there is some. */
export interface BytesWanted {
  readonly expected: number
  readonly room: ArrayBuffer | null
}

const leastBytes = 1 << 16

/**
 * What a COPY sends, in one piece and in memory of its own, so that it may move to another thread. COPY takes no parameters: `settings`
 * are set as `shuangwu.…` until the transaction ends.
 */
export async function readBytes(
  tx: Transaction,
  copy: string,
  settings: Readonly<Record<string, string>>,
  { expected, room }: BytesWanted = { expected: leastBytes, room: null },
): Promise<Uint8Array<ArrayBuffer>> {
  for (const [name, value] of Object.entries(settings))
    await tx.query('select set_config($1, $2, true)', [`shuangwu.${name}`, value])
  let bytes = room !== null && room.byteLength >= expected ? new Uint8Array(room) : new Uint8Array(expected)
  let length = 0
  const take = (piece: Buffer): void => {
    if (length + piece.length > bytes.length) bytes = enlarged(bytes, 2 * (length + piece.length))
    bytes.set(piece, length)
    length += piece.length
  }
  await tx.copyOut(copy, take, 'passing')
  return bytes.subarray(0, length)
}

function enlarged(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(size)
  larger.set(bytes)
  return larger
}
