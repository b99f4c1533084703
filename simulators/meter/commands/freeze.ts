import type { Instant } from '../../../domain/time.js'
import type { MeterMemory } from '../memory.js'
import { type CommandOutcome, done, refused } from './outcome.js'

const freezeNow = '99999999'
const instantFreezesKept = 3
const timedFreezeItem = '04000901'

/** 99 stands for any: all of them freeze now, others name a recurring moment, which is kept as a parameter. */
export function freeze(pattern: string | null, memory: MeterMemory, now: Instant): CommandOutcome {
  if (pattern === null) return refused('other')
  if (!isMoment(pattern)) return refused('other')
  if (pattern !== freezeNow) {
    memory.parameters.set(`freeze:${timedFreezeItem}`, Buffer.from(pattern, 'hex'))
    return done
  }
  memory.instantFreezes.unshift(now)
  memory.instantFreezes.splice(instantFreezesKept)
  return done
}

/** MMDDhhmm, 99 for any. */
function isMoment(pattern: string): boolean {
  const parts = [...pattern.matchAll(/../g)].map(([digits]) => Number(digits))
  return parts.every((part, place) => {
    const [least = 0, most = 0] = momentRanges[place] ?? []
    return part === 99 || (part >= least && part <= most)
  })
}

const momentRanges: readonly (readonly [least: number, most: number])[] = [
  [1, 12],
  [1, 31],
  [0, 23],
  [0, 59],
]
