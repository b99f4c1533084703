import { uuidOf } from '../../domain/ids.js'
import type { CarriedValue, CorrectionChange } from '../../domain/registry-correction.js'
import { formatScaled, parseScaled } from '../../domain/scaled.js'

/** The same words, whoever hands them in: whatever the order of their keys and the spelling of their instants and decimals. */
export function contentIdOf(change: CorrectionChange): string {
  const { correctionBillDue, ...words } = change
  return uuidOf('registry_correction', JSON.stringify(correctionBillDue === true ? change : words, spelt))
}

/** The same words about the same change that stands, with the same consequences for later versions. */
export function correctionIdOf(contentId: string, withdraws: number, carries: readonly CarriedValue[]): string {
  return uuidOf('registry_correction', contentId, withdraws, JSON.stringify(carries))
}

const decimals: ReadonlySet<string> = new Set([
  'total',
  'tou1',
  'tou2',
  'tou3',
  'tou4',
  'share',
  'quantityKwh',
  'noLoadLossKw',
  'loadLossKw',
  'noLoadCurrentPercent',
  'impedancePercent',
])

/** One spelling for each instant and decimal, one order of keys; what has no meaning of the kind stays as it is. */
function spelt(key: string, value: unknown): unknown {
  if (typeof value === 'string') {
    if (key === 'at') return new Date(Date.parse(value)).toISOString()
    const scaled = decimals.has(key) ? parseScaled(value, 6) : null
    return scaled === null ? value : formatScaled(scaled, 6)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
