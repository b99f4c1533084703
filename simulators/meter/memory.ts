import type { Instant } from '../../domain/time.js'
import { present } from '../../domain/result.js'
import { findDataItem } from '../../protocols/dlt645/catalogue/catalogue.js'
import { formsOf } from '../../protocols/dlt645/data-item.js'
import { writeFields } from '../../protocols/dlt645/field.js'
import type { MeterDescription, MeterHabits } from './description.js'
import { createMeterClock, type MeterClock } from './meter-clock.js'
import type { TwoSets } from './set-in-use.js'

/** What a meter was told and what it noticed: everything about it that changes besides its registers. */
export interface MeterMemory {
  /** The communication address, which a master may change. */
  address: string
  readonly clock: MeterClock
  /** Counts what changes the course of the tariffs: the clock and the tables of zones and slots. */
  scheduleVersion: number
  /** Item of the last read, for the repetition that the 1997 edition can ask for. */
  lastRead: string | null
  /** Day on which the clock was last set by broadcast; a meter takes one a day. */
  broadcastDay: string | null
  /** Parameters that were written, by identifier; others have their defaults. */
  readonly parameters: Map<string, Buffer>
  /** Which zone table and which set of day tables count. */
  zoneTables: TwoSets
  dayTableSets: TwoSets
  /** Passwords by level. */
  readonly passwords: Map<string, string>
  wrongPasswords: number
  lockedUntil: Instant
  readonly relay: Relay
  /** Moments at which the registers were frozen by command, the latest first. */
  readonly instantFreezes: Instant[]
  /** When the running maximum demands and the registers were last set to zero by command. */
  demandClearedAt: Instant
  meterClearedAt: Instant | null
  /** The latest ten of each kind. */
  readonly events: MeterEvent[]
  /** How often each kind has been written down since its records were last cleared. */
  readonly eventCounts: Map<string, number>
  /** Parts of a long answer that were not fetched yet. */
  pendingParts: { readonly dataIdentifier: string; readonly parts: readonly Buffer[] } | null
}

/** The switch in the meter. `permitted`: open, and it closes when somebody presses the button. */
export interface Relay {
  state: 'closed' | 'open' | 'permitted'
  /** When the button will have been pressed. */
  closesAt: Instant | null
  keepsPower: boolean
  isAlarming: boolean
  /** When nothing flowed, the latest last; `to` null while it lasts. */
  readonly interruptions: { readonly from: Instant; readonly to: Instant | null }[]
}

/** Something the meter wrote down. Kinds are the first bytes of the identifiers under which they are read. */
export interface MeterEvent {
  readonly kind: string
  readonly at: Instant
  /** Eight digits; zeros where nobody acted. */
  readonly operator: string
  /** Identifier that was written or cleared, or the times before and after. */
  readonly detail: readonly string[]
}

export type EventKind = '033000' | '033001' | '033002' | '033003' | '033004' | '1D0001' | '1E0001'

export function createMemory(
  { address, habits, energisedFrom }: MeterDescription,
  { passwords, parameters }: Pick<Required<MeterHabits>, 'passwords' | 'parameters'>,
): MeterMemory {
  return {
    address,
    clock: createMeterClock(habits?.clock ?? {}, energisedFrom),
    scheduleVersion: 0,
    lastRead: null,
    broadcastDay: null,
    parameters: new Map(Object.entries(parameters).map(([item, texts]) => [item, parameterBytes(item, texts)])),
    zoneTables: firstSet,
    dayTableSets: firstSet,
    passwords: new Map(Object.entries(passwords)),
    wrongPasswords: 0,
    lockedUntil: Number.NEGATIVE_INFINITY,
    relay: { state: 'closed', closesAt: null, keepsPower: false, isAlarming: false, interruptions: [] },
    instantFreezes: [],
    demandClearedAt: energisedFrom,
    meterClearedAt: null,
    events: [],
    eventCounts: new Map(),
    pendingParts: null,
  }
}

const firstSet: TwoSets = { first: 1, switchAt: null }

function parameterBytes(dataIdentifier: string, texts: readonly string[]): Buffer {
  const item = present(findDataItem('2007', dataIdentifier), dataIdentifier)
  const form = formsOf(item.layout).find((fields) => fields.length === texts.length)
  return present(writeFields(present(form, `a form of ${dataIdentifier}`), texts), `texts of ${dataIdentifier}`)
}
