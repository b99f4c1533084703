import { z } from 'zod'
import { code, effective, localDate, ratio, text } from './fields.js'

const addressPatterns = {
  dlt645_2007: /^\d{12}$/,
  modbus: /^([1-9]|[1-9]\d|1\d\d|2[0-3]\d|24[0-7])$/,
} as const

const protocol = z.enum(['dlt645_2007', 'modbus'])
const registerDigits = z.int().min(4).max(12)
const registerDecimals = z.int().min(0).max(4)
/** What may be put right of a meter; whether address and protocol fit is seen where both are known. */
export const describedFields = {
  protocol: protocol.exactOptional(),
  communicationAddress: z.string().exactOptional(),
  model: text.exactOptional(),
  registerDigits: registerDigits.exactOptional(),
  registerDecimals: registerDecimals.exactOptional(),
}
const addressed = z.object({ protocol, communicationAddress: z.string() })
export const meter = z
  .strictObject({
    code,
    protocol,
    communicationAddress: z.string(),
    model: text,
    registerDigits,
    registerDecimals,
  })
  .refine((entry) => addressPatterns[entry.protocol].test(entry.communicationAddress), {
    path: ['communicationAddress'],
    error:
      '645 为 12 位数字，Modbus 为 1 至 247 expected 12 digits for dlt645_2007, a unit id from 1 to 247 for modbus',
    // A fault elsewhere in the entry hides none here.
    when: ({ value }) => addressed.safeParse(value).success,
  })
export const installation = z.strictObject({ ...effective, usagePoint: code, meter: code, line: code })
export const multiplier = z.strictObject({ ...effective, usagePoint: code, ctRatio: ratio, ptRatio: ratio })
const tested = z.object({ verifiedOn: localDate, validUntil: localDate })
export const verification = z
  .strictObject({ meter: code, verifiedOn: localDate, validUntil: localDate, certificate: text })
  .refine(({ verifiedOn, validUntil }) => verifiedOn < validUntil, {
    path: ['validUntil'],
    error: '须晚于检定日 expected a day after verifiedOn',
    when: ({ value }) => tested.safeParse(value).success,
  })
