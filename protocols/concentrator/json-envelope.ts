import { err, ok, present, type Result } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import { type CarriedFrames, framesIn, hexBytes, maxItemsPerMessage } from './carried-frames.js'
import type { EnvelopeContent, EnvelopeError, EnvelopeFrame, EnvelopeReading } from './envelope-content.js'
import type { JsonForm } from './envelope-profile.js'
import { readTime } from './envelope-time.js'
import { type JsonNode, parseExactJson } from './exact-json.js'
import { plainDecimal } from './exact-number.js'
import { descend, entriesOf, type JsonPath, type ListEntry, parseJsonPath } from './json-path.js'
import type { TopicNames } from './topic-template.js'

const maxNameLength = 128

/** The content of a JSON payload under the first form whose main field is there. */
export function decodeJsonForm(
  forms: readonly JsonForm[],
  names: TopicNames,
  payload: Buffer,
): Result<EnvelopeContent, EnvelopeError> {
  const document = parseExactJson(payload)
  if (!document.ok) return document
  const form = forms.find((each) => isPresent(document.value, pathOf(mainField(each))))
  if (form === undefined) return malformed(document.value, forms[0] === undefined ? '' : mainField(forms[0]))
  return readForm(form, names, document.value)
}

/** The field that shows which form a message has. */
export function mainField({ frame, value, failure, online, dataIdentifier, messageId }: JsonForm): string {
  return present(frame ?? value ?? failure ?? online ?? dataIdentifier ?? messageId?.path, 'a field of a form')
}

export function pathOf(text: string): JsonPath {
  return present(parseJsonPath(text), 'a path that the schema let through')
}

function isPresent(document: JsonNode, path: JsonPath): boolean {
  return path.list === null ? descend(document, path.before) !== null : entriesOf(document, path) !== null
}

type Step<T> = Result<T, EnvelopeError>

function readForm(form: JsonForm, names: TopicNames, document: JsonNode): Step<EnvelopeContent> {
  const root: Place = { document, entry: null }
  const concentrator = readName(root, form.concentrator)
  if (!concentrator.ok) return concentrator
  if (form.concentrator !== undefined && concentrator.value === null) return malformed(document, form.concentrator)
  if (concentrator.value !== null && names.concentrator !== null && concentrator.value !== names.concentrator)
    return err({ kind: 'wrong_concentrator', offset: offsetOf(root, form.concentrator) })
  const messageId = readMessageId(root, form)
  if (!messageId.ok) return messageId
  const online = readOnline(root, form)
  if (!online.ok) return online
  const failure = readName(root, form.failure)
  if (!failure.ok) return failure
  const items = readItems(form, names, document)
  if (!items.ok) return items
  const hasItems = items.value.frames.length + items.value.readings.length > 0
  const time = hasItems || form.time === undefined ? ok(null) : readPlacedTime(root, form)
  if (!time.ok) return time
  return ok({
    concentrator: names.concentrator ?? concentrator.value,
    meter: names.meter,
    messageId: messageId.value,
    prefix: items.value.prefix,
    frames: items.value.frames,
    readings: items.value.readings,
    online: online.value,
    failure: failure.value,
    time: time.value,
  })
}

/** Where fields are looked for: in the document, or in one of its list. */
interface Place {
  readonly document: JsonNode
  readonly entry: ListEntry | null
}

function find({ document, entry }: Place, text: string | undefined): JsonNode | null {
  if (text === undefined) return null
  const path = pathOf(text)
  if (path.list === null) return descend(document, path.before)
  if (path.takesKey) return entry === null ? null : { kind: 'string', offset: entry.node.offset, text: entry.key ?? '' }
  return entry === null ? null : descend(entry.node, path.after)
}

function offsetOf(place: Place, text: string | undefined): number {
  return find(place, text)?.offset ?? place.entry?.node.offset ?? place.document.offset
}

interface Items {
  readonly prefix: string | null
  readonly frames: readonly EnvelopeFrame[]
  readonly readings: readonly EnvelopeReading[]
}

function readItems(form: JsonForm, names: TopicNames, document: JsonNode): Step<Items> {
  const main = form.frame ?? form.value ?? form.dataIdentifier
  if (main === undefined) return ok({ prefix: null, frames: [], readings: [] })
  const path = pathOf(main)
  const entries = path.list === null ? [null] : (entriesOf(document, path) ?? [])
  if (entries.length > maxItemsPerMessage)
    return err({
      kind: 'too_many_items',
      offset: offsetOfEntry(entries[maxItemsPerMessage]),
      limit: maxItemsPerMessage,
    })
  const frames: EnvelopeFrame[] = []
  const readings: EnvelopeReading[] = []
  let prefix: string | null = null
  for (const entry of entries) {
    const place = { document, entry }
    if (form.frame === undefined) {
      const reading = readReading(place, form, names)
      if (!reading.ok) return reading
      if (reading.value !== null) readings.push(reading.value)
      continue
    }
    const carried = readFrames(place, form)
    if (!carried.ok) return carried
    const about = readAbout(place, form, names)
    if (!about.ok) return about
    prefix ??= carried.value.prefix
    for (const bytes of carried.value.frames) frames.push({ bytes, ...about.value })
    if (frames.length > maxItemsPerMessage)
      return err({ kind: 'too_many_items', offset: offsetOf(place, form.frame), limit: maxItemsPerMessage })
  }
  return ok({ prefix, frames, readings })
}

