import type { OrganisationEntry } from '../../../domain/organisation-entries.js'
import type { RegistryDocument } from '../../../domain/registry-document.js'
import { present } from '../../../domain/result.js'
import type { LocalDate } from '../../../domain/time.js'
import { addressTwice } from './address-twice.js'
import { areaWithoutCrew } from './area-without-crew.js'
import { areaWithoutSupply } from './area-without-supply.js'
import type { AuditCheck, AuditRule, AuditScene } from './audit-rule.js'
import { classUnlikeCustomer } from './class-unlike-customer.js'
import { noContact } from './no-contact.js'
import { noContractCapacity } from './no-contract-capacity.js'
import { noMeter } from './no-meter.js'
import { multiplierUnknown } from './multiplier-unknown.js'
import { notVerified } from './not-verified.js'
import { parentWithoutMeter } from './parent-without-meter.js'
import { sharesAboveOne } from './shares-above-one.js'
import { unknownTariff } from './unknown-tariff.js'

/** Fields that move money count five times. The audit names what keeps a bill back; the freeze of determinants and the run hold it. */
export const auditRules: readonly AuditRule[] = [
  { name: 'no_meter', rule: noMeter, isBlocking: true, weight: 5 },
  { name: 'multiplier_unknown', rule: multiplierUnknown, isBlocking: true, weight: 5 },
  { name: 'unknown_tariff', rule: unknownTariff, isBlocking: true, weight: 5 },
  { name: 'no_contract_capacity', rule: noContractCapacity, isBlocking: true, weight: 5 },
  { name: 'shares_above_one', rule: sharesAboveOne, isBlocking: true, weight: 5 },
  { name: 'parent_without_meter', rule: parentWithoutMeter, isBlocking: true, weight: 5 },
  { name: 'address_twice', rule: addressTwice, isBlocking: true, weight: 5 },
  { name: 'class_unlike_customer', rule: classUnlikeCustomer, isBlocking: false, weight: 1 },
  { name: 'not_verified', rule: notVerified, isBlocking: false, weight: 1 },
  { name: 'no_contact', rule: noContact, isBlocking: false, weight: 1 },
  { name: 'area_without_supply', rule: areaWithoutSupply, isBlocking: false, weight: 1 },
  { name: 'area_without_crew', rule: areaWithoutCrew, isBlocking: false, weight: 1 },
]

export interface AuditFinding extends AuditCheck {
  readonly rule: string
  readonly isBlocking: boolean
  readonly problem: string
}
/** An organisation with all below it. */
export interface OrganisationScore {
  readonly organisation: string
  readonly checks: number
  readonly findings: number
  readonly blocking: number
  /** Per cent of the weighted checks that found nothing, in hundredths, rounded down: 100.00 means none. Null without checks. */
  readonly scoreE2: number | null
}
/** What one rule found. */
export interface RuleScore extends Omit<OrganisationScore, 'organisation' | 'blocking'> {
  readonly rule: string
  readonly isBlocking: boolean
}
export interface Audit {
  readonly rules: readonly RuleScore[]
  readonly scores: readonly OrganisationScore[]
  readonly findings: readonly AuditFinding[]
}

/** What to look at; null means all. */
export interface AuditScope {
  /** This one and those below it. */
  readonly organisation: string | null
  readonly rule: string | null
}

/** Checks a registry as it is believed to be on a day: the document holds only what is true then. */
export function auditRegistry(
  document: RegistryDocument,
  day: LocalDate,
  tariffs: ReadonlySet<string>,
  scope: AuditScope = { organisation: null, rule: null },
): Audit {
  const scene = createScene(document, day, tariffs)
  const parents = new Map(document.organisations.map((organisation) => [organisation.code, organisation.parent]))
  const isInScope = (code: string) => scope.organisation === null || isBelow(code, scope.organisation, parents)
  const rules = auditRules.filter(({ name }) => scope.rule === null || name === scope.rule)
  const checks = rules
    .flatMap(({ rule, ...about }) => rule(scene).map((check) => ({ ...about, ...check })))
    .filter(({ organisation }) => isInScope(organisation))
  const findings = checks.flatMap(({ problem, name, organisation, object, isBlocking }) =>
    problem === null ? [] : [{ rule: name, organisation, object, problem, isBlocking }],
  )
  const organisations = document.organisations.filter(({ code }) => isInScope(code))
  return {
    rules: rules.map((rule) => ruleScore(rule, checks)),
    scores: organisations.map((one) => scoreOf(one, checks, parents)),
    findings,
  }
}

type WeighedCheck = AuditCheck & Omit<AuditRule, 'rule'>

function scoreOf(
  { code }: OrganisationEntry,
  checks: readonly WeighedCheck[],
  parents: ReadonlyMap<string, string | undefined>,
): OrganisationScore {
  const ours = checks.filter(({ organisation }) => isBelow(organisation, code, parents))
  const wrong = ours.filter(({ problem }) => problem !== null)
  return {
    organisation: code,
    checks: ours.length,
    findings: wrong.length,
    blocking: wrong.filter(({ isBlocking }) => isBlocking).length,
    scoreE2: shareOf(ours, wrong),
  }
}

function ruleScore({ name, isBlocking }: AuditRule, checks: readonly WeighedCheck[]): RuleScore {
  const ours = checks.filter((check) => check.name === name)
  const wrong = ours.filter(({ problem }) => problem !== null)
  return { rule: name, isBlocking, checks: ours.length, findings: wrong.length, scoreE2: shareOf(ours, wrong) }
}

function shareOf(all: readonly WeighedCheck[], wrong: readonly WeighedCheck[]): number | null {
  const weightOf = (some: readonly WeighedCheck[]) => some.reduce((sum, { weight }) => sum + weight, 0)
  const whole = weightOf(all)
  return whole === 0 ? null : Math.floor((10_000 * (whole - weightOf(wrong))) / whole)
}

function isBelow(code: string, above: string, parents: ReadonlyMap<string, string | undefined>): boolean {
  for (let at: string | undefined = code; at !== undefined; at = parents.get(at)) if (at === above) return true
  return false
}

function createScene(document: RegistryDocument, day: LocalDate, tariffs: ReadonlySet<string>): AuditScene {
  const byPoint = <E extends { readonly usagePoint: string }>(entries: readonly E[] = []) =>
    new Map(entries.map((entry) => [entry.usagePoint, entry]))
  const organisations = {
    usagePoints: organisationsOf(document.usagePoints),
    accounts: organisationsOf(document.accounts),
    transformerAreas: organisationsOf(document.transformerAreas),
  }
  return {
    document,
    day,
    tariffs,
    agreements: document.agreements,
    installationAt: byPoint(document.installations),
    multiplierAt: byPoint(document.multipliers),
    relationAt: byPoint(document.relations),
    organisationOf: (list, code) => present(organisations[list].get(code), `organisation of ${code}`),
  }
}

function organisationsOf(entries: readonly { readonly code: string; readonly organisation: string }[]) {
  return new Map(entries.map(({ code, organisation }) => [code, organisation]))
}
