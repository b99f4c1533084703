import type { MeterId } from '../../domain/reading.js'
import { readingSources } from '../../domain/reading.js'
import { sameRegisters } from '../../domain/same-registers.js'
import type { Instant } from '../../domain/time.js'
import type { Database, Transaction } from '../../storage/database.js'
import * as validation from '../../storage/mdm/validation.js'
import { copyScope } from '../../storage/mdm/validation-scope.js'
import { copySupplies, type DecidedRow } from '../../storage/mdm/validation-shard.js'
import { type Decision, decideGroup, type JudgeOptions, type PolicyAt } from './decide-group.js'
import { policiesInForce } from './policies-in-force.js'
import type { ValidationPolicy } from './policy.js'
import { noRead } from './rules/no-read.js'
import { type DecidedSeries, lastDecision, readShard } from './shard-series.js'
import { createGroups, type Group, toShards } from './shards.js'
import { createSupplyColumns, type SuppliesOf } from './supply-columns.js'

export interface ValidationInput {
  /** Half-open range of read_at in which new claims are looked for. */
  readonly from: Instant
  readonly to: Instant
  readonly now: Instant
  /** In place of those that are in force. */
  readonly policy?: ValidationPolicy
  /** Judges every claim of the range anew, after a rule or the master data changed. What a person decided stands. */
  readonly again?: {
    readonly actor: string
    readonly reason: string
    /** The meters that are meant, with their neighbours; all where it is left out. */
    readonly meterIds?: readonly MeterId[]
  }
  /** Told after each transaction: shards done, and how many there are. */
  readonly onShard?: (done: number, shards: number) => void
}
export interface HeldKey {
  readonly meterId: MeterId
  readonly quantity: number
  readonly readAt: Instant
  readonly rules: readonly string[]
  readonly reason: string
}
export interface ValidationReport {
  /** Decisions written: a key whose decision stays the same is not counted. */
  readonly accepted: number
  readonly held: readonly HeldKey[]
  /** Due points of the range whose window is over and that nothing serves. */
  readonly missing: readonly { readonly meterId: MeterId; readonly readAt: Instant }[]
}

/**
 * Decides all keys with new claims in the range, and anew what follows them on the same meter and on its neighbours in the transformer
 * area: a claim that comes late changes what later values are compared with. So the decisions depend on the claims and not on the order
 * in which they came. A shard of areas is one transaction; a run that was broken off goes on with what is still undecided (ADR 0015).
 */
export async function runValidation(database: Database, input: ValidationInput): Promise<ValidationReport> {
  const { from, to, now, again } = input
  const known = await policiesInForce(database, now)
  const policyAt: PolicyAt = input.policy === undefined ? known : () => input.policy ?? known(now)
  if (again !== undefined) await validation.insertRevalidation(database, { from, to, recordedAt: now, ...again })
  const scope = createGroups()
  await copyScope(
    database,
    { from, to, knownAt: now, again: again !== undefined, meterIds: again?.meterIds ?? null },
    scope.add,
  )
  const shards = toShards(scope.groups, now)
  const supplies = await suppliesOfMany(database, scope.groups, now)
  let accepted = 0
  const held: HeldKey[] = []
  for (const [index, groups] of shards.entries()) {
    const written = await database.transaction((tx) =>
      decideShard(tx, groups, now, { policyAt, supplies, again: again !== undefined }),
    )
    for (const { verdict, meterId, quantity, readAt, rules, reason } of written)
      if (verdict === 'accepted') accepted += 1
      else held.push({ meterId, quantity, readAt, rules, reason })
    input.onShard?.(index + 1, shards.length)
  }
  return { accepted, held, missing: await missingReads(database, input, policyAt(from)) }
}

/** With more meters than this it is cheaper to read the supplies of all at once. */
const manyMeters = 100_000

async function suppliesOfMany(database: Database, groups: readonly Group[], now: Instant): Promise<SuppliesOf | null> {
  if (groups.reduce((sum, { meterIds }) => sum + meterIds.length, 0) <= manyMeters) return null
  const columns = createSupplyColumns()
  await copySupplies(database, now, columns.add)
  return columns.of
}

async function missingReads(database: Database, { from, to, now }: ValidationInput, policy: ValidationPolicy) {
  const { liveToleranceMs } = policy
  const due = await validation.findUnservedDuePoints(database, { from, to, liveToleranceMs })
  return due.filter((point) => noRead({ ...point, claimCount: 0 }, now, policy))
}

async function decideShard(
  tx: Transaction,
  groups: readonly Group[],
  now: Instant,
  {
    policyAt,
    supplies,
    ...options
  }: JudgeOptions & {
    readonly policyAt: PolicyAt
    readonly supplies: SuppliesOf | null
  },
): Promise<readonly validation.NewDecision[]> {
  await validation.lockValidation(tx)
  const written: validation.NewDecision[] = []
  for (const group of await readShard(tx, groups, now, supplies)) {
    const decisions = decideGroup(
      group.map(({ series }) => series),
      policyAt,
      options,
    )
    for (const [index, one] of group.entries())
      for (const decision of decisions[index] ?? []) {
        const last = lastDecision(one.decided, decision.readAt)
        if (last === undefined || !isSameDecision(last, decision))
          written.push(toRow(one, decision, (last?.revision ?? 0) + 1))
      }
  }
  await validation.copyDecisions(tx, written, now)
  return written
}

/** Another policy that comes to the same is no new decision. */
function isSameDecision(last: DecidedRow, decision: Decision): boolean {
  if (last.verdict !== decision.verdict || last.reason !== decision.reason || last.decidedBy !== null) return false
  if (last.rules.join(' ') !== decision.rules.join(' ')) return false
  if (last.registers === null || decision.value === null) return last.registers === null && decision.value === null
  return (
    last.source === readingSources[decision.value.source] && sameRegisters(last.registers, decision.value.registers)
  )
}

function toRow({ series }: DecidedSeries, decision: Decision, revision: number): validation.NewDecision {
  const { readAt, verdict, value, rules, reason, policyVersion } = decision
  return {
    meterId: series.meter.meterId,
    quantity: series.quantity,
    readAt,
    revision,
    verdict,
    registers: value === null ? null : value.registers,
    source: value === null ? null : readingSources[value.source],
    rules,
    reason,
    policyVersion,
  }
}
