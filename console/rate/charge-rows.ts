import type { Component } from '../../billing/tariffs/components/component-schema.js'
import { cellAt } from '../../billing/tariffs/components/evidence-schema.js'
import type { TariffVersion } from '../../billing/tariffs/components/tariff-schema.js'
import type { TariffDocument } from '../../billing/tariffs/tariff-document.js'
import { cellText } from './cell-text.js'
import { withChinese } from './step-words.js'

/** One price or rule of a tariff as a reader of it wants it. */
export interface ChargeRow {
  /** What is charged. */
  readonly charge: string
  /** Slot, block or cell; empty where there is one only. */
  readonly of: string
  readonly value: string
  readonly grade: string
  readonly source: string
}

/** What a version of slots and ladder (tariff/1) charges. */
export function rowsOfDocument({ energyPrices, ladder, slots, vat, funds }: TariffDocument): readonly ChargeRow[] {
  const perKwh = (price: string) => `${price} 元 yuan/kWh`
  return [
    ...energyPrices.map(({ slot, price, grade, source }) => ({
      charge: '电度电费 energy',
      of: slot === 'all' ? '' : withChinese(slot),
      value: perKwh(price),
      grade,
      source,
    })),
    ...(ladder === undefined ? [] : ladderRows(ladder)),
    ...(slots?.hours === undefined
      ? []
      : Object.entries(slots.hours.calendar.days).map(([day, changes]) => ({
          charge: '时段 hours',
          of: day,
          value: changes.map(({ from, slot }) => `${from} ${withChinese(slot)}`).join('; '),
          grade: slots.hours?.grade ?? '',
          source: slots.hours?.source ?? '',
        }))),
    ...funds.map(({ fund, price, grade, source }) => ({
      charge: '代征基金 fund inside',
      of: fund,
      value: perKwh(price),
      grade,
      source,
    })),
    { charge: '增值税 VAT inside', of: '', value: vat.rate, grade: vat.grade, source: vat.source },
  ]
}

function ladderRows(ladder: NonNullable<TariffDocument['ladder']>): readonly ChargeRow[] {
  const { form, monthlyLimitsKwh, blockPrices, grade, source } = ladder
  const bounds = {
    charge: '阶梯分档 ladder bounds',
    of: '月数倍 × months',
    value: `${monthlyLimitsKwh.join(' / ')} kWh`,
    grade,
    source,
  }
  return [
    bounds,
    ...blockPrices.map((one) => ({
      charge: form === 'full' ? '阶梯电价 ladder price' : '阶梯加价 ladder increment',
      of: `第 ${one.block} 档 block ${one.block}`,
      value: `${one.price} 元 yuan/kWh`,
      grade: one.grade,
      source: one.source,
    })),
  ]
}

const cellsOfModel = ['price', 'series', 'add', 'size', 'chosenBy'] as const
const cellsOfComponent = [
  'when',
  'quantity',
  'price',
  'percent',
  'amount',
  'table',
  'convert',
  'share',
  'free',
  'atLeast',
] as const

/** What a version of components (tariff/2) charges, cell by cell. */
export function rowsOfVersion(version: TariffVersion): readonly ChargeRow[] {
  return [
    ...version.components.flatMap(rowsOfComponent),
    ...version.calendars.flatMap(({ name, slots, grade = '', source = '' }) =>
      slots.map((slot) => ({
        charge: `时段 hours ${name}`,
        of: withChinese(slot.name),
        value: slot.otherwise === true ? '其余 all other' : (slot.when ?? []).map(cellText).join('; '),
        grade,
        source,
      })),
    ),
  ]
}

function rowsOfComponent(component: Component): readonly ChargeRow[] {
  const { code, name, evidence = {} } = component
  return pathsOf(component).map((path) => {
    const found = Object.entries(evidence).filter(([at]) => at === path || at.startsWith(`${path}.`))
    const [first] = found
    return {
      charge: name === undefined ? code : `${name.zh} ${code}`,
      of: placeText(path),
      value: valueText(component, path),
      grade: first?.[1].grade ?? component.grade ?? '',
      source: [...new Set(found.map(([, { source }]) => source))].join('; ') || (component.source ?? ''),
    }
  })
}

function valueText(component: Component, path: string): string {
  const text = cellText(cellAt(component, path)).replace(/^absent$/, '无公布价 absent')
  const isPrice = path.endsWith('price') || path.includes('.prices.')
  if (!isPrice || !('unit' in component) || component.unit === undefined) return text
  return `${text} / ${component.unit}${component.kind === 'fixed' ? ` · ${component.per}` : ''}`
}

/** What needs no word: nothing, all energy, once. */
const usualCells: ReadonlySet<unknown> = new Set([undefined, 'energy', '1'])

/** The cells of a component that say how much is charged. */
function pathsOf(component: Component): readonly string[] {
  const own = cellsOfComponent.filter((cell) => !usualCells.has(cellAt(component, cell)))
  if (component.kind !== 'usage') return own
  const { model } = component
  const blocks = 'blocks' in model ? model.blocks : []
  return [
    ...own,
    ...cellsOfModel.filter((cell) => cellAt(model, cell) !== undefined).map((cell) => `model.${cell}`),
    ...slotsOf(model, 'model'),
    ...blocks.flatMap((block, place) => [
      ...(['upTo', 'price', 'flat', 'size'] as const)
        .filter((cell) => block[cell] !== undefined)
        .map((cell) => `model.blocks.${place}.${cell}`),
      ...slotsOf(block, `model.blocks.${place}`),
    ]),
  ]
}

function slotsOf(part: object, path: string): readonly string[] {
  const prices = 'prices' in part ? part.prices : undefined
  return prices === undefined || prices === null ? [] : Object.keys(prices).map((slot) => `${path}.prices.${slot}`)
}

const placeWords: Readonly<Record<string, string>> = {
  when: '条件 when',
  quantity: '数量 quantity',
  price: '单价 price',
  upTo: '至 up to',
  flat: '进档 flat',
  size: '每份 package of',
  percent: '百分比 percent',
  amount: '金额 amount',
  table: '表 table',
  series: '价格序列 series',
  add: '另加 plus',
  convert: '换算 converted',
  share: '占比 share',
  free: '免费量 free',
  atLeast: '至少 at least',
  chosenBy: '按此定档 chosen by',
}

function placeText(path: string): string {
  const parts = path.split('.')
  return parts
    .filter((part) => part !== 'model' && part !== 'prices' && part !== 'blocks')
    .map((part, place, all) => {
      if (/^\d+$/.test(part)) return `第 ${Number(part) + 1} 档 block ${Number(part) + 1}`
      const isSlot = place === all.length - 1 && parts.at(-2) === 'prices'
      return isSlot ? withChinese(part) : (placeWords[part] ?? part)
    })
    .join(' · ')
}
