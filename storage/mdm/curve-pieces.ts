import { type BoundaryColumns, boundaryMs, boundaryStates } from '../../domain/boundary-columns.js'
import { type CurveChannel, curveChannels } from '../../domain/interval-day.js'
import { curves } from '../../domain/quantities.js'
import type { MeterId } from '../../domain/reading.js'
import { invariant } from '../../domain/result.js'
import { type Instant, minuteMs } from '../../domain/time.js'
import { createWordDecoder, instantOf, type WordRow, wholeOf } from '../copy-words.js'
import type { Queryable } from '../database.js'
import { toTimestamptz } from '../type-parsers.js'

/** Meters of the columns, in the order of their ids. */
export interface PieceSpan {
  readonly meterIds: readonly MeterId[]
  readonly from: Instant
  readonly to: Instant
}

const firstValue = 3

/**
 * Takes the pieces of cumulative curves that end in [from, to] into their places, in whatever order they come. Two values for one
 * boundary make it disputed; what fits no boundary is counted.
 */
export async function readPieces(
  client: Queryable,
  columns: BoundaryColumns,
  channels: readonly CurveChannel[],
  { meterIds, from, to }: PieceSpan,
): Promise<void> {
  if (meterIds.length === 0) return
  const values = channels.map((channel) => `values_e4[${curveChannels.indexOf(channel) + 1}]`)
  const decoder = createWordDecoder(firstValue + channels.length, placer(columns, channels.length))
  // A slot may last an hour, so that the one that ends at `from` begins before it. The bounds of the ids let the planner use the key.
  await client.copyOut(
    `copy (select meter_id, slot_start, slot_end, ${values.join(', ')}
             from interval_piece
            where curve in (${curves.load_energy.code}, ${curves.hourly_energy.code}) and ${within(meterIds)}
              and slot_start >= '${toTimestamptz(from - longestSlotMs)}' and slot_start < '${toTimestamptz(to)}'
              and slot_end >= '${toTimestamptz(from)}' and slot_end <= '${toTimestamptz(to)}') to stdout (format binary)`,
    decoder.push,
  )
  decoder.end()
}

const longestSlotMs = 60 * minuteMs

/** A run of ids is a range; few ids out of many are a list. COPY takes no parameters: ids are whole numbers and can be nothing else. */
function within(meterIds: readonly MeterId[]): string {
  const [first = 0n, last = 0n] = [meterIds[0], meterIds.at(-1)]
  const isDense = last - first < 4n * BigInt(meterIds.length)
  return isDense ? `meter_id between ${first} and ${last}` : `meter_id in (${meterIds.join(', ')})`
}

function placer(columns: BoundaryColumns, channelCount: number): (row: WordRow) => void {
  const { grid, minutes, offGrid } = columns
  const places = new Map(columns.meterIds.map((meterId, place) => [Number(meterId), place]))
  const stores = columns.channels.map(storeOf)
  let [meterId, meterAt] = [-1, -1]
  return (row) => {
    const id = wholeOf(row, 0)
    if (id !== meterId) {
      meterId = id
      meterAt = places.get(id) ?? -1
    }
    if (meterAt < 0) return
    const end = instantOf(row, 2)
    const length = (end - instantOf(row, 1)) / minuteMs
    const boundary = (end - grid.from) / boundaryMs
    if (!Number.isInteger(boundary) || boundary < 0 || boundary >= grid.boundaries) {
      // Pieces finer than a quarter of an hour are on their own grid; their registers between two boundaries are not needed.
      if (length < boundaryMs / minuteMs && ((end - grid.from) / minuteMs) % length === 0) return
      const day = grid.dayOf[Math.min(Math.ceil(boundary), grid.boundaries - 1)] ?? 0
      offGrid[meterAt * grid.days + day] = (offGrid[meterAt * grid.days + day] ?? 0) + 1
      return
    }
    const place = meterAt * grid.boundaries + boundary
    let differs = false
    for (let channel = 0; channel < channelCount; channel++)
      differs = (stores[channel]?.(place, row, firstValue + channel) ?? false) || differs
    if (differs) countSecond(columns, meterAt, boundary)
    const known = minutes[place] ?? 0
    minutes[place] = known === 0 ? Math.min(length, 255) : Math.min(length, known)
  }
}

/** @returns whether the place holds another value already. */
type Store = (place: number, row: WordRow, field: number) => boolean

/** Registers move as the two halves in which they came; the host stores the low one first. */
function storeOf({ registersE4, states }: BoundaryColumns['channels'][number]): Store {
  const halves = new Int32Array(registersE4.buffer, registersE4.byteOffset, 2 * registersE4.length)
  invariant(new Uint8Array(new Int32Array([1]).buffer)[0] === 1, 'the host is little-endian')
  return (place, { low, high, isNull }, field) => {
    if (isNull[field] === 1) return false
    if (states[place] === boundaryStates.unknown) {
      halves[2 * place] = low[field] ?? 0
      halves[2 * place + 1] = high[field] ?? 0
      states[place] = boundaryStates.piece
      return false
    }
    if (halves[2 * place] === low[field] && halves[2 * place + 1] === high[field]) return false
    states[place] = boundaryStates.disputed
    return true
  }
}

function countSecond({ grid, secondValues }: BoundaryColumns, meterAt: number, boundary: number): void {
  const place = meterAt * grid.days + (grid.dayOf[boundary] ?? 0)
  secondValues[place] = (secondValues[place] ?? 0) + 1
}
