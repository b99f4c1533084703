import * as z from 'zod'
import { err, ok, type Result } from '../../domain/result.js'
import { listOf, parseJsonPath } from './json-path.js'
import { topicTemplateSchema } from './topic-template.js'

const path = z
  .string()
  .max(256)
  .refine((text) => parseJsonPath(text) !== null, {
    error: 'expected names with dots between them, one of them followed by [] or {} at most, such as "items[].frame"',
  })
const identifier = z.string().regex(/^(?:[0-9A-F]{8}|[0-9A-F]{4})$/, 'expected a data identifier such as "00010000"')
const hexBytes = z.string().regex(/^(?:[0-9A-F]{2}){0,16}$/, 'expected upper-case hexadecimal, 16 bytes at most')

/** How frames stand in bytes or in hexadecimal text. */
const frameRules = {
  /** `one`: the bytes are one frame, handed on unjudged. `found`: every sound frame in them, whatever stands around. */
  framing: z.enum(['one', 'found']).default('one'),
  /** Bytes in front of the frame, such as a hardware address. */
  prefixBytes: z.int().min(0).max(64).default(0),
  /** What the unit puts behind the frame, in hexadecimal (`0D0A`); taken off where it is there. */
  suffix: hexBytes.default(''),
}

const bytesFormSchema = z.strictObject({ kind: z.literal('bytes'), ...frameRules })
const hexFormSchema = z.strictObject({ kind: z.literal('hex'), ...frameRules })

/** The fields of a JSON payload by path. What is not named here is ignored when it is read: units add their own. */
const jsonFormSchema = z
  .strictObject({
    kind: z.literal('json'),
    /** Hexadecimal text of a DL/T 645 frame. */
    frame: path.optional(),
    ...frameRules,
    /** Must agree with the topic. */
    concentrator: path.optional(),
    /** What an answer or a receipt names. */
    messageId: z
      .strictObject({ path, type: z.enum(['text', 'number']), required: z.boolean().default(true) })
      .optional(),
    meter: path.optional(),
    time: z
      .strictObject({ path, format: z.enum(['epoch_ms', 'epoch_s', 'iso8601', 'compact_utc', 'beijing']) })
      .optional(),
    dataIdentifier: path.optional(),
    /** Written before an identifier, such as `0x`; taken off where it is there. */
    identifierPrefix: z.string().max(8).default(''),
    /** Names that the unit uses instead of identifiers. */
    identifierNames: z.record(z.string().min(1).max(64), identifier).optional(),
    value: path.optional(),
    /** How values are written; numbers and texts are both read, exactly. */
    valueType: z.enum(['number', 'text']).default('number'),
    /** The value as the meter sent it, before scaling. */
    rawValue: path.optional(),
    unit: path.optional(),
    online: path.optional(),
    /** Why a request came to nothing. */
    failure: path.optional(),
    /** Members that are always written, in front, such as a method's name. */
    constants: z.record(z.string().min(1).max(64), z.string().max(256)).optional(),
  })
  .superRefine((form, context) => {
    for (const message of defectsOfJsonForm(form)) context.addIssue({ code: 'custom', message })
  })

export const envelopeFormSchema = z.discriminatedUnion('kind', [bytesFormSchema, hexFormSchema, jsonFormSchema])

export type JsonForm = z.infer<typeof jsonFormSchema>
export type EnvelopeForm = z.infer<typeof envelopeFormSchema>

const channelSchema = z.strictObject({
  topic: topicTemplateSchema,
  /** The first one that fits a message is taken. */
  forms: z.array(envelopeFormSchema).min(1).max(4),
})

/**
 * `up`: what a concentrator delivers. `down`: requests to it. `response`: their answers, on `up` where it is absent. `receipt`: the
 * application's word that an upload is stored. `status`: whether it is there. `table`, `tableReceipt`: the meters that it is to read.
 * `tableReport`: those that it says it has.
 */
export const channelNames = [
  'up',
  'down',
  'response',
  'receipt',
  'status',
  'table',
  'tableReceipt',
  'tableReport',
] as const
export type ChannelName = (typeof channelNames)[number]

/** How a fleet of concentrators or transfer units talks over MQTT. Nothing of it is standardised, so all of it is configuration. */
export const envelopeProfileSchema = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'expected lower-case letters, digits and hyphens'),
    /** The public document that the envelope was taken from. */
    source: z.string().min(1).max(2000),
    channels: z.strictObject({
      up: channelSchema,
      down: channelSchema.optional(),
      response: channelSchema.optional(),
      receipt: channelSchema.optional(),
      status: channelSchema.optional(),
      /** Their payloads are those of `meter-table.ts`. */
      table: z.strictObject({ topic: topicTemplateSchema }).optional(),
      tableReceipt: z.strictObject({ topic: topicTemplateSchema }).optional(),
      tableReport: z.strictObject({ topic: topicTemplateSchema }).optional(),
    }),
    correlation: z.strictObject({
      /** What says that an answer belongs to a request. */
      by: z.enum(['message_id', 'address_function_identifier']),
      /** A carrier behind a concentrator takes seconds. */
      timeoutSeconds: z.int().min(1).max(600),
    }),
  })
  .superRefine((profile, context) => {
    for (const { path: at, message } of defectsOf(profile)) context.addIssue({ code: 'custom', path: at, message })
  })

