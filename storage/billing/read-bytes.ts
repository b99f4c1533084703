import type { Transaction } from '../database.js'

/** Accounts first … last, by number. */
export interface AccountSpan {
  readonly first: bigint
  readonly last: bigint
}

/** Memory for at least so many bytes, with what was written to it before. */
export type Room = (bytes: number) => Uint8Array

/** About how many bytes will come, and where to. */
export interface BytesWanted {
  readonly expected: number
  readonly room: Room
}

const leastBytes = 1 << 16

/** What a COPY sends, in one piece. COPY takes no parameters: `settings` are set as `shuangwu.…` until the transaction ends. */
export async function readBytes(
  tx: Transaction,
  copy: string,
  settings: Readonly<Record<string, string>>,
  { expected, room }: BytesWanted = { expected: leastBytes, room: roomOfItsOwn() },
): Promise<Uint8Array> {
  for (const [name, value] of Object.entries(settings))
    await tx.query('select set_config($1, $2, true)', [`shuangwu.${name}`, value])
  let bytes = room(expected)
  let length = 0
  const take = (piece: Buffer): void => {
    if (length + piece.length > bytes.length) bytes = room(2 * (length + piece.length))
    bytes.set(piece, length)
    length += piece.length
  }
  await tx.copyOut(copy, take, 'passing')
  return bytes.subarray(0, length)
}

function roomOfItsOwn(): Room {
  let bytes = new Uint8Array(0)
  return (size) => {
    const larger = new Uint8Array(size)
    larger.set(bytes)
    bytes = larger
    return larger
  }
}
