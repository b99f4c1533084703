import { quantities } from '../../domain/quantities.js'
import type { RegisterSet } from '../../domain/reading.js'
import { err } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import type { Queryable } from '../../storage/database.js'
import { readDecidedBeside } from '../../storage/mdm/exception-beside.js'
import type { DecisionItem } from '../../storage/mdm/exception-decisions.js'
import {
  type FrozenAccount,
  multiplierAt,
  readFrozenAccounts,
  readStanding,
  type StandingReading,
} from '../../storage/mdm/exception-previews.js'
import type { OpenException } from '../../storage/mdm/open-exceptions.js'
import type { DecideInput } from './decide-input.js'
import { estimateKeys, type EstimateResult } from './estimate-keys.js'

/** A reading, the usage on both sides of it and the accounts billed on it, before a decision and after it. Energies kWh e4. */
export interface ItemPreview {
  readonly exceptionKey: string
  readonly timeZone: string
  readonly readAt: Instant | null
  readonly before: StandingReading | null
  /** Null where the decision leaves the reading as it is. */
  readonly after: StandingReading | null
  /** For an estimate: how, and between which totals the truth lies nine times in ten; or why there is none. */
  readonly estimate: { readonly method: string; readonly lowE4: bigint; readonly highE4: bigint } | null
  readonly notEstimable: string | null
  readonly warnings: readonly string[]
  /** Registers by time of use that the readings beside it have and the value lacks: bills by time of use cannot rest on it. */
  readonly touMissing: readonly string[]
  /** After the multiplier; null where one of the two ends is not decided. */
  readonly usages: readonly {
    readonly from: Instant
    readonly to: Instant
    readonly beforeE4: bigint | null
    readonly afterE4: bigint | null
  }[]
  /** As they are frozen and as the next freeze would have them; `afterE4` null where only that freeze can tell. */
  readonly accounts: readonly (FrozenAccount & { readonly afterE4: bigint | null })[]
}

/** Of very large batches the first so many are worked out. */
export const mostPreviewed = 200

export async function previewItems(
  client: Queryable,
  open: readonly OpenException[],
  items: readonly DecisionItem[],
  { action, now }: DecideInput,
): Promise<readonly ItemPreview[]> {
  const byKey = new Map(open.map((one) => [one.exceptionKey, one]))
  const shown = items.slice(0, mostPreviewed)
  const keys = action === 'estimate' ? shown.map(({ exceptionKey }) => exceptionKey) : []
  const estimates = await estimateKeys(client, keys, now)
  const previews: ItemPreview[] = []
  for (const [place, item] of shown.entries()) {
    const one = byKey.get(item.exceptionKey)
    const estimate = action === 'estimate' ? (estimates[place] ?? err({ kind: 'other_quantity' })) : null
    if (one !== undefined) previews.push(await previewOf(client, one, item, estimate))
  }
  return previews
}

async function previewOf(
  client: Queryable,
  one: OpenException,
  { exceptionKey, value, warnings }: DecisionItem,
  result: EstimateResult | null,
): Promise<ItemPreview> {
  const { timeZone, readAt, meterId, usagePointId } = one
  const head = { exceptionKey, timeZone, readAt, warnings, touMissing: [], ...estimateOf(result) }
  if (meterId === null || readAt === null) return { ...head, before: null, after: null, usages: [], accounts: [] }
  const key = { meterId, readAt, quantity: one.quantity ?? quantities.forward_active_energy.code }
  const before = await readStanding(client, key)
  const after = afterOf(value, result)
  if (after === null) return { ...head, before, after, usages: [], accounts: [] }
  const beside = await readDecidedBeside(client, key)
  const multiplier = await multiplierAt(client, { usagePointId, readAt })
  const at = { readAt, multiplier, before: before.registers, after: after.registers }
  const frozen = await readFrozenAccounts(client, { ...key, usagePointId })
  return {
    ...head,
    before,
    after,
    touMissing: touMissing(after.registers, [beside.before, beside.after]),
    usages: [
      ...(beside.before === null ? [] : [usageUpTo(beside.before, at)]),
      ...(beside.after === null ? [] : [usageFrom(beside.after, at)]),
    ],
    accounts: frozen.map((account) => ({ ...account, afterE4: frozenAfter(account, at) })),
  }
}

function touMissing(value: RegisterSet | null, beside: readonly (Neighbour | null)[]): readonly string[] {
  if (value === null) return []
  return value.touE4.flatMap((own, place) => {
    const isCounted = beside.some((one) => (one?.registers.touE4[place] ?? null) !== null)
    return own === null && isCounted ? [`tou${place + 1}`] : []
  })
}

function estimateOf(result: EstimateResult | null): Pick<ItemPreview, 'estimate' | 'notEstimable'> {
  if (result === null) return { estimate: null, notEstimable: null }
  if (!result.ok) return { estimate: null, notEstimable: result.error.kind }
  const { method, lowE4, highE4 } = result.value.estimate
  return { estimate: { method, lowE4, highE4 }, notEstimable: null }
}

function afterOf(value: DecisionItem['value'], result: EstimateResult | null): StandingReading | null {
  if (value !== null) return { verdict: 'accepted', registers: value.registers }
  return result?.ok === true ? { verdict: 'estimated', registers: result.value.estimate.registers } : null
}

interface Change {
  readonly readAt: Instant
  readonly multiplier: bigint
  readonly before: RegisterSet | null
  readonly after: RegisterSet | null
}
interface Neighbour {
  readonly readAt: Instant
  readonly registers: RegisterSet
}

function usageUpTo({ readAt: from, registers }: Neighbour, { readAt: to, multiplier, before, after }: Change) {
  const since = (end: RegisterSet | null) => (end === null ? null : (end.totalE4 - registers.totalE4) * multiplier)
  return { from, to, beforeE4: since(before), afterE4: since(after) }
}

function usageFrom({ readAt: to, registers }: Neighbour, { readAt: from, multiplier, before, after }: Change) {
  const until = (start: RegisterSet | null) =>
    start === null ? null : (registers.totalE4 - start.totalE4) * multiplier
  return { from, to, beforeE4: until(before), afterE4: until(after) }
}

function frozenAfter({ energyE4, weight }: FrozenAccount, { before, after }: Change): bigint | null {
  if (energyE4 === null || before === null || after === null) return null
  return energyE4 + (after.totalE4 - before.totalE4) * BigInt(weight)
}
