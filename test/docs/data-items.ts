import { join } from 'node:path'
import { unreachable } from '../../domain/result.js'
import { itemFamilies } from '../../protocols/dlt645/catalogue/catalogue.js'
import type { Edition, Layout } from '../../protocols/dlt645/data-item.js'
import { bytesOf, type Field } from '../../protocols/dlt645/field.js'
import { type ByteRange, identifiersOf, type ItemFamily, itemOf } from '../../protocols/dlt645/item-family.js'
import { readingTypeOf } from '../../protocols/dlt645/reading-type.js'
import { checkoutRoot } from '../architecture/source-files.js'

const editions: readonly Edition[] = ['2007', '1997']
/** Longer layouts are told by their first fields and their number. */
const mostFieldsShown = 6

/** The table of data items as `docs/data-items.md` has to hold it, from the catalogue alone. */
export function generatedDataItems(): { readonly path: string; readonly text: string } {
  return {
    path: join(checkoutRoot, 'docs', 'data-items.md'),
    text: [introduction, ...editions.map(section)].join('\n'),
  }
}

const introduction = `# Data items 数据标识

What \`frame decode\`, the head-end and the simulated meters know, generated from \`protocols/dlt645/catalogue/\`; do not edit (refresh: \`node build/test/docs/refresh-schemas.js\`).

- Identifiers high byte first; a range stands for any byte in it, FF in place of a tariff or an index asks for the block of all of them.
- Bytes: length of the payload without the identifier. \`n ×\` repeats as often as the length says.
- Access: r read, w written with a password.
- Grade: \`agreed\` standard tables and several public codecs say so; \`single\` one source; \`disputed\` sources differ.
- Reading type: quantity as in the readings tables, where the item is a register or a maximum demand.
`

function section(edition: Edition): string {
  const families = itemFamilies.filter((each) => each.edition === edition)
  return [
    `## DL/T 645-${edition}`,
    '',
    '| identifier | item | fields, in wire order | bytes | access | grade | reading type |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...families.map((each) => `| ${row(each).join(' | ')} |`),
    '',
  ].join('\n')
}

function row(family: ItemFamily): readonly string[] {
  const [first = []] = identifiersOf(family)
  const { dataIdentifier, layout } = itemOf(family, first)
  const quantity = readingTypeOf(family.edition, dataIdentifier)?.quantity
  return [
    family.bytes.map(rangeText).join(' '),
    family.title,
    fieldsText(layout),
    bytesText(layout),
    family.access,
    family.grade,
    quantity === undefined ? '' : `\`${quantity}\``,
  ]
}

function rangeText(range: ByteRange): string {
  const parts: [number, number][] = []
  for (const byte of range) {
    const last = parts.at(-1)
    if (last !== undefined && byte === last[1] + 1) last[1] = byte
    else parts.push([byte, byte])
  }
  return parts.map(([from, to]) => (from === to ? hex(from) : `${hex(from)}–${hex(to)}`)).join(',')
}

function fieldsText(layout: Layout): string {
  switch (layout.kind) {
    case 'fixed':
      return shown(layout.fields)
    case 'block':
      return `n × (${shown(layout.groups[0] ?? [])})`
    case 'variants':
      return shown(layout.variants[0] ?? [])
    case 'load_records':
      return 'A0 A0, length, time, classes 1–6 each closed by AA, sum, E5'
    default:
      return unreachable(layout)
  }
}

function bytesText(layout: Layout): string {
  switch (layout.kind) {
    case 'fixed':
      return String(bytesOf(layout.fields))
    case 'block':
      return `n × ${bytesOf(layout.groups[0] ?? [])}`
    case 'variants':
      return layout.variants.slice(0, 3).map(bytesOf).join(', ').concat(' …')
    case 'load_records':
      return 'varies'
    default:
      return unreachable(layout)
  }
}

function shown(fields: readonly Field[]): string {
  const texts = fields
    .slice(0, mostFieldsShown)
    .map(({ name, type }) => `${name}${type.unit === null ? '' : ` ${type.unit}`}`)
  return fields.length > mostFieldsShown ? `${texts.join(', ')} … ${fields.length} in all` : texts.join(', ')
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0').toUpperCase()
}
