import { formatScaled } from '../../domain/scaled.js'
import type { Instant } from '../../domain/time.js'
import type { CommunicationRow } from '../../storage/headend/meter-statistics.js'
import { correctionJson } from '../registry/corrections-table.js'
import type { MeterScreen } from './load-meter-screen.js'
import { curveName, p95, sourceName } from './meter-text.js'

/** The screen as one document for programs: instants in ISO 8601, energies as decimal text. */
export function meterJson(screen: MeterScreen): object {
  const { site, concentrator, lastReading, clock, relay, communication } = screen
  const { meterId: _, lineId: __, code, installedFrom, ...place } = site
  return {
    meter: code,
    ...place,
    installedFrom: isoOrNull(installedFrom),
    from: iso(screen.from),
    through: iso(screen.through),
    concentrator: concentrator === null ? null : { online: concentrator.online, since: iso(concentrator.since) },
    lastReading:
      lastReading === null
        ? null
        : {
            readAt: iso(lastReading.readAt),
            kwh: formatScaled(lastReading.totalE4, 4),
            source: sourceName(lastReading.source),
            recordedAt: iso(lastReading.recordedAt),
          },
    duePoints: screen.points.map(({ step, readAt, ...point }) => ({
      ...point,
      readAt: iso(readAt),
      step: step?.step ?? null,
      deadline: step === null ? null : iso(step.deadline),
    })),
    communication: { meter: countsOf(communication.meter), line: countsOf(communication.line) },
    clock:
      clock === null
        ? null
        : { checkedAt: iso(clock.checked_at), offsetMs: numberOrNull(clock.offset_ms), class: clock.class },
    relay: relay === null ? null : { ...relay, readAt: iso(relay.readAt) },
    curves: screen.curves.map(({ curve, lastSlotAt, ...tail }) => ({
      curve: curveName(curve),
      ...tail,
      lastSlotAt: isoOrNull(lastSlotAt),
    })),
    events: screen.events.map((event) => ({
      kind: event.kind,
      occurredAt: iso(event.occurred_at),
      endedAt: isoOrNull(event.ended_at),
      operator: event.operator,
      detail: event.detail,
    })),
    waitingOrders: screen.orders.map((order) => ({ ...order, expiresAt: iso(order.expiresAt) })),
    exemptions: screen.exemptions.map((each) => ({
      exemptionId: each.exemptionId,
      fromAt: iso(each.fromAt),
      toAt: iso(each.toAt),
      reason: each.reason,
      author: each.author,
      approver: each.approver,
    })),
    corrections: screen.corrections.map(correctionJson),
    frames: screen.frames,
  }
}

function countsOf(row: CommunicationRow | null): object | null {
  if (row === null) return null
  const { attempts, replies, timeouts, damaged, refused } = row
  return {
    code: row.code,
    attempts: Number(attempts),
    replies: Number(replies),
    timeouts: Number(timeouts),
    damaged: Number(damaged),
    refused: Number(refused),
    p95Ms: p95(row),
    lastContactAt: isoOrNull(row.last_contact_at),
    silentWindows: row.silent_windows,
  }
}

function numberOrNull(value: bigint | null): number | null {
  return value === null ? null : Number(value)
}

function iso(instant: Instant): string {
  return new Date(instant).toISOString()
}

function isoOrNull(instant: Instant | null): string | null {
  return instant === null ? null : iso(instant)
}
