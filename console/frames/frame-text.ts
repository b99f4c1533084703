import { findFamily } from '../../protocols/dlt645/catalogue/catalogue.js'
import type { InspectedAdu } from '../../protocols/modbus/inspected-adu.js'
import type { InspectedFrame, InspectedValue } from '../../protocols/inspection/inspected-frame.js'

const directions = { request: '下行 request', reply: '上行 reply' } as const
const states = { ok: '', absent: '无此值 absent', invalid: '值非法 invalid' } as const

/** A frame for people: what it is, from whom, and one line for each value. */
export function frameText(frame: InspectedFrame, indent = ''): string {
  const { protocol, direction, address, controlCode, dataIdentifier, followUp, refusal, values, inner } = frame
  const head = [
    protocol,
    directions[direction],
    `地址 address ${address}`,
    `控制码 control ${controlCode}`,
    ...(frame.afn === undefined ? [] : [`AFN ${frame.afn} SEQ ${frame.seq} P${frame.pn} F${frame.fn}`]),
    ...(dataIdentifier === null ? [] : [`标识 item ${dataIdentifier}${titleOf(protocol, dataIdentifier)}`]),
    ...(followUp ? ['有后续帧 more follows'] : []),
  ].join(' · ')
  const lines = [
    `${indent}${head}`,
    ...(refusal === null ? [] : [`${indent}  拒绝 refused ${refusal.code}: ${refusal.reasons.join(', ')}`]),
    ...values.map((value) => `${indent}  ${valueText(value)}`),
    ...(isUnexplained(frame) ? [`${indent}  ${unexplained(frame.payload)}`] : []),
    `${indent}  ${frame.hex.replaceAll(/(..)(?=.)/g, '$1 ')}`,
  ]
  return [...lines, ...(inner === null ? [] : [frameText(inner, `${indent}  `)])].join('\n')
}

/** Answers to a read that are whole, of the 2007 and the 1997 edition. */
const wholeAnswers = new Set(['91', '81'])

/** An answer for an item of the catalogue whose bytes fit none of its forms, or could be those of another length. */
function isUnexplained({ protocol, controlCode, dataIdentifier, values, payload }: InspectedFrame): boolean {
  if (!wholeAnswers.has(controlCode) || dataIdentifier === null) return false
  return values.length === 0 && payload !== '' && titleOf(protocol, dataIdentifier) !== ''
}

function unexplained(payload: string): string {
  const bytes = payload.length / 2
  return `数据 ${bytes} 字节，不合此项或有疑 · ${bytes} bytes fit no form of the item, or leave doubt: ${payload}`
}

/** A Modbus message for people. */
export function aduText(adu: InspectedAdu): string {
  const { protocol, unit, direction, function: code, address, count, data, exception, mismatch } = adu
  const parts = [
    protocol,
    directions[direction],
    `站号 unit ${unit}`,
    `功能 function ${code}`,
    ...(address === null ? [] : [`地址 address ${address}`]),
    ...(count === null ? [] : [`数量 count ${count}`]),
    ...(data === null || data === '' ? [] : [`数据 data ${data}`]),
    ...(exception === null ? [] : [`异常 exception ${exception.code} ${exception.name}`]),
    ...(mismatch === undefined || mismatch === null ? [] : [`与请求不符 ${mismatch}`]),
  ]
  return `${parts.join(' · ')}\n  ${adu.hex.replaceAll(/(..)(?=.)/g, '$1 ')}`
}

/** Why there is no frame. What stands in a frame is said in hexadecimal, what is counted in decimal. */
export function refusedText({ kind, ...details }: { readonly kind: string }): string {
  const isContent = contentErrors.has(kind)
  // A document that is wrong as a whole has no field to name.
  const told = Object.entries(details).filter(([, value]) => value !== '')
  const rest = told.map(([name, value]) => {
    const shown = isContent && contentDetails.has(name) && typeof value === 'number' ? byteText(value) : String(value)
    return `${detailNames.get(name) ?? ''}${name} ${shown}`
  })
  return `✗ ${[`${errorNames.get(kind) ?? ''}${kind}`, ...rest].join(' · ')}`
}

const contentErrors = new Set([
  'checksum_mismatch',
  'header_checksum_mismatch',
  'crc_mismatch',
  'end_missing',
  'unknown_function',
])
const contentDetails = new Set(['expected', 'actual'])

const errorNames = new Map([
  ['start_missing', '无起始符 '],
  ['frame_too_short', '帧不完整 '],
  ['length_mismatch', '长度不符 '],
  ['length_out_of_range', '长度超限 '],
  ['header_checksum_mismatch', '帧头校验不符 '],
  ['checksum_mismatch', '校验和不符 '],
  ['crc_mismatch', 'CRC 不符 '],
  ['end_missing', '无结束符 '],
  ['unknown_function', '功能码未知 '],
  ['payload_too_long', '报文过长 '],
  ['input_empty', '空行 '],
  ['input_too_long', '行过长 '],
  ['not_hexadecimal', '不是十六进制 '],
  ['odd_number_of_digits', '位数为奇数 '],
  ['spec_malformed', '描述不合规 '],
  ['address_invalid', '地址无效 '],
  ['frame_too_long', '帧超长 '],
  ['values_do_not_fit', '值不合此项 '],
])

const detailNames = new Map([
  ['offset', '位置 '],
  ['expected', '应为 '],
  ['actual', '实为 '],
  ['found', '遇到 '],
  ['limit', '上限 '],
  ['length', '长度 '],
  ['digits', '位数 '],
  ['field', '字段 '],
  ['reason', '原因 '],
])

function byteText(value: number): string {
  const digits = value.toString(16).toUpperCase()
  return `${digits.length % 2 === 0 ? digits : `0${digits}`}H`
}

/** One value: its name, and what it is or why there is none. */
export function valueText({ name, value, unit, state }: InspectedValue): string {
  return `${name} = ${value ?? states[state]}${unit === null || value === null ? '' : ` ${unit}`}`
}

function titleOf(protocol: string, dataIdentifier: string): string {
  const edition = protocol === 'dlt645-2007' ? '2007' : protocol === 'dlt645-1997' ? '1997' : null
  const family = edition === null ? null : findFamily(edition, dataIdentifier)
  return family === null ? '' : ` ${family.title}`
}
