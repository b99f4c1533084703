import { checkComponentProof } from '../../billing/checker/check-component-proof.js'
import { checkProof, type ProofVerdict } from '../../billing/checker/check-proof.js'
import { buildProof } from '../../billing/proof/build-proof.js'
import type { ComponentProof, ProofDocument } from '../../billing/proof/proof-document.js'
import type { Quantity } from '../../domain/quantities.js'
import { findMeterModel } from '../../protocols/modbus/meter-models.js'
import { energyMapFrom } from '../../protocols/modbus/register-map.js'
import type { Database } from '../../storage/database.js'

export interface ProvedBill {
  readonly proof: ProofDocument | ComponentProof
  readonly verdict: ProofVerdict
}

/** Collects everything a bill rests on and has the independent checker verify it. */
export async function proveBill(
  reader: Database,
  bill: { readonly billNumber: bigint } | { readonly accountCode: string },
): Promise<ProvedBill> {
  const proof = await buildProof(reader, { bill, registerMapOf })
  // Through text, as an outsider would get it.
  const check = proof.format === 'proof/2' ? checkProof : checkComponentProof
  return { proof, verdict: check(JSON.parse(JSON.stringify(proof))) }
}

export function registerMapOf(name: string, quantity: Quantity): unknown {
  const model = findMeterModel(name)
  return model === null ? null : energyMapFrom(model, quantity)
}
