import { defaultReadLadder } from '../../domain/read-ladder.js'
import { hourMs } from '../../domain/time.js'
import type { ClassRule, EstimationPolicyDocument, MethodRule } from './policy-document.js'

export interface EstimationPolicy {
  /** `built-in/N`, or `estimation/N` for a revision on record. */
  readonly version: string
  readonly document: EstimationPolicyDocument
}

const interpolation: MethodRule = {
  method: 'interpolation',
  afterHours: defaultReadLadder.estimateMs / hourMs,
  leastHistoryDays: 0,
  greatestGapDays: 62,
  leastPeers: 5,
}
// What has no later reading yet waits until the books close: a later reading halves the interval (ADR 0018).
const afterHours = defaultReadLadder.cutOffMs / hourMs
const openGap = { afterHours, leastHistoryDays: 14, greatestGapDays: 7, leastPeers: 5 }
const peerProfile: MethodRule = { method: 'peer_profile', ...openGap }
const ownHistory: MethodRule = { method: 'own_history', ...openGap }
const sameDayType: MethodRule = { method: 'same_day_type', ...openGap, leastHistoryDays: 21 }
const previousPeriod: MethodRule = { method: 'previous_period', ...openGap, greatestGapDays: 31 }

const limits = {
  mostConsecutiveDays: 10,
  mostConsecutivePeriods: 1,
  billingBoundary: 'never',
} as const

/** Homes follow the weather and their neighbours, businesses their calendar. */
const home: ClassRule = {
  methods: [interpolation, peerProfile, ownHistory, sameDayType, previousPeriod],
  ...limits,
}
const business: ClassRule = {
  methods: [interpolation, sameDayType, ownHistory, peerProfile, previousPeriod],
  ...limits,
}

/** In force until a policy of the utility's own is: no bill begins or ends on an estimate. */
export const defaultEstimationPolicy: EstimationPolicy = {
  version: 'built-in/1',
  document: {
    format: 1,
    classes: { residential: home, commercial: business, large_industrial: business, agricultural: home },
    holidays: [],
    workingWeekends: [],
  },
}
