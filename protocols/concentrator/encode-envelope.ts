import { wakeUpByte } from '../stream-splitter.js'
import type { EnvelopeContent, EnvelopeFrame, EnvelopeReading } from './envelope-content.js'
import type { FrameRules } from './carried-frames.js'
import {
  type ChannelName,
  type EnvelopeForm,
  type EnvelopeProfile,
  formsOf,
  holdsMany,
  type JsonForm,
} from './envelope-profile.js'
import { writeTime } from './envelope-time.js'
import { formatExactJson, type JsonNode } from './exact-json.js'
import { pathOf } from './json-envelope.js'
import { type JsonDraft, place, toJsonNode } from './json-path.js'
import { topicOf } from './topic-template.js'
import { hexOf } from '../hex.js'

export interface EncodedEnvelope {
  readonly topic: string
  readonly payload: Buffer
}

export interface EncodeOptions {
  /** FEH bytes before each frame. */
  readonly wakeUpBytes?: number
}

type Item = EnvelopeFrame | EnvelopeReading

/** A message of a channel; null when none of its forms can carry the content. What a form has no field for is left out. */
export function encodeEnvelope(
  profile: EnvelopeProfile,
  channel: ChannelName,
  content: EnvelopeContent,
  options: EncodeOptions = {},
): EncodedEnvelope | null {
  const form = formsOf(profile, channel).find((each) => carries(each, content))
  const template = profile.channels[channel]?.topic
  if (form === undefined || template === undefined) return null
  const meter = content.meter ?? content.frames[0]?.meter ?? content.readings[0]?.meter ?? null
  return {
    topic: topicOf(template, content.concentrator, meter),
    payload: form.kind === 'json' ? jsonPayload(form, content, options) : barePayload(form, content, options),
  }
}

function carries(form: EnvelopeForm, { frames, readings, failure, online, messageId }: EnvelopeContent): boolean {
  const count = frames.length + readings.length
  if (count > 1 && !holdsMany(form)) return false
  if (form.kind !== 'json') return frames.length === 1
  if (!carriesId(form, messageId)) return false
  if (frames.length > 0) return form.frame !== undefined && readings.length === 0
  if (readings.length > 0) return form.frame === undefined && carriesReadings(form, readings)
  if (form.frame !== undefined || form.value !== undefined || form.dataIdentifier !== undefined) return false
  return (form.failure === undefined || failure !== null) && (form.online === undefined || online !== null)
}

function carriesId({ messageId: field }: JsonForm, messageId: string | null): boolean {
  if (field === undefined || messageId === null) return field?.required !== true
  return field.type === 'text' || /^(?:0|[1-9]\d{0,14})$/.test(messageId)
}

/** A request names an identifier and has no value; several values of one meter may be keyed by their identifiers. */
function carriesReadings({ value, dataIdentifier, meter }: JsonForm, readings: readonly EnvelopeReading[]): boolean {
  if (dataIdentifier === undefined) return false
  if (value === undefined) return readings.every((each) => each.value === null)
  if (pathOf(value).list !== 'object') return true
  const meters = meter === undefined || pathOf(meter).list === null ? readings.map((each) => each.meter) : []
  const identifiers = new Set(readings.map((each) => each.dataIdentifier))
  return new Set(meters).size <= 1 && identifiers.size === readings.length
}

function barePayload(
  form: Exclude<EnvelopeForm, JsonForm>,
  { frames, prefix }: EnvelopeContent,
  options: EncodeOptions,
): Buffer {
  const bytes = Buffer.concat(frames.map((each) => carriedBytes(each.bytes, form, prefix, options)))
  const suffix = Buffer.from(form.suffix, 'hex')
  if (form.kind === 'bytes') return Buffer.concat([bytes, suffix])
  return Buffer.concat([Buffer.from(hexOf(bytes)), suffix])
}

function carriedBytes(
  frame: Buffer,
  { prefixBytes }: FrameRules,
  prefix: string | null,
  options: EncodeOptions,
): Buffer {
  const head = Buffer.alloc(prefixBytes)
  head.set(Buffer.from(prefix ?? '', 'hex').subarray(0, prefixBytes))
  return Buffer.concat([head, Buffer.alloc(options.wakeUpBytes ?? 0, wakeUpByte), frame])
}

