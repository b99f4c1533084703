import type { LineId } from '../../domain/reading.js'
import type { Clock } from '../../domain/runtime.js'
import { hourMs, type Instant } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import {
  concentratorStates,
  insertConcentratorStatus,
  lastHeard,
  type PresenceEvidence,
} from '../../storage/headend/concentrators.js'
import type { Uplink } from './uplink.js'

/** What this process knows of who is there, so that not every upload asks the database. */
export interface StatusNotes {
  /** A message on the status topic. `at` is what it says itself of the time; null where it says nothing. */
  readonly told: (lineId: LineId, online: boolean, at: Instant | null) => Promise<void>
  /** Whether it was on-line by the last that is known of it: then there is nothing to note of its traffic. */
  readonly isOnline: (lineId: LineId) => boolean
  /** An upload came. */
  readonly traffic: (lineId: LineId, receivedAt: Instant) => Promise<void>
  /** Notes which of the concentrators have said nothing for too long. Those whose broker tells when they are lost are left out. */
  readonly silence: (uplinks: readonly Uplink[]) => Promise<void>
}

/** A concentrator delivers each night; a day and two hours without a word is too long. */
const longestSilenceMs = 26 * hourMs
/** A concentrator's clock may be wrong by years; what it says of the time counts only near our own. */
const trustedClockMs = hourMs

export function createStatusNotes(database: Database, clock: Clock): StatusNotes {
  const online = new Map<LineId, boolean>()

  async function note(lineId: LineId, isOnline: boolean, evidence: PresenceEvidence, since: Instant): Promise<void> {
    const before = online.get(lineId)
    if (before === isOnline) return
    // Known before it is stored: the thousands of messages that arrive meanwhile say nothing new.
    online.set(lineId, isOnline)
    try {
      await insertConcentratorStatus(database, { lineId, online: isOnline, evidence, since }, clock.now())
    } catch (failure) {
      if (before === undefined) online.delete(lineId)
      else online.set(lineId, before)
      throw failure
    }
  }

  return {
    told(lineId, isOnline, at) {
      const now = clock.now()
      const since = at !== null && at <= now && now - at <= trustedClockMs ? at : now
      return note(lineId, isOnline, isOnline ? 'announced' : 'last_will', since)
    },
    isOnline: (lineId) => online.get(lineId) === true,
    traffic: (lineId, receivedAt) => note(lineId, true, 'traffic', receivedAt),
    async silence(uplinks) {
      const now = clock.now()
      const watched = uplinks.filter((uplink) => !tellsPresence(uplink)).map(({ line }) => line.lineId)
      if (watched.length === 0) return
      const states = await concentratorStates(database, now)
      const heard = await lastHeard(database, { lineIds: watched, from: now - longestSilenceMs })
      // Other head-ends note what they hear.
      for (const state of states.values()) online.set(state.lineId, state.online)
      for (const lineId of watched) {
        const state = states.get(lineId)
        const isSilent = state !== undefined && state.since < now - longestSilenceMs && !heard.has(lineId)
        if (isSilent) await note(lineId, false, 'silence', now)
      }
    },
  }
}

/** Some units report the state of each meter on their status topic instead. */
export function tellsPresence({ profile }: Uplink): boolean {
  const { status } = profile.channels
  return status !== undefined && !status.topic.includes('{meter}')
}
