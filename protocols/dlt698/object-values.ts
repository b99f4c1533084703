import { unreachable } from '../../domain/result.js'
import { formatScaled } from '../../domain/scaled.js'
import type { InspectedValue } from '../inspection/inspected-frame.js'
import type { Column, Dlt698Data } from './data.js'
import { type AttributeFormat, attributeOf, elementOf, elementSuffix, findObject } from './object-catalogue.js'
import { type TimeType, timeText, timeTypes } from './time-texts.js'

/**
 * The scalars of an attribute's value, in wire order, with the names, units and decimals of the catalogue. What the catalogue
 * does not know is named `oad` and its identifier, and places in arrays and structures are counted from 1.
 */
export function objectValues(oad: string, data: Dlt698Data): readonly InspectedValue[] {
  const object = findObject(oad)
  const format = object?.attributes[attributeOf(oad)]
  if (object === null || format === undefined) return plainValues(`oad${oad}`, data)
  const element = elementOf(oad)
  if (element > 0) return elementValues(object.name, format, element - 1, data)
  const isList = data.type === 'array' && format.layout !== 'single'
  if (!isList) return elementValues(object.name, format, 0, data)
  return data.elements.flatMap((each, index) => elementValues(object.name, format, index, each))
}

/** The scalars of one cell of a record; a column that relates several objects holds one value for each of them. */
export function columnValues(column: Column, data: Dlt698Data): readonly InspectedValue[] {
  if (!('road' in column)) return objectValues(column.oad, data)
  const { oad, columns } = column.road
  if (data.type !== 'array' && data.type !== 'structure') return plainValues(`oad${oad}`, data)
  return data.elements.flatMap((each, index) => objectValues(columns[index] ?? oad, each))
}

/** What stands for an attribute to which access was denied. */
export function missingValue(oad: string): InspectedValue {
  const object = findObject(oad)
  const format = object?.attributes[attributeOf(oad)]
  if (object === null || format === undefined) return absentValue(`oad${oad}`, null)
  return absentValue(nameOf(object.name, format, Math.max(0, elementOf(oad) - 1)), format.unit)
}

function elementValues(
  objectName: string,
  format: AttributeFormat,
  index: number,
  data: Dlt698Data,
): readonly InspectedValue[] {
  const name = nameOf(objectName, format, index)
  if (data.type === 'null') return [absentValue(name, format.unit)]
  switch (format.content) {
    case 'number':
      return [numberValue(name, format, data)]
    case 'demand':
      return demandValues(name, format, data)
    case 'time':
      return [timeValue(name, data)]
    case 'octets':
    case 'record':
      return plainValues(name, data)
    default:
      return unreachable(format.content)
  }
}

function nameOf(objectName: string, format: AttributeFormat, index: number): string {
  return `${objectName}${elementSuffix(format.layout, index)}`
}

function numberValue(name: string, { unit, decimals }: AttributeFormat, data: Dlt698Data): InspectedValue {
  if (!('value' in data) || typeof data.value === 'boolean') return invalidValue(name, unit)
  return { name, value: formatScaled(data.value, decimals, decimals), unit, state: 'ok' }
}

function demandValues(name: string, format: AttributeFormat, data: Dlt698Data): readonly InspectedValue[] {
  const [demand, at, ...more] = data.type === 'structure' ? data.elements : []
  if (demand === undefined || at === undefined || more.length > 0) return [invalidValue(name, format.unit)]
  return [
    demand.type === 'null' ? absentValue(name, format.unit) : numberValue(name, format, demand),
    timeValue(`${name}Time`, at),
  ]
}

function timeValue(name: string, data: Dlt698Data): InspectedValue {
  if (data.type === 'null') return absentValue(name, null)
  if (!isTime(data)) return invalidValue(name, null)
  if (/^F+$/.test(data.hex)) return absentValue(name, null)
  const value = timeText(data.type, data.hex)
  return value === null ? invalidValue(name, null) : { name, value, unit: null, state: 'ok' }
}

function isTime(data: Dlt698Data): data is Dlt698Data & { readonly type: TimeType } {
  return timeTypes.some((type) => type === data.type)
}

/** Without a catalogue: integers as they are, times in ISO form, texts as text, everything else hexadecimal. */
function plainValues(name: string, data: Dlt698Data): readonly InspectedValue[] {
  if (data.type === 'null') return [absentValue(name, null)]
  if ('elements' in data) return data.elements.flatMap((each, index) => plainValues(`${name}.${index + 1}`, each))
  return isTime(data) ? [timeValue(name, data)] : [text(name, scalarText(data))]
}

function scalarText(data: Dlt698Data): string {
  if ('value' in data) return data.value.toString()
  if (data.type === 'visible-string') return unfilled(Buffer.from(data.hex, 'hex').toString('latin1'))
  if (data.type === 'utf8-string') return unfilled(Buffer.from(data.hex, 'hex').toString('utf8'))
  if ('hex' in data) return data.hex
  return JSON.stringify(data, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))
}

/** Texts of a fixed length are filled up with 00H or blanks. */
function unfilled(written: string): string {
  return written.replaceAll('\0', ' ').trim()
}

function text(name: string, value: string): InspectedValue {
  return { name, value, unit: null, state: 'ok' }
}

function absentValue(name: string, unit: string | null): InspectedValue {
  return { name, value: null, unit, state: 'absent' }
}

function invalidValue(name: string, unit: string | null): InspectedValue {
  return { name, value: null, unit, state: 'invalid' }
}
