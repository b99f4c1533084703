import type { DueLevel } from '../../headend/accounting/account-levels.js'
import type { DueCause } from '../../headend/accounting/classify-cause.js'
import type { LadderStep } from '../../headend/accounting/ladder-step.js'
import type { DueOutcome } from '../../storage/headend/due-points.js'

/** Causes as a crew says them. */
export const causeWords: Readonly<Record<DueCause, string>> = {
  reading_in_doubt: '示数待核',
  window_running: '抄表窗口进行中',
  not_in_service: '表计已拆除、停用或免抄',
  planned_outage: '计划停电',
  not_noted: '示数未录入',
  memory_overrun: '表内冻结已无此日',
  database_or_head_end_down: '主站或数据库停运',
  registered_late: '档案迟录',
  concentrator_offline: '集中器离线',
  table_duplicate: '集中器档案重复',
  table_unknown: '表在别的集中器档案中',
  table_missing: '集中器档案缺表',
  archive_mismatch: '档案不一致',
  parameter: '参数或模型不符',
  refused: '电表拒绝应答',
  clock_drift: '电表时钟超差',
  new_meter_not_commissioned: '新表未投运',
  line_down: '线路或电源中断',
  damaged_line: '线路干扰',
  meter_silent: '电表无应答',
  upload_late: '上传迟到',
  window_too_short: '窗口不足',
  unknown: '原因不明',
}

export const stepWords: Readonly<Record<LadderStep, string>> = {
  retry: '重试',
  back_fill: '补召',
  on_demand: '召测',
  field_order: '补抄',
  estimate: '估算',
  decide: '异常处理',
}

export const outcomeWords: Readonly<Record<DueOutcome, string>> = {
  first_pass: '一次抄通 first pass',
  retried: '重试 retried',
  back_filled: '补召 back-filled',
  field_read: '补抄 field-read',
  estimated: '估算 estimated',
  corrected: '人工更正 corrected',
  held: '待核 held',
  exempt: '免抄 exempt',
  open: '未抄回 open',
}

export const levelWords: Readonly<Record<DueLevel, string>> = {
  line: '通信线路 line',
  concentrator: '集中器 concentrator',
  area: '台区 area',
  crew: '班组 crew',
  county: '区县 county',
  city: '地市 city',
  province: '省 province',
}

/** Registers of events, which are told apart from the due points of a day; null where there are none. */
export function notedText({
  due,
  open,
  held,
}: {
  readonly due: number
  readonly open: number
  readonly held: number
}): string | null {
  if (due === 0) return null
  return `另有换表等示数 registers noted at exchanges and the like: ${due} · 未录入 not noted ${open} · 待核 held ${held}`
}
