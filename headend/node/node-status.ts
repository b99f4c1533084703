import type { Instant } from '../../domain/time.js'
import type { UploadTally } from '../metrics/upload-tally.js'

export interface NodeStatus {
  readonly database: boolean
  readonly broker: boolean
  readonly linesHeld: number
  readonly onDemandWaiting: number
  readonly pendingUploads: number
  readonly spoolBytes: number
  readonly spoolBatches: number
  /** Stretches of the spool that the disk gave back damaged. */
  readonly spoolDamaged: number
  /** Lines of the registry that are left out because of what is said of them. */
  readonly linesUnusable: number
  /** Since the database answered last; null before its first answer. */
  readonly databaseSilentMs: number | null
  /** Statements that were given up because the database said nothing. */
  readonly databaseSilences: number
}

/** What figures are made of, beside the status. */
export interface NodeFigures {
  readonly uploads: UploadTally
  readonly pendingBytes: number
  readonly uploadsFull: boolean
  readonly brokers: readonly { readonly url: string; readonly connected: boolean }[]
  readonly spoolSince: Instant | null
}
