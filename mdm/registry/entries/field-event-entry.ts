import { z } from 'zod'
import { fieldEventKinds, sealingEvents } from '../../../domain/field-event.js'
import { code, instant, text } from './fields.js'

export const fieldEventFields = {
  meter: code,
  at: instant,
  event: z.enum(fieldEventKinds),
  person: text,
  sealsFound: z.array(code).exactOptional(),
  sealsPlaced: z.array(code).exactOptional(),
  document: text,
  detail: text.exactOptional(),
}

const sealed = z.object({
  event: z.enum(fieldEventKinds).refine((event) => sealingEvents.has(event)),
})
/** Whoever seals says with which numbers. */
export const placesSeals = {
  path: ['sealsPlaced'],
  error: '加封须填封印号 the numbers of the seals that were placed',
  when: ({ value }: { readonly value: unknown }) => sealed.safeParse(value).success,
}
export function hasPlacedSeals({ sealsPlaced = [] }: { readonly sealsPlaced?: readonly string[] }): boolean {
  return sealsPlaced.length > 0
}

export const fieldEvent = z.strictObject(fieldEventFields).refine(hasPlacedSeals, placesSeals)
