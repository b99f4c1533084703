import * as z from 'zod'
import { err, ok, type Result, unreachable } from '../../domain/result.js'
import { frozenAt, newestRows, placeFromNewest, readAttributes, readRecords } from '../dlt698/requests.js'
import { encodeWholeFrame, singleServer } from '../dlt698/whole-frame.js'
import { encodeForwardRequestFrame } from '../gdw1376/messages.js'
import { type Dlt645SpecError, dlt645SpecSchema, encodeDlt645Spec } from './dlt645-spec.js'

const oad = z.string().regex(/^[0-9A-Fa-f]{8}$/, { error: 'expected an OAD of 8 hexadecimal digits' })

/** A terminal passes a DL/T 645 request on to a meter (AFN 10H F1). */
const forwardSpecSchema = z.strictObject({
  protocol: z.literal('gdw1376.1'),
  /** Area (4 digits) and terminal (4 hexadecimal digits), as `frame decode` shows them. */
  address: z.string().regex(/^\d{4}[0-9A-Fa-f]{4}$/, { error: 'expected 4 digits and 4 hexadecimal digits' }),
  master: z.int().min(0).max(127).default(2),
  sequenceNumber: z.int().min(0).max(15).default(0),
  port: z.int().min(0).max(255).default(31),
  baudRate: z.literal([300, 600, 1200, 2400, 4800, 7200, 9600, 19_200]).default(2400),
  waitSeconds: z.int().min(1).max(127).default(60),
  inner: dlt645SpecSchema,
})

/** A DL/T 698.45 read of attributes, or of rows of a freeze: the row of a moment, the n-th newest, or the newest rows. */
const readSpecSchema = z
  .strictObject({
    protocol: z.literal('dlt698.45'),
    address: z.string().regex(/^\d{12}$/, { error: 'expected 12 digits' }),
    client: z.int().min(0).max(255).default(0),
    piid: z.int().min(0).max(63).default(1),
    read: z.array(oad).min(1).max(50).optional(),
    record: oad.optional(),
    rows: z
      .union([
        z.strictObject({
          frozenAt: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/, { error: 'expected 2026-07-01T00:00:00' }),
        }),
        z.strictObject({ place: z.int().min(1).max(255) }),
        z.strictObject({ newest: z.int().min(1).max(255) }),
      ])
      .default({ place: 1 }),
    columns: z.array(oad).min(1).max(50).default(['20210200', '00100200']),
  })
  .refine(({ read, record }) => (read === undefined) !== (record === undefined), {
    error: 'expected either read or record',
  })

/** A frame to be written, one JSON document. */
export const frameSpecSchema = z.union([forwardSpecSchema, readSpecSchema, dlt645SpecSchema])

type ForwardSpec = z.infer<typeof forwardSpecSchema>
type ReadSpec = z.infer<typeof readSpecSchema>

export type FrameSpecError =
  | Dlt645SpecError
  | { readonly kind: 'spec_malformed'; readonly field: string; readonly reason: string }

/** Bytes of the frame that a JSON document describes, or of all frames of what `frame decode` printed for a line. */
export function encodeFrameText(text: string): Result<Buffer, FrameSpecError> {
  const document = parseJson(text)
  if (!document.ok) return document
  const frames = framesOf(document.value)
  if (frames === null) return encodeDocument(document.value)
  const encoded: Buffer[] = []
  for (const frame of frames) {
    const bytes = encodeDocument(frame)
    if (!bytes.ok) return bytes
    encoded.push(bytes.value)
  }
  return ok(Buffer.concat(encoded))
}

function framesOf(document: unknown): readonly unknown[] | null {
  const frames = typeof document === 'object' && document !== null && 'frames' in document ? document.frames : null
  return Array.isArray(frames) && frames.length > 0 ? frames : null
}

function encodeDocument(document: unknown): Result<Buffer, FrameSpecError> {
  const schema = schemaOf(document)
  const parsed = schema.safeParse(document)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return err({ kind: 'spec_malformed', field: issue?.path.join('.') ?? '', reason: issue?.message ?? 'invalid' })
  }
  switch (parsed.data.protocol) {
    case 'gdw1376.1':
      return encodeForward(parsed.data)
    case 'dlt698.45':
      return ok(encodeRead(parsed.data))
    case 'dlt645-2007':
    case 'dlt645-1997':
    case 'dlt645':
      return encodeDlt645Spec(parsed.data)
    default:
      return unreachable(parsed.data)
  }
}

/** The schema that the protocol names, so that what is said of a mistake is said of the right one. */
function schemaOf(document: unknown): typeof forwardSpecSchema | typeof readSpecSchema | typeof dlt645SpecSchema {
  const protocol =
    typeof document === 'object' && document !== null && 'protocol' in document ? document.protocol : null
  if (protocol === 'gdw1376.1') return forwardSpecSchema
  return protocol === 'dlt698.45' ? readSpecSchema : dlt645SpecSchema
}

function encodeForward(spec: ForwardSpec): Result<Buffer, FrameSpecError> {
  const inner = encodeDlt645Spec(spec.inner)
  if (!inner.ok) return inner
  const exchange = { terminal: spec.address.toUpperCase(), master: spec.master, sequenceNumber: spec.sequenceNumber }
  const settings = { baudRate: spec.baudRate, stopBits: 1, parity: 'even', dataBits: 8 } as const
  const frameWait = { count: spec.waitSeconds, unitMs: 1000 } as const
  return ok(
    encodeForwardRequestFrame(exchange, { port: spec.port, settings, frameWait, byteWaitMs: 100, inner: inner.value }),
  )
}

function encodeRead({ address, client, piid, read, record, rows, columns }: ReadSpec): Buffer {
  const [first = '', ...more] = read ?? []
  const request =
    record === undefined ? readAttributes(piid, [first, ...more]) : readRecords(piid, record, rowsOf(rows), columns)
  return encodeWholeFrame('request', singleServer(address), client, request)
}

function rowsOf(rows: ReadSpec['rows']) {
  if ('frozenAt' in rows) return frozenAt(rows.frozenAt)
  return 'place' in rows ? placeFromNewest(rows.place) : newestRows(rows.newest)
}

function parseJson(text: string): Result<unknown, FrameSpecError> {
  try {
    return ok(JSON.parse(text))
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'no JSON'
    return err({ kind: 'spec_malformed', field: '', reason: `expected one JSON document: ${reason}` })
  }
}
