import { type Calendar, calendarOf } from '../../domain/time.js'
import type { ListName } from '../../mdm/registry/document-lists.js'
import { openTable } from '../files/read-table.js'
import type { DraftRow, SheetProblem } from './draft-row.js'
import { createSheetReader } from './sheet-reader.js'

export interface TableFile {
  readonly name: string
  readonly bytes: Uint8Array
}
export interface SheetsRead {
  readonly rows: readonly DraftRow[]
  /** What is wrong with sheets and files as a whole: with any of it, nobody can say what is missing. */
  readonly problems: readonly SheetProblem[]
  /** Lists of which there is a sheet. */
  readonly lists: ReadonlySet<ListName>
  /** In whose time the files' times without an offset are, and what is said of them; null where the organisations' zones differ. */
  readonly calendar: Calendar | null
}

/**
 * Rows of workbooks and CSV files as drafts of registry entries, in the order of the files. A sheet is known by its name, a column by
 * its heading. Times without an offset are in the zone of the organisations, those of the files and `zones`, if they all have one;
 * therefore their sheets are read first.
 */
export async function readSheets(files: readonly TableFile[], zones: readonly string[]): Promise<SheetsRead> {
  const sheets = files.flatMap(({ name, bytes }) =>
    openTable(bytes, name).map((sheet) => ({ ...sheet, reader: createSheetReader(name, sheet.name) })),
  )
  const areZones = ({ reader }: (typeof sheets)[number]) => reader.list === 'organisations'
  for (const { events, reader } of sheets.filter(areZones)) for await (const event of events()) reader.take(event, null)
  const stated = sheets.filter(areZones).flatMap(({ reader }) => reader.done().rows)
  const calendar = calendarOf(oneZone(stated, zones) ?? '')
  for (const { events, reader } of sheets.filter((sheet) => !areZones(sheet)))
    for await (const event of events()) reader.take(event, calendar)
  const read = sheets.map(({ reader }) => reader.done())
  return {
    rows: read.flatMap(({ rows }) => rows),
    problems: read.flatMap(({ problems }) => problems),
    calendar,
    lists: new Set(read.flatMap(({ isHeaded, list }) => (isHeaded && list !== null ? [list] : []))),
  }
}

/** The zone in which the files' local times are. */
function oneZone(organisations: readonly DraftRow[], known: readonly string[]): string | null {
  const stated = organisations.map(({ draft }) => draft.entry['timeZone']).filter((zone) => typeof zone === 'string')
  const zones = new Set([...known, ...stated])
  const [zone = null] = zones
  return zones.size === 1 ? zone : null
}
