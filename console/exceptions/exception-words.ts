import { type DecisionAction, type OverrideCode, overrideCodes } from '../../domain/exception-policy.js'
import type { NotDecidableReason } from '../../mdm/exceptions/allowed-actions.js'
import type { NextAction } from '../../mdm/exceptions/next-action.js'
import type { CurveRuleName } from '../../mdm/curves/rule-names.js'
import type { HoldCode } from '../../mdm/determinants/hold.js'
import type { RuleName } from '../../mdm/validation/rule-names.js'

/** Kinds of exceptions as tables show them. */
export const kindWords: Readonly<Record<string, string>> = {
  held_reading: '示数待核',
  missing_reading: '示数未抄回',
  determinant_hold: '计费量待核',
  prolonged_estimate: '连续估算',
  doubtful_reading: '示数可疑',
  tou_tables_differ: '时段不符',
  curve_day_held: '日曲线待核',
  area_loss: '台区线损越限',
  seal_broken_found: '封印破损',
  meter_fault: '表计故障',
  tamper_suspected: '疑似窃电',
  questioned_reading: '人工质疑示数',
  other: '其他',
}

/** What a rule says, for people who do not know its name; none that holds an account, a reading or a day goes without. */
const wordsOfRules: Readonly<Record<HoldCode | RuleName | CurveRuleName | QueueRule, string>> = {
  no_read: '未抄回',
  withdrawn: '记录随变更撤销',
  questioned_reading: '人工质疑',
  disputed: '同一时刻示数不一',
  live_tolerance: '非零点示数',
  decrease: '示数倒走',
  spike: '用电突增',
  tariff_sum: '分时之和与总不符',
  prolonged_estimate: '连续估算过久',
  boundary_missing: '计费边界未抄回',
  boundary_held: '计费边界示数待核',
  boundary_estimated: '计费边界为估算',
  usage_unlike_history: '换表或变倍率后用电异常',
  contradicted: '与其他示数矛盾',
  relation_negative: '套扣定比定量超过抄见',
  relation_changed: '计量关系于两次示数之间变更',
  relation_member_held: '相关计量点待核',
  before_go_live: '上线前由旧账结算',
  opening_differs: '期初不符',
  opening_estimate_above: '期初估抄超过实用',
  no_contract_capacity: '大工业无合同容量',
  shares_above_one: '定比合计大于 1',
  parent_without_meter: '上级无电表',
  address_twice: '同一线路地址重复',
  zero_run: '连续零电量',
  reverse_running: '反向走字',
  near_absolute: '用电量近于示数',
  unit_slip: '单位错位',
  swapped_pair: '疑似串户',
  duplicate: '示数重复',
  clock_lost: '表钟失准',
  clock_skew: '时钟偏差',
  rollover: '示数翻转',
  jump: '示数跳变',
  above_fullest: '超历史最大日',
  drop: '用电突减',
  apart_from_peers: '与邻户背离',
  stale_repeat: '示数停滞',
  demand_above_capacity: '需量超容',
  several_agreements: '期内协议变更',
  no_installation: '期初无表',
  no_multiplier: '倍率不明',
  installation_gap: '期内有时段无表',
  too_many_segments: '计量段过多',
  registers_differ: '分时示数仅一端有',
  register_decreased: '计量段示数倒走',
  boundary_stale: '边界示数疑为前日',
  note_unlike_readings: '换表记录与邻近示数不符',
  new_multiplier: '新倍率首次结算',
  lone_jump: '单日突增',
  tou_tables_differ: '电表时段与电价不符',
  tou_unlike_curve: '示数分时与曲线不符',
  too_many_intervals: '曲线点数过多',
  off_grid: '曲线点不在整点上',
  disputed_slot: '同一点两值',
  missing_intervals: '曲线缺点',
  interval_sum: '曲线之和与示数不符',
  gap_open: '缺点两端无示数',
  gap_too_long: '缺点过长',
  gap_above_peak: '缺点补值超过最大负荷',
}
/** Rules that the queue itself looks for. */
type QueueRule = 'no_read' | 'prolonged_estimate' | 'withdrawn' | 'questioned_reading'
export const ruleWords: Readonly<Record<string, string>> = wordsOfRules

/** What the owner of an area is called that has none. */
export const noCrewText = '（无）none'

export const actionWords: Readonly<Record<DecisionAction, string>> = {
  accept: '认可',
  correct: '更正',
  estimate: '估算',
  hold: '暂缓',
  field_order: '补抄',
  reject: '驳回',
  undo: '撤销',
}

export const overrideWords: Readonly<Record<OverrideCode, string>> = {
  earlier_value_wrong: '前一示数有误',
  later_value_wrong: '后一示数有误',
  exchange_not_recorded: '换表未建档',
  meter_faulty: '表计故障',
  usage_confirmed: '用电已核实',
}

export const nextActionWords: Readonly<Record<NextAction, string>> = {
  approve: '待审批',
  visit: '待补抄',
  wait: '暂缓中',
  readings: '先办示数',
  fill: '待补值',
  decide: '待处理',
}

export const notDecidableWords: Readonly<Record<NotDecidableReason, string>> = {
  action_not_for_kind: '此类异常不适用该操作 the action is not for this kind',
  no_claim_to_accept: '无可认可的示数 there is no such value to accept',
  claim_not_named: '示数不一，须指明认可哪一个 the values disagree: name the one to accept',
  waits_for_approval: '已有决定待审批 a decision waits for approval; approve or undo it first',
  value_does_not_fit_display: '表计显示不出该值 the meter cannot show that value',
  value_does_not_add_up: '分时之和与总不符 the tariffs do not make up the total',
  value_outside_neighbours:
    '前后已认可的示数之间容不下该值 the accepted values on both sides leave no room for that value',
  value_needs_override: `与校核规则不符，确属实情须加 --override 理由 the rules refuse that value; if it is so, say why by --override: ${overrideCodes.join(', ')}`,
  not_open: '非未结异常 not open, or not there',
}

export function kindWord(kind: string): string {
  return kindWords[kind] ?? kind
}

/** The word with its code beside it. */
export function kindText(kind: string): string {
  return beside(kindWord(kind), kind)
}

/** The word with its code beside it. */
export function ruleText(rule: string): string {
  return beside(ruleWord(rule), rule)
}

/** The word of an action with its code beside it; what is none as it is. */
export function actionText(action: string): string {
  return Object.hasOwn(actionWords, action) ? `${actionWords[action as DecisionAction]} ${action}` : action
}

function beside(word: string, code: string): string {
  return word === code ? code : `${word} ${code}`
}

export function ruleWord(rule: string): string {
  return ruleWords[rule] ?? kindWords[rule] ?? rule
}
