import * as z from 'zod'
import type { Result } from '../../domain/result.js'
import { parsePayload, type PayloadError } from './messages.js'

/** The meters that a concentrator is to read, all of them. It reads nothing else, whatever hangs on its line. */
export interface DesiredTable {
  readonly concentrator: string
  /** Rises with every change. A lower one than the concentrator has is out of date; the same one changes nothing. */
  readonly version: number
  readonly meters: readonly TableMeter[]
}

export interface TableMeter {
  /** The concentrator's own number for the meter (测量点号). */
  readonly terminalPoint: number
  /** Communication address, 12 digits. */
  readonly address: string
}

/** What a concentrator says it has: one meter may stand in it twice. Version 0 was set on site. */
export type ReportedTable = DesiredTable

/** Why a table does not come into force: a newer one is already, or the device holds fewer meters. */
const tableProblems = ['table_outdated', 'table_too_long'] as const
export type TableOutcome = 'in_force' | (typeof tableProblems)[number]

export interface TableReceipt {
  readonly concentrator: string
  /** Of the table that the receipt answers. */
  readonly version: number
  readonly outcome: TableOutcome
  readonly versionInForce: number
}

export const maxTableMeters = 2000

const concentrator = z.string().min(1).max(64)
const version = z.int().min(0)
const meterSchema = z.object({
  terminalPoint: z.int().min(1).max(maxTableMeters),
  address: z.string().regex(/^\d{12}$/),
})
const metersSchema = z.array(meterSchema).max(maxTableMeters)
const reportSchema = z.object({ concentrator, version, meters: metersSchema })
const tableSchema = z.object({
  concentrator,
  version,
  meters: metersSchema
    .refine((meters) => new Set(meters.map((each) => each.terminalPoint)).size === meters.length)
    .refine((meters) => new Set(meters.map((each) => each.address)).size === meters.length),
})
const receiptSchema = z.object({
  concentrator,
  version,
  outcome: z.enum(['in_force', ...tableProblems]),
  versionInForce: version,
})

export function parseDesiredTable(payload: Buffer): Result<DesiredTable, PayloadError> {
  return parsePayload(tableSchema, payload)
}

export function parseTableReport(payload: Buffer): Result<ReportedTable, PayloadError> {
  return parsePayload(reportSchema, payload)
}

export function parseTableReceipt(payload: Buffer): Result<TableReceipt, PayloadError> {
  return parsePayload(receiptSchema, payload)
}

/** Of a desired table and of a reported one: both look alike. */
export function encodeMeterTable({ concentrator: code, version: number, meters }: DesiredTable): Buffer {
  const listed = meters.map(({ terminalPoint, address }) => ({ terminalPoint, address }))
  return Buffer.from(JSON.stringify({ concentrator: code, version: number, meters: listed }))
}

export function encodeTableReceipt(receipt: TableReceipt): Buffer {
  const { concentrator: code, version: number, outcome, versionInForce } = receipt
  return Buffer.from(JSON.stringify({ concentrator: code, version: number, outcome, versionInForce }))
}
