import { present } from '../../domain/result.js'
import type { Transaction } from '../database.js'

/** By how much `frame_sequence` goes on with each draw. */
const blockSize = 1000

/**
 * Numbers for `count` frames, ascending, that nobody else gets. A transaction draws whole blocks and leaves what it does not need,
 * so that nodes never wait for each other.
 */
export async function drawFrameNumbers(tx: Transaction, count: number): Promise<readonly bigint[]> {
  const blocks = await tx.query<{ readonly first: bigint }>(
    `select nextval('frame_sequence') as first from generate_series(1, $1)`,
    [Math.ceil(count / blockSize)],
  )
  return Array.from({ length: count }, (_, index) => {
    const { first } = present(blocks[Math.floor(index / blockSize)], 'a block of frame numbers')
    return first + BigInt(index % blockSize)
  })
}
