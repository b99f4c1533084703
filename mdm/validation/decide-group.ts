import type { ReadingSource, RegisterSet } from '../../domain/reading.js'
import { readingSources } from '../../domain/reading.js'
import { present } from '../../domain/result.js'
import { sameRegisters } from '../../domain/same-registers.js'
import type { Instant } from '../../domain/time.js'
import { type Segment, segmentAt } from '../../domain/timeline.js'
import { meetingAt } from './meeting-at.js'
import { classOf, meetNeighbours, noNeighbours } from './neighbours.js'
import type { ClassPolicy, Role, ValidationPolicy } from './policy.js'
import { rules } from './rule-list.js'
import type { RuleName } from './rule-names.js'
import type { Candidate, Claim, ClockState, MeterFacts, Neighbours, PreviousValue, SupplyFacts } from './rule.js'
import { type AcceptedTotals, createUsageMemory, type UsageMemory } from './usage-memory.js'

export interface Decision {
  readonly readAt: Instant
  readonly verdict: 'accepted' | 'held'
  /** The accepted value; null when held. */
  readonly value: Claim | null
  /** Every rule that spoke, in the order of the group. */
  readonly rules: readonly RuleName[]
  readonly reason: string
  readonly policyVersion: string
}

/** What a person decided: the value taken, null where none was, and the rules named with it. */
export interface StandingValue {
  readonly registers: RegisterSet | null
  readonly rules: readonly string[]
}

/** All claims under one key, in any order. */
export interface ClaimedKey {
  readonly readAt: Instant
  readonly claims: readonly Claim[]
  readonly dueAt: Instant | null
  readonly clock?: ClockState
  readonly demandE4?: bigint | null
  /** A person decided this key and no claim has come since: it stands, and what follows is compared with it. */
  readonly standing?: StandingValue | null
}

/** The keys of one meter and quantity, and what came before them. */
export interface Series {
  readonly meter: MeterFacts
  readonly quantity: number
  /** Where the meter hung from when to when; empty for a meter that the registry places nowhere. */
  readonly supplies: readonly Segment<SupplyFacts>[]
  readonly keys: readonly ClaimedKey[]
  /** The last accepted value before the first key. */
  readonly baseline: PreviousValue | null
  /** Accepted totals before the first key, oldest first, at most `historyMs` old. */
  readonly history: AcceptedTotals
}

/** Which policy judges a key of an instant. */
export type PolicyAt = (readAt: Instant) => ValidationPolicy

export interface JudgeOptions {
  /** Set where nothing new was claimed and everything is judged again. */
  readonly again?: boolean
}

/**
 * Decisions on the keys of meters that are each other's neighbours (one area, one quantity), each key against the last accepted value of
 * its meter before it and against the neighbours' keys of the same meeting (`meetingAt`). A pure function of the claims: neither the order
 * of `group` nor that of keys and claims matters.
 * @returns the decisions of each series in its place, by instant
 */
export function decideGroup(
  group: readonly Series[],
  policyAt: PolicyAt,
  options: JudgeOptions = {},
): readonly (readonly Decision[])[] {
  const chains = group.map(toChain)
  let meeting = nextMeeting(chains)
  while (meeting !== noMeeting) {
    decideMeeting(chains, meeting, policyAt(meeting), options)
    meeting = nextMeeting(chains)
  }
  return chains.map(({ decisions }) => decisions)
}

interface Chain {
  readonly series: Series
  /** By instant. */
  readonly keys: readonly ClaimedKey[]
  next: number
  /** When the next key meets its neighbours; no sooner than the one before it did. */
  meetsAt: Instant
  previous: PreviousValue | null
  readonly memory: UsageMemory
  readonly decisions: Decision[]
}

function toChain(series: Series): Chain {
  const keys = series.keys.length < 2 ? series.keys : series.keys.toSorted((a, b) => a.readAt - b.readAt)
  const memory = createUsageMemory(series.meter, series.history)
  return { series, keys, next: 0, meetsAt: meetingOf(keys[0]), previous: series.baseline, memory, decisions: [] }
}

/** Of a meter that has no further key. */
const noMeeting = Infinity

function meetingOf(key: ClaimedKey | undefined): Instant {
  return key === undefined ? noMeeting : meetingAt(key)
}

function nextMeeting(chains: readonly Chain[]): Instant {
  return chains.reduce((earliest, { meetsAt }) => Math.min(earliest, meetsAt), noMeeting)
}

/** A candidate is looked at by its neighbours first and judged then. */
type Waiting = Omit<Candidate, 'neighbours'> & { neighbours: Neighbours }

interface Pending {
  readonly chain: Chain
  readonly candidate: Waiting
  readonly judge: ClassPolicy
  /** Null where a person decided the key. */
  readonly standing: StandingValue | null
}

