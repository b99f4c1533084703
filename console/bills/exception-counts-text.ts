import type { HoldCode } from '../../domain/bill.js'
import { holdWords } from '../determinants/determinant-text.js'

/** Why an account gets no bill, where its determinants are no reason. */
const wordsOfRuns: Readonly<Record<string, string>> = {
  already_billed: '本期已有账单',
  negative_energy: '电量为负',
  negative_slot_energy: '分时电量为负',
  register_without_slot: '电价无此费率',
  quantity_out_of_range: '电量超范围',
  ladder_opening_unknown: '阶梯起点不明',
  ladder_from_after_period: '阶梯起算晚于本期',
  period_crosses_ladder_year: '本期跨阶梯年',
  unknown_tariff: '电价未登记',
  rating_refused: '不能计价',
} satisfies Record<HoldCode | 'already_billed', string>

/** `本期已有账单 already_billed`. */
export function exceptionWords(code: string): string {
  return [wordsOfRuns[code] ?? holdWords(code), code].join(' ').trim()
}

/** `本期已有账单 already_billed 2，用电突增 spike 1`; empty where there is no exception. */
export function exceptionCountsText(byCode: Readonly<Record<string, number>>): string {
  return Object.entries(byCode)
    .map(([code, accounts]) => `${exceptionWords(code)} ${accounts}`)
    .join('，')
}
