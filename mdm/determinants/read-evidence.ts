import { groupBy } from '../../domain/group-by.js'
import type { Queryable } from '../../storage/database.js'
import { readAcceptedAround, readStandingMarks, type StandingMark } from '../../storage/mdm/freeze-evidence.js'
import type { FreezeQuery, SegmentRow } from '../../storage/mdm/freeze-segments.js'
import { askedFor } from './asked-for.js'
import type { Evidence } from './evidence.js'
import type { DeterminantPolicy } from './policy.js'

/** What validation said of keys in and near the period, for all meters. */
export async function readMarks(
  client: Queryable,
  { periodStart, periodEnd }: FreezeQuery,
  { contradictionMs }: DeterminantPolicy,
): Promise<Omit<Evidence, 'readings'>> {
  const range = { from: periodStart - contradictionMs, to: periodEnd + contradictionMs }
  const { doubts, turnovers, jumps } = await readStandingMarks(client, range)
  const byMeter = (marks: readonly StandingMark[]) => groupBy(marks, ({ meterId }) => meterId)
  return { doubts: byMeter(doubts), turnovers: byMeter(turnovers), jumps: byMeter(jumps) }
}

/** Readings around the few boundaries that cannot be judged without. */
export async function readReadings(
  client: Queryable,
  rows: readonly SegmentRow[],
  policy: DeterminantPolicy,
  marks: Pick<Evidence, 'jumps' | 'turnovers'>,
): Promise<Evidence['readings']> {
  const { noteReachMs, repeatBackMs, repeatOnMs } = policy
  const reach = { beforeMs: Math.max(noteReachMs, repeatBackMs), afterMs: Math.max(noteReachMs, repeatOnMs) }
  return groupBy(await readAcceptedAround(client, askedFor(rows, policy, marks), reach), ({ meterId }) => meterId)
}