/** Decides the next key of each meter that comes to a meeting; a meter that was read live twice comes to the next one of that midnight. */
function decideMeeting(
  chains: readonly Chain[],
  meeting: Instant,
  policy: ValidationPolicy,
  { again = false }: JudgeOptions,
): void {
  const pending = chains.flatMap((chain) => {
    const key = chain.keys[chain.next]
    if (key === undefined || chain.meetsAt !== meeting) return []
    chain.next += 1
    chain.meetsAt = Math.max(meeting, meetingOf(chain.keys[chain.next]))
    return [toPending(chain, key, policy)]
  })
  const neighbours = pending.length < 2 ? null : meetNeighbours(pending.map(toNeighbour))
  for (const [index, { chain, candidate, judge, standing }] of pending.entries()) {
    if (standing === null) {
      candidate.neighbours = neighbours?.[index] ?? noNeighbours
      const decision = judgeCandidate(
        candidate,
        judge,
        policy,
        again ? 'revalidation' : roleOf(candidate.chosen.source),
      )
      chain.decisions.push(decision)
      if (decision.value !== null) goOn(chain, candidate.readAt, decision.value.registers, decision.rules)
    } else if (standing.registers !== null) goOn(chain, candidate.readAt, standing.registers, standing.rules)
  }
}

function toNeighbour({ candidate, judge }: Pending) {
  return { candidate, limits: judge.limits }
}

function toPending(chain: Chain, key: ClaimedKey, policy: ValidationPolicy): Pending {
  const { series, previous, memory } = chain
  const { readAt, dueAt, clock = 'trusted', demandE4 = null, standing = null } = key
  const claims = distinctByTrust(key.claims)
  const supply = segmentAt(series.supplies, readAt)?.value ?? null
  const candidate: Waiting = {
    meter: series.meter,
    quantity: series.quantity,
    readAt,
    claims,
    chosen: present(claims[0], 'a claim of the key'),
    previous,
    dueAt,
    supply,
    history: memory.before(readAt),
    neighbours: noNeighbours,
    clock,
    demandE4,
  }
  return { chain, candidate, judge: policy.classes[classOf(candidate)], standing }
}

function goOn(chain: Chain, readAt: Instant, registers: RegisterSet, spoken: readonly string[]): void {
  chain.previous = { readAt, registers, rules: spoken }
  chain.memory.add(readAt, registers.totalE4)
}

/** One candidate under the rules of a role: `manual_override` for a value that a person is about to decide on. */
export function judgeCandidate(
  candidate: Candidate,
  { limits, severities }: ClassPolicy,
  policy: ValidationPolicy,
  role: Role,
): Decision {
  const spoken: RuleName[] = []
  const reasons: string[] = []
  let isHeld = false
  for (const name of policy.groups[role]) {
    const reason = rules[name](candidate, limits)
    if (reason === null) continue
    spoken.push(name)
    reasons.push(reason)
    isHeld ||= severities[name] === 'hold'
  }
  return {
    readAt: candidate.readAt,
    verdict: isHeld ? 'held' : 'accepted',
    value: isHeld ? null : candidate.chosen,
    rules: spoken,
    reason: reasons.join('; '),
    policyVersion: policy.version,
  }
}

function roleOf(source: ReadingSource): Role {
  if (source === 'field') return 'field'
  return source === 'exchange' ? 'initial_load' : 'collected'
}

/**
 * Most trusted first; of claims with one value only the most trusted stays. Ties are broken by the value. Paper often has the total alone:
 * an imported claim that says nothing else than a more trusted one is no other value.
 */
function distinctByTrust(claims: readonly Claim[]): readonly Claim[] {
  if (claims.length < 2) return claims
  const sorted = claims.toSorted(
    (a, b) =>
      trust(a.source) - trust(b.source) ||
      (a.source === 'imported' ? statedIn(b) - statedIn(a) : 0) ||
      compareText(textOf(a.registers), textOf(b.registers)),
  )
  return sorted.filter((claim, index) => !sorted.slice(0, index).some((trusted) => saysTheSame(claim, trusted)))
}

function statedIn({ registers }: Claim): number {
  return registers.touE4.filter((value) => value !== null).length
}

function saysTheSame({ registers, source }: Claim, trusted: Claim): boolean {
  if (source !== 'imported') return sameRegisters(trusted.registers, registers)
  return (
    trusted.registers.totalE4 === registers.totalE4 &&
    registers.touE4.every((value, index) => value === null || value === trusted.registers.touE4[index])
  )
}

/** A read on site wins over what came by wire (billing-rules 2.3). */
function trust(source: ReadingSource): number {
  return source === 'field' ? 0 : readingSources[source]
}

function textOf({ totalE4, touE4 }: RegisterSet): string {
  return [totalE4, ...touE4].join(' ')
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}
