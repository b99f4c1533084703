import type { Quantity } from '../../domain/quantities.js'
import { InvariantError, present } from '../../domain/result.js'
import { type MeterModel, toMeterModel } from './meter-model.js'
import abbB23 from './models/abb-b23.json' with { type: 'json' }
import acrelAdl3000E from './models/acrel-adl3000-e.json' with { type: 'json' }
import carloGavazziEm24 from './models/carlo-gavazzi-em24-av2.json' with { type: 'json' }
import chintDtsu666 from './models/chint-dtsu666.json' with { type: 'json' }
import eastronSdm630 from './models/eastron-sdm630.json' with { type: 'json' }
import eastronSdm72dM from './models/eastron-sdm72d-m.json' with { type: 'json' }
import schneiderIem3155 from './models/schneider-iem3155.json' with { type: 'json' }
import { type EnergyMap, energyMapFrom } from './register-map.js'

const documents: Readonly<Record<string, unknown>> = {
  'abb-b23': abbB23,
  'acrel-adl3000-e': acrelAdl3000E,
  'carlo-gavazzi-em24-av2': carloGavazziEm24,
  'chint-dtsu666': chintDtsu666,
  'eastron-sdm630': eastronSdm630,
  'eastron-sdm72d-m': eastronSdm72dM,
  'schneider-iem3155': schneiderIem3155,
}

/** Meter models that ship with the product. A new model is a JSON file that names its public source, and its lines here. */
export const meterModels: ReadonlyMap<string, MeterModel> = new Map(
  Object.entries(documents).map(([name, document]) => [name, shipped(name, document)]),
)

/** The model of that name; null for one that does not ship with the product. */
export function findMeterModel(name: string): MeterModel | null {
  return meterModels.get(name) ?? null
}

/** The registers of a quantity that the model is known to count in a form that is billed. */
export function energyMapOf(model: MeterModel, quantity: Quantity): EnergyMap {
  return present(energyMapFrom(model, quantity), `${quantity} in register map ${model.model}`)
}

function shipped(name: string, document: unknown): MeterModel {
  const file = `protocols/modbus/models/${name}.json`
  const model = toMeterModel(document, file)
  if (!model.ok) throw new InvariantError(`${model.error.file}: ${model.error.path}: ${model.error.reason}`)
  if (model.value.model !== name) throw new InvariantError(`${file}: model: expected ${name}`)
  return model.value
}
