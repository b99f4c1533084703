import type { ListName } from '../../mdm/registry/document-lists.js'
import { fieldEventWords } from './field-event-words.js'

/** How a cell is read; words of a choice stand beside what the document says. */
export type CellType =
  | { readonly kind: 'text' | 'code' | 'integer' | 'boolean' | 'instant' | 'day' | 'decimal' | 'codes' }
  | { readonly kind: 'choice'; readonly words: Readonly<Record<string, string>> }

export interface SheetColumn {
  /** Path in the entry, such as `settings.host`. */
  readonly field: string
  readonly title: string
  readonly type: CellType
  readonly isOptional: boolean
}

/** `户号 account`: the last part of the path stands for it. */
export function headingOf({ field, title }: SheetColumn): string {
  return `${title} ${lastPart(field)}`
}

/** A column by its heading, or by either half of it, in any case. */
export function columnNamed(list: ListName, heading: string): SheetColumn | null {
  const wanted = heading.trim().replace(/\*$/, '').toLowerCase()
  const names = (column: SheetColumn) => [headingOf(column), column.title, lastPart(column.field)]
  return sheetColumns[list].find((column) => names(column).some((name) => name.toLowerCase() === wanted)) ?? null
}

function lastPart(field: string): string {
  return field.slice(field.lastIndexOf('.') + 1)
}

type Kind = Exclude<CellType['kind'], 'choice'>
type Definition = readonly [field: string, title: string, type: Kind | Readonly<Record<string, string>>, optional?: '?']

function columns(...definitions: readonly Definition[]): readonly SheetColumn[] {
  return definitions.map(([field, title, type, optional]) => ({
    field,
    title,
    type: typeof type === 'string' ? { kind: type } : { kind: 'choice', words: type },
    isOptional: optional === '?',
  }))
}

const code: Definition = ['code', '编码', 'code']
const name: Definition = ['name', '名称', 'text']
const organisation: Definition = ['organisation', '单位', 'code']
const usagePoint: Definition = ['usagePoint', '计量点', 'code']
const account: Definition = ['account', '户号', 'code']
const transformerArea: Definition = ['transformerArea', '台区', 'code']
const document: Definition = ['document', '依据', 'text']
const stretch: readonly Definition[] = [
  ['from', '起', 'instant'],
  ['to', '止', 'instant', '?'],
]
const channels = { sms: '短信', voice: '语音', email: '邮件', webhook: '推送' }

