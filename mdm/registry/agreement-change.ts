import type { AgreementChange } from '../../domain/registry-change.js'
import type { CarriedValue } from '../../domain/registry-correction.js'
import { nearestTexts } from '../../domain/nearest-texts.js'
import { ok, type Result } from '../../domain/result.js'
import { calendarFor } from '../../domain/time.js'
import { reviseTimeline, segmentAt } from '../../domain/timeline.js'
import type { Transaction } from '../../storage/database.js'
import * as registry from '../../storage/registry/changes.js'
import { readTariffCodes } from '../../storage/registry/tariff-codes.js'
import { carryOn, versionsAfter } from './carry-on.js'
import { type ChangeOutcome, type ChangeRefused, refuse } from './change-refused.js'
import type { Stamp } from './registry-rows.js'
import { writeAgreements } from './write-agreements.js'

/** Another tariff, class or capacity of an account from a local midnight on; what the change does not name stays. */
export async function changeAgreement(
  tx: Transaction,
  change: AgreementChange,
  stamp: Stamp,
): Promise<Result<ChangeOutcome, ChangeRefused>> {
  const outcome = await changeAndCarryOn(tx, change, stamp, { acrossAccounts: false })
  return outcome.ok ? ok(outcome.value.outcome) : outcome
}

/**
 * The same, with what it comes to in later versions that say what held until then: they follow, of a correction those of whoever took the
 * usage point over, too.
 */
export async function changeAndCarryOn(
  tx: Transaction,
  change: AgreementChange,
  stamp: Stamp,
  { acrossAccounts }: { readonly acrossAccounts: boolean },
): Promise<Result<{ readonly outcome: ChangeOutcome; readonly carried: readonly CarriedValue[] }, ChangeRefused>> {
  const at = Date.parse(change.at)
  const accountId = await registry.findAccount(tx, change.account)
  const point = await registry.findUsagePoint(tx, change.usagePoint)
  if (accountId === null || point === null)
    return refuse(
      'unknown_code',
      `account ${change.account} or usage point ${change.usagePoint} is not in the registry`,
    )
  const calendar = calendarFor(point.timeZone)
  if (calendar.startOfDayAt(at) !== at) return refuse('not_at_midnight', `${change.at} is no local midnight`)
  const timeline = await registry.readAgreements(tx, accountId)
  const current = segmentAt(timeline.segments, at)
  if (current === null || current.value.usagePointId !== point.usagePointId)
    return refuse('no_agreement', `account ${change.account} is not supplied at ${change.usagePoint} at ${change.at}`)
  const value = {
    ...current.value,
    tariffCode: change.tariff ?? current.value.tariffCode,
    usageClass: change.usageClass ?? current.value.usageClass,
    contractCapacityKva: change.contractCapacityKva ?? current.value.contractCapacityKva,
  }
  const isSame =
    value.tariffCode === current.value.tariffCode &&
    value.usageClass === current.value.usageClass &&
    value.contractCapacityKva === current.value.contractCapacityKva
  if (isSame) return ok({ outcome: 'exists', carried: [] })
  if (value.tariffCode !== current.value.tariffCode) {
    const known = await readTariffCodes(tx)
    const near = nearestTexts(value.tariffCode, known).join(', ')
    if (!known.includes(value.tariffCode))
      return refuse(
        'unknown_tariff',
        `${value.tariffCode} is not on record${near === '' ? '' : `；相近 near: ${near}`}`,
      )
  }
  if (current.from === at)
    return refuse('exists_with_different_content', `another agreement of ${change.account} begins at ${change.at}`)
  const following = versionsAfter(
    await registry.readAgreementsAt(tx, point.usagePointId),
    { accountId, to: current.to },
    { acrossAccounts },
  )
  const { versions, carried } = carryOn(following, current.value, value)
  const segments = reviseTimeline(timeline.segments, { from: at, to: current.to, value })
  await writeAgreements(tx, { accountId, revision: timeline.revision, segments }, versions, {
    ...stamp,
    reason: `agreement change ${change.document}`,
  })
  return ok({ outcome: 'applied', carried })
}
