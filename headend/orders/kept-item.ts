import type { Clock } from '../../domain/runtime.js'
import { secondMs } from '../../domain/time.js'
import { findDataItem } from '../../protocols/dlt645/catalogue/catalogue.js'
import { fieldsFor } from '../../protocols/dlt645/data-item.js'
import { readFields } from '../../protocols/dlt645/field.js'
import { headerBytes } from '../../protocols/dlt645/frame.js'
import { hexOf } from '../../protocols/hex.js'
import { type AskAgain, askWhole } from '../reading-sets/ask-item.js'
import type { Dlt645Line } from '../sessions/dlt645-line.js'
import type { ExchangeOutcome } from '../sessions/dlt645-exchange.js'

/** An item that a meter was asked for, fit to be kept: an operator code in it is hidden. */
export interface AskedItem {
  readonly dataIdentifier: string
  /** The frame that answered; null when none did. */
  readonly answer: string | null
  /** Texts by field name; empty when the meter refused or nothing was understood. */
  readonly values: Readonly<Record<string, string | null>>
}

export interface Asked {
  readonly item: AskedItem
  /** Null without a value. */
  readonly payload: Buffer | null
}

const pauseMs = secondMs
const mask = '**'

/** Asks for one item, a few times where nothing sound came. Nothing is changed by asking. */
export async function askKept(
  line: Dlt645Line,
  clock: Pick<Clock, 'sleep'>,
  address: string,
  dataIdentifier: string,
): Promise<Asked> {
  const keeping = keepAnswers(line)
  const outcome = await askWhole(keeping.line, { address, edition: '2007' }, dataIdentifier, {
    again: patiently(clock),
  })
  const item = keeping.asked().at(-1) ?? { dataIdentifier, answer: null, values: {} }
  return { item, payload: outcome.kind === 'read' ? outcome.payload : null }
}

/** What changes a meter is settled by what it says afterwards: it is worth a pause and another question. */
export function patiently(clock: Pick<Clock, 'sleep'>): AskAgain {
  return async (cause) => {
    if (cause === 'line_lost' || cause === 'too_many_parts') return false
    await clock.sleep(pauseMs)
    return true
  }
}

/** A line that keeps what each item it is asked for brought last. */
export function keepAnswers(line: Dlt645Line): {
  readonly line: Dlt645Line
  readonly asked: () => readonly AskedItem[]
} {
  const asked: AskedItem[] = []
  const keeping: Dlt645Line = {
    ...line,
    async exchange(request) {
      const exchanged = await line.exchange(request)
      const item = keptItem(request.dataIdentifier ?? '', exchanged.outcome)
      // What was asked for again because nothing came is kept once.
      if (asked.at(-1)?.dataIdentifier === item.dataIdentifier) asked.pop()
      asked.push(item)
      return exchanged
    },
  }
  return { line: keeping, asked: () => asked }
}

function keptItem(dataIdentifier: string, outcome: ExchangeOutcome): AskedItem {
  const payload = outcome.kind === 'data' ? outcome.payload : null
  const item = findDataItem('2007', dataIdentifier)
  const fields = item === null || payload === null ? null : fieldsFor(item.layout, payload.length)
  const values = fields === null || payload === null ? [] : readFields(fields, payload)
  const namesOperator = values.some(({ name }) => name === 'operator')
  const texts = values.map(({ name, value }) => [name, name === 'operator' ? mask : value] as const)
  const bytes = outcome.kind === 'data' || outcome.kind === 'refused' ? outcome.bytes : null
  // What nobody understands may name one too.
  const isHidden = namesOperator || (payload !== null && fields === null)
  const answer = bytes === null ? null : isHidden ? headerOf(bytes) : hexOf(bytes)
  return { dataIdentifier, answer, values: Object.fromEntries(texts) }
}

/** A frame with its data hidden. */
function headerOf(bytes: Buffer): string {
  return hexOf(bytes.subarray(0, headerBytes)) + mask.repeat(bytes.length - headerBytes)
}
