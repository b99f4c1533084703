import type { AgreementEntry } from '../../../domain/customer-entries.js'
import type { InstallationEntry, MultiplierEntry } from '../../../domain/meter-entries.js'
import type { RegistryDocument } from '../../../domain/registry-document.js'
import type { RelationEntry } from '../../../domain/usage-point-entries.js'
import type { LocalDate } from '../../../domain/time.js'

/** The registry as it is believed to be on one day, with what rules look up. */
export interface AuditScene {
  readonly document: RegistryDocument
  readonly day: LocalDate
  /** Tariffs of which a version is on record. */
  readonly tariffs: ReadonlySet<string>
  readonly agreements: readonly AgreementEntry[]
  readonly installationAt: ReadonlyMap<string, InstallationEntry>
  readonly multiplierAt: ReadonlyMap<string, MultiplierEntry>
  /** By child. */
  readonly relationAt: ReadonlyMap<string, RelationEntry>
  /** Organisation of a usage point, account or area, by list and code. */
  readonly organisationOf: (list: 'usagePoints' | 'accounts' | 'transformerAreas', code: string) => string
}
/** One object that a rule looked at. */
export interface AuditCheck {
  readonly organisation: string
  /** What people call it. */
  readonly object: string
  /** What is wrong, in words; null where nothing is. */
  readonly problem: string | null
}
export interface AuditRule {
  readonly name: string
  /** A field that moves money: no bill should leave before it is right. */
  readonly isBlocking: boolean
  /** How much an object counts in the score. */
  readonly weight: number
  readonly rule: (scene: AuditScene) => readonly AuditCheck[]
}

/** A child without a meter of its own takes its energy from its parent's. */
export function hasOwnMeter({ relationAt }: AuditScene, usagePoint: string): boolean {
  const kind = relationAt.get(usagePoint)?.kind
  return kind !== 'share' && kind !== 'quantity'
}
