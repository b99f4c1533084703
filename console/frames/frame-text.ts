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
    `${indent}  ${frame.hex.replaceAll(/(..)(?=.)/g, '$1 ')}`,
  ]
  return [...lines, ...(inner === null ? [] : [frameText(inner, `${indent}  `)])].join('\n')
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

export function refusedText({ kind, ...details }: { readonly kind: string }): string {
  const rest = Object.entries(details).map(([name, value]) => `${name} ${String(value)}`)
  return `✗ ${[kind, ...rest].join(' · ')}`
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
