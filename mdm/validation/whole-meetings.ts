import type { MeterId } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import type { ClaimRow } from '../../storage/mdm/validation-shard.js'
import { meetingAt } from './meeting-at.js'
import type { Group } from './shards.js'

type MetClaim = Pick<ClaimRow, 'meterId' | 'quantity' | 'readAt' | 'dueAt'>

/**
 * Groups that are decided anew from the begin of a meeting on, where they were to be from the middle of it: a live read of some minutes
 * after midnight is judged beside the freezes of that midnight, whichever of them came first.
 */
export function wholeMeetings(groups: readonly Group[], claims: readonly MetClaim[]): readonly Group[] {
  const homes = new Map<MeterId, { readonly group: Group; readonly firstAt: Map<number, Instant> }>()
  const whole = groups.map((group) => {
    const firstAt = new Map(group.firstAt)
    for (const meterId of group.meterIds) homes.set(meterId, { group, firstAt })
    return { ...group, firstAt }
  })
  for (const claim of claims) {
    const home = claim.dueAt === null ? undefined : homes.get(claim.meterId)
    const wanted = home?.group.firstAt.get(claim.quantity)
    if (home === undefined || wanted === undefined || claim.readAt < wanted) continue
    const known = home.firstAt.get(claim.quantity) ?? wanted
    home.firstAt.set(claim.quantity, Math.min(known, meetingAt(claim)))
  }
  return whole
}
