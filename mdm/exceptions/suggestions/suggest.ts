import { answerOnSite } from './answer-on-site.js'
import { estimateTooHigh } from './estimate-too-high.js'
import { exchangeNotRecorded } from './exchange-not-recorded.js'
import { lateRead } from './late-read.js'
import { multiplierChanged } from './multiplier-changed.js'
import { oneOfTheClaims } from './one-of-the-claims.js'
import { previousWrong } from './previous-wrong.js'
import type { Suggestion, SuggestionContext, SuggestionRule } from './suggestion.js'
import { unitSlip } from './unit-slip.js'

/** What explains most comes first: an explanation that leaves a value as it is before one that changes it. */
const suggestionRules: readonly SuggestionRule[] = [
  answerOnSite,
  oneOfTheClaims,
  estimateTooHigh,
  previousWrong,
  exchangeNotRecorded,
  multiplierChanged,
  unitSlip,
  lateRead,
]

/** What to do about a doubt; never nothing. It decides nothing by itself. */
export function suggest(context: SuggestionContext): Suggestion {
  for (const rule of suggestionRules) {
    const suggestion = rule(context)
    if (suggestion !== null) return suggestion
  }
  return withoutExplanation(context)
}

function withoutExplanation({ kind, rules, readAt, claims, before, after }: SuggestionContext): Suggestion {
  if (rules.includes('usage_unlike_history'))
    return {
      name: 'compare_exchange_note',
      action: 'hold',
      zh: '核对换表单与倍率；用电确属真实则认可',
      en: 'compare the exchange note and the multiplier; accept it if the usage is real',
    }
  if (kind === 'determinant_hold')
    return {
      name: 'decide_readings',
      action: 'hold',
      zh: '先处理该户示数异常，再重新冻结',
      en: 'decide the readings behind it, then freeze again',
    }
  if (readAt === null)
    return { name: 'look_at_it', action: 'hold', zh: '核对档案与现场', en: 'compare the registry with the site' }
  if (claims.length === 0 && before.length > 0 && after.length > 0)
    return {
      name: 'between_known_values',
      action: 'estimate',
      zh: '前后均有示数，可按内插估算',
      en: 'there are values before and after it: estimate between them',
    }
  return {
    name: 'read_on_site',
    action: 'field_order',
    zh: '原因不明，到场补抄',
    en: 'nothing explains it: read it on site',
  }
}
