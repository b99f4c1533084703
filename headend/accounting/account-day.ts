import { unreachable } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import type { Database } from '../../storage/database.js'
import { dueAccounts } from '../../storage/headend/due-accounts.js'
import type { DueCell, DuePlace } from '../../storage/headend/due-points.js'
import { loadOrganisations, type OrganisationRow } from '../../storage/headend/organisations.js'
import { type AccountSettings, defaultAccountSettings } from './account-settings.js'
import { spanAt } from './account-span.js'
import {
  countsOf,
  type DueCounts,
  type DueLevel,
  type DueLevelRow,
  type JudgedAccounts,
  rowsOfLevel,
} from './account-levels.js'
import type { DueCause } from './classify-cause.js'
import { standingOf } from './standing.js'

export interface AccountWish {
  /** Exclusive; the midnight that opens the day. */
  readonly after: Instant
  /** Inclusive; the midnight that closes it. */
  readonly through: Instant
  /** Only facts recorded at or before this count; null for all there are. */
  readonly asOf: Instant | null
  /** The ladder is told as of then where nothing else is asked for. */
  readonly now: Instant
  readonly template?: string | null
  readonly settings?: AccountSettings
}

/** Points that share a cause and an owner. */
export interface CauseRow {
  readonly cause: DueCause
  readonly crew: string | null
  readonly points: number
  readonly open: number
}

export interface DayAccount {
  readonly total: DueCounts
  readonly rows: readonly DueLevelRow[]
  readonly causes: readonly CauseRow[]
  /** Registers that people note at an event of the day, an exchange above all; none of its due points. */
  readonly noted: DueCounts
}

/** What became of everything that was due, at one level of the tree, with the causes of what was not read at the first pass. */
export async function accountDay(database: Database, wish: AccountWish, by: DueLevel | 'cause'): Promise<DayAccount> {
  const { points: accounts, noted } = await judgedAccounts(database, wish, placeOf(by))
  const organisations = await loadOrganisations(database)
  return {
    total: countsOf(accounts),
    rows: by === 'cause' ? [] : rowsOfLevel(accounts, placeAt(by, organisations)),
    causes: by === 'cause' ? causeRows(accounts) : [],
    noted: countsOf(noted),
  }
}

/** What is due: the points of the day, and apart from them the registers of events, unless these alone are asked for. */
export async function judgedAccounts(
  database: Database,
  wish: AccountWish,
  place: DuePlace,
): Promise<{ readonly points: JudgedAccounts; readonly noted: JudgedAccounts }> {
  const settings = wish.settings ?? defaultAccountSettings
  const { due, gap } = await dueAccounts(database, await spanAt(database, settings, wish), place)
  const judged = gap.map((group) => ({ ...group, ...standingOf(group, settings, wish.asOf ?? wish.now) }))
  const part = (isWanted: (cell: DueCell) => boolean): JudgedAccounts => ({
    due: due.filter(isWanted),
    gap: judged.filter(isWanted),
  })
  if (wish.template === eventTemplate) return { points: part(() => true), noted: { due: [], gap: [] } }
  return {
    points: part(({ template }) => template !== eventTemplate),
    noted: part(({ template }) => template === eventTemplate),
  }
}

/** What a person notes at an event: it is wanted because of that, and not because a day ends. */
const eventTemplate = 'noted_registers'

/** By what the due points of a level are added up. */
function placeOf(by: DueLevel | 'cause'): DuePlace {
  if (by === 'line' || by === 'concentrator' || by === 'cause') return 'line'
  return by === 'area' || by === 'crew' ? 'area' : 'organisation'
}

/** Where a cell belongs at a level of the tree. */
function placeAt(level: DueLevel, organisations: readonly OrganisationRow[]): (cell: DueCell) => string | null {
  switch (level) {
    case 'line':
      return ({ lineCode }) => lineCode
    case 'concentrator':
      return ({ lineCode, lineKind }) => (lineKind === 'mqtt_concentrator' ? lineCode : null)
    case 'area':
      return ({ areaCode }) => areaCode
    case 'crew':
      return ({ crewCode }) => crewCode
    case 'county':
    case 'city':
    case 'province': {
      const codes = codesAtLevel(level, organisations)
      return ({ organisationId }) => (organisationId === null ? null : (codes.get(organisationId) ?? null))
    }
    default:
      return unreachable(level)
  }
}

/** For each organisation the code of itself or of the nearest above it that is of the level. */
function codesAtLevel(level: string, organisations: readonly OrganisationRow[]): ReadonlyMap<bigint, string | null> {
  const byId = new Map(organisations.map((row) => [row.organisation_id, row]))
  const codeFor = (id: bigint | null): string | null => {
    const row = id === null ? undefined : byId.get(id)
    if (row === undefined) return null
    return row.level === level ? row.code : codeFor(row.parent_id)
  }
  return new Map(organisations.map(({ organisation_id }) => [organisation_id, codeFor(organisation_id)]))
}

function causeRows({ gap }: JudgedAccounts): readonly CauseRow[] {
  const rows = new Map<string, CauseRow>()
  for (const { cause, crewCode, points, outcome } of gap) {
    const key = `${cause} ${crewCode ?? ''}`
    const row = rows.get(key) ?? { cause, crew: crewCode, points: 0, open: 0 }
    rows.set(key, { ...row, points: row.points + points, open: row.open + (outcome === 'open' ? points : 0) })
  }
  return [...rows.values()].sort(
    (a, b) => b.points - a.points || (`${a.cause} ${a.crew}` < `${b.cause} ${b.crew}` ? -1 : 1),
  )
}
