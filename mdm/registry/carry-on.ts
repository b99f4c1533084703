import type { CarriedValue } from '../../domain/registry-correction.js'
import type { Segment } from '../../domain/timeline.js'
import type { Agreement } from '../../storage/registry/changes.js'

/** A stretch of somebody's agreement. */
export interface Version extends Segment<Agreement> {
  readonly accountId: bigint
  readonly account: string
}

/** What an agreement says that the next version copies where nobody says otherwise. */
const fields = [
  ['tariff', 'tariffCode'],
  ['usageClass', 'usageClass'],
  ['contractCapacityKva', 'contractCapacityKva'],
] as const

/**
 * Versions that follow one without a gap: those of its account, then of whoever took the usage point over at that instant, and so on.
 * @param all every version at the usage point, in any order.
 */
export function versionsAfter(
  all: readonly Version[],
  { accountId, to }: Pick<Version, 'accountId' | 'to'>,
  { acrossAccounts }: { readonly acrossAccounts: boolean },
): readonly Version[] {
  const next = to === null ? [] : all.filter(({ from }) => from === to)
  const own = next.find((version) => version.accountId === accountId)
  const following = own ?? (acrossAccounts && next.length === 1 ? next[0] : undefined)
  return following === undefined ? [] : [following, ...versionsAfter(all, following, { acrossAccounts })]
}

/**
 * What of a version changed goes on into those that follow it, field by field, up to the first one that says something else: that was a
 * change of its own. @returns the versions that are other ones now, and what is other in them.
 */
export function carryOn(
  following: readonly Version[],
  was: Agreement,
  becomes: Agreement,
): { readonly versions: readonly Version[]; readonly carried: readonly CarriedValue[] } {
  const carried: CarriedValue[] = []
  const values = new Map(following.map((version) => [version, version.value]))
  for (const [field, key] of fields) {
    if (was[key] === becomes[key]) continue
    for (const version of following) {
      if (version.value[key] !== was[key]) break
      values.set(version, { ...(values.get(version) ?? version.value), [key]: becomes[key] })
      carried.push({ ...placeOf(version), field, was: textOf(was[key]), becomes: textOf(becomes[key]) })
    }
  }
  const versions = following
    .map((version) => ({ ...version, value: values.get(version) ?? version.value }))
    .filter(({ value }, index) => value !== following[index]?.value)
  return { versions, carried }
}

/** What two steps carried on, as one: from what was said before both to what is said after them. In order of account, time and field. */
export function bothCarried(first: readonly CarriedValue[], second: readonly CarriedValue[]): readonly CarriedValue[] {
  const keyOf = ({ account, from, field }: CarriedValue) => `${account} ${from} ${field}`
  const later = new Map(second.map((one) => [keyOf(one), one]))
  const known = new Set(first.map(keyOf))
  return [
    ...first.map((one) => ({
      ...one,
      becomes: later.has(keyOf(one)) ? (later.get(keyOf(one))?.becomes ?? null) : one.becomes,
    })),
    ...second.filter((one) => !known.has(keyOf(one))),
  ]
    .filter(({ was, becomes }) => was !== becomes)
    .toSorted((a, b) =>
      a.account < b.account ? -1 : a.account > b.account ? 1 : a.from - b.from || (a.field < b.field ? -1 : 1),
    )
}

function placeOf({ account, from }: Version): Pick<CarriedValue, 'account' | 'from'> {
  return { account, from }
}

function textOf(value: string | number | null): string | null {
  return value === null ? null : String(value)
}
