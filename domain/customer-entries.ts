import type { Effective } from './effective.js'
import type { UsageClass } from './usage-class.js'

export interface CustomerEntry {
  readonly code: string
  readonly name: string
  readonly kind: 'residential' | 'commercial'
  readonly keyAccount: boolean
}

export interface AccountEntry {
  readonly code: string
  readonly organisation: string
  readonly customer: string
}

export interface AgreementEntry extends Effective {
  readonly account: string
  readonly usagePoint: string
  readonly tariff: string
  /** Local day from which months count for the annual ladder. */
  readonly ladderFrom: string
  /** Class of supply (用电类别); as the customer's kind says where it is absent. */
  readonly usageClass?: UsageClass
  /** Contract capacity (合同容量), whole kVA. */
  readonly contractCapacityKva?: number
}

export interface ContactEntry extends Effective {
  readonly account: string
  readonly channel: 'sms' | 'voice' | 'email' | 'webhook'
  readonly address: string
  readonly consentEvidence: string
  readonly verified: boolean
}
