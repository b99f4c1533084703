import type { OrderKind } from '../../headend/orders/order-kinds.js'

interface KindHelp {
  readonly what: string
  /** Fields of `--parameters`, one line each. */
  readonly fields: readonly string[]
  /** As it is written behind `--parameters`. */
  readonly example: string
}

/** What `--parameters` says for each kind of order. */
export const orderParameterHelp: Readonly<Record<OrderKind, KindHelp>> = {
  set_clock: {
    what: '单表校时 sets the clock to the true time',
    fields: [
      'mostStepSeconds  最大步长，秒，必填 the largest step in seconds; required',
      'acrossDays       允许跨日，默认 false the meter may show another day than ours',
      'item             0400010C 日期时间 date and time (默认 default) | 04000101 日期 date | 04000102 时间 time',
    ],
    example: '{"mostStepSeconds":600}',
  },
  tariff_table: {
    what: '时区时段、节假日表 a table of zones, slots or holidays, written whole',
    fields: [
      'item    标识，如 04010001 第一套第 1 日时段表 item, such as the first day table; 04020001, 0403xxxx, 0400020[1-5]',
      'values  各字段依次，时段为 hhmmNN 起始时刻与费率号 fields in order; a slot is hhmm and its tariff',
    ],
    example: '{"item":"04020001","values":["000001","120002"]}',
  },
  tariff_switch: {
    what: '两套时区或时段表切换时间 when the second set of zones or slots takes over',
    fields: [
      'item    04000106 时区表 zones | 04000107 时段表 slots',
      'values  表计本地时间一个 one local time of the meter',
    ],
    example: '{"item":"04000107","values":["2026-07-01T00:00"]}',
  },
  relay_permit_close: {
    what: '合闸允许 lets the customer close the relay',
    fields: ['validMinutes  有效分钟数 1–60，默认 10 void after so many minutes by the meter’s clock'],
    example: '{"validMinutes":30}',
  },
  event_reset: {
    what: '事件清零 clears event records',
    fields: ['events  FFFFFFFF 全部（默认）| 03xxxxFF 一类 all of them (default), or one kind'],
    example: '{"events":"030A00FF"}',
  },
  freeze: {
    what: '瞬时冻结 freezes the registers now',
    fields: ['无参数，无需口令 no parameters, no credential'],
    example: '{}',
  },
}

/** Stands below the options of `order propose`. */
export function orderParametersText(): string {
  const kinds = Object.entries(orderParameterHelp).map(([kind, { what, fields, example }]) =>
    [`  ${kind}  ${what}`, ...fields.map((field) => `    ${field}`), `    --parameters '${example}'`].join('\n'),
  )
  return ['', '各种类的参数 parameters of each kind:', ...kinds].join('\n')
}
