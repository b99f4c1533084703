import type { RegisterSet } from '../../domain/reading.js'
import type { NotedRegisters } from '../../domain/meter-entries.js'
import type { MasterDataChange } from '../../domain/registry-change.js'
import { present } from '../../domain/result.js'
import { formatScaled } from '../../domain/scaled.js'
import type { Instant } from '../../domain/time.js'
import type { PointDescription, UtilityDescription } from './description.js'
import { meterStaysOf, stayOf } from './meter-registers.js'
import { isoOf } from './story-calendar.js'

/** A change of master data and the moment at which the utility writes it down. */
export interface DatedChange {
  readonly recordedAt: Instant
  readonly change: MasterDataChange
}

/** What changes during the month, in the order of writing down. */
export function registryChangesOf(description: UtilityDescription): readonly DatedChange[] {
  return [meterExchange(description), accountTransfer(description)].toSorted(
    (left, right) => left.recordedAt - right.recordedAt,
  )
}

/** Decimal texts of the display. */
export function notedRegisters({ totalE4, touE4 }: RegisterSet): NotedRegisters {
  const text = (valueE4: bigint | null) => formatScaled(present(valueE4, 'register'), 4, 2)
  const [tou1, tou2, tou3, tou4] = touE4
  return { total: text(totalE4), tou1: text(tou1), tou2: text(tou2), tou3: text(tou3), tou4: text(tou4) }
}

function meterExchange(description: UtilityDescription): DatedChange {
  const { usagePoint, at, recordedAt, newMeter } = description.exchange
  const stays = meterStaysOf(description)
  const oldMeter = pointOf(description, usagePoint).meter.entry.code
  const noted = (meter: string) => notedRegisters(stayOf(stays, meter).registersAt(at))
  const change: MasterDataChange = {
    kind: 'meter_exchange',
    usagePoint,
    at: isoOf(at),
    oldMeter,
    newMeter: newMeter.entry,
    stopRegisters: noted(oldMeter),
    startRegisters: noted(newMeter.entry.code),
    document: '演示换表单 0001',
  }
  return { recordedAt, change }
}

function accountTransfer(description: UtilityDescription): DatedChange {
  const { usagePoint, at, recordedAt, account } = description.transfer
  const change: MasterDataChange = {
    kind: 'account_transfer',
    usagePoint,
    at: isoOf(at),
    oldAccount: pointOf(description, usagePoint).account.code,
    customer: account.customer,
    account: { code: account.code, organisation: description.organisation.code, customer: account.customer.code },
    contacts: account.contacts,
    document: '演示过户单 0001',
  }
  return { recordedAt, change }
}

function pointOf({ points }: UtilityDescription, usagePoint: string): PointDescription {
  return present(
    points.find((point) => point.usagePoint === usagePoint),
    `usage point ${usagePoint}`,
  )
}
