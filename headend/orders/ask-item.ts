import type { Clock } from '../../domain/runtime.js'
import { type Instant, secondMs } from '../../domain/time.js'
import { findDataItem } from '../../protocols/dlt645/catalogue/catalogue.js'
import { fieldsFor } from '../../protocols/dlt645/data-item.js'
import { readFields } from '../../protocols/dlt645/field.js'
import { headerBytes } from '../../protocols/dlt645/frame.js'
import { readRequest } from '../../protocols/dlt645/message.js'
import { hexOf } from '../../protocols/hex.js'
import type { Dlt645Line } from '../sessions/dlt645-line.js'

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
  readonly sentAt: Instant
  readonly receivedAt: Instant
}

const attempts = 3
const pauseMs = secondMs
const mask = '**'

/** Asks for one item, a few times where nothing sound came. Nothing is changed by asking. */
export async function askItem(line: Dlt645Line, clock: Clock, address: string, dataIdentifier: string): Promise<Asked> {
  for (let attempt = 1; ; attempt += 1) {
    const sentAt = clock.now()
    const { outcome, receivedAt } = await line.exchange(readRequest('2007', address, dataIdentifier))
    const came = outcome.kind === 'data' || outcome.kind === 'refused'
    if (came || attempt === attempts) {
      const payload = outcome.kind === 'data' ? outcome.payload : null
      const bytes = came ? outcome.bytes : null
      return { item: keptItem(dataIdentifier, payload, bytes), payload, sentAt, receivedAt }
    }
    await clock.sleep(pauseMs)
  }
}

function keptItem(dataIdentifier: string, payload: Buffer | null, bytes: Buffer | null): AskedItem {
  const item = findDataItem('2007', dataIdentifier)
  const fields = item === null || payload === null ? null : fieldsFor(item.layout, payload.length)
  const values = fields === null || payload === null ? [] : readFields(fields, payload)
  const namesOperator = values.some(({ name }) => name === 'operator')
  const texts = values.map(({ name, value }) => [name, name === 'operator' ? mask : value] as const)
  const answer = bytes === null ? null : namesOperator ? headerOf(bytes) : hexOf(bytes)
  return { dataIdentifier, answer, values: Object.fromEntries(texts) }
}

/** A frame with its data hidden. */
function headerOf(bytes: Buffer): string {
  return hexOf(bytes.subarray(0, headerBytes)) + mask.repeat(bytes.length - headerBytes)
}
