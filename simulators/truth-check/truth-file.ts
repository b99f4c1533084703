import { type Fields, fieldsOf, listOf, numberOf, textOf } from './json-fields.js'

/** The simulator's truth, read back. Energies kWh e4 before the multiplier, instants epoch ms. */
export interface Truth {
  /** Value at which registers start again from zero, by meter. */
  readonly wrapE4: ReadonlyMap<string, bigint>
  readonly registers: ReadonlyMap<string, TrueRegisters>
  readonly settlements: readonly Settlement[]
}

export interface TrueRegisters {
  readonly meter: string
  readonly at: number
  /** Whether the read plan must bring a value for it. */
  readonly due: boolean
  /** Total, then tou1…tou4. */
  readonly valuesE4: readonly bigint[]
}

export interface Settlement {
  readonly account: string
  readonly tariff: string
  readonly kind: 'regular' | 'transfer'
  readonly periodStart: number
  readonly periodEnd: number
  /** Local day, YYYY-MM-DD. */
  readonly ladderFrom: string
  readonly openingLadderE4: bigint
  readonly segments: readonly Segment[]
}

export interface Segment {
  readonly meter: string
  readonly from: number
  readonly to: number
  readonly multiplier: bigint
}

export function registersKey(meter: string, at: number): string {
  return `${meter} ${new Date(at).toISOString()}`
}

export function parseTruth(text: string): Truth {
  const entries = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => fieldsOf(JSON.parse(line), 'truth line'))
  const ofKind = (kind: string) => entries.filter((entry) => entry['kind'] === kind)
  if (ofKind('truth')[0]?.['format'] !== 'truth/1') throw new TypeError('not a truth file of format truth/1')
  return {
    wrapE4: new Map(ofKind('meter').map((entry) => [textOf(entry, 'meter'), BigInt(textOf(entry, 'registerWrapE4'))])),
    registers: new Map(
      ofKind('registers')
        .map(trueRegisters)
        .map((registers) => [registersKey(registers.meter, registers.at), registers]),
    ),
    settlements: ofKind('settlement').map(settlement),
  }
}

function trueRegisters(entry: Fields): TrueRegisters {
  return {
    meter: textOf(entry, 'meter'),
    at: numberOf(entry, 'at'),
    due: entry['due'] === true,
    valuesE4: [textOf(entry, 'totalE4'), ...listOf(entry, 'touE4')].map((value) => BigInt(String(value))),
  }
}

function settlement(entry: Fields): Settlement {
  return {
    account: textOf(entry, 'account'),
    tariff: textOf(entry, 'tariff'),
    kind: textOf(entry, 'settlement') === 'transfer' ? 'transfer' : 'regular',
    periodStart: numberOf(entry, 'periodStart'),
    periodEnd: numberOf(entry, 'periodEnd'),
    ladderFrom: textOf(entry, 'ladderFrom'),
    openingLadderE4: BigInt(textOf(entry, 'openingLadderE4')),
    segments: listOf(entry, 'segments').map((value) => segment(fieldsOf(value, 'segment'))),
  }
}

function segment(entry: Fields): Segment {
  return {
    meter: textOf(entry, 'meter'),
    from: numberOf(entry, 'from'),
    to: numberOf(entry, 'to'),
    multiplier: BigInt(textOf(entry, 'multiplier')),
  }
}