/** The columns of each list's sheet, in their order. */
export const sheetColumns: Readonly<Record<ListName, readonly SheetColumn[]>> = {
  actors: columns(
    ['actor', '人员', 'code'],
    ['displayName', '姓名', 'text'],
    ['kind', '类型', { person: '人', process: '程序' }],
  ),
  organisations: columns(
    code,
    ['parent', '上级', 'code', '?'],
    name,
    ['level', '级别', { province: '省', city: '市', county: '县', station: '站所' }],
    ['timeZone', '时区', 'text'],
    ['currency', '货币', 'text'],
    ['minorDigits', '货币小数位', 'integer'],
  ),
  gridCells: columns(code, organisation, name, ['manager', '网格经理', 'code'], ['deputy', '副经理', 'code', '?']),
  transformerAreas: columns(code, organisation, name),
  lines: columns(
    code,
    organisation,
    [
      'kind',
      '类型',
      {
        dlt645_tcp: '串口服务器645',
        dlt645_serial: '串口645',
        modbus_tcp: 'Modbus网关',
        modbus_rtu_tcp: '串口服务器Modbus',
        modbus_rtu_serial: '串口Modbus',
        mqtt_concentrator: '集中器',
      },
    ],
    ['settings.host', '主机', 'text', '?'],
    ['settings.port', '端口', 'integer', '?'],
    ['settings.baud', '波特率', 'integer', '?'],
    ['settings.wakeUpBytes', '唤醒字节', 'integer', '?'],
    ['settings.replyTimeoutMs', '应答超时毫秒', 'integer', '?'],
    ['settings.requestGapMs', '请求间隔毫秒', 'integer', '?'],
    ['settings.path', '串口', 'text', '?'],
    ['settings.parity', '校验', 'text', '?'],
    ['settings.stopBits', '停止位', 'integer', '?'],
    ['settings.brokerUrl', '消息服务器', 'text', '?'],
    ['settings.profile', '报文规约', 'text', '?'],
    ['settings.device', '设备', 'text', '?'],
    ['settings.uploadTopic', '上行主题', 'text', '?'],
    ['settings.receiptTopic', '回执主题', 'text', '?'],
  ),
  meters: columns(
    code,
    ['protocol', '规约', { dlt645_2007: '645', modbus: 'Modbus' }],
    ['communicationAddress', '通信地址', 'code'],
    ['model', '型号', 'text'],
    ['registerDigits', '整数位', 'integer'],
    ['registerDecimals', '小数位', 'integer'],
  ),
  usagePoints: columns(
    code,
    organisation,
    transformerArea,
    ['gridCell', '网格', 'code'],
    ['supplyAddress', '用电地址', 'text'],
  ),
  customers: columns(
    code,
    name,
    ['kind', '类型', { residential: '居民', commercial: '非居民' }],
    ['keyAccount', '重要客户', 'boolean'],
  ),
  accounts: columns(code, organisation, ['customer', '客户', 'code']),
  installations: columns(usagePoint, ['meter', '电表', 'code'], ['line', '线路', 'code'], ...stretch),
  multipliers: columns(usagePoint, ['ctRatio', 'CT变比', 'integer'], ['ptRatio', 'PT变比', 'integer'], ...stretch),
  agreements: columns(
    account,
    usagePoint,
    ['tariff', '电价', 'code'],
    ['ladderFrom', '阶梯起算日', 'day'],
    [
      'usageClass',
      '用电类别',
      { residential: '居民', commercial: '工商业', large_industrial: '大工业', agricultural: '农业' },
      '?',
    ],
    ['contractCapacityKva', '合同容量kVA', 'integer', '?'],
    ...stretch,
  ),
  contacts: columns(
    account,
    ['channel', '渠道', channels],
    ['address', '号码', 'text'],
    ['consentEvidence', '同意依据', 'text'],
    ['verified', '已核实', 'boolean'],
    ...stretch,
  ),
  crews: columns(code, organisation, name),
  crewAreas: columns(transformerArea, ['crew', '班组', 'code'], ...stretch),
  plannedOutages: columns(
    code,
    ['transformerArea', '台区', 'code', '?'],
    ['line', '线路', 'code', '?'],
    ['from', '起', 'instant'],
    ['to', '止', 'instant'],
    document,
  ),
  suspensions: columns(usagePoint, document, ...stretch),
  readingDays: columns(usagePoint, ['readingDay', '抄表例日', 'integer'], ...stretch),
  relations: columns(
    usagePoint,
    ['parent', '上级计量点', 'code'],
    ['kind', '关系', { main_sub: '总分', deducted: '套扣', share: '定比', quantity: '定量' }],
    ['share', '比例', 'decimal', '?'],
    ['quantityKwh', '月定量kWh', 'decimal', '?'],
    ...stretch,
  ),
  areaSupplies: columns(transformerArea, usagePoint, ...stretch),
  flows: columns(usagePoint, ['direction', '流向', { import: '用电', export: '上网', both: '双向' }], ...stretch),
  transformers: columns(
    usagePoint,
    ['transformer', '变压器', 'code'],
    ['ratedKva', '额定容量kVA', 'integer'],
    ['noLoadLossKw', '空载损耗kW', 'decimal'],
    ['loadLossKw', '负载损耗kW', 'decimal'],
    ['noLoadCurrentPercent', '空载电流百分数', 'decimal', '?'],
    ['impedancePercent', '阻抗电压百分数', 'decimal', '?'],
    ['meteringSide', '计量侧', { high: '高压', low: '低压' }],
    ...stretch,
  ),
  verifications: columns(
    ['meter', '电表', 'code'],
    ['verifiedOn', '检定日', 'day'],
    ['validUntil', '有效至', 'day'],
    ['certificate', '证书', 'text'],
  ),
  crewMembers: columns(['crew', '班组', 'code'], ['person', '人员', 'code'], ...stretch),
  openingBatches: columns(
    code,
    ['asOf', '截至', 'instant'],
    document,
    ['itemCount', '明细条数', 'integer'],
    ['registersKwh', '示数合计kWh', 'decimal'],
    ['ladderKwh', '年累计合计kWh', 'decimal'],
    ['estimatesKwh', '估抄合计kWh', 'decimal'],
    ['prepaid', '预存合计', 'decimal'],
    ['arrears', '欠费合计', 'decimal'],
  ),
  openingItems: columns(
    ['batch', '批次', 'code'],
    account,
    [
      'kind',
      '类型',
      { register: '示数', ladder: '年累计', demand: '需量', estimate: '估抄', prepaid: '预存', arrear: '欠费' },
    ],
    ['meter', '电表', 'code', '?'],
    ['month', '月份', 'text', '?'],
    ['bill', '原账单', 'code', '?'],
    ['fromDay', '起日', 'day', '?'],
    ['toDay', '止日', 'day', '?'],
    ['energyKwh', '电量或总示数kWh', 'decimal', '?'],
    ['tou1Kwh', '费率1示数kWh', 'decimal', '?'],
    ['tou2Kwh', '费率2示数kWh', 'decimal', '?'],
    ['tou3Kwh', '费率3示数kWh', 'decimal', '?'],
    ['tou4Kwh', '费率4示数kWh', 'decimal', '?'],
    ['ladderMonths', '年累计月数', 'integer', '?'],
    ['demandKw', '需量kW', 'decimal', '?'],
    ['amount', '金额', 'decimal', '?'],
    ['dueDate', '到期日', 'day', '?'],
  ),
  fieldEvents: columns(
    ['meter', '电表', 'code'],
    ['at', '时刻', 'instant'],
    ['event', '事件', fieldEventWords],
    ['person', '到场人', 'text'],
    ['sealsFound', '原封印号', 'codes', '?'],
    ['sealsPlaced', '新封印号', 'codes', '?'],
    ['document', '工单', 'text'],
    ['detail', '说明', 'text', '?'],
  ),
}
