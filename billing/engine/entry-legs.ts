import { invariant, present } from '../../domain/result.js'
import type { EntryLegs } from '../../storage/billing/bill-entries.js'
import { ledgerAccounts } from '../ledger/accounts.js'
import type { Legs } from '../ledger/legs.js'
import { chargeFen } from './charge-fen.js'
import type { BillColumns, UsageColumns } from './columns.js'
import type { EntryProgram, Share } from './entry-program.js'

/** Receivable, VAT and revenue. */
const legsBesideFunds = 3

/**
 * The fast twin of `billEntry`: the entry of each bill with an amount, legs by account number, none that comes to nothing. Bills that were
 * rated one by one bring their own legs.
 */
export function entryLegs(
  programs: readonly (EntryProgram | null)[],
  usages: Pick<UsageColumns, 'count' | 'program' | 'energyE4'>,
  bills: Pick<BillColumns, 'hold' | 'amountFen'>,
  ofAccounts: ReadonlyMap<number, Legs>,
): EntryLegs {
  const widest = programs.reduce((most, program) => Math.max(most, program?.funds.length ?? 0), 0) + legsBesideFunds
  const ownLegs = [...ofAccounts.values()].reduce((count, { ledgerNumbers }) => count + ledgerNumbers.length, 0)
  const capacity = widest * usages.count + ownLegs
  const legs = {
    legStart: new Uint32Array(usages.count + 1),
    legAccount: new Int32Array(capacity),
    legFen: new Float64Array(capacity),
  }
  let end = 0
  for (let row = 0; row < usages.count; row++) {
    const amountFen = bills.amountFen[row] ?? 0
    const own = ofAccounts.get(row)
    if (own !== undefined) end = addLegs(legs, end, own)
    else if (bills.hold[row] === 0 && amountFen !== 0) {
      const program = present(programs[usages.program[row] ?? -1] ?? undefined, `entry program of row ${row}`)
      end = addEntry(legs, end, program, amountFen, usages.energyE4[row] ?? 0)
    }
    legs.legStart[row + 1] = end
  }
  return legs
}

function addLegs(legs: EntryLegs, start: number, { ledgerNumbers, amountsFen }: Legs): number {
  for (const [index, account] of ledgerNumbers.entries()) {
    legs.legAccount[start + index] = account
    legs.legFen[start + index] = Number(amountsFen[index] ?? 0n)
  }
  return start + ledgerNumbers.length
}

function addEntry(legs: EntryLegs, start: number, program: EntryProgram, amountFen: number, energyE4: number): number {
  const netFen = shareFen(program.net, amountFen)
  let end = addLeg(legs, start, ledgerAccounts.receivable, amountFen)
  end = addLeg(legs, end, ledgerAccounts.outputVat, netFen - amountFen)
  let fundsFen = 0
  for (const fund of program.funds) {
    const fundFen = shareFen(fund, energyE4)
    fundsFen += fundFen
    end = addLeg(legs, end, fund.account, -fundFen)
  }
  end = addLeg(legs, end, ledgerAccounts.revenue, fundsFen - netFen)
  invariant(sum(legs.legFen, start, end) === 0, 'the legs of an entry must balance')
  return end
}

function shareFen(share: Share, quantity: number): number {
  return chargeFen(share, quantity, share.factor)
}

function addLeg({ legAccount, legFen }: EntryLegs, end: number, account: number, fen: number): number {
  if (fen === 0) return end
  legAccount[end] = account
  legFen[end] = fen
  return end + 1
}

function sum(values: Float64Array, start: number, end: number): number {
  let total = 0
  for (let index = start; index < end; index++) total += values[index] ?? 0
  return total
}