function jsonPayload(form: JsonForm, content: EnvelopeContent, options: EncodeOptions): Buffer {
  const root: JsonDraft = new Map()
  for (const [name, value] of Object.entries(form.constants ?? {})) root.set(name, text(value))
  setField(root, form.concentrator, optionalText(content.concentrator))
  if (form.messageId !== undefined && content.messageId !== null)
    setField(
      root,
      form.messageId.path,
      form.messageId.type === 'number' ? number(content.messageId) : text(content.messageId),
    )
  setField(root, form.online, content.online === null ? null : { kind: 'literal', offset: 0, value: content.online })
  setField(root, form.failure, optionalText(content.failure))
  const items: readonly Item[] = [...content.frames, ...content.readings]
  if (items.length === 0 && form.time !== undefined && content.time !== null)
    setField(root, form.time.path, writeTime(content.time, form.time.format))
  return Buffer.from(formatExactJson(toJsonNode(withItems(root, form, items, content.prefix, options))))
}

function withItems(
  root: JsonDraft,
  form: JsonForm,
  items: readonly Item[],
  prefix: string | null,
  options: EncodeOptions,
): JsonDraft | JsonDraft[] {
  const main = form.frame ?? form.value
  const { list, before } = main === undefined ? { list: null, before: [] } : pathOf(main)
  const elements: JsonDraft[] = []
  const members: JsonDraft = new Map()
  for (const item of items) {
    const fields = fieldsOf(item, form, prefix, options)
    let node: JsonDraft | JsonNode = new Map()
    for (const [path, value] of fields) {
      const parsed = pathOf(path)
      if (parsed.takesKey) continue
      if (parsed.list === null) place(root, parsed.before, value)
      else if (parsed.after.length === 0) node = value
      else if (node instanceof Map) place(node, parsed.after, value)
    }
    if (list === 'object') members.set(writtenIdentifier(item, form), node)
    else if (list === 'array') elements.push(node instanceof Map ? node : new Map())
  }
  if (list === null) return root
  if (before.length > 0) place(root, before, list === 'object' ? members : elements)
  else if (list === 'array') return elements
  else for (const [name, node] of members) root.set(name, node)
  return root
}

type WrittenField = readonly [path: string, node: JsonNode]

function fieldsOf(item: Item, form: JsonForm, prefix: string | null, options: EncodeOptions): readonly WrittenField[] {
  const fields: WrittenField[] = []
  const add = (path: string | undefined, node: JsonNode | null) => {
    if (path !== undefined && node !== null) fields.push([path, node])
  }
  if (form.time !== undefined && item.time !== null) add(form.time.path, writeTime(item.time, form.time.format))
  add(form.meter, optionalText(item.meter))
  if ('bytes' in item) {
    const suffix = Buffer.from(form.suffix, 'hex')
    add(form.frame, text(hexOf(Buffer.concat([carriedBytes(item.bytes, form, prefix, options), suffix]))))
    return fields
  }
  add(form.dataIdentifier, text(writtenIdentifier(item, form)))
  add(form.value, valueNode(item.value, form))
  add(form.rawValue, item.rawValue === null ? null : valueNode(item.rawValue, form))
  add(form.unit, optionalText(item.unit))
  return fields
}

/** Keyed values go by the unit's own names where it has some. */
function writtenIdentifier(item: Item, { dataIdentifier, identifierPrefix, identifierNames }: JsonForm): string {
  if ('bytes' in item || dataIdentifier === undefined) return ''
  const named = Object.entries(identifierNames ?? {}).find(([, identifier]) => identifier === item.dataIdentifier)
  return named?.[0] ?? identifierPrefix + item.dataIdentifier
}

/** JSON knows no leading zeros; such a value goes out as text. */
function valueNode(value: string | null, { valueType }: JsonForm): JsonNode {
  if (value === null) return { kind: 'literal', offset: 0, value: null }
  return valueType === 'number' && /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(value) ? number(value) : text(value)
}

function setField(root: JsonDraft, path: string | undefined, node: JsonNode | null): void {
  if (path !== undefined && node !== null) place(root, pathOf(path).before, node)
}

function optionalText(value: string | null): JsonNode | null {
  return value === null ? null : text(value)
}

function text(value: string): JsonNode {
  return { kind: 'string', offset: 0, text: value }
}

function number(value: string): JsonNode {
  return { kind: 'number', offset: 0, text: value }
}
