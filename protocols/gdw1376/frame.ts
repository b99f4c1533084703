import { err, invariant, ok, type Result } from '../../domain/result.js'
import type { FrameError } from '../framing.js'
import { checksumOf, gdw1376Framing, headerBytes, maxUserDataBytes, minUserDataBytes, trailerBytes } from './framing.js'

/** One frame between master and terminal. `encodeGdw1376(decodeGdw1376(x))` is x, byte for byte. */
export interface Gdw1376Frame {
  /** 1: Q/GDW 130-2005; 2: Q/GDW 376.1-2009 and 1376.1-2013. */
  readonly protocolMark: 1 | 2
  readonly control: Control
  readonly address: TerminalAddress
  /** Application function: 00H confirm or deny, 02H link, 10H data forwarding, … */
  readonly afn: number
  readonly sequence: Sequence
  /** The first data unit's designations; null where the frame has none. */
  readonly unit: UnitDesignation | null
  /** What follows DA and DT, auxiliary fields not counted; further data units stay in here. */
  readonly data: Buffer
  readonly auxiliary: Auxiliary
}

/** Control byte C. */
export interface Control {
  /** DIR: from the terminal to the master. */
  readonly upward: boolean
  /** PRM: the sender has started the exchange. */
  readonly initiates: boolean
  /** Bit 5. Downward FCB; upward ACD, event counters are attached. */
  readonly countOrAccess: boolean
  /** Bit 4, downward FCV; reserved upward. */
  readonly countValid: boolean
  /** 0 to 15. */
  readonly functionCode: number
}

export interface TerminalAddress {
  /** Area code, 4 digits, and terminal, 4 hexadecimal digits, both high byte first: `02001234`. */
  readonly terminal: string
  /** Master's number, 0 to 127. */
  readonly master: number
  /** The terminal number names a group. */
  readonly group: boolean
}

/** Byte SEQ. */
export interface Sequence {
  /** TpV: a time label is attached. */
  readonly timeLabelled: boolean
  readonly first: boolean
  readonly final: boolean
  /** CON: the receiver has to confirm. */
  readonly confirm: boolean
  /** PSEQ or RSEQ, 0 to 15. */
  readonly number: number
}

/** DA and DT as sent: a byte of eight flags and a group, each. */
export interface UnitDesignation {
  readonly da: readonly [flags: number, group: number]
  readonly dt: readonly [flags: number, group: number]
}

/** What stands behind the data units. */
export interface Auxiliary {
  /** PW, 16 bytes, downward for the functions that change something. */
  readonly password: Buffer | null
  /** EC, 2 bytes: counters of important and of ordinary events. */
  readonly eventCounters: Buffer | null
  /** Tp, 6 bytes. */
  readonly timeLabel: Buffer | null
}

export type Gdw1376Error = FrameError | { readonly kind: 'auxiliary_field_missing' }

const passwordBytes = 16
const eventCounterBytes = 2
const timeLabelBytes = 6
const unitBytes = 4
/** Reset, set, control, file transfer, forwarding. */
const functionsWithPassword: ReadonlySet<number> = new Set([0x01, 0x04, 0x05, 0x0f, 0x10])

/** Reads exactly one frame with nothing behind it. */
export function decodeGdw1376(bytes: Uint8Array): Result<Gdw1376Frame, Gdw1376Error> {
  const buffer = Buffer.from(bytes)
  const error = gdw1376Framing.explain(buffer, 0, buffer.length)
  if (error !== null) return err(error)
  const expected = gdw1376Framing.measure(buffer, 0, buffer.length)
  if (expected !== buffer.length) return err({ kind: 'length_mismatch', expected, actual: buffer.length })
  return decodeUserData(buffer.readUInt16LE(1) & 0b11, buffer.subarray(headerBytes, -trailerBytes))
}

export function encodeGdw1376(frame: Gdw1376Frame): Buffer {
  const { unit, data, auxiliary } = frame
  const userData = Buffer.concat([
    Buffer.from([encodeControl(frame.control)]),
    encodeAddress(frame.address),
    Buffer.from([frame.afn, encodeSequence(frame.sequence)]),
    Buffer.from(unit === null ? [] : [...unit.da, ...unit.dt]),
    data,
    ...[auxiliary.password, auxiliary.eventCounters, auxiliary.timeLabel].filter((field) => field !== null),
  ])
  invariant(userData.length <= maxUserDataBytes, 'a frame carries at most 16383 bytes')
  const length = Buffer.alloc(2)
  length.writeUInt16LE((userData.length << 2) | frame.protocolMark)
  const start = Buffer.from([0x68])
  return Buffer.concat([start, length, length, start, userData, Buffer.from([checksumOf(userData), 0x16])])
}

/** Pn of the lowest flag that is set, 0 for the terminal itself; null when no point is named. */
export function firstPoint({ da: [flags, group] }: UnitDesignation): number | null {
  if (flags === 0 && group === 0) return 0
  if (flags === 0xff && group === 0xff) return null
  return flags === 0 || group === 0 ? null : (group - 1) * 8 + lowestFlag(flags) + 1
}

