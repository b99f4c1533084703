import { unreachable } from '../../domain/result.js'
import { beijing, type Instant, isLocalDate, secondMs } from '../../domain/time.js'
import type { JsonNode } from './exact-json.js'
import type { JsonForm } from './envelope-profile.js'

export type TimeFormat = NonNullable<JsonForm['time']>['format']

const iso = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/
const compact = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/
const local = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})$/
const beijingOffset = '+08:00'

/** The instant that a field says; null for a text that is no such time. Numbers are whole; finer than a millisecond is cut off. */
export function readTime(node: JsonNode, format: TimeFormat): Instant | null {
  const written = node.kind === 'string' || node.kind === 'number' ? node.text : ''
  switch (format) {
    case 'epoch_ms':
      return /^\d{1,15}$/.test(written) ? Number(written) : null
    case 'epoch_s':
      return /^\d{1,12}$/.test(written) ? Number(written) * secondMs : null
    case 'iso8601': {
      const match = iso.exec(written)
      return match === null ? null : instantOf(match[1] ?? '', written)
    }
    case 'compact_utc': {
      const match = compact.exec(written)
      const date = match?.slice(1, 4).join('-') ?? ''
      return match === null ? null : instantOf(date, `${date}T${match.slice(4).join(':')}Z`)
    }
    case 'beijing': {
      const match = local.exec(written)
      return match === null ? null : instantOf(match[1] ?? '', `${match[1]}T${match[2]}${beijingOffset}`)
    }
    default:
      return unreachable(format)
  }
}

/** What `readTime` reads back, whole seconds except for `epoch_ms` and `iso8601`. */
export function writeTime(instant: Instant, format: TimeFormat): JsonNode {
  switch (format) {
    case 'epoch_ms':
      return { kind: 'number', offset: 0, text: String(instant) }
    case 'epoch_s':
      return { kind: 'number', offset: 0, text: String(Math.floor(instant / secondMs)) }
    case 'iso8601':
      return text(new Date(instant).toISOString())
    case 'compact_utc':
      return text(`${new Date(instant).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`)
    case 'beijing': {
      const date = beijing.dateAt(instant)
      const clock = new Date(instant - beijing.startOfDay(date)).toISOString().slice(11, 19)
      return text(`${date} ${clock}`)
    }
    default:
      return unreachable(format)
  }
}

/** `Date.parse` takes the 31st of February for a day in March. */
function instantOf(date: string, stamp: string): Instant | null {
  const instant = Date.parse(stamp)
  return isLocalDate(date) && !Number.isNaN(instant) ? instant : null
}

function text(value: string): JsonNode {
  return { kind: 'string', offset: 0, text: value }
}
