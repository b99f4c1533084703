import { fixedTypes, integerTypes } from '../../../protocols/dlt698/data.js'
import type { FuzzRandom } from '../fuzz-random.js'
import { appendByte, type Input } from '../input.js'
import type { Grammar } from './grammar.js'

/** Tag and number of bytes behind it; -1 where a length follows. Those that meters send most stand more than once. */
export const dataTags: readonly (readonly [tag: number, bytes: number])[] = [
  [0, 0],
  [1, 0],
  [1, 0],
  [2, 0],
  [3, 1],
  [4, -1],
  [6, 4],
  [6, 4],
  [6, 4],
  [9, -1],
  [10, -1],
  [12, -1],
  [28, 7],
  [28, 7],
  ...Object.values(integerTypes).map(({ tag, byteCount }) => [tag, byteCount] as const),
  ...Object.values(fixedTypes).map(({ tag, byteCount }) => [tag, byteCount] as const),
  // Composed types, and tags that nobody uses.
  ...[7, 82, 84, 85, 88, 89, 90, 91, 92, 93, 94, 96, 200].map((tag) => [tag, 6] as const),
]

/** An OAD, or a road with OADs of its own. */
export function columnLike(random: FuzzRandom, input: Input, appendOad: Grammar): void {
  const isRoad = random.oneIn(6)
  appendByte(input, isRoad ? 1 : 0)
  appendOad(random, input)
  if (!isRoad) return
  const count = random.below(3)
  appendByte(input, count)
  for (let each = 0; each < count; each += 1) appendOad(random, input)
}
