import type { BillPeriod } from '../../billing/rating/bill.js'
import type { Component } from '../../billing/tariffs/components/component-schema.js'
import { cellAt, type Evidence } from '../../billing/tariffs/components/evidence-schema.js'
import type { ComponentTariff } from '../../billing/tariffs/components/tariff-schema.js'
import { cellText } from './cell-text.js'

type Line = Pick<BillPeriod['lines'][number], 'component' | 'version' | 'slot' | 'block'>

/** What a line is called in Chinese, with the code of its component; the code alone where the tariff has no name for it. */
export function nameOf(tariff: ComponentTariff, line: Line): string {
  const name = componentOf(tariff, line)?.name?.zh
  return name === undefined ? line.component : `${name} ${line.component}`
}

/** Where the price of a line stands, with its grade; of a price with alternatives all that are known. */
export function sourcesOf(tariff: ComponentTariff, line: Line): readonly string[] {
  const component = componentOf(tariff, line)
  if (component === undefined) return []
  const cells = pricesOf(line)
  const found = Object.entries(component.evidence ?? {}).filter(([path]) =>
    cells.some((cell) => path === cell || path.startsWith(`${cell}.`)),
  )
  if (found.length > 0)
    return [
      ...new Set(found.map(([path, evidence]) => sourceText(evidence, cellAt(component, path), cells.includes(path)))),
    ]
  const { source, grade } = component
  return source === undefined ? [] : [`(${grade ?? '–'}) ${source}`]
}

/** A price that is put together from cells, or one of several, is shown as it stands. */
function sourceText({ source, grade, note }: Evidence[string], price: unknown, isOnly: boolean): string {
  const shown = isOnly && typeof price === 'string' ? '' : `${cellText(price)}; `
  return `(${grade}) ${shown}${source}${note === undefined ? '' : `: ${note}`}`
}

function componentOf({ versions }: ComponentTariff, { version, component }: Line): Component | undefined {
  return versions.find((one) => one.version === version)?.components.find(({ code }) => code === component)
}

function pricesOf({ slot, block }: Line): readonly string[] {
  const model = block === null ? 'model' : `model.blocks.${block - 1}`
  const ofSlot = slot === null ? [] : [`${model}.prices.${slot}`]
  return [...ofSlot, `${model}.price`, `${model}.flat`, 'price', 'percent', 'amount', 'table']
}
