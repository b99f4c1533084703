import type { Suggestion, SuggestionRule } from './suggestion.js'

/** Seals and faults are mended on site; what was done there answers them. */
export const answerOnSite: SuggestionRule = ({ kind }) => answers.get(kind) ?? null

const answers: ReadonlyMap<string, Suggestion> = new Map([
  [
    'seal_broken_found',
    {
      name: 'reseal',
      action: 'hold',
      zh: '到场核查用电后重新加封，用 registry change 登记 resealed',
      en: 'check the usage on site, seal it again and record it as resealed',
    },
  ],
  [
    'meter_fault',
    {
      name: 'repair_or_exchange',
      action: 'hold',
      zh: '检修登记 repaired，或换表',
      en: 'repair it and record it as repaired, or exchange the meter',
    },
  ],
  [
    'tamper_suspected',
    {
      name: 'inspect',
      action: 'hold',
      zh: '用电检查；无窃电则登记 tamper_cleared',
      en: 'inspect it; record it as tamper_cleared if there is nothing to it',
    },
  ],
])
