import type { AccountTransferChange, MeterExchangeChange } from '../../../domain/registry-change.js'
import { meterEntry } from './small-utility.js'

/** The meter of point-1 is exchanged at 1600.00 kWh; the new one starts at 5.00 kWh. */
export function exchange(): MeterExchangeChange {
  return {
    kind: 'meter_exchange',
    usagePoint: 'point-1',
    at: '2026-07-16T10:00:00+08:00',
    oldMeter: 'meter-1',
    newMeter: meterEntry('meter-4', '000000000004'),
    stopRegisters: { total: '1600', tou2: '960', tou4: '640' },
    startRegisters: { total: '5', tou2: '3', tou4: '2' },
    document: 'exchange note 1',
  }
}

/** A new customer takes over point-2. */
export function transfer(): AccountTransferChange {
  return {
    kind: 'account_transfer',
    usagePoint: 'point-2',
    at: '2026-07-18T00:00:00+08:00',
    oldAccount: 'account-2',
    customer: { code: 'customer-4', name: 'Customer 4', kind: 'residential', keyAccount: false },
    account: { code: 'account-4', organisation: 'county', customer: 'customer-4' },
    contacts: [{ channel: 'email', address: 'synthetic@example.invalid', consentEvidence: 'contract', verified: true }],
    document: 'transfer note 1',
  }
}
