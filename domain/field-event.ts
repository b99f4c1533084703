/** What somebody found or left at a meter on site: seals (封印) and faults. */
export const fieldEventKinds = [
  'sealed',
  'seal_broken_found',
  'resealed',
  'meter_fault',
  'repaired',
  'tamper_suspected',
  'tamper_cleared',
] as const
export type FieldEventKind = (typeof fieldEventKinds)[number]

/** Events that leave something to be done, with those that answer them when they come at the same time or later. */
export const fieldEventAnswers = {
  seal_broken_found: ['sealed', 'resealed'],
  meter_fault: ['repaired'],
  tamper_suspected: ['tamper_cleared'],
} as const satisfies Partial<Readonly<Record<FieldEventKind, readonly FieldEventKind[]>>>

/** A seal is left behind: its number belongs to the event. */
export const sealingEvents: ReadonlySet<FieldEventKind> = new Set(['sealed', 'resealed'])
