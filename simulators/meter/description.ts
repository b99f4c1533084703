import type { Instant, LocalDate } from '../../domain/time.js'
import type { Edition } from '../../protocols/dlt645/data-item.js'
import type { RegisterSource } from './register-source.js'

/** A DL/T 645 meter as plain values: what it answers follows from these, from what it was told, and the moment it is asked. */
export interface MeterDescription {
  /** 12 digits, high digit first. */
  readonly address: string
  readonly source: RegisterSource
  /** First moment at which the meter has supply; it keeps no freeze from before. */
  readonly energisedFrom: Instant
  /** Midnights, named by the day that they open, at which the meter had no supply and took no freeze. */
  readonly missedFreezes: ReadonlySet<LocalDate>
  /** Daily freezes that the meter remembers. */
  readonly freezeDepth: number
  readonly habits?: MeterHabits
}

/** Where meters differ by model, age and fault. */
export interface MeterHabits {
  readonly edition?: Edition
  /** FE bytes before a reply. */
  readonly wakeUpBytes?: number
  /** Most data bytes of a reply, identifier included; longer answers come in parts. */
  readonly partBytes?: number
  /** Items that the model does not know; `..` stands for any byte. They are refused as `no_such_data`. */
  readonly unknownItems?: readonly string[]
  /** Clock less true time at `energisedFrom`, and how much it gains in a day. */
  readonly clock?: ClockHabit
  /** Percent of the forward energy that the meter also counts backwards, as behind a roof with panels. */
  readonly feedInPercent?: number
  /** Passwords by level, six digits each. */
  readonly passwords?: Readonly<Record<string, string>>
  /** Items that were written before the meter was hung up: texts of their fields, by identifier of the 2007 edition. */
  readonly parameters?: Readonly<Record<string, readonly string[]>>
  /** Whether 1CH closes the relay at once; newer meters only permit closing (1BH). */
  readonly closesDirectly?: boolean
  /** Time after which somebody presses the button of a meter that permits closing. */
  readonly buttonAfterMs?: number
  /** What happens to the meter without anybody's command, in the order in which it happens. */
  readonly happenings?: readonly Happening[]
  /** Announces one byte more than it sends. */
  readonly sendsWrongLength?: boolean
}

/** A loss of supply, an opened cover, power that flows backwards: written down by the meter's own clock. */
export interface Happening {
  /** The first six digits of the identifiers under which it is read, such as 031100. */
  readonly kind: string
  /** True time. */
  readonly from: Instant
  readonly to: Instant
}

export interface ClockHabit {
  readonly offsetMs?: number
  /** Milliseconds a day. */
  readonly gainMsPerDay?: number
  /** From this moment the clock counts from 2000-01-01: its battery is empty and the supply was gone. */
  readonly batteryLostAt?: Instant
}

export const usualFreezeDepth = 62
export const usualTariffs = 4
const usualPassword = '000000'

export const usualHabits: Required<MeterHabits> = {
  edition: '2007',
  wakeUpBytes: 4,
  partBytes: 174,
  unknownItems: [],
  clock: {},
  feedInPercent: 0,
  passwords: { '02': usualPassword, '04': usualPassword },
  parameters: {},
  closesDirectly: false,
  buttonAfterMs: 60_000,
  happenings: [],
  sendsWrongLength: false,
}
