import { z } from 'zod'
import { code, effective, text, zone } from './fields.js'

export const actor = z.strictObject({ actor: code, displayName: text, kind: z.enum(['person', 'process']) })
export const organisation = z.strictObject({
  code,
  parent: code.exactOptional(),
  name: text,
  level: z.enum(['province', 'city', 'county', 'station']),
  timeZone: zone,
  currency: z.string().regex(/^[A-Z]{3}$/, '货币代码，如 CNY expected an ISO 4217 code'),
  minorDigits: z.int().min(0).max(4),
})
export const gridCell = z.strictObject({
  code,
  organisation: code,
  name: text,
  manager: code,
  deputy: code.exactOptional(),
})
export const transformerArea = z.strictObject({ code, organisation: code, name: text })
export const crew = z.strictObject({ code, organisation: code, name: text })
export const crewArea = z.strictObject({ ...effective, transformerArea: code, crew: code })
export const crewMember = z.strictObject({ ...effective, crew: code, person: code })
