import type { FuzzRandom } from '../fuzz-random.js'
import type { Input } from '../input.js'

/** Appends something that is right, or nearly right, by the rules of one language. */
export type Grammar = (random: FuzzRandom, input: Input) => void
