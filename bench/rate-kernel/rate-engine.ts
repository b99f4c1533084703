import { loadPeer } from '../install-peers.js'
import { energyE4, slotPricesE8 } from './interval-case.js'

interface RateEngine {
  readonly RateCalculator: new (rate: unknown) => { readonly annualCost: () => number }
  readonly LoadProfile: new (loads: readonly number[], options: { readonly year: number }) => unknown
}

const hoursOfYear = 8760
const hoursBySlot = [
  [17, 18],
  [8, 9, 10, 11, 14, 15, 16, 19, 20],
  [23, 0, 1, 2, 3, 4, 5, 6, 12],
  [7, 13, 21, 22],
] as const

/** A year of hours of so many accounts with a package of our own kind (binary floats), time of use alone. @returns seconds */
export function rateWithEngine(accounts: number): number {
  const { RateCalculator, LoadProfile } = loadPeer('@bellawatt/electric-rate-engine') as RateEngine
  const loads = Array.from({ length: accounts }, (_, account) =>
    Array.from({ length: hoursOfYear }, (__, hour) => energyE4(account * hoursOfYear + hour) / 10_000),
  )
  const [sharp, peak, flat, valley] = slotPricesE8
  const rateComponents = [sharp, peak, valley, flat].map((priceE8, index) => ({
    name: `slot ${index}`,
    charge: priceE8 / 1e8,
    hourStarts: hoursBySlot[index],
  }))
  const rateElements = [{ name: 'energy', rateElementType: 'EnergyTimeOfUse', rateComponents }]
  const start = performance.now()
  for (const load of loads)
    new RateCalculator({ name: 'bench', rateElements, loadProfile: new LoadProfile(load, { year: 2026 }) }).annualCost()
  return (performance.now() - start) / 1000
}
