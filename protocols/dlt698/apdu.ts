import type { Column, Dlt698Data, RowSelector, TimeInterval } from './data.js'

/** What travels in one frame, or in several where it was cut. */
export type Apdu =
  | LinkRequest
  | LinkResponse
  | GetRequest
  | GetResponse
  | ForwardRequest
  | ForwardResponse
  | SecurityRequest
  | SecurityResponse
  | { readonly kind: 'other'; readonly bytes: Buffer }

export type LinkAction = 'login' | 'heartbeat' | 'logout'

/** The server announces itself to the client. */
export interface LinkRequest {
  readonly kind: 'link_request'
  readonly piid: number
  readonly action: LinkAction
  readonly heartbeatSeconds: number
  /** date_time, 20 digits. */
  readonly requestedAt: string
}

export interface LinkResponse {
  readonly kind: 'link_response'
  readonly piid: number
  /** Bit 7: the clock can be trusted; bits 2-0: 0 done, 1 address twice, 2 unknown device, 3 no room. */
  readonly result: number
  /** date_time, 20 digits, each. */
  readonly requestedAt: string
  readonly receivedAt: string
  readonly respondedAt: string
}

export interface GetRequest {
  readonly kind: 'get_request'
  /** Bit 7 high priority, bits 5-0 the number that comes back in the response. */
  readonly piid: number
  readonly ask: Ask
  readonly timeTag: OptionalPart<TimeTag>
}

export type Ask =
  | { readonly kind: 'normal'; readonly oad: string }
  | { readonly kind: 'normal_list'; readonly oads: readonly string[] }
  | { readonly kind: 'record'; readonly query: RecordQuery }
  | { readonly kind: 'record_list'; readonly queries: readonly RecordQuery[] }
  /** The block after the one that arrived last. */
  | { readonly kind: 'next'; readonly block: number }

export interface RecordQuery {
  readonly oad: string
  readonly rows: RowSelector
  /** Empty: all columns that the server keeps. */
  readonly columns: readonly Column[]
}

export interface GetResponse {
  readonly kind: 'get_response'
  /** As in the request; bit 7 is ACD, something waits to be reported. */
  readonly piid: number
  readonly answer: Answer
  readonly followReport: OptionalPart<FollowReport>
  readonly timeTag: OptionalPart<TimeTag>
}

export type Answer =
  | { readonly kind: 'normal'; readonly result: ObjectResult }
  | { readonly kind: 'normal_list'; readonly results: readonly ObjectResult[] }
  | { readonly kind: 'record'; readonly record: RecordResult }
  | { readonly kind: 'record_list'; readonly records: readonly RecordResult[] }
  | { readonly kind: 'next'; readonly last: boolean; readonly block: number; readonly part: BlockPart }

export type BlockPart = Denial | ObjectResults | RecordResults

export interface ObjectResults {
  readonly kind: 'results'
  readonly results: readonly ObjectResult[]
}

export interface RecordResults {
  readonly kind: 'records'
  readonly records: readonly RecordResult[]
}

export interface ObjectResult {
  readonly oad: string
  readonly outcome: Denial | { readonly kind: 'data'; readonly data: Dlt698Data }
}

export interface RecordResult {
  readonly oad: string
  readonly columns: readonly Column[]
  /** One value per column in each row. */
  readonly outcome: Denial | { readonly kind: 'rows'; readonly rows: readonly Row[] }
}

export type Row = readonly Dlt698Data[]

/** DAR: why there is no value. */
export interface Denial {
  readonly kind: 'denied'
  readonly dar: number
}

/** 09 07: bytes that the server sends to a meter behind one of its ports. */
export interface ForwardRequest {
  readonly kind: 'forward_request'
  readonly piid: number
  /** F2010201 the first RS-485 port, F2090201 the power line carrier, … */
  readonly port: string
  /** COMDCB, 10 digits: rate (3 2400, 6 9600), parity (0 none, 1 odd, 2 even), data bits, stop bits, flow control. */
  readonly settings: string
  readonly replyWaitSeconds: number
  readonly byteWaitMs: number
  readonly inner: Buffer
  readonly timeTag: OptionalPart<TimeTag>
}

export interface ForwardResponse {
  readonly kind: 'forward_response'
  readonly piid: number
  readonly port: string
  readonly outcome: Denial | { readonly kind: 'bytes'; readonly inner: Buffer }
  readonly followReport: OptionalPart<FollowReport>
  readonly timeTag: OptionalPart<TimeTag>
}

/** Another APDU, plain or enciphered, and what proves where it comes from. */
export interface SecurityRequest {
  readonly kind: 'security_request'
  readonly sealed: Sealed
  /** Not looked into. */
  readonly verification: Buffer
}

export interface SecurityResponse {
  readonly kind: 'security_response'
  readonly sealed: Sealed | Denial
  readonly verification: Buffer
}

export interface Sealed {
  readonly kind: 'plain' | 'cipher'
  readonly bytes: Buffer
}

/** `null`: said to be absent. `omitted`: not even that is said, as some servers end their APDU early. */
export type OptionalPart<T> = T | null | 'omitted'

export interface TimeTag {
  /** date_time_s, 14 digits. */
  readonly sentAt: string
  readonly allowedDelay: TimeInterval
}

/** Something that the server reports along with its answer. */
export type FollowReport = ObjectResults | RecordResults
