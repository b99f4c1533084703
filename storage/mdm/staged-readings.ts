import type { RegisterSet } from '../../domain/reading.js'
import type { Instant } from '../../domain/time.js'
import { encodeCopy } from '../copy-binary.js'
import type { Transaction } from '../database.js'
import { claimDigest } from '../headend/claim-digest.js'
import { toTimestamptz } from '../type-parsers.js'

/** Where something stands in a file: its sheets from 0, lines as a spreadsheet counts. */
export interface FilePlace {
  readonly sheet: number
  /** 0: the sheet as a whole. */
  readonly line: number
}

/** A line of a file of readings, as far as it could be read. */
export interface StagedRow extends FilePlace {
  readonly meter: string | null
  readonly usagePoint: string | null
  readonly readAt: Instant | null
  readonly document: string
  readonly reader: string | null
  readonly values: readonly StagedValue[]
}
export interface StagedValue {
  readonly quantity: number
  readonly registers: RegisterSet
}

/** What the registry, the other lines and other claims have against a line. */
export type StagedFaultCode =
  | 'unknown_code'
  | 'still_to_come'
  | 'not_installed_then'
  | 'two_meters_then'
  | 'does_not_fit_display'
  | 'described_in_two_ways'
  | 'another_claim'

/** What is wrong in a cell, line or sheet. */
export interface StagedFault extends FilePlace {
  /** The column's field; '' where the whole line or sheet is meant. */
  readonly field: string
  /** One of `StagedFaultCode`, or what the file itself is faulted for. */
  readonly code: string
  readonly found: string
  readonly expected: string
}

export interface StagedBatch {
  readonly rows: readonly StagedRow[]
  readonly faults: readonly StagedFault[]
}

/** Tables of this transaction, in which a file of any size is judged by few statements. */
export async function createStage(tx: Transaction): Promise<void> {
  for (const table of stage) await tx.execute(`create temporary table ${table} on commit drop`)
}

const stage = [
  `staged_row (sheet integer, line integer, meter text collate "C", usage_point text collate "C", read_at timestamptz, document text, reader text)`,
  `staged_value (sheet integer, line integer, quantity smallint, total_e4 bigint, tou1_e4 bigint, tou2_e4 bigint, tou3_e4 bigint, tou4_e4 bigint,
     claim_digest bytea)`,
  `staged_fault (sheet integer, line integer, field text, code text, found text, expected text)`,
]

export async function stageBatch(tx: Transaction, { rows, faults }: StagedBatch): Promise<void> {
  await tx.copyIn('copy staged_row from stdin (format binary)', encodeCopy(rowTypes, rows.map(rowCells)))
  await tx.copyIn('copy staged_value from stdin (format binary)', encodeCopy(valueTypes, rows.flatMap(valueCells)))
  if (faults.length > 0)
    await tx.copyIn('copy staged_fault from stdin (format binary)', encodeCopy(faultTypes, faults.map(faultCells)))
}

const rowTypes = ['int4', 'int4', 'text', 'text', 'timestamptz', 'text', 'text'] as const
const valueTypes = ['int4', 'int4', 'int2', 'int8', 'int8', 'int8', 'int8', 'int8', 'bytea'] as const
const faultTypes = ['int4', 'int4', 'text', 'text', 'text', 'text'] as const

function rowCells({ sheet, line, meter, usagePoint, readAt, document, reader }: StagedRow) {
  return [sheet, line, meter, usagePoint, readAt, document, reader] as const
}

function valueCells({ sheet, line, values }: StagedRow) {
  return values.map(({ quantity, registers }) => {
    const { totalE4, touE4 } = registers
    return [sheet, line, quantity, totalE4, ...touE4, claimDigest(registers)] as const
  })
}

function faultCells({ sheet, line, field, code, found, expected }: StagedFault) {
  return [sheet, line, field, code, found, expected] as const
}

/** An instant of each week of partitions that staged rows need: since the first meter was hung, up to now. */
export async function stagedWeeks(tx: Transaction, now: Instant): Promise<readonly Instant[]> {
  const rows = await tx.query<{ readonly at: Instant }>(
    `select min(read_at) as at from staged_row
      where read_at >= (select min(effective_from) from installation_timeline) and read_at <= $1
      group by floor(extract(epoch from read_at) / 604800) order by 1`,
    [toTimestamptz(now)],
  )
  return rows.map(({ at }) => at)
}

export type StagedOutcome = 'taken' | 'beside' | 'exists' | 'refused' | 'held_back'

/** What became of a line, with all that is wrong in it, or with what speaks against it. */
export interface JudgedLine extends FilePlace {
  readonly outcome: StagedOutcome
  readonly meterCode: string | null
  readonly readAt: Instant | null
  readonly faults: readonly Omit<StagedFault, 'sheet' | 'line'>[]
}

/** All lines in the order of the file, some thousands at a time. */
export async function* readJudgedLines(tx: Transaction): AsyncGenerator<readonly JudgedLine[]> {
  await tx.execute(`declare judged no scroll cursor for ${judgedLines}`)
  for (;;) {
    const lines = await tx.query<JudgedLine>(`fetch ${linesPerFetch} from judged`)
    if (lines.length === 0) break
    yield lines
  }
  await tx.execute('close judged')
}

const linesPerFetch = 5000
const judgedLines = `
  select o.sheet, o.line, o.outcome, coalesce(m.code, r.meter, r.usage_point) as "meterCode", r.read_at as "readAt",
         coalesce((select json_agg(json_build_object('field', f.field, 'code', f.code, 'found', f.found, 'expected', f.expected)
                                   order by f.code, f.field)
                     from staged_fault f where (f.sheet, f.line) = (o.sheet, o.line)), '[]') as faults
    from judged_line o
    left join staged_row r using (sheet, line)
    left join placed_row p using (sheet, line)
    left join meter m on m.meter_id = p.meter_id
   order by o.sheet, o.line`

export interface OutcomeCount {
  readonly sheet: number
  readonly outcome: StagedOutcome
  readonly lines: number
}

export function countOutcomes(tx: Transaction): Promise<readonly OutcomeCount[]> {
  return tx.query<OutcomeCount>(
    'select sheet, outcome, count(*)::integer as lines from judged_line group by 1, 2 order by 1, 2',
  )
}

/** What is wrong with sheets as a whole: with any of it nobody can say what is missing. */
export function readSheetFaults(tx: Transaction): Promise<readonly StagedFault[]> {
  return tx.query<StagedFault>(
    'select sheet, line, field, code, found, expected from staged_fault where line = 0 order by sheet, code, found',
  )
}
