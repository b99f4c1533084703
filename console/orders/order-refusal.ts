import { unknownActorMeaning } from '../../domain/actor-errors.js'
import { UserError, type UserErrorCode } from '../../domain/errors.js'
import type { OrderReason } from '../../domain/meter-order.js'

/** What each "no" means, for the person who typed the command. */
const meanings: Readonly<Record<OrderReason, string>> = {
  not_approved: '审批人数不足 not enough people other than the author have approved it',
  expired: '已过有效期 its time is over; propose it anew',
  not_yet: '未到生效时间 it is not valid yet',
  already_used: '已使用，一令一次 it was used; an order is good for one write',
  wrong_meter:
    '电表与指令不符 the meter is not what the order names: address, protocol, or two of one address on the line',
  not_installed: '电表未安装 the meter hangs on no line now',
  kind_unknown: '未知的指令种类或参数 this kind, or what it says, is not known',
  limits_exceeded: '超出限值 beyond its limits: size of step, another day, or too near midnight',
  edited: '记录被改动，与审批不符 the stored order is not what was recorded',
  not_line_owner: '线路由其他进程占用 another process owns the line',
  credential_missing: '缺少电表口令或密钥 no sealed password under that code, or no key that opens it',
  standing_order_not_approved: '常设令未经两人审批 no standing order with two approvals',
  standing_order_not_valid: '常设令不在有效期 the standing order is not valid today',
  standing_order_disabled: '常设令已停用 the standing order was ended',
  line_not_covered: '常设令不含此线路 the standing order does not name the line',
  broadcast_done_today: '今日已广播 the line had its broadcast today',
  outside_hours: '不在允许时段 outside the hours',
  near_midnight: '临近零点 too near midnight',
  near_settlement: '临近结算时刻 too near a settlement moment',
  near_slot_border: '临近时段切换 too near the border of a tariff slot',
  clock_not_checked: '近期未核对时钟 no clock of the line was checked lately',
  step_too_big: '偏差过大，须单独校时 a meter is too far off and needs an order of its own',
  order_not_found: '没有此指令 there is no such order',
  line_down: '线路不通 the line cannot be reached',
  line_lost: '线路可能已归其他进程 the line may be another process’s by now; nothing left',
  frame_stale: '批准后未能即时发出，已作废 it could not leave at once after it was approved, and was dropped',
  no_reply: '电表无应答 the meter does not tell its time',
  meter_unknown: '没有此电表 there is no such meter',
  actor_unknown: unknownActorMeaning,
  approver_not_person: '审批须由人作出 approvals are given by people, not by processes',
  author_is_approver: '本人不得审批 the author may not approve',
  reason_missing: '须写明原因，不超过 400 字 a reason of at most 400 characters is needed',
  validity_wrong: '有效期不合规定 the time of validity is empty, over, or longer than the rule allows',
  exists_with_different_document: '该版本已存在且内容不同 that version exists and says something else',
  order_not_verified: '回读未证实 the meter does not show what was ordered',
  line_kind_unsupported:
    '此类线路不能写，只有 645 总线可以，集中器下的电表请在现场或由集中器校时设置 orders go over DL/T 645 lines only, not through a concentrator or to Modbus meters',
}

const codes: Readonly<Partial<Record<OrderReason, UserErrorCode>>> = {
  order_not_found: 'not_found',
  meter_unknown: 'not_found',
  actor_unknown: 'bad_usage',
  line_down: 'line_unreachable',
  line_lost: 'line_unreachable',
  no_reply: 'no_answer',
}

/** The reason with what it means; the bare name where nobody explained it. */
export function orderReasonText(reason: string): string {
  return Object.hasOwn(meanings, reason) ? `${reason}: ${meanings[reason as OrderReason]}` : reason
}

/** One line that says no. */
export function orderRefusal(reason: OrderReason, what: string): UserError {
  return new UserError(codes[reason] ?? 'refused', `${what}: ${meanings[reason]}`, { reason })
}
