import { type Calendar, type Instant, localMinute, minuteMs } from '../../domain/time.js'
import { inspectModbus } from '../../protocols/modbus/inspect-modbus.js'
import type { InspectedAdu } from '../../protocols/modbus/inspected-adu.js'
import type { InspectedFrame } from '../../protocols/inspection/inspected-frame.js'
import { inspectStream } from '../../protocols/inspection/inspect-stream.js'
import { maskedFrame } from '../../protocols/inspection/masked-frame.js'
import type { FrameTrace, TracedFrame } from '../../storage/headend/frame-trace.js'
import { attemptText } from '../cli/attempt-words.js'
import { aduText, frameText } from './frame-text.js'

/** What was said to a meter and by it, decoded, with passwords hidden. */
export interface TraceEntry {
  readonly kind: 'frames'
  readonly at: string
  readonly line: string
  readonly sequence: bigint
  readonly request: readonly (InspectedFrame | InspectedAdu)[]
  readonly reply: readonly (InspectedFrame | InspectedAdu)[]
}

/** An attempt at a due point that brought nothing. */
export interface TraceFailure {
  readonly kind: 'attempt'
  readonly at: string
  /** The instant whose registers were wanted. */
  readonly readAt: string
  readonly attempt: number
  readonly cause: string
}

/** The entries of a trace in the order in which they came about. */
export function traceEntries({ frames, attempts }: FrameTrace): readonly (TraceEntry | TraceFailure)[] {
  const entries = [
    ...frames.map((frame) => ({ instant: frame.received_at, entry: toEntry(frame) })),
    ...attempts.map(({ failed_at, read_at, attempt, cause }) => ({
      instant: failed_at,
      entry: { kind: 'attempt', at: iso(failed_at), readAt: iso(read_at), attempt, cause } as const,
    })),
  ]
  return entries.toSorted((left, right) => left.instant - right.instant).map(({ entry }) => entry)
}

function toEntry({ received_at, line_code, line_sequence, protocol, request, response }: TracedFrame): TraceEntry {
  return {
    kind: 'frames',
    at: iso(received_at),
    line: line_code,
    sequence: line_sequence,
    request: request === null ? [] : inspected(request, protocol),
    reply: inspected(response, protocol),
  }
}

function inspected(bytes: Buffer, protocol: string): readonly (InspectedFrame | InspectedAdu)[] {
  if (protocol.startsWith('modbus')) return inspectModbus(bytes, protocol === 'modbus_rtu' ? 'rtu' : 'tcp').adus
  const report = inspectStream(bytes, protocol === 'dlt645_1997' ? { edition: '1997' } : {})
  return report.ok ? report.frames.map(maskedFrame) : []
}

function iso(instant: Instant): string {
  return new Date(instant).toISOString()
}

/** A trace for people: each entry under its local time. */
export function traceText(entries: readonly (TraceEntry | TraceFailure)[], calendar: Calendar): string {
  return grouped(entries)
    .map(([first, ...others]) => {
      const at = localSecond(calendar, Date.parse(first.at))
      const text = first.kind === 'attempt' ? attemptsText([first, ...others], calendar) : framesText(first)
      return `${at} ${text}`
    })
    .join('\n')
}

type Group = readonly [TraceEntry] | readonly [TraceFailure, ...TraceFailure[]]

/** Attempts that follow on each other and failed alike are one line: of a line that is dead there are as many as due points. */
function grouped(entries: readonly (TraceEntry | TraceFailure)[]): readonly Group[] {
  const groups: Group[] = []
  for (const entry of entries) {
    const last = groups.at(-1)
    if (entry.kind === 'frames') groups.push([entry])
    else if (last?.[0].kind === 'attempt' && last[0].cause === entry.cause)
      groups.splice(-1, 1, [...(last as readonly [TraceFailure, ...TraceFailure[]]), entry])
    else groups.push([entry])
  }
  return groups
}

function attemptsText(attempts: readonly TraceFailure[], calendar: Calendar): string {
  const wanted = [...new Set(attempts.map(({ readAt }) => localMinute(calendar, Date.parse(readAt))))].toSorted()
  const registers = wanted.length === 1 ? wanted[0] : `${wanted[0]} … ${wanted.at(-1)}（${wanted.length}）`
  const [first] = attempts
  const last = attempts.at(-1)
  if (first === undefined || last === undefined) return ''
  const until = localSecond(calendar, Date.parse(last.at))
  const count =
    attempts.length === 1
      ? `未抄回 attempt ${first.attempt}`
      : `未抄回 ${attempts.length} 次 attempts · 至 until ${until}`
  return `${count} · 示数时刻 registers of ${registers} · ${attemptText(first.cause)}`
}

function framesText(entry: TraceEntry): string {
  const head = `线路 line ${entry.line} · 序号 sequence ${entry.sequence}`
  return [head, ...[...entry.request, ...entry.reply].map((each) => `  ${messageText(each)}`)].join('\n')
}

function messageText(message: InspectedFrame | InspectedAdu): string {
  const text = 'unit' in message ? aduText(message) : frameText(message)
  return text.replaceAll('\n', '\n  ')
}

function localSecond(calendar: Calendar, instant: Instant): string {
  const seconds = Math.floor((((instant % minuteMs) + minuteMs) % minuteMs) / 1000)
  return `${localMinute(calendar, instant)}:${String(seconds).padStart(2, '0')}`
}
