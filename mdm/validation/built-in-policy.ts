import type { ClassDocument, PolicyDocument } from './policy-document.js'
import { type RuleName, ruleNames } from './rule-names.js'
import { toPolicy } from './to-policy.js'

/** What cannot be right, or cannot be told from what is not: everything else is a doubt beside a value that stands. */
const holds: ReadonlySet<RuleName> = new Set<RuleName>([
  'disputed',
  'live_tolerance',
  'decrease',
  'spike',
  'tariff_sum',
  'near_absolute',
  'unit_slip',
  'swapped_pair',
  'duplicate',
  'clock_lost',
])

const severities = Object.fromEntries(
  ruleNames.map((name) => [name, holds.has(name) ? 'hold' : 'flag']),
) as ClassDocument['severities']

const residential: ClassDocument = {
  severities,
  leastHistoryDays: 7,
  jump: { times: 4, leastKwh: '30', deviations: 8 },
  aboveFullest: { percent: 150, leastKwh: '2' },
  drop: { times: 5, leastKwh: '10', deviations: 8 },
  peers: { leastMeters: 10, times: 4, leastKwh: '30' },
  zeroRunDays: 14,
  staleRepeat: { days: 1, leastDayKwh: '0.5' },
  nearAbsolute: { percent: 2, leastKwh: '100', firstPeriodDays: 62 },
  unitSlip: { tolerancePercent: 5, steadyPercent: 5 },
  reverseDays: 3,
  exportLeastKwh: '1',
  demandPercent: 120,
}
const commercial: ClassDocument = {
  ...residential,
  jump: { times: 4, leastKwh: '100', deviations: 8 },
  drop: { times: 5, leastKwh: '50', deviations: 8 },
  peers: { leastMeters: 10, times: 5, leastKwh: '100' },
  nearAbsolute: { percent: 2, leastKwh: '500', firstPeriodDays: 62 },
}
const largeIndustrial: ClassDocument = {
  ...commercial,
  jump: { times: 3, leastKwh: '1000', deviations: 8 },
  drop: { times: 4, leastKwh: '1000', deviations: 8 },
  zeroRunDays: 7,
  staleRepeat: { days: 1, leastDayKwh: '1' },
  exportLeastKwh: '10',
}
/** Pumps run for weeks and rest for months. */
const agricultural: ClassDocument = {
  ...commercial,
  jump: { times: 10, leastKwh: '200', deviations: 8 },
  drop: { times: 10, leastKwh: '200', deviations: 8 },
  zeroRunDays: 30,
}

const collected: RuleName[] = [...ruleNames]
/** Nobody asks a person's display for its clock, nor when a live read came. */
const field = collected.filter((name) => name !== 'live_tolerance' && name !== 'clock_lost' && name !== 'clock_skew')

export const builtInDocument: PolicyDocument = {
  // Three phases of 220 V with 100 A: 66 kW, the largest directly connected meter.
  physicalLimitKwhPerHour: { default: '66', models: {} },
  missingAfterHours: 6,
  groups: {
    // Registers noted when a meter is hung or taken down have no day of their own to compare with.
    initial_load: [
      'disputed',
      'decrease',
      'reverse_running',
      'spike',
      'tariff_sum',
      'swapped_pair',
      'duplicate',
      'rollover',
    ],
    collected,
    field,
    revalidation: collected,
    manual_override: field.filter((name) => name !== 'disputed'),
  },
  classes: { residential, commercial, large_industrial: largeIndustrial, agricultural },
}

export const defaultValidationPolicy = toPolicy('built-in/1', builtInDocument)
