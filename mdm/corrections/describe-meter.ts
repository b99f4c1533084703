import type { MeterDescription } from '../../domain/registry-correction.js'
import { ok, present, type Result } from '../../domain/result.js'
import { formatScaled } from '../../domain/scaled.js'
import type { Transaction } from '../../storage/database.js'
import { lockValidation } from '../../storage/mdm/validation.js'
import { changeNotesOfMeter } from '../../storage/registry/change-notes.js'
import { findMeterById } from '../../storage/registry/changes.js'
import {
  type Description,
  findSameAddress,
  insertDescription,
  withdrawWireDecisions,
} from '../../storage/registry/meter-descriptions.js'
import type { WithdrawalStamp } from '../../storage/registry/withdrawals.js'
import { type ChangeRefused, refuse } from '../registry/change-refused.js'
import { meter as meterEntry } from '../registry/entries/meter-entries.js'
import { fitsDisplay } from '../registry/noted-registers.js'

/**
 * What a meter is, in place of what was typed. Notes of its display have to fit it; an address is nobody else's on its line. What came by
 * wire from another address, or in another protocol, was another meter's and is no claim of this one any more.
 */
export async function describeMeter(
  tx: Transaction,
  meterId: bigint,
  change: MeterDescription,
  stamp: WithdrawalStamp & { readonly reason: string },
): Promise<Result<null, ChangeRefused>> {
  const there = present(await findMeterById(tx, meterId), 'the meter')
  const { meterId: _, code, ...was } = there
  const becomes = describedAs(was, change)
  const faults = meterEntry.safeParse({ code, ...becomes }).error?.issues
  if (faults !== undefined)
    return refuse('does_not_describe', faults.map(({ path, message }) => `${path.join('.')}: ${message}`).join('；'))
  if (isSame(was, becomes)) return refuse('nothing_to_correct', `meter ${code} is described so already`)
  const unfit = (await changeNotesOfMeter(tx, meterId)).find(({ registers }) => !fitsDisplay(registers, becomes))
  if (unfit !== undefined)
    return refuse(
      'rests_on_it',
      `单据 ${unfit.document} 记的 ${formatScaled(unfit.registers.totalE4, 4, 2)} 不合此表位；先更正那一条 its note does not fit that display; correct that one first`,
    )
  const isReaddressed = was.protocol !== becomes.protocol || was.communicationAddress !== becomes.communicationAddress
  const other = isReaddressed ? await findSameAddress(tx, meterId, becomes) : null
  if (other !== null)
    return refuse(
      'exists_with_different_content',
      `同一线路上 ${other} 已用此地址 ${other} on the same line has that address`,
    )
  await insertDescription(tx, { meterId, was, becomes }, stamp)
  if (isReaddressed) {
    await lockValidation(tx)
    await withdrawWireDecisions(tx, { ...stamp, meterId })
  }
  return ok(null)
}

function describedAs(was: Description, change: MeterDescription): Description {
  return {
    protocol: change.protocol ?? was.protocol,
    communicationAddress: change.communicationAddress ?? was.communicationAddress,
    model: change.model ?? was.model,
    registerDigits: change.registerDigits ?? was.registerDigits,
    registerDecimals: change.registerDecimals ?? was.registerDecimals,
  }
}

function isSame(a: Description, b: Description): boolean {
  return (
    a.protocol === b.protocol &&
    a.communicationAddress === b.communicationAddress &&
    a.model === b.model &&
    a.registerDigits === b.registerDigits &&
    a.registerDecimals === b.registerDecimals
  )
}
