import { type ListName, listNames } from '../../mdm/registry/document-lists.js'

export const listTitles: Readonly<Record<ListName, string>> = {
  actors: '人员',
  organisations: '单位',
  gridCells: '网格',
  transformerAreas: '台区',
  lines: '线路',
  meters: '电表',
  usagePoints: '计量点',
  customers: '客户',
  accounts: '户号',
  installations: '装表',
  multipliers: '倍率',
  agreements: '用电协议',
  contacts: '联系方式',
  crews: '班组',
  crewAreas: '班组台区',
  plannedOutages: '计划停电',
  suspensions: '暂停用电',
  readingDays: '抄表例日',
  relations: '计量关系',
  areaSupplies: '台区总表',
  flows: '电能流向',
  transformers: '变压器',
  verifications: '检定',
  crewMembers: '班组人员',
  openingBatches: '期初批次',
  openingItems: '期初明细',
  fieldEvents: '封印与故障',
}

/** What people call a list; it names its sheet, too. */
export function titleOf(list: ListName): string {
  return `${listTitles[list]} ${list}`
}

/** A list by the name of its sheet or file: `电表 meters`, or either half of it. */
export function listNamed(sheet: string): ListName | null {
  const wanted = sheet.trim().toLowerCase()
  return (
    listNames.find((list) => [titleOf(list), list, listTitles[list]].some((name) => name.toLowerCase() === wanted)) ??
    null
  )
}
