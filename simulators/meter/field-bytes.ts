import { unreachable } from '../../domain/result.js'
import type { Layout } from '../../protocols/dlt645/data-item.js'
import type { Field, FieldType } from '../../protocols/dlt645/field.js'
import { meterTimeAt } from '../../protocols/dlt645/time-formats.js'
import { usualTariffs } from './description.js'
import { measuredText, type Moment } from './measured-values.js'
import type { MeterView } from './moments.js'
import { isNeverSet, livingParameter, tableDefault, usualParameters } from './parameters.js'

/** Zone and day tables have 14 entries. */
const mostTableEntries = 14

/** Bytes of an item at a moment; fields of FFH where there is none. */
export function fieldsPayload(layout: Layout, view: MeterView, moment: Moment | null): Buffer {
  return Buffer.concat(groupsKept(layout, tariffsOf(moment)).map((group) => groupBytes(group, view, moment)))
}

function tariffsOf(moment: Moment | null): number {
  if (moment === null) return usualTariffs
  return 1 + moment.source.registersAt(moment.at).touE4.findLastIndex((register) => register !== null)
}

/** A block has as many groups as the meter keeps: its tariffs, or all that the item names. */
export function groupsKept(layout: Layout, tariffs = usualTariffs): readonly (readonly Field[])[] {
  switch (layout.kind) {
    case 'fixed':
      return [layout.fields]
    case 'variants':
      // Where forms differ by the number of tariffs, there is one for each number; otherwise the first is the usual one.
      return [layout.variants[tariffs] ?? layout.variants[0] ?? []]
    case 'block': {
      const isByTariff = layout.groups[1]?.[0]?.name.includes('Tou1') === true
      const count = isByTariff
        ? 1 + tariffs
        : layout.least > 1
          ? layout.least
          : Math.min(layout.groups.length, mostTableEntries)
      return layout.groups.slice(0, count)
    }
    case 'load_records':
      return []
    default:
      return unreachable(layout)
  }
}

export function groupBytes(fields: readonly Field[], view: MeterView, moment: Moment | null): Buffer {
  return Buffer.concat(fields.map((field) => fieldBytes(field, view, moment)))
}

function fieldBytes({ name, type }: Field, { memory, now }: MeterView, moment: Moment | null): Buffer {
  if (moment === null) return absentField(type)
  if (name === 'frozenAt') return fitted(type, meterTimeAt(memory.clock.shownAt(moment.at)).slice(0, 16))
  const text =
    livingParameter(name, memory, now) ?? measuredText(name, moment) ?? usualParameters[name] ?? tableDefault(name)
  if (text !== null) return fitted(type, text)
  // A demand that never came about has a time of zeros; FFH would say that the meter does not keep it.
  if ((isDemandTime(name) || isNeverSet(name)) && type.absentBytes.includes(0)) return Buffer.alloc(type.bytes)
  if (isNeverSet(name)) return absentField(type)
  return isMeasured(name) ? absentField(type) : fitted(type, type.example)
}

/** Registers that the meter does not have: tariffs beyond its own, demands that never came about. */
function isMeasured(name: string): boolean {
  return /Energy|Demand/.test(name)
}

function isDemandTime(name: string): boolean {
  const tariff = /Tou(\d+)/.exec(name)?.[1]
  return /Demand.*Time/.test(name) && Number(tariff ?? 0) <= usualTariffs
}

function absentField({ absentBytes, bytes }: FieldType): Buffer {
  return Buffer.alloc(bytes, absentBytes[0] ?? 0)
}

/** Editions keep different decimals and signs of one quantity: what a field cannot hold is cut off. */
export function fitted(type: FieldType, text: string): Buffer {
  for (let shorter = text; ; shorter = shorter.slice(0, -1)) {
    const bytes = type.write(shorter) ?? type.write(shorter.replace(/^-/, ''))
    if (bytes !== null) return bytes
    if (!/\.\d*$/.test(shorter)) return absentField(type)
  }
}
