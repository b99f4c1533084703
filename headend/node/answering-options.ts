import type { ModelQuirks } from '../../domain/meter-quirks.js'
import type { Clock } from '../../domain/runtime.js'
import type { Database } from '../../storage/database.js'
import type { LineHold } from './line-hold.js'

export interface AnsweringOptions {
  readonly database: Database
  readonly clock: Clock
  readonly node: string
  readonly hold: LineHold
  /** How meters of a model are spoken to. */
  readonly models: ModelQuirks
}
