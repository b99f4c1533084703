import { err, ok, present } from '../../domain/result.js'
import type { Quantity } from '../../domain/quantities.js'
import type { Instant } from '../../domain/time.js'
import { identifierOf } from '../../protocols/dlt645/data-items.js'
import type { CollectedReading } from '../../storage/headend/collected.js'
import type { FailureCause, NoAttempt } from '../acquisition/failure-cause.js'
import { type Answered, findStamp } from '../acquisition/read-freeze.js'
import { freezeSource } from '../acquisition/reading-source.js'
import type { Dlt645Line } from '../sessions/dlt645-line.js'
import { askCertainItem, askItem, type SetItemCause, type SetMeter } from './ask-item.js'
import { endsSet } from './set-outcome.js'

/** DI1 of the daily freeze (0506) by quantity. A freeze has no forward or reverse reactive energy of its own. */
const freezeBytes: Readonly<Partial<Record<Quantity, string>>> = {
  forward_active_energy: '01',
  reverse_active_energy: '02',
  combined_reactive1_energy: '03',
  combined_reactive2_energy: '04',
  reactive_quadrant1_energy: '05',
  reactive_quadrant2_energy: '06',
  reactive_quadrant3_energy: '07',
  reactive_quadrant4_energy: '08',
}

/** The quantities that a template may ask of a daily freeze. */
export const frozenQuantities = Object.keys(freezeBytes) as readonly Quantity[]

export function dailyFreezeItem(quantity: Quantity, index: number): string {
  const code = present(freezeBytes[quantity], `the daily freeze of ${quantity}`)
  return `0506${code}${index.toString(16).padStart(2, '0').toUpperCase()}`
}

export interface DailyFreezes {
  readonly readings: readonly CollectedReading[]
  readonly problems: readonly { readonly quantity: Quantity; readonly cause: FailureCause | NoAttempt | SetItemCause }[]
}

/**
 * Reads several quantities of one midnight under the index that its stamp confirms: the stamp is asked for once, and each reading's
 * evidence begins with its reply, as that of every freeze does.
 */
export async function readDailyFreezes(
  line: Dlt645Line,
  meter: SetMeter,
  readAt: Instant,
  newestMidnight: Instant,
  wanted: readonly Quantity[],
): Promise<DailyFreezes> {
  const { meterId } = meter
  const stamp = await findStamp((_name, index) => askStamp(line, meter, index), readAt, newestMidnight)
  if (!stamp.ok) return { readings: [], problems: wanted.map((quantity) => ({ quantity, cause: stamp.error.kind })) }
  const { index, answer } = stamp.value
  const readings: CollectedReading[] = []
  const problems: DailyFreezes['problems'][number][] = []
  for (const [position, quantity] of wanted.entries()) {
    const read = await askCertainItem(line, meter, dailyFreezeItem(quantity, index), 'registers')
    if (!read.ok) {
      const { kind: cause } = read.error
      const missed = endsSet(cause) ? wanted.slice(position) : [quantity]
      problems.push(...missed.map((each) => ({ quantity: each, cause })))
      if (endsSet(cause)) break
      continue
    }
    const { value, frame } = read.value
    readings.push({
      meterId,
      quantity,
      readAt,
      registers: value.registers,
      source: freezeSource(readAt, frame.receivedAt),
      protocol: 'dlt645_2007',
      request: Buffer.concat([answer.request, frame.request ?? nothing]),
      response: Buffer.concat([answer.response, frame.response]),
      receivedAt: frame.receivedAt,
    })
  }
  return { readings, problems }
}

const nothing = Buffer.alloc(0)

async function askStamp(line: Dlt645Line, meter: SetMeter, index: number): Promise<Answered<Instant>> {
  const answer = await askItem(line, meter, identifierOf('daily_freeze_stamp', index), 'freeze_stamp')
  if (answer.ok) {
    const { value, frame } = answer.value
    const { response, receivedAt } = frame
    return ok({ value: value.stamp, request: frame.request ?? nothing, response, receivedAt })
  }
  const { kind } = answer.error
  return err({ kind: kind === 'no_such_data' || kind === 'value_absent' ? 'no_freeze' : kind })
}
