import type { AccountBalance } from './journal.js'

const [newline, space, comma, minus, zero] = [0x0a, 0x20, 0x2c, 0x2d, 0x30]
/** Place of the ledger accounts in a line; the amounts stand behind them. */
const ledgerNumbers = 4
/** So many digits are a number exactly. */
const exactDigits = 15

interface Totals {
  /** What does not yet fill a bigint. */
  part: number
  whole: bigint
}

/** What entries come to, from the lines that the chain covers: how many there are, and debits and credits by ledger account. */
export interface EntryTally {
  /** Takes the lines of `streamEntryLines`; pieces end anywhere. */
  readonly push: (piece: Uint8Array) => void
  readonly result: () => { readonly count: number; readonly balances: readonly AccountBalance[] }
}

/** One pass over bytes that are there for the digest anyway, instead of a second query over every leg. */
export function createEntryTally(): EntryTally {
  const debits = new Map<number, Totals>()
  const credits = new Map<number, Totals>()
  const numbers: number[] = []
  let count = 0
  let field = 0
  let leg = 0
  let isNegative = false
  let digits = 0
  let value = 0
  let large = 0n
  const beginNumber = (): void => {
    isNegative = false
    digits = 0
    value = 0
  }
  const addDigit = (digit: number): void => {
    if (digits < exactDigits) value = 10 * value + digit
    else large = 10n * (digits === exactDigits ? BigInt(value) : large) + BigInt(digit)
    digits++
  }
  const endNumber = (): void => {
    if (field === ledgerNumbers) numbers.push(value)
    else if (digits > 0) {
      const side = totalsOf(isNegative ? credits : debits, numbers[leg] ?? 0)
      if (digits > exactDigits) side.whole += large
      else addPart(side, value)
      leg++
    }
    beginNumber()
  }
  const endLine = (): void => {
    count++
    field = 0
    leg = 0
    numbers.length = 0
  }
  return {
    push(piece) {
      for (const byte of piece) {
        if (byte === space || byte === newline || byte === comma) {
          if (field >= ledgerNumbers) endNumber()
          if (byte === space) field++
          else if (byte === newline) endLine()
        } else if (field < ledgerNumbers) continue
        else if (byte === minus) isNegative = true
        else addDigit(byte - zero)
      }
    },
    result: () => ({ count, balances: balancesOf(debits, credits) }),
  }
}

function totalsOf(side: Map<number, Totals>, account: number): Totals {
  const found = side.get(account)
  if (found !== undefined) return found
  const begun = { part: 0, whole: 0n }
  side.set(account, begun)
  return begun
}

function addPart(totals: Totals, value: number): void {
  totals.part += value
  if (totals.part < 2 ** 52) return
  totals.whole += BigInt(totals.part)
  totals.part = 0
}

function balancesOf(
  debits: ReadonlyMap<number, Totals>,
  credits: ReadonlyMap<number, Totals>,
): readonly AccountBalance[] {
  const sumOf = (totals: Totals | undefined): bigint => (totals === undefined ? 0n : totals.whole + BigInt(totals.part))
  return [...new Set([...debits.keys(), ...credits.keys()])]
    .toSorted((one, other) => one - other)
    .map((accountNumber) => ({
      accountNumber,
      debitFen: sumOf(debits.get(accountNumber)),
      creditFen: sumOf(credits.get(accountNumber)),
    }))
}
