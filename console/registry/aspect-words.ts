import { sheetColumns } from './sheet-columns.js'

/** What the registry believes of something, and the kinds of change to it. */
const words: ReadonlyMap<string, string> = new Map([
  ['installation', '装表'],
  ['multiplier', '倍率'],
  ['agreement', '协议'],
  ['relation', '上级'],
  ['part', '下级'],
  ['flow', '流向'],
  ['transformer', '变压器'],
  ['suspension', '暂停'],
  ['reading_day', '例日'],
  ['area_supply', '台区总表'],
  ['contact', '联系'],
  ['opening', '期初'],
  ['verification', '检定'],
  ['field_event', '封印故障'],
  ['correction', '更正'],
  ['description', '描述'],
  ['meter', '电表描述'],
  ['meter_exchange', '换表'],
  ['meter_removal', '拆表'],
  ['account_transfer', '过户'],
  ['crew_assignment', '班组分工'],
  ['planned_outage', '计划停电'],
])

/** The word with its code beside it. */
export function aspectText(aspect: string): string {
  return beside(words.get(aspect), aspect)
}

const titles: ReadonlyMap<string, string> = new Map([
  ...Object.values(sheetColumns)
    .flat()
    .map(({ field, title }) => [field, title] as const),
  ['tariff', '电价'],
  ['ladderFrom', '阶梯起算'],
  ['address', '地址'],
  ['asOf', '截至'],
])

/** A field of an entry, as the sheets name it. */
export function fieldText(field: string): string {
  return beside(titles.get(field), field)
}

function beside(word: string | undefined, code: string): string {
  return word === undefined ? code : `${word} ${code}`
}
