import { usualClockLimits } from '../../domain/clock-limits.js'
import { placedCauses } from '../accounting/classify-cause.js'
import { type CollectionPlan, lineKinds } from './plan-document.js'

const kindsOf = (protocol: string) => lineKinds.filter((kind) => kind.startsWith(protocol))

/**
 * In force until a plan of the utility's own is. The last pass lies near the end of the night: what ailed a silent meter at midnight
 * is often over by morning. Registers read live stand for the midnight that opens their window, so nothing makes up for a missed one.
 */
export const defaultPlan: CollectionPlan = {
  format: 1,
  templates: [{ name: 'daily-freeze', reads: 'daily_freeze' }],
  groups: [
    { name: 'buses', kinds: kindsOf('dlt645_') },
    { name: 'gateways', kinds: kindsOf('modbus_') },
    { name: 'concentrators', kinds: kindsOf('mqtt_') },
  ],
  schedules: [
    {
      name: 'freezes-of-buses',
      template: 'daily-freeze',
      group: 'buses',
      every: { unit: 'day' },
      window: { opensMinutes: 5, closesMinutes: 360, passesMinutes: [5, 15, 45, 330] },
      catchUp: true,
    },
    {
      name: 'registers-of-gateways',
      template: 'daily-freeze',
      group: 'gateways',
      every: { unit: 'day' },
      window: { opensMinutes: 0, closesMinutes: 15, passesMinutes: [0, 1, 3, 8] },
      catchUp: false,
    },
    {
      name: 'uploads-of-concentrators',
      template: 'daily-freeze',
      group: 'concentrators',
      every: { unit: 'day' },
      window: { opensMinutes: 5, closesMinutes: 360, passesMinutes: [30, 60, 120, 240, 360] },
      catchUp: true,
    },
  ],
  limits: { node: 500, concentrator: 4, carriers: [] },
  ladder: {
    backfillDays: 60,
    noFreezeLimit: 2,
    retry: { firstDelaySeconds: 30, longestDelaySeconds: 900, yieldsEvery: 2 },
    onDemandSeconds: 60,
    fieldOrderAfterWindows: 2,
    fieldOrderHours: 24,
    estimateAfterHours: 72,
    cutOffHours: 120,
  },
  // What `sim up` writes into the registry for its meters of the older edition; asked in the newer one they would all be silent.
  models: { 'simulated-1997': { edition: '1997' } },
  clock: usualClockLimits,
  causes: [...placedCauses],
  tables: { exchangesApprovedBy: 'person' },
}