/** Fn of the lowest flag that is set; null when no item is named. */
export function firstItem({ dt: [flags, group] }: UnitDesignation): number | null {
  return flags === 0 ? null : group * 8 + lowestFlag(flags) + 1
}

/** The terminal itself and one item. */
export function terminalItem(fn: number): UnitDesignation {
  invariant(Number.isInteger(fn) && fn >= 1 && fn <= 248, `no item has the number ${fn}`)
  return { da: [0, 0], dt: [1 << ((fn - 1) % 8), Math.floor((fn - 1) / 8)] }
}

function decodeUserData(mark: number, userData: Buffer): Result<Gdw1376Frame, Gdw1376Error> {
  const control = decodeControl(userData.readUInt8(0))
  const afn = userData.readUInt8(6)
  const sequence = decodeSequence(userData.readUInt8(7))
  const body = userData.subarray(minUserDataBytes)
  const lengths = auxiliaryLengths(control, afn, sequence)
  const unitsEnd = body.length - lengths.password - lengths.eventCounters - lengths.timeLabel
  if (unitsEnd < 0) return err({ kind: 'auxiliary_field_missing' })
  const units = body.subarray(0, unitsEnd)
  const hasUnit = units.length >= unitBytes
  return ok({
    protocolMark: mark === 1 ? 1 : 2,
    control,
    address: decodeAddress(userData.subarray(1, 6)),
    afn,
    sequence,
    unit: hasUnit
      ? { da: [units.readUInt8(0), units.readUInt8(1)], dt: [units.readUInt8(2), units.readUInt8(3)] }
      : null,
    data: Buffer.from(hasUnit ? units.subarray(unitBytes) : units),
    auxiliary: decodeAuxiliary(body.subarray(unitsEnd), lengths),
  })
}

interface AuxiliaryLengths {
  readonly password: number
  readonly eventCounters: number
  readonly timeLabel: number
}

function auxiliaryLengths(control: Control, afn: number, sequence: Sequence): AuxiliaryLengths {
  return {
    password: !control.upward && functionsWithPassword.has(afn) ? passwordBytes : 0,
    eventCounters: control.upward && control.countOrAccess ? eventCounterBytes : 0,
    timeLabel: sequence.timeLabelled ? timeLabelBytes : 0,
  }
}

function decodeAuxiliary(bytes: Buffer, lengths: AuxiliaryLengths): Auxiliary {
  const countersAt = lengths.password
  const labelAt = countersAt + lengths.eventCounters
  return {
    password: fieldOf(bytes, 0, lengths.password),
    eventCounters: fieldOf(bytes, countersAt, lengths.eventCounters),
    timeLabel: fieldOf(bytes, labelAt, lengths.timeLabel),
  }
}

function fieldOf(bytes: Buffer, at: number, length: number): Buffer | null {
  return length === 0 ? null : Buffer.from(bytes.subarray(at, at + length))
}

function decodeControl(code: number): Control {
  return {
    upward: (code & 0x80) !== 0,
    initiates: (code & 0x40) !== 0,
    countOrAccess: (code & 0x20) !== 0,
    countValid: (code & 0x10) !== 0,
    functionCode: code & 0x0f,
  }
}

export function encodeControl(control: Control): number {
  return (
    (control.upward ? 0x80 : 0) |
    (control.initiates ? 0x40 : 0) |
    (control.countOrAccess ? 0x20 : 0) |
    (control.countValid ? 0x10 : 0) |
    control.functionCode
  )
}

function decodeAddress(bytes: Buffer): TerminalAddress {
  const hex = Buffer.from([1, 0, 3, 2].map((index) => bytes.readUInt8(index))).toString('hex')
  const a3 = bytes.readUInt8(4)
  return { terminal: hex.toUpperCase(), master: a3 >> 1, group: (a3 & 1) === 1 }
}

function encodeAddress({ terminal, master, group }: TerminalAddress): Buffer {
  invariant(/^[\dA-F]{8}$/i.test(terminal), `not a terminal address: ${terminal}`)
  invariant(Number.isInteger(master) && master >= 0 && master <= 127, 'a master has a number from 0 to 127')
  const bytes = Buffer.from(terminal, 'hex')
  const order = [1, 0, 3, 2].map((index) => bytes.readUInt8(index))
  return Buffer.from([...order, (master << 1) | (group ? 1 : 0)])
}

function decodeSequence(code: number): Sequence {
  return {
    timeLabelled: (code & 0x80) !== 0,
    first: (code & 0x40) !== 0,
    final: (code & 0x20) !== 0,
    confirm: (code & 0x10) !== 0,
    number: code & 0x0f,
  }
}

export function encodeSequence(sequence: Sequence): number {
  return (
    (sequence.timeLabelled ? 0x80 : 0) |
    (sequence.first ? 0x40 : 0) |
    (sequence.final ? 0x20 : 0) |
    (sequence.confirm ? 0x10 : 0) |
    sequence.number
  )
}

function lowestFlag(flags: number): number {
  return 31 - Math.clz32(flags & -flags)
}