function offsetOfEntry(entry: ListEntry | null | undefined): number {
  return entry?.node.offset ?? 0
}

function readFrames(place: Place, form: JsonForm): Step<CarriedFrames> {
  const node = find(place, form.frame)
  if (node?.kind !== 'string') return malformedAt(place, form.frame)
  const bytes = hexBytes(node.text)
  return bytes.ok ? framesIn(bytes.value, form, node.offset) : err({ kind: 'not_hexadecimal', offset: node.offset })
}

interface About {
  readonly meter: string | null
  readonly time: Instant | null
}

function readAbout(place: Place, form: JsonForm, names: TopicNames): Step<About> {
  const meter = readName(place, form.meter)
  if (!meter.ok) return meter
  const time = readPlacedTime(place, form)
  return time.ok ? ok({ meter: meter.value ?? names.meter, time: time.value }) : time
}

/** Null for a member whose name is no identifier: units put other things beside their values. */
function readReading(place: Place, form: JsonForm, names: TopicNames): Step<EnvelopeReading | null> {
  const identifier = readIdentifier(place, form)
  if (!identifier.ok) return identifier
  if (identifier.value === null) return ok(null)
  const about = readAbout(place, form, names)
  if (!about.ok) return about
  const value = readValue(place, form.value)
  if (!value.ok) return value
  const rawValue = find(place, form.rawValue) === null ? ok(null) : readValue(place, form.rawValue)
  if (!rawValue.ok) return rawValue
  const unit = readName(place, form.unit)
  if (!unit.ok) return unit
  return ok({
    meter: about.value.meter,
    dataIdentifier: identifier.value,
    value: value.value,
    rawValue: rawValue.value,
    unit: unit.value,
    time: about.value.time,
  })
}

function readIdentifier(place: Place, form: JsonForm): Step<string | null> {
  const text = present(form.dataIdentifier, 'the path of an identifier')
  const node = find(place, text)
  if (node === null) return malformedAt(place, text)
  const isKey = pathOf(text).takesKey
  const named = node.kind === 'string' ? identifierOf(node.text, form) : null
  if (named !== null || isKey) return ok(named)
  return err({ kind: 'identifier_invalid', offset: node.offset })
}

function identifierOf(text: string, { identifierPrefix, identifierNames }: JsonForm): string | null {
  const named =
    identifierNames !== undefined && Object.hasOwn(identifierNames, text) ? identifierNames[text] : undefined
  if (named !== undefined) return named
  const digits = text.startsWith(identifierPrefix) ? text.slice(identifierPrefix.length) : text
  return /^(?:[0-9A-Fa-f]{8}|[0-9A-Fa-f]{4})$/.test(digits) ? digits.toUpperCase() : null
}

function readValue(place: Place, text: string | undefined): Step<string | null> {
  const node = find(place, text)
  if (text === undefined || (node?.kind === 'literal' && node.value === null)) return ok(null)
  if (node?.kind !== 'number' && node?.kind !== 'string') return malformedAt(place, text)
  const value = plainDecimal(node.text)
  return value === null ? err({ kind: 'value_not_exact', offset: node.offset }) : ok(value)
}

function readMessageId(place: Place, { messageId }: JsonForm): Step<string | null> {
  const node = find(place, messageId?.path)
  if (messageId === undefined || (node === null && !messageId.required)) return ok(null)
  if (node?.kind !== 'string' && node?.kind !== 'number') return malformedAt(place, messageId.path)
  const isSound = messageId.type === 'number' ? /^\d{1,15}$/.test(node.text) : isName(node.text)
  return isSound ? ok(node.text) : malformedAt(place, messageId.path)
}

function readOnline(place: Place, { online }: JsonForm): Step<boolean | null> {
  if (online === undefined) return ok(null)
  const node = find(place, online)
  return node?.kind === 'literal' && node.value !== null ? ok(node.value) : malformedAt(place, online)
}

/** A short text, or a number's text; null where it is not there. */
function readName(place: Place, text: string | undefined): Step<string | null> {
  const node = find(place, text)
  if (text === undefined || node === null || (node.kind === 'literal' && node.value === null)) return ok(null)
  if ((node.kind !== 'string' && node.kind !== 'number') || !isName(node.text)) return malformedAt(place, text)
  return ok(node.text)
}

function isName(text: string): boolean {
  return text.length > 0 && text.length <= maxNameLength
}

function readPlacedTime(place: Place, { time }: JsonForm): Step<Instant | null> {
  const node = find(place, time?.path)
  if (time === undefined || node === null) return ok(null)
  const instant = readTime(node, time.format)
  return instant === null ? err({ kind: 'time_invalid', offset: node.offset }) : ok(instant)
}

function malformedAt(place: Place, field: string | undefined): Step<never> {
  return err({ kind: 'payload_malformed', offset: offsetOf(place, field), field: field ?? '' })
}

function malformed(node: JsonNode, field: string): Step<never> {
  return err({ kind: 'payload_malformed', offset: node.offset, field })
}
