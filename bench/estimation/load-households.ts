import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { type Household, toHousehold } from './households.js'

const slotsPerDay = 48
/** A household with more holes says more about the filling than about the estimate. */
const mostHoles = 40

/** Households of a wide file of half hours in kWh: the first column is the time, an empty cell a hole. `.gz` or plain. */
export function loadHouseholds(path: string): readonly Household[] {
  const bytes = readFileSync(path)
  const [head = '', ...lines] = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes)
    .toString('utf8')
    .trim()
    .split(/\r?\n/)
  const codes = head.split(',').slice(1)
  const rows = lines.map((line) => line.split(','))
  const days = Math.floor(rows.length / slotsPerDay)
  const firstMidnight = (rows[0]?.[0] ?? '').slice(0, 10)
  return codes
    .map((code, column) => {
      const usages = Array.from({ length: days }, (_, day) =>
        dayOf(rows.slice(day * slotsPerDay, (day + 1) * slotsPerDay).map((row) => row[column + 1] ?? '')),
      )
      return { usages, household: toHousehold(code, firstMidnight, usages) }
    })
    .filter(({ usages }) => usages.filter((usage) => usage === null).length <= mostHoles)
    .map(({ household }) => household)
}

function dayOf(cells: readonly string[]): bigint | null {
  let sum = 0n
  for (const cell of cells) {
    const match = /^(\d+)(?:\.(\d*))?$/.exec(cell.trim())
    if (match === null) return null
    sum += BigInt(`${match[1]}${(match[2] ?? '').slice(0, 7).padEnd(7, '0')}`)
  }
  return sum / 1000n
}
