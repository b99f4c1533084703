import type { Posting } from '../../tariffs/components/posting-schema.js'
import type { PriceScale } from '../charge-fen.js'
import type { RateProgram } from '../compile-program.js'
import type { EntryProgram } from '../entry-program.js'
import type { Begin } from './begins.js'
import type { LineTemplate } from './line-texts.js'
import type { CounterText } from './counter-text.js'
import type { HistoryProgram } from './history-text.js'

/** One price of a component, at the decimals of its scale, with what its line says beside the numbers. */
export interface PricedLine {
  readonly price: number
  readonly template: LineTemplate
}

/** A component that charges energy, in exact numbers below 2^53 for quantities up to `exactQuantityE4`. */
export interface ChargeProgram extends PriceScale {
  readonly code: string
  /** Decimals of quantity e4 × price. */
  readonly exactDecimals: number
  /** -1 for a credit: its multiple. */
  readonly sign: 1 | -1
  /** By slot number (0: all time), or by block from 0; null where nothing is charged. */
  readonly lines: readonly (PricedLine | null)[]
  readonly isLadder: boolean
}

/** The one component that remembers what was used before. */
export interface LadderProgram {
  readonly blocks: number
  readonly counter: CounterText
  /** Whether the scope goes on after the period, so that its counter does. */
  readonly goesOn: boolean
  /** Whether it is the yearly ladder that a tariff of slots and ladder would go on with. */
  readonly isYearly: boolean
}

/** A version in a situation, compiled: what the plain accounts under it are charged. */
export interface VersionProgram extends Pick<RateProgram, 'registerSlots' | 'residualSlot'>, HistoryProgram {
  readonly version: number
  /** Where slots and blocks of an account are worked out, for one after the other. */
  readonly room: { readonly slotE4: Float64Array; readonly blockE4: Float64Array }
  readonly charges: readonly ChargeProgram[]
  readonly ladder: LadderProgram | null
  readonly posting: Posting
  /** Null where the posting names components: then the readable rule books. */
  readonly entry: EntryProgram | null
  /** What the day decides from which an account has room in its ladder, days since 1970-01-01; null where the old way knows better. */
  readonly beginOf: (inUseFromDay: number) => Begin | null
}
