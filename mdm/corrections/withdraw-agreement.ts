import type { CarriedValue } from '../../domain/registry-correction.js'
import { ok, present, type Result } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import type { Transaction } from '../../storage/database.js'
import { readAgreements, readAgreementsAt } from '../../storage/registry/changes.js'
import { carryOn, versionsAfter } from '../registry/carry-on.js'
import { type ChangeRefused, refuse } from '../registry/change-refused.js'
import type { Stamp } from '../registry/registry-rows.js'
import { isSameAgreement, writeAgreements } from '../registry/write-agreements.js'
import { agreementGround } from './agreement-ground.js'
import { joinedFrom, undoStretch } from './undo-stretch.js'

/**
 * What an account's agreement said until then goes on, and so it does in the later versions that had copied what was wrong, whoever's they
 * are. @returns what is other in those.
 */
export async function withdrawAgreement(
  tx: Transaction,
  { accountId, at }: { readonly accountId: bigint; readonly at: Instant },
  stamp: Stamp & { readonly reason: string },
): Promise<Result<readonly CarriedValue[], ChangeRefused>> {
  const { revision, segments: unordered } = await readAgreements(tx, accountId)
  const segments = unordered.toSorted((a, b) => a.from - b.from)
  const restored = undoStretch(segments, at, isSameAgreement)
  if (restored === null)
    return refuse('nothing_to_correct', `no agreement begins or ends at ${new Date(at).toISOString()}`)
  const ground = agreementGround(segments, at)
  if (!ground.ok) return ground
  const was = present(
    segments.find(({ from }) => from === at),
    'the wrong version',
  )
  const becomes = present(
    segments.find(({ to }) => to === at),
    'what held until then',
  )
  const all = await readAgreementsAt(tx, was.value.usagePointId)
  const following = versionsAfter(all, { accountId, to: was.to }, { acrossAccounts: true })
  const { versions, carried } = carryOn(following, was.value, becomes.value)
  const said = restored.map((segment) => {
    const version = versions.find((one) => one.accountId === accountId && one.from === segment.from)
    return version === undefined ? segment : { ...segment, value: version.value }
  })
  const own = { accountId, revision, segments: joinedFrom(said, at, isSameAgreement) }
  await writeAgreements(tx, own, versions, stamp)
  return ok(carried)
}
