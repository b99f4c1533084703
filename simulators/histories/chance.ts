import { hashBelow } from '../load/integer-hash.js'

/** Chance as a hash of (seed, history, usage point, topic, …): nothing depends on what was drawn before. */
export interface Chance {
  /** In [0, bound). */
  readonly below: (bound: number, topic: Topic, ...parts: readonly number[]) => number
  /** In [least, most], both included. */
  readonly between: (least: number, most: number, topic: Topic, ...parts: readonly number[]) => number
  /** True this many times out of a thousand. */
  readonly perMille: (share: number, topic: Topic, ...parts: readonly number[]) => boolean
  readonly pick: <T>(choices: readonly [T, ...T[]], topic: Topic, ...parts: readonly number[]) => T
}

/** What a number is drawn for. */
export const topics = {
  loadClass: 1,
  monthlyUse: 2,
  dayLevel: 3,
  season: 4,
  event: 5,
  width: 6,
  registers: 7,
  opening: 8,
  rollover: 9,
  ratio: 10,
  exchange: 11,
  newMultiplier: 12,
  collection: 13,
  fault: 14,
  faultDay: 15,
  faultShape: 16,
  secondFault: 17,
} as const
type Topic = (typeof topics)[keyof typeof topics]

export function createChance(seed: number, history: number, point: number): Chance {
  const start = hashBelow(2 ** 32, seed, history, point)
  const below = (bound: number, topic: Topic, ...parts: readonly number[]) => hashBelow(bound, start, topic, ...parts)
  return {
    below,
    between: (least, most, topic, ...parts) => least + below(most - least + 1, topic, ...parts),
    perMille: (share, topic, ...parts) => below(1000, topic, ...parts) < share,
    pick: (choices, topic, ...parts) => choices[below(choices.length, topic, ...parts)] ?? choices[0],
  }
}
