import { groupBy } from '../../domain/group-by.js'
import { type Calendar, calendarFor, type Instant } from '../../domain/time.js'
import type { Queryable } from '../../storage/database.js'
import { type EstimablePoint, findPeers, readAcceptedTotals } from '../../storage/mdm/estimation.js'
import type { EstimationPolicy } from './default-policy.js'
import type { EstimationContext, PeerProfile, UsageHistory } from './estimation-context.js'
import { peerProfileOf } from './peer-profile-of.js'
import { type UsageClass, usageClasses } from './policy-document.js'
import { historyStart, type TotalsInTime, toUsageHistory } from './usage-history.js'

/** Neighbours that are asked: their middle one changes little with more. */
const mostPeers = 20

interface Reading {
  readonly policy: EstimationPolicy
  readonly now: Instant
  readonly liveToleranceMs: number
  readonly asked?: boolean
}

/** What is known of each point, in their order, in a few statements for all. */
export async function readContexts(
  client: Queryable,
  points: readonly EstimablePoint[],
  reading: Reading,
): Promise<readonly EstimationContext[]> {
  const histories = await readHistories(client, points, reading)
  const profiles = await readProfiles(
    client,
    points.filter((point) => asksPeers(point, reading)),
    reading,
  )
  return points.map((point, place) => {
    const calendar = calendarFor(point.timeZone)
    return {
      width: point,
      usageClass: classOf(point),
      calendar,
      readAt: point.readAt,
      now: reading.now,
      asked: reading.asked === true,
      // Bills of usage points without a reading day of their own go from month to month.
      boundary: point.boundary || calendar.dateAt(point.readAt).endsWith('-01'),
      before: point.before,
      after: point.after,
      history: histories[place] ?? noHistory(point.readAt, calendar),
      peers: profiles.get(profileKey(point)) ?? noPeers,
    }
  })
}

const noPeers: PeerProfile = new Map()
const noTotals: TotalsInTime = { readAts: [], totalsE4: [], firstTouE4: [null, null, null, null] }

async function readHistories(
  client: Queryable,
  points: readonly EstimablePoint[],
  { liveToleranceMs }: Reading,
): Promise<readonly (UsageHistory | null)[]> {
  const spans = points.map(({ meterId, timeZone, readAt, before }) => {
    const to = before?.readAt ?? readAt
    return { meterId, from: historyStart(calendarFor(timeZone), to), to }
  })
  const totals = await readAcceptedTotals(client, spans)
  return points.map(({ timeZone, before }, place) => {
    if (before === null) return null
    const end = { end: before.readAt, endTouE4: before.registers.touE4 }
    return toUsageHistory(totals[place] ?? noTotals, { calendar: calendarFor(timeZone), ...end, liveToleranceMs })
  })
}

function noHistory(at: Instant, calendar: Calendar): UsageHistory {
  return { firstMidnight: calendar.dateAt(at), totalsE4: [null], tariffUsagesE4: [null, null, null, null] }
}

/** Peers are looked up only for points that nothing brackets. */
function asksPeers(point: EstimablePoint, { policy }: Reading): boolean {
  const { methods } = policy.document.classes[classOf(point)]
  return point.before !== null && point.after === null && methods.some(({ method }) => method === 'peer_profile')
}

/** Profiles by area, class and the midnight that ends them. */
async function readProfiles(
  client: Queryable,
  points: readonly EstimablePoint[],
  { liveToleranceMs }: Reading,
): Promise<ReadonlyMap<string, PeerProfile>> {
  const groups = [...groupBy(points, profileKey)].flatMap(([key, [point]]) =>
    point === undefined ? [] : [{ key, point }],
  )
  const found = await findPeers(
    client,
    groups.map(({ point }) => ({
      transformerAreaId: point.transformerAreaId,
      usageClass: classOf(point),
      at: point.readAt,
    })),
    mostPeers,
  )
  const spans = found.flatMap(({ place, meterId }) => {
    const point = groups[place]?.point
    if (point === undefined) return []
    const calendar = calendarFor(point.timeZone)
    return [{ place, meterId, calendar, from: historyStart(calendar, point.readAt), to: point.readAt }]
  })
  const totals = await readAcceptedTotals(client, spans)
  const histories = groupBy(
    spans.map(({ place, calendar, to }, index) => ({
      place,
      history: toUsageHistory(totals[index] ?? noTotals, {
        calendar,
        end: to,
        endTouE4: noTotals.firstTouE4,
        liveToleranceMs,
      }),
    })),
    ({ place }) => place,
  )
  return new Map(
    groups.map(({ key }, place) => [key, peerProfileOf((histories.get(place) ?? []).map(({ history }) => history))]),
  )
}

function profileKey({ transformerAreaId, usageClass, readAt }: EstimablePoint): string {
  return `${transformerAreaId} ${usageClass} ${readAt}`
}

function classOf({ usageClass }: EstimablePoint): UsageClass {
  return usageClasses.find((known) => known === usageClass) ?? 'residential'
}
