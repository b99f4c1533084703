import { type Quantity, quantities } from '../../domain/quantities.js'
import { readingSources } from '../../domain/reading.js'
import { present } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import { findProofMeter, findProofReading, type ProofReadingRow } from '../../storage/billing/proof.js'
import type { ProofMemberRow } from '../../storage/billing/proof-relations.js'
import type { Queryable } from '../../storage/database.js'
import type { ProofBoundary, ProofFrame, ProofOpening, ProofSegment } from './proof-document.js'
import { openingOf } from './proof-opening.js'
import { iso, nameOf, registersOf } from './proof-values.js'

/** How readings become a part of a proof. */
export interface SegmentContext {
  /** Register map of a Modbus model as a quantity needs it; null for a model without one. */
  readonly registerMapOf: (model: string, quantity: Quantity) => unknown
  /** When the determinants were frozen. */
  readonly frozenAt: Instant
}

/** What the meters of one account measured of a quantity, down to the frames. The old books know the energy that is billed alone. */
export async function segmentsOf(
  client: Queryable,
  account: ProofMemberRow,
  { registerMapOf, frozenAt }: SegmentContext,
  quantity: Quantity = 'forward_active_energy',
): Promise<readonly ProofSegment[]> {
  const { code } = quantities[quantity]
  const opening = quantity === 'forward_active_energy' ? await openingOf(client, account, frozenAt) : null
  const boundary = (meterId: bigint, at: Instant | undefined) =>
    boundaryOf(client, { meterId, quantity: code, at: present(at, 'instant of a reading') }, frozenAt)
  const segments: ProofSegment[] = []
  for (const [index, meterId] of account.meter_ids.entries()) {
    const meter = present(await findProofMeter(client, meterId, frozenAt), `meter ${meterId}`)
    const opened = index === 0 ? openedBoundary(opening, meter.code) : null
    segments.push({
      from: iso(index === 0 ? account.period_start : borderAfter(account, index - 1)),
      to: iso(index === account.meter_ids.length - 1 ? account.period_end : borderAfter(account, index)),
      meter: {
        code: meter.code,
        address: meter.communication_address,
        model: meter.model,
        registerDigits: meter.register_digits,
        registerMap: meter.protocol === 'modbus' ? registerMapOf(meter.model, quantity) : null,
      },
      multiplier: present(account.multipliers[index], 'multiplier'),
      start: opened ?? (await boundary(meterId, account.start_reads[index])),
      end: await boundary(meterId, account.end_reads[index]),
    })
  }
  return segments
}

type FrameColumns = Pick<
  ProofReadingRow,
  'line_code' | 'line_sequence' | 'received_at' | 'protocol' | 'request' | 'response'
>

/** Where a segment ends and the next one begins; a meter that is read live may be read a little later. */
function borderAfter({ start_reads, end_reads }: ProofMemberRow, index: number): Instant {
  return Math.min(present(end_reads[index], 'end_read'), present(start_reads[index + 1], 'start_read'))
}

/** Registers of the old books are no reading: what stands for them is the document that two people approved. */
function openedBoundary(opening: ProofOpening | null, meterCode: string): ProofBoundary | null {
  const own = opening?.registers.find(({ meter }) => meter === meterCode)
  if (opening === null || own === undefined) return null
  return {
    at: opening.asOf,
    verdict: 'accepted',
    rules: [],
    reason: '',
    source: 'opening',
    registers: own.registers,
    frame: null,
    document: {
      name: opening.batches.map(({ document }) => document).join(', '),
      notedBy: [...new Set(opening.batches.flatMap(({ author, approvers }) => [author, ...approvers]))].join(' + '),
    },
  }
}

interface ReadingWanted {
  readonly meterId: bigint
  readonly quantity: number
  readonly at: Instant
}

async function boundaryOf(
  client: Queryable,
  { meterId, quantity, at }: ReadingWanted,
  frozenAt: Instant,
): Promise<ProofBoundary> {
  const row = await findProofReading(client, meterId, quantity, at, frozenAt)
  const reading = present(row, `decision on meter ${meterId} at ${iso(at)}`)
  return {
    at: iso(at),
    verdict: reading.verdict,
    rules: reading.rules,
    reason: reading.reason,
    source: reading.source === null ? null : nameOf(readingSources, reading.source),
    registers: registersOf(reading),
    frame: frameOf(reading),
    document:
      reading.document === null || reading.noted_by === null
        ? null
        : { name: reading.document, notedBy: reading.noted_by },
  }
}

export function frameOf(row: FrameColumns): ProofFrame | null {
  if (row.response === null) return null
  return {
    line: present(row.line_code, 'line of a frame'),
    sequence: String(present(row.line_sequence, 'line_sequence')),
    receivedAt: iso(present(row.received_at, 'received_at')),
    protocol: present(row.protocol, 'protocol'),
    request: row.request?.toString('hex') ?? null,
    response: row.response.toString('hex'),
  }
}
