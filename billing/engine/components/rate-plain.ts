import { chargeFen } from '../charge-fen.js'
import { blockEnergyE4, checkQuantities, type QuantityColumns, splitSlots } from '../rate-columns.js'
import type { Begin } from './begins.js'
import { decimalText, fenText, type LineTemplate } from './line-texts.js'
import { closingText, type PlainState } from './state-text.js'
import type { ChargeProgram, VersionProgram } from './version-program.js'

/** A bill of a plain account, in numbers of the columns and the texts that are stored. */
export interface PlainBill {
  readonly amountFen: number
  readonly ladderEnergyE4: number
  /** Packed lines as JSON, each followed by a line feed. */
  readonly lines: string
  /** Fen by charge of the program. */
  readonly chargedFen: readonly number[]
  /** As JSON; to be asked before the next account is rated. */
  readonly closing: () => string
}

/** What is known of an account beside the energies of its registers. */
export interface PlainAccount {
  readonly begin: Begin
  readonly opening: PlainState
  /** Whether these energies are known once more, as `active_energy`. */
  readonly hasActiveEnergy: boolean
}

const mostFen = 2 ** 52

/**
 * The bill of account `row` under a compiled version; null for whatever the readable rules may refuse or have to round beyond 53 bits. Energies
 * are at most 2^48 and prices times energies below 2^53; all fen of a bill together, whatever their signs, stay below 2^52.
 */
export function ratePlain(
  program: VersionProgram,
  { begin, opening, hasActiveEnergy }: PlainAccount,
  usages: QuantityColumns,
  row: number,
): PlainBill | null {
  const { room } = program
  const { usedE4 } = opening.ladder
  const isHeld = checkQuantities(usages, row, usedE4) || splitSlots(program, usages, row, room.slotE4)
  if (isHeld !== 0) return null
  const energyE4 = usages.energyE4[row] ?? 0
  fillBlocks(begin, usedE4, usedE4 + energyE4, room.blockE4)
  let [lines, amountFen, allFen] = ['', 0, 0]
  const chargedFen: number[] = []
  for (const charge of program.charges) {
    const quantities = charge.isLadder ? room.blockE4 : charge.lines.length === 1 ? [energyE4] : room.slotE4
    let fen = 0
    for (let index = 0; index < charge.lines.length; index++) {
      const line = charge.lines[index] ?? null
      const quantityE4 = quantities[index] ?? 0
      if (line === null || quantityE4 === 0) continue
      if (quantityE4 > charge.exactQuantityE4) return null
      const lineFen = chargeFen(charge, quantityE4, line.price)
      lines += lineText(line.template, charge, quantityE4, quantityE4 * line.price, lineFen)
      fen += charge.sign * lineFen
      allFen += lineFen
    }
    chargedFen.push(fen)
    amountFen += fen
  }
  if (allFen >= mostFen) return null
  // What is booked of a bill of nothing, or of less, is the readable rule's.
  if (amountFen < 0 || (amountFen === 0 && energyE4 !== 0)) return null
  const { ladder } = program
  return {
    amountFen,
    ladderEnergyE4: ladder?.isYearly === true && ladder.goesOn ? usedE4 + energyE4 : 0,
    lines,
    chargedFen,
    closing: () => closingText(program, withBlocks(begin, opening), { energyE4, hasActiveEnergy, ...room }),
  }
}

function fillBlocks({ boundsE4 }: Begin, usedE4: number, closingE4: number, blockE4: Float64Array): void {
  let lowerE4 = usedE4
  for (let block = 0; block < boundsE4.length; block++) {
    const energyE4 = blockEnergyE4(boundsE4[block] ?? 0, lowerE4, closingE4)
    blockE4[block] = energyE4
    lowerE4 += energyE4
  }
}

/** What one number says was used before lies in the blocks as their bounds say. */
function withBlocks(begin: Begin, opening: PlainState): PlainState {
  const { usedE4, byBlockE4 } = opening.ladder
  if (byBlockE4 !== null) return opening
  const blockE4 = new Float64Array(begin.boundsE4.length)
  fillBlocks(begin, 0, usedE4, blockE4)
  return { ...opening, ladder: { usedE4, byBlockE4: [...blockE4] } }
}

function lineText(
  [head, afterQuantity, afterExact, tail]: LineTemplate,
  { sign, exactDecimals }: ChargeProgram,
  quantityE4: number,
  exact: number,
  fen: number,
): string {
  const quantity = decimalText(quantityE4, 4)
  const exactText = `${sign < 0 && exact !== 0 ? '-' : ''}${decimalText(exact, exactDecimals)}`
  const amount = `${sign < 0 && fen !== 0 ? '-' : ''}${fenText(fen)}`
  return `${head}${quantity}${afterQuantity}${exactText}${afterExact}${amount}${tail}\n`
}
