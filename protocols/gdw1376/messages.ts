import { type Auxiliary, encodeGdw1376, firstItem, type Gdw1376Frame, terminalItem } from './frame.js'
import { encodeTimeLabel, type TimeLabel } from './time-label.js'
import {
  decodeForwardReply,
  decodeForwardRequest,
  encodeForwardReply,
  encodeForwardRequest,
  type ForwardReply,
  type ForwardRequest,
} from './transparent-forward.js'

/** What a frame means, for the functions that a master needs to reach meters through a terminal. */
export type Gdw1376Message =
  | { readonly kind: 'login' | 'logout' | 'heartbeat' | 'confirm' | 'deny' }
  | { readonly kind: 'forward_request'; readonly request: ForwardRequest }
  | { readonly kind: 'forward_reply'; readonly reply: ForwardReply }
  | { readonly kind: 'other' }

/** The two ends and the number that joins an answer to its question. */
export interface Exchange {
  /** 8 digits, see `TerminalAddress.terminal`. */
  readonly terminal: string
  /** 0 to 127. */
  readonly master: number
  /** 0 to 15. */
  readonly sequenceNumber: number
}

const linkKinds = ['login', 'logout', 'heartbeat'] as const
type LinkKind = (typeof linkKinds)[number]
const linkItems: Readonly<Record<LinkKind, number>> = { login: 1, logout: 2, heartbeat: 3 }
const nothingAttached: Auxiliary = { password: null, eventCounters: null, timeLabel: null }
const passwordBytes = 16
/** Control function codes: PRM 1 upward, link test; PRM 1 downward, class 2 data; PRM 0, user data and link state. */
const linkTest = 9
const classTwoRequest = 11
const userDataReply = 8
const linkState = 11

export function messageOf(frame: Gdw1376Frame): Gdw1376Message {
  const item = frame.unit === null ? null : firstItem(frame.unit)
  if (frame.afn === 0x00)
    return item === 1 || item === 2 ? { kind: item === 1 ? 'confirm' : 'deny' } : { kind: 'other' }
  if (frame.afn === 0x02) return linkMessage(item)
  return frame.afn === 0x10 && item === 1 ? forwardMessage(frame) : { kind: 'other' }
}

/** The terminal's side: login, logout and heartbeat, each to be confirmed. */
export function encodeLink(kind: LinkKind, { terminal, master, sequenceNumber }: Exchange): Buffer {
  return encodeGdw1376({
    protocolMark: 2,
    control: { upward: true, initiates: true, countOrAccess: false, countValid: false, functionCode: linkTest },
    address: { terminal, master, group: false },
    afn: 0x02,
    sequence: { timeLabelled: false, first: true, final: true, confirm: true, number: sequenceNumber },
    unit: terminalItem(linkItems[kind]),
    data: Buffer.alloc(0),
    auxiliary: nothingAttached,
  })
}

/** The master's side: AFN 00H F1 or F2, the answer to whatever asks for a confirmation. */
export function encodeConfirmation(kind: 'confirm' | 'deny', { terminal, master, sequenceNumber }: Exchange): Buffer {
  return encodeGdw1376({
    protocolMark: 2,
    control: { upward: false, initiates: false, countOrAccess: false, countValid: false, functionCode: linkState },
    address: { terminal, master, group: false },
    afn: 0x00,
    sequence: { timeLabelled: false, first: true, final: true, confirm: false, number: sequenceNumber },
    unit: terminalItem(kind === 'confirm' ? 1 : 2),
    data: Buffer.alloc(0),
    auxiliary: nothingAttached,
  })
}

/** The master's side: bytes for a meter behind the terminal. The password is 16 bytes, zeros unless the terminal wants another. */
export function encodeForwardRequestFrame(
  { terminal, master, sequenceNumber }: Exchange,
  request: ForwardRequest,
  options: { readonly password?: Buffer; readonly timeLabel?: TimeLabel } = {},
): Buffer {
  return encodeGdw1376({
    protocolMark: 2,
    control: { upward: false, initiates: true, countOrAccess: false, countValid: false, functionCode: classTwoRequest },
    address: { terminal, master, group: false },
    afn: 0x10,
    sequence: {
      timeLabelled: options.timeLabel !== undefined,
      first: true,
      final: true,
      confirm: false,
      number: sequenceNumber,
    },
    unit: terminalItem(1),
    data: encodeForwardRequest(request),
    auxiliary: {
      password: options.password ?? Buffer.alloc(passwordBytes),
      eventCounters: null,
      timeLabel: timeLabelOf(options.timeLabel),
    },
  })
}

/** The terminal's side: what the meter answered. Event counters, 2 bytes, say that events wait. */
export function encodeForwardReplyFrame(
  { terminal, master, sequenceNumber }: Exchange,
  reply: ForwardReply,
  options: { readonly eventCounters?: Buffer; readonly timeLabel?: TimeLabel } = {},
): Buffer {
  const { eventCounters, timeLabel } = options
  return encodeGdw1376({
    protocolMark: 2,
    control: {
      upward: true,
      initiates: false,
      countOrAccess: eventCounters !== undefined,
      countValid: false,
      functionCode: userDataReply,
    },
    address: { terminal, master, group: false },
    afn: 0x10,
    sequence: {
      timeLabelled: timeLabel !== undefined,
      first: true,
      final: true,
      confirm: false,
      number: sequenceNumber,
    },
    unit: terminalItem(1),
    data: encodeForwardReply(reply),
    auxiliary: { password: null, eventCounters: eventCounters ?? null, timeLabel: timeLabelOf(timeLabel) },
  })
}

function linkMessage(item: number | null): Gdw1376Message {
  const known = linkKinds.find((kind) => linkItems[kind] === item)
  return { kind: known ?? 'other' }
}

function forwardMessage({ control, data }: Gdw1376Frame): Gdw1376Message {
  if (control.upward) {
    const reply = decodeForwardReply(data)
    return reply === null ? { kind: 'other' } : { kind: 'forward_reply', reply }
  }
  const request = decodeForwardRequest(data)
  return request === null ? { kind: 'other' } : { kind: 'forward_request', request }
}

function timeLabelOf(label: TimeLabel | undefined): Buffer | null {
  return label === undefined ? null : encodeTimeLabel(label)
}
