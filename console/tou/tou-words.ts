import type { Certainty } from '../../mdm/tou-tables/beliefs.js'
import type { NotSwitchedReason } from '../../mdm/tou-tables/switch-forecast.js'
import type { TouUnknownReason, TouVerdict } from '../../mdm/tou-tables/tou-verdict.js'

/** What the names of the time-of-use checks mean, for people. */
export const verdictWords: Readonly<Record<TouVerdict['verdict'], string>> = {
  agrees: '相符 agrees',
  differs: '不符 differs',
  unknown: '不明 unknown',
}

export const unknownWords: Readonly<Record<TouUnknownReason, string>> = {
  never_read: '从未召测 never read',
  before_first_read: '首次召测之前 before the first read',
  changed_between_reads: '两次召测之间有变 changed between two reads',
  tables_incomplete: '表内数据不全 the meter does not tell all of it',
  tariff_without_hours: '电价版本未列时段 the tariff says no hours',
}

export const certaintyWords: Readonly<Record<Certainty, string>> = {
  seen: '前后两次召测一致 reads before and after say the same',
  changed_between_reads: '两次召测之间有变，何时不明 changed between two reads, nobody knows when',
  since_last_read: '按最近一次召测推定 as last read',
  before_first_read: '首次召测之前，不明 before the first read: unknown',
}

export const notSwitchedWords: Readonly<Record<NotSwitchedReason, string>> = {
  never_read: '从未召测 never read',
  tables_incomplete: '表内数据不全 the meter does not tell all of it',
  switch_not_planned: '时段已下装，未设切换 loaded, no change-over planned',
  switch_elsewhen: '时段已下装，切换时间不对 loaded, changes over at another time',
  not_loaded: '未下装新时段 the hours are not in the meter',
}
