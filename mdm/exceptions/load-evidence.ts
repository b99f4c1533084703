import { present } from '../../domain/result.js'
import { dayMs, type Instant } from '../../domain/time.js'
import type { Queryable } from '../../storage/database.js'
import { type ExceptionClaim, readClaimsOfExceptions } from '../../storage/mdm/exception-decisions.js'
import {
  type EventRow,
  type HistoryRow,
  type MeterKey,
  multiplierChange,
  type Neighbour,
  readEvents,
  readHistory,
  readNeighboursOfDay,
} from '../../storage/mdm/exception-evidence.js'
import type { OpenException } from '../../storage/mdm/open-exceptions.js'
import { type FieldEvent, readFieldEvents } from '../../storage/registry/field-events.js'
import { usualPerDay } from './usual-per-day.js'
import { suggest } from './suggestions/suggest.js'
import type { Suggestion, SuggestionContext } from './suggestions/suggestion.js'

export interface Evidence {
  readonly claims: readonly ExceptionClaim[]
  readonly history: readonly HistoryRow[]
  readonly after: readonly HistoryRow[]
  readonly neighbours: readonly Neighbour[]
  readonly events: readonly EventRow[]
  /** Seals and faults of the meter, the latest first. */
  readonly fieldEvents: readonly FieldEvent[]
  readonly usualE4PerDay: bigint | null
  readonly suggestion: Suggestion
}

const historyMs = 30 * dayMs
const mostHistory = 31
const mostAfter = 5
const afterMs = 10 * dayMs
const mostNeighbours = 8
const mostFieldEvents = 10
/** A multiplier that is older than this explains nothing new. */
const multiplierMs = 40 * dayMs

/** Everything that is known around a doubt, and what it suggests. */
export async function loadEvidence(client: Queryable, one: OpenException, now: Instant): Promise<Evidence> {
  const events = await readEvents(client, one.exceptionKey)
  const fieldEvents = one.meterId === null ? [] : await readFieldEvents(client, one.meterId, mostFieldEvents)
  const changedAt = await recentMultiplier(client, one, one.readAt ?? now)
  const key = keyOf(one)
  if (key === null) {
    const suggestion = suggest({ ...nothingKnown, kind: one.kind, rules: one.rules, multiplierChangedAt: changedAt })
    return { claims: [], history: [], after: [], neighbours: [], events, fieldEvents, usualE4PerDay: null, suggestion }
  }
  const { readAt } = key
  const claims = await readClaimsOfExceptions(client, [one.exceptionKey])
  const history = await readHistory(client, key, { from: readAt - historyMs, to: readAt, limit: mostHistory })
  const later = { from: readAt + 1, to: Math.min(readAt + afterMs, now + 1), limit: mostHistory }
  const after = (await readHistory(client, key, later)).slice(0, mostAfter)
  const usualE4PerDay = usualPerDay(history)
  const suggestion = suggest({
    kind: one.kind,
    rules: one.rules,
    readAt,
    claims: claims.map(({ registers }) => registers),
    before: history.flatMap(toKnown).toReversed(),
    after: after.flatMap(({ readAt: at, totalE4 }) => (totalE4 === null ? [] : [{ readAt: at, totalE4 }])),
    usualE4PerDay,
    multiplierChangedAt: changedAt,
  })
  return {
    claims,
    history,
    after,
    neighbours: await readNeighboursOfDay(client, key, mostNeighbours),
    events,
    fieldEvents,
    usualE4PerDay,
    suggestion,
  }
}

const nothingKnown: Omit<SuggestionContext, 'kind' | 'rules' | 'multiplierChangedAt'> = {
  readAt: null,
  claims: [],
  before: [],
  after: [],
  usualE4PerDay: null,
}

function keyOf({ meterId, quantity, readAt }: OpenException): MeterKey | null {
  return meterId === null || readAt === null ? null : { meterId, readAt, quantity: quantity ?? 1 }
}

function toKnown({ readAt, verdict, totalE4 }: HistoryRow): readonly SuggestionContext['before'][number][] {
  if (verdict !== 'accepted' && verdict !== 'estimated') return []
  return [{ readAt, totalE4: present(totalE4, 'a decided value'), isEstimate: verdict === 'estimated' }]
}

async function recentMultiplier(
  client: Queryable,
  { usagePointId }: OpenException,
  at: Instant,
): Promise<Instant | null> {
  const changedAt = usagePointId === null ? null : await multiplierChange(client, usagePointId, at)
  return changedAt !== null && at - changedAt <= multiplierMs ? changedAt : null
}
