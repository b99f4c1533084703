import type { Edition } from './data-item.js'

/** Functions of the master by their code in bits 0 to 4. */
export const functions2007 = {
  authenticate: 0x03,
  broadcast_time: 0x08,
  read: 0x11,
  read_follow_up: 0x12,
  read_address: 0x13,
  write: 0x14,
  write_address: 0x15,
  freeze: 0x16,
  change_rate: 0x17,
  change_password: 0x18,
  clear_demand: 0x19,
  clear_meter: 0x1a,
  clear_events: 0x1b,
  control_relay: 0x1c,
  select_output: 0x1d,
} as const

export const functions1997 = {
  read: 0x01,
  read_follow_up: 0x02,
  read_again: 0x03,
  write: 0x04,
  broadcast_time: 0x08,
  write_address: 0x0a,
  change_rate: 0x0c,
  change_password: 0x0f,
  clear_demand: 0x10,
} as const

export type FunctionName = keyof typeof functions2007 | keyof typeof functions1997

/** The parts of a control code: D7 direction, D6 refusal, D5 more data follow, D4 to D0 function. */
export interface ControlCode {
  readonly isReply: boolean
  readonly isRefusal: boolean
  readonly hasMore: boolean
  readonly functionCode: number
}

const replyBit = 0x80
const refusalBit = 0x40
const moreBit = 0x20
const functionBits = 0x1f

export function parseControlCode(code: number): ControlCode {
  return {
    isReply: (code & replyBit) !== 0,
    isRefusal: (code & refusalBit) !== 0,
    hasMore: (code & moreBit) !== 0,
    functionCode: code & functionBits,
  }
}

export function replyCode(functionCode: number): number {
  return functionCode | replyBit
}

export function moreCode(functionCode: number): number {
  return functionCode | replyBit | moreBit
}

export function refusalCode(functionCode: number): number {
  return functionCode | replyBit | refusalBit
}

const names: Readonly<Record<Edition, ReadonlyMap<number, FunctionName>>> = {
  '2007': new Map(Object.entries(functions2007).map(([name, code]) => [code, name as FunctionName])),
  '1997': new Map(Object.entries(functions1997).map(([name, code]) => [code, name as FunctionName])),
}

/** Name of a function code; null for one that the edition does not have. */
export function functionName(edition: Edition, functionCode: number): FunctionName | null {
  return names[edition].get(functionCode) ?? null
}

/**
 * The edition that a frame belongs to, from its control code and, for the two codes that both editions have, from the length of
 * the identifier; null when neither knows the function. Broadcast time is the same in both and counts as 2007.
 */
export function editionOf(controlCode: number, data: Buffer): Edition | null {
  const { isReply, isRefusal, hasMore, functionCode } = parseControlCode(controlCode)
  if (!isReply && (isRefusal || hasMore)) return null
  const in2007 = functionName('2007', functionCode) !== null
  const in1997 = functionName('1997', functionCode) !== null
  if (in2007 && in1997 && functionCode === functions2007.authenticate) return editionOfCode03(isReply, isRefusal, data)
  if (in2007) return '2007'
  return in1997 ? '1997' : null
}

const securityClass = 0x07

/**
 * 03 asks for security with an identifier 07xxxxxx in the 2007 edition, and for a repetition in the 1997 one. Empty answers and
 * refusals are seen from meters of 2007 only; a refusal of theirs is a word, or the one error byte of any other function.
 */
function editionOfCode03(isReply: boolean, isRefusal: boolean, data: Buffer): Edition {
  if (isRefusal || (isReply && data.length === 0)) return '2007'
  return data.length >= 4 && data[3] === securityClass ? '2007' : '1997'
}
