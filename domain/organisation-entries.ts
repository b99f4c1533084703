import type { Effective } from './effective.js'

export interface ActorEntry {
  readonly actor: string
  readonly displayName: string
  readonly kind: 'person' | 'process'
}

export interface OrganisationEntry {
  readonly code: string
  readonly parent?: string
  readonly name: string
  readonly level: 'province' | 'city' | 'county' | 'station'
  readonly timeZone: string
  readonly currency: string
  readonly minorDigits: number
}

export interface GridCellEntry {
  readonly code: string
  readonly organisation: string
  readonly name: string
  readonly manager: string
  readonly deputy?: string
}

export interface TransformerAreaEntry {
  readonly code: string
  readonly organisation: string
  readonly name: string
}

/** A collection crew (采集运维班). */
export interface CrewEntry {
  readonly code: string
  readonly organisation: string
  readonly name: string
}

/** The crew owns what does not answer in a transformer area. */
export interface CrewAreaEntry extends Effective {
  readonly transformerArea: string
  readonly crew: string
}

/** Power that is to be off over [from, to) in one area or on one line. It excuses due points only when it was on record before it began. */
export interface PlannedOutageEntry {
  readonly code: string
  readonly transformerArea?: string
  readonly line?: string
  readonly from: string
  readonly to: string
  readonly document: string
}

export interface CrewMemberEntry extends Effective {
  readonly crew: string
  readonly person: string
}
