import { present } from '../../domain/result.js'
import acrelAdl3000E from './models/acrel-adl3000-e.json' with { type: 'json' }
import { type EnergyMap, type MeterModel, meterModelSchema } from './register-map.js'
import type { Quantity } from '../../domain/quantities.js'

/** Meter models that ship with the product. A new model is a JSON file that names its public source, and one line here. */
const meterModels: ReadonlyMap<string, MeterModel> = new Map(
  [acrelAdl3000E].map((text) => meterModelSchema.parse(text)).map((model) => [model.model, model]),
)

/** The model of that name; null for one that does not ship with the product. */
export function findMeterModel(name: string): MeterModel | null {
  return meterModels.get(name) ?? null
}

/** The registers of a quantity that the model is known to count. */
export function energyMapOf(model: MeterModel, quantity: Quantity): EnergyMap {
  return present(model.energies[quantity], `${quantity} in register map ${model.model}`)
}
