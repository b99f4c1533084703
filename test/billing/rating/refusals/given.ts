import { energy, type Given, ladder, perUnit } from '../offline.js'

/** A claim, what is given, and how the refusal begins: its kind and its place in the file. */
export type Refused = readonly (readonly [claim: string, given: Given, refused: string])[]

export const usage = (model: object, more: object = {}) => ({ code: 'energy', kind: 'usage', model, ...more })
export const plain = usage(perUnit('1'))
export const used = (quantities: readonly object[], more: Partial<Given> = {}): Given => ({
  components: [plain],
  period: { quantities },
  ...more,
})
export const component = (one: object, more: Partial<Given> = {}): Given =>
  used([energy(100)], { components: [one], ...more })
export const day = (more: object = {}) => ({
  name: 'day',
  slots: [
    { name: 'peak', when: [{ windows: [{ from: '08:00', to: '20:00' }] }] },
    { name: 'off', otherwise: true },
  ],
  ...more,
})
export const slotted = usage({ kind: 'per_unit', prices: { peak: '2', off: '1' } }, { slots: { calendar: 'day' } })
export const bySlot = (quantities: readonly object[], calendar: object = day(), more: object = {}): Given =>
  used(quantities, { components: [slotted], version: { calendars: [calendar], ...more } })
export const oneDay = { start: '2026-06-01', end: '2026-06-02' }
export const hourly = Array.from({ length: 24 }, () => 1)
export const register = (start: string, end: string, more: object = {}) => ({
  name: 'energy',
  register: { start, end, ...more },
})
export const version = (number: number, validFrom: string, validTo?: string) => ({
  version: number,
  validFrom,
  ...(validTo === undefined ? {} : { validTo }),
  rounding: {},
  components: [plain],
})
export const facts = (...list: readonly object[]): Partial<Given> => ({ usage: { facts: list } })
export const block = (of: string, opening: object): Given => ({
  ...component(
    usage(
      ladder(
        [
          ['50', '1'],
          [null, '2'],
        ],
        { scope: { of } },
      ),
    ),
  ),
  usage: { opening },
})
