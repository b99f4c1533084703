import { z } from 'zod'
import { code, effective, localDate, text } from './fields.js'

export const customer = z.strictObject({
  code,
  name: text,
  kind: z.enum(['residential', 'commercial']),
  keyAccount: z.boolean(),
})
export const account = z.strictObject({ code, organisation: code, customer: code })
export const usageClass = z.enum(['residential', 'commercial', 'large_industrial', 'agricultural'])
export const capacity = z.int().min(1).max(10_000_000)
export const agreement = z.strictObject({
  ...effective,
  account: code,
  usagePoint: code,
  tariff: code,
  ladderFrom: localDate,
  usageClass: usageClass.exactOptional(),
  contractCapacityKva: capacity.exactOptional(),
})
export const channel = z.enum(['sms', 'voice', 'email', 'webhook'])
export const consented = { address: text, consentEvidence: text, verified: z.boolean() }
export const reachability = { channel, ...consented }
export const contact = z.strictObject({ ...effective, account: code, ...reachability })
