import { join } from 'node:path'
import { z } from 'zod'
import { billSchema } from '../../billing/rating/bill.js'
import { powerFactorAdviceSchema } from '../../billing/rating/advice/advice-document.js'
import { comparisonSchema } from '../../billing/rating/compare/comparison-document.js'
import { termsSchema } from '../../billing/by-account/terms.js'
import { usageDocumentSchema } from '../../billing/rating/usage/usage-schema.js'
import { componentTariffSchema } from '../../billing/tariffs/components/tariff-schema.js'
import { tariffDocumentSchema } from '../../billing/tariffs/tariff-document.js'
import { exceptionPolicySchema } from '../../domain/exception-policy.js'
import { configFileSchema } from '../../console/config.js'
import { planDocumentSchema } from '../../headend/plan/plan-document.js'
import { policySchema } from '../../dunning/policy/policy.js'
import { standingOrderSchema } from '../../headend/orders/standing-order.js'
import { curvePolicySchema } from '../../mdm/curves/policy-document.js'
import { lossPolicySchema } from '../../mdm/losses/policy-document.js'
import { policyDocumentSchema } from '../../mdm/validation/policy-document.js'
import { estimationPolicySchema } from '../../mdm/estimation/policy-document.js'
import { registryChangeSchema } from '../../mdm/registry/registry-change-schema.js'
import { registryDocumentSchema } from '../../mdm/registry/registry-document-schema.js'
import { envelopeProfileSchema } from '../../protocols/concentrator/envelope-profile.js'
import { meterModelSchema } from '../../protocols/modbus/meter-model.js'
import { frameSpecSchema } from '../../protocols/inspection/frame-spec.js'
import { utilityFileSchema } from '../../simulators/field/utility-file.js'
import { modbusMapSchema } from '../../simulators/modbus/map-file.js'
import { checkoutRoot } from '../architecture/source-files.js'

const documents = [
  { name: 'tariff', title: 'Tariff document', schema: tariffDocumentSchema },
  { name: 'component-tariff', title: 'Tariff of components, for rate', schema: componentTariffSchema },
  { name: 'usage', title: 'Usage of one account, for rate', schema: usageDocumentSchema },
  { name: 'bill', title: 'Bill of one account, as rate answers', schema: billSchema },
  {
    name: 'power-factor-advice',
    title: 'What a better power factor saves, as rate power-factor answers',
    schema: powerFactorAdviceSchema,
  },
  { name: 'comparison', title: 'Why two bills differ, as rate compare answers', schema: comparisonSchema },
  { name: 'terms', title: 'What is agreed with an account, for runs', schema: termsSchema },
  { name: 'registry', title: 'Master data document', schema: registryDocumentSchema },
  { name: 'registry-change', title: 'Dated change of master data', schema: registryChangeSchema },
  { name: 'dunning-policy', title: 'Dunning policy', schema: policySchema },
  { name: 'collection-plan', title: 'Collection plan', schema: planDocumentSchema },
  { name: 'validation-policy', title: 'Validation policy', schema: policyDocumentSchema },
  { name: 'estimation-policy', title: 'Estimation policy', schema: estimationPolicySchema },
  { name: 'curve-policy', title: 'Policy of day curves', schema: curvePolicySchema },
  { name: 'loss-policy', title: 'Policy of area losses', schema: lossPolicySchema },
  { name: 'exception-policy', title: 'Policy of the exception queue', schema: exceptionPolicySchema },
  { name: 'config', title: 'shuangwu.config.yaml', schema: configFileSchema },
  { name: 'mqtt-envelope', title: 'Envelope of MQTT concentrators', schema: envelopeProfileSchema },
  { name: 'modbus-meter-model', title: 'Modbus meter model', schema: meterModelSchema },
  { name: 'frame-spec', title: 'A frame for frame encode', schema: frameSpecSchema },
  { name: 'utility-file', title: 'A simulated field for sim up', schema: utilityFileSchema },
  { name: 'standing-order', title: 'Standing order for broadcast time', schema: standingOrderSchema },
  { name: 'modbus-map', title: 'Map of simulated Modbus devices', schema: modbusMapSchema },
] as const

export interface StoredSchema {
  readonly path: string
  readonly text: string
}

/**
 * JSON Schemas of the documents people write, as `docs/schemas/` has to hold them. They say what a document looks like; rules across
 * fields, such as overlapping ranges, are checked by the program alone.
 */
export function generatedSchemas(): readonly StoredSchema[] {
  return documents.map(({ name, title, schema }) => ({
    path: join(checkoutRoot, 'docs', 'schemas', `${name}.schema.json`),
    text: `${JSON.stringify({ title, ...z.toJSONSchema(schema, { io: 'input', reused: reusesParts(name) ? 'ref' : 'inline' }) }, null, 2)}\n`,
  }))
}

/** Documents in which a component is part of many places name each part once. */
function reusesParts(name: string): boolean {
  return name === 'component-tariff' || name === 'usage' || name === 'bill'
}
