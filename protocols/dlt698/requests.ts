import type { Ask, GetRequest } from './apdu.js'
import type { Column, Dlt698Data, RowSelector } from './data.js'
import { dateTimeS } from './time-texts.js'

/** Attribute descriptors that collecting asks for. */
export const attributes = {
  forwardActiveEnergy: '00100200',
  reverseActiveEnergy: '00200200',
  combinedReactive1Energy: '00300200',
  combinedReactive2Energy: '00400200',
  reactiveQuadrant1Energy: '00500200',
  reactiveQuadrant2Energy: '00600200',
  reactiveQuadrant3Energy: '00700200',
  reactiveQuadrant4Energy: '00800200',
  forwardActiveDemand: '10100200',
  reverseActiveDemand: '10200200',
  voltage: '20000200',
  current: '20010200',
  activePower: '20040200',
  reactivePower: '20050200',
  powerFactor: '200A0200',
  freezeTime: '20210200',
  clock: '40000200',
  address: '40010200',
  dailyFreeze: '50040200',
  settlementFreeze: '50050200',
  monthlyFreeze: '50060200',
} as const

const serviceNumbers = 0x40
const everyRow: Dlt698Data = { type: 'null' }

/** The same energies with four decimals; not every meter has them and then denies access. */
export function highPrecision(energyOad: string): string {
  return `${energyOad.slice(0, 4)}04${energyOad.slice(6)}`
}

/** One attribute is asked for alone, several in a list. `piid` is 0 to 63 and comes back in the response. */
export function readAttributes(piid: number, oads: readonly [string, ...string[]]): GetRequest {
  const [oad, ...more] = oads
  return request(piid, more.length === 0 ? { kind: 'normal', oad } : { kind: 'normal_list', oads })
}

/** Rows of a freeze, the columns in the order given. */
export function readRecords(piid: number, record: string, rows: RowSelector, columns: readonly string[]): GetRequest {
  return request(piid, { kind: 'record', query: { oad: record, rows, columns: columns.map(columnOf) } })
}

/** The block after the one that arrived last. */
export function readNextBlock(piid: number, block: number): GetRequest {
  return request(piid, { kind: 'next', block })
}

/** The row whose stamp is that local time, `YYYY-MM-DDThh:mm:ss`. */
export function frozenAt(local: string): RowSelector {
  return { method: 1, oad: attributes.freezeTime, value: dateTimeS(local) }
}

/** Rows with stamps in [from, to), local times. */
export function frozenBetween(from: string, to: string): RowSelector {
  return {
    method: 2,
    oad: attributes.freezeTime,
    from: dateTimeS(from),
    to: dateTimeS(to),
    interval: everyRow,
  }
}

/** The row of that place counted backwards: 1 is the newest. */
export function placeFromNewest(place: number): RowSelector {
  return { method: 9, place }
}

/** The newest rows of the server itself. */
export function newestRows(newest: number): RowSelector {
  return { method: 10, newest, meters: { kind: 'all_meters' } }
}

function columnOf(oad: string): Column {
  return { oad }
}

function request(piid: number, ask: Ask): GetRequest {
  return { kind: 'get_request', piid: piid % serviceNumbers, ask, timeTag: null }
}
