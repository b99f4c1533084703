import { bigintAsText } from '../../domain/bigint-as-text.js'
import type { MeterId } from '../../domain/reading.js'
import { err, ok, type Result } from '../../domain/result.js'
import type { Edition } from '../../protocols/dlt645/data-item.js'
import { readRequest } from '../../protocols/dlt645/message.js'
import type { ValueFrame } from '../../storage/headend/collected-values.js'
import { tariffsAddUp } from '../acquisition/certain-reading.js'
import type { Dlt645Line } from '../sessions/dlt645-line.js'
import { type FailedRead, type ItemOutcome, readItem } from '../sessions/read-item.js'
import { decodeSetItem } from './decode-set-item.js'
import type { SetItemError } from './set-item-error.js'
import type { SetValue } from './set-value.js'

/** A meter as a reading set asks it. */
export interface SetMeter {
  readonly meterId: MeterId
  /** As a request to it carries it: filled up as its edition and model want it. */
  readonly address: string
  readonly edition: Edition
  /** Whether receivers drop bytes whose parity is wrong. */
  readonly hasParity: boolean
}

/** Why an item of a set brought no value; one cause for each attempt. */
export type SetItemCause =
  | 'line_down'
  /** The line may be another's by now: nothing was said, and whoever has it asks. */
  | 'line_lost'
  | 'no_reply'
  | 'damaged'
  /** Sound replies came, of another meter or about another item. */
  | 'wrong_answer'
  | 'refused'
  /** The meter does not know the item, or keeps no such record. */
  | 'no_such_data'
  | 'value_absent'
  | 'invalid_value'

export interface ItemAnswer<V extends SetValue = SetValue> {
  readonly value: V
  readonly frame: ValueFrame
}

/** `frame`: a sound answer that is no value, which is kept aside; null where nothing sound came, or a refusal. */
export interface Unanswered {
  readonly kind: SetItemCause
  readonly frame: ValueFrame | null
}

export type Asked<V extends SetValue> = Result<ItemAnswer<V>, Unanswered>
type ValueOf<K extends SetValue['kind']> = Extract<SetValue, { readonly kind: K }>

const nothing = Buffer.alloc(0)
/** So often noise may destroy an answer, or a meter say something else, before an item is given up for this time. */
const mostReadings = 3

/** Who is asked, and how. */
export type Addressed = Pick<SetMeter, 'address' | 'edition'>

/** Whether an item that did not come is asked for again at once; it may take its time before it says so. */
export type AskAgain = (cause: FailedRead) => boolean | Promise<boolean>

export interface AskOptions {
  /** Which of several records. */
  readonly selection?: Buffer
  /** After noise alone where nothing is said: whoever is silent costs the line a reply time. */
  readonly again?: AskAgain
}

/** Reads one item whole, further parts included, and a few times over as long as it is worth it. */
export async function askWhole(
  line: Dlt645Line,
  { address, edition }: Addressed,
  dataIdentifier: string,
  { selection = nothing, again = isNoise }: AskOptions = {},
): Promise<ItemOutcome> {
  const request = readRequest(edition, address, dataIdentifier, selection)
  for (let nth = 1; ; nth += 1) {
    const outcome = await readItem(line, request)
    if (outcome.kind !== 'failed' || nth === mostReadings || !(await again(outcome.cause))) return outcome
  }
}

function isNoise(cause: FailedRead): boolean {
  return cause === 'damaged'
}

/**
 * Reads one item whole, further parts included, and decodes it. The evidence holds every request and reply in order. A sound answer of
 * another kind than was asked for is an invalid value.
 */
export async function askItem<K extends SetValue['kind']>(
  line: Dlt645Line,
  meter: Addressed,
  dataIdentifier: string,
  kind: K,
  options: AskOptions = {},
): Promise<Asked<ValueOf<K>>> {
  const { edition } = meter
  const outcome = await askWhole(line, meter, dataIdentifier, options)
  if (outcome.kind !== 'read') return err({ kind: causeOf(outcome), frame: null })
  const frame = frameOf(edition, outcome)
  const decoded = decodeSetItem(edition, dataIdentifier, outcome.payload)
  if (!decoded.ok) return err({ kind: valueCause(decoded.error), frame })
  if (decoded.value.kind !== kind) return err({ kind: 'invalid_value', frame })
  return ok({ value: decoded.value as ValueOf<K>, frame })
}

/**
 * Reads an item that money depends on so that a wrong value cannot pass: two readings must agree, unless bytes have parity and the
 * tariffs add up to the total. The evidence is that of the last one.
 */
export async function askCertainItem<K extends 'registers' | 'demand' | 'demand_values' | 'demand_times'>(
  line: Dlt645Line,
  meter: SetMeter,
  dataIdentifier: string,
  kind: K,
): Promise<Asked<ValueOf<K>>> {
  const earlier: string[] = []
  for (let nth = 0; nth < mostReadings; nth += 1) {
    const answer = await askItem(line, meter, dataIdentifier, kind)
    if (!answer.ok) return answer
    const value: SetValue = answer.value.value
    if (meter.hasParity && value.kind === 'registers' && tariffsAddUp(value.registers)) return answer
    const said = JSON.stringify(value, bigintAsText)
    if (earlier.includes(said)) return answer
    earlier.push(said)
  }
  return err({ kind: 'damaged', frame: null })
}

function causeOf(outcome: Exclude<ItemOutcome, { readonly kind: 'read' }>): SetItemCause {
  if (outcome.kind === 'failed') return outcome.cause === 'too_many_parts' ? 'invalid_value' : outcome.cause
  // The two editions name the bit differently; it means the same.
  const isUnknown = outcome.reasons.includes('no_such_data') || outcome.reasons.includes('identifier_wrong')
  return isUnknown ? 'no_such_data' : 'refused'
}

function valueCause({ kind }: SetItemError): SetItemCause {
  return kind === 'value_absent' ? 'value_absent' : 'invalid_value'
}

function frameOf(edition: Edition, { exchanges }: ItemOutcome & { readonly kind: 'read' }): ValueFrame {
  return {
    protocol: edition === '2007' ? 'dlt645_2007' : 'dlt645_1997',
    request: Buffer.concat(exchanges.map(({ request }) => request)),
    response: Buffer.concat(exchanges.map(({ response }) => response ?? nothing)),
    receivedAt: exchanges.at(-1)?.receivedAt ?? 0,
  }
}

/** One frame of several: their requests and their replies in order, received when the last one was. */
export function joinFrames(frames: readonly [ValueFrame, ...ValueFrame[]]): ValueFrame {
  const [first] = frames
  return {
    protocol: first.protocol,
    request: Buffer.concat(frames.map(({ request }) => request ?? nothing)),
    response: Buffer.concat(frames.map(({ response }) => response)),
    receivedAt: Math.max(...frames.map(({ receivedAt }) => receivedAt)),
  }
}
