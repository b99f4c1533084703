import type { ChangeError } from '../../mdm/registry/apply-registry-change.js'
import type { ChangeRefused } from '../../mdm/registry/change-refused.js'

/** What became of a change. */
export const outcomeWords = {
  applied: '已变更 applied',
  exists: '已有 exists',
  waits: '待第二人：由他人提交同一文件后生效 waits until another person hands in the same',
  refused: '拒收 refused',
} as const

const refusals: Readonly<Record<ChangeRefused['code'], string>> = {
  unknown_code: '档案中无此编码',
  unknown_tariff: '无此电价；先批准电价，或改正编码',
  exists_with_different_content: '同一时刻已有不同内容',
  not_installed: '此时未装此表',
  no_agreement: '此时无此用电协议',
  not_at_midnight: '须自当地零点起',
  does_not_fit_display: '示数与表位数不符',
  part_of_itself: '计量点不能是自己的一部分',
  still_to_come: '时刻未到',
  nothing_to_correct: '无此变更，或已撤销',
  rests_on_it: '其后的变更以它为据',
  bill_issued: '已据此发行账单',
  does_not_describe: '不成其为电能表的描述',
}

/** Why a change is refused, Chinese first. */
export function problemText(error: ChangeError): string {
  if (error.kind === 'change_refused') return `${refusals[error.code]} ${error.code}: ${error.reason}`
  return error.problems.map(({ path, problem }) => `${path === '' ? '(整条 the whole)' : path}: ${problem}`).join('；')
}
