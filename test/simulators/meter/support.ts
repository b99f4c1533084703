import { present } from '../../../domain/result.js'
import { beijing, type Instant } from '../../../domain/time.js'
import { findDataItem } from '../../../protocols/dlt645/catalogue/catalogue.js'
import type { Edition } from '../../../protocols/dlt645/data-item.js'
import { type FieldValue, writeFields } from '../../../protocols/dlt645/field.js'
import { openFrame } from '../../../protocols/dlt645/frame.js'
import { encodeMessage, type Message, parseMessage, readRequest } from '../../../protocols/dlt645/message.js'
import { credentials } from '../../../protocols/dlt645/credentials.js'
import { addPart, startAssembly } from '../../../protocols/dlt645/reassembly.js'
import { followUpRequest } from '../../../protocols/dlt645/message.js'
import { inspectPayload } from '../../../protocols/inspection/inspect-dlt645.js'
import { createCyclicSource } from '../../../simulators/load/cyclic-source.js'
import { type MeterDescription, type MeterHabits, usualFreezeDepth } from '../../../simulators/meter/description.js'
import { createDlt645Meter, type Dlt645Meter } from '../../../simulators/meter/dlt645-meter.js'

export const address = '202600000017'
export const energisedFrom = beijing.startOfDay('2025-03-01')
export const noon = beijing.startOfDay('2026-07-15') + 12 * 3_600_000

export function meterWith(habits: MeterHabits = {}, more: Partial<MeterDescription> = {}): Dlt645Meter {
  const clockOffsetMs = habits.clock?.offsetMs ?? 0
  const source = createCyclicSource({
    seed: 5,
    customerClass: 'residential',
    meterNumber: 17,
    monthlyE4: 3_000_000n,
    from: energisedFrom,
    clockOffsetMs,
  })
  return createDlt645Meter({
    address,
    source,
    energisedFrom,
    missedFreezes: new Set(),
    freezeDepth: usualFreezeDepth,
    habits,
    ...more,
  })
}

/** What a meter says to a message; null when it keeps silent. */
export function say(meter: Dlt645Meter, message: Message, now: Instant = noon): Message | null {
  const reply = meter.answer(openFrame(encodeMessage(message)), now)
  if (reply === null) return null
  return parseMessage(openFrame(reply.subarray(reply.indexOf(0x68))), message.edition)
}

/** Values of an item, fetched in as many parts as it takes; null when it is refused. */
export function valuesOf(
  meter: Dlt645Meter,
  dataIdentifier: string,
  options: { readonly edition?: Edition; readonly now?: Instant; readonly payload?: Buffer } = {},
): readonly FieldValue[] | null {
  const { edition = '2007', now = noon, payload } = options
  const request = readRequest(edition, meter.address(), dataIdentifier, payload)
  const first = present(say(meter, request, now), `an answer to ${dataIdentifier}`)
  if (first.outcome === 'refused') return null
  const started = startAssembly(first)
  if (!started.ok) throw new Error(started.error.kind)
  let assembly = started.value
  while (assembly.state === 'collecting') {
    const part = present(say(meter, followUpRequest(request, assembly.nextSequence), now), 'a part')
    const added = addPart(assembly, part)
    if (!added.ok) throw new Error(added.error.kind)
    assembly = added.value
  }
  return inspectPayload(edition, dataIdentifier, assembly.payload)
}

export function valueOf(meter: Dlt645Meter, dataIdentifier: string, name: string, now: Instant = noon): string | null {
  const found = valuesOf(meter, dataIdentifier, { now })?.find((value) => value.name === name)
  return present(found, `${name} of ${dataIdentifier}`).value
}

export interface Authority {
  readonly level?: string
  readonly password?: string
  readonly operator?: string
}

/** Level, password and operator as a write begins with them. */
export function authority({ level = '02', password = '000000', operator = '00000007' }: Authority = {}): Buffer {
  return present(writeFields(credentials, [level, password, operator]), 'credentials')
}

export function command(name: Message['function'], payload: Buffer, dataIdentifier: string | null = null): Message {
  return { edition: '2007', address, direction: 'request', function: name, outcome: 'good', dataIdentifier, payload }
}

/** A write of an item's texts. */
export function write(dataIdentifier: string, texts: readonly string[], who: Authority = {}): Message {
  const item = present(findDataItem('2007', dataIdentifier), dataIdentifier)
  const { layout } = item
  const fields =
    layout.kind === 'fixed' ? layout.fields : layout.kind === 'block' ? layout.groups.slice(0, texts.length).flat() : []
  return command(
    'write',
    Buffer.concat([authority(who), present(writeFields(fields, texts), 'texts that fit')]),
    dataIdentifier,
  )
}