export type EnvelopeProfile = z.infer<typeof envelopeProfileSchema>

/** Why a file is no envelope profile: which file, where in it, and what is wrong there. */
export interface EnvelopeProfileError {
  readonly kind: 'invalid_envelope_profile'
  readonly file: string
  readonly path: string
  readonly reason: string
}

/** An envelope profile from the text of its file; `file` is named in the error. */
export function parseEnvelopeProfile(text: string, file: string): Result<EnvelopeProfile, EnvelopeProfileError> {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'no JSON'
    return err({ kind: 'invalid_envelope_profile', file, path: '(top level)', reason })
  }
  return toEnvelopeProfile(document, file)
}

/** An envelope profile from a document that is parsed already. */
export function toEnvelopeProfile(document: unknown, file: string): Result<EnvelopeProfile, EnvelopeProfileError> {
  const parsed = envelopeProfileSchema.safeParse(document)
  if (parsed.success) return ok(parsed.data)
  const issue = parsed.error.issues[0]
  const at = issue?.path.join('.') || '(top level)'
  return err({ kind: 'invalid_envelope_profile', file, path: at, reason: issue?.message ?? 'invalid' })
}

/**
 * Whether nothing can be lost between a concentrator and the database: it forgets an upload only when the application's receipt names
 * it. Brokers lose what they have acknowledged, so their acknowledgement is none.
 */
export function isLossFree({ channels }: EnvelopeProfile): boolean {
  return channels.receipt !== undefined
}

/** The forms of a channel; none where the profile has no such channel or its payloads are no envelope. */
export function formsOf({ channels }: EnvelopeProfile, name: ChannelName): readonly EnvelopeForm[] {
  const channel = channels[name]
  return channel !== undefined && 'forms' in channel ? channel.forms : []
}

/** Whether one message of this form holds more than one frame or value. */
export function holdsMany(form: EnvelopeForm): boolean {
  if (form.kind !== 'json') return false
  const main = form.frame ?? form.value
  return main !== undefined && parseJsonPath(main)?.list !== null
}

function* defectsOfJsonForm(form: Omit<JsonForm, 'constants'>): Generator<string> {
  const { frame, value, dataIdentifier, messageId, online, failure } = form
  if (frame !== undefined && value !== undefined) yield 'a form carries frames or values, not both'
  if (value !== undefined && dataIdentifier === undefined) yield 'a value needs the path of its data identifier'
  if ([frame, value, dataIdentifier, messageId, online, failure].every((each) => each === undefined))
    yield 'a form names at least one of frame, value, dataIdentifier, messageId, online, failure'
  const listed = [frame, value, dataIdentifier, form.meter, form.time?.path, form.rawValue, form.unit]
  const main = frame ?? value
  const lists = new Set(listed.flatMap((each) => (each === undefined ? [] : (listName(each) ?? []))))
  const single = [form.concentrator, messageId?.path, online, failure]
  if (lists.size > 1) yield 'all paths of a form go through one list'
  if (lists.size === 1 && (main === undefined || listName(main) === null))
    yield 'the frame or the value goes through the list where another path does'
  if (single.some((each) => each !== undefined && listName(each) !== null))
    yield 'concentrator, messageId, online and failure stand outside of a list'
  if (main !== undefined && parseJsonPath(main)?.takesKey === true) yield 'a name in an object is no frame and no value'
}

function listName(text: string): string | null {
  const parsed = parseJsonPath(text)
  return parsed === null ? null : (listOf(parsed)?.replace('object', '{}') ?? null)
}

interface Defect {
  readonly path: string[]
  readonly message: string
}

function* defectsOf({ channels, correlation }: EnvelopeProfile): Generator<Defect> {
  const topics = channelNames.flatMap((name) => channels[name]?.topic ?? [])
  if (new Set(topics).size < topics.length) yield { path: ['channels'], message: 'every channel has its own topic' }
  const takesId = (name: ChannelName) =>
    formsOf({ channels } as EnvelopeProfile, name).every((form) => form.kind === 'json' && form.messageId !== undefined)
  if (channels.receipt !== undefined && !(takesId('receipt') && takesId('up')))
    yield { path: ['channels', 'receipt'], message: 'receipts need a messageId in every form of up and receipt' }
  if ((channels.table === undefined) !== (channels.tableReceipt === undefined))
    yield { path: ['channels', 'table'], message: 'table and tableReceipt come together' }
  const answers = channels.response === undefined ? 'up' : 'response'
  if (correlation.by === 'message_id' && !(channels.down !== undefined && takesId('down') && takesId(answers)))
    yield { path: ['correlation', 'by'], message: `message_id needs a messageId in every form of down and ${answers}` }
}
