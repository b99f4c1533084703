import { demandQuantities, quantities } from '../../domain/quantities.js'
import { present } from '../../domain/result.js'
import type { FurtherAsked } from '../../storage/billing/proof-ahead.js'
import type { ProofQuantityRow } from '../../storage/billing/proof-quantities.js'
import type { ComponentRows } from './component-rows.js'
import { byDemand, byFreeze, byRegisters } from './measured-names.js'

/** What proofs of bills under tariffs of components will ask for beside their energy, so that it can be read at once. */
export function askedAhead({ inputs, quantities: byAccount }: ComponentRows): FurtherAsked {
  const rows = [...byAccount.values()].flat()
  return {
    readings: rows.flatMap(readingsOf),
    demands: rows.flatMap(demandsOf),
    withLosses: new Set(rows.filter(({ quantity }) => byFreeze.has(quantity)).map(({ account_id }) => account_id)),
    withDays: [...inputs].filter(([, document]) => hasDays(document)).map(([accountId]) => accountId),
  }
}

function readingsOf({ quantity, meter_ids, start_reads, end_reads }: ProofQuantityRow): FurtherAsked['readings'] {
  const register = byRegisters[quantity]
  if (register === undefined) return []
  const { code } = quantities[register]
  return meter_ids.flatMap((meterId, index) =>
    [start_reads[index], end_reads[index]].map((readAt) => ({
      meterId,
      quantity: code,
      readAt: present(readAt, 'instant of a reading'),
    })),
  )
}

function demandsOf({ quantity, meter_ids, start_reads, end_reads }: ProofQuantityRow): FurtherAsked['demands'] {
  const demand = byDemand[quantity]
  if (demand === undefined) return []
  return meter_ids.map((meterId, index) => ({
    meterId,
    quantity: demandQuantities[demand].code,
    after: present(start_reads[index], 'start'),
    to: present(end_reads[index], 'end'),
  }))
}

/** Inputs have days where the account is rated by them. */
function hasDays(document: unknown): boolean {
  return typeof document === 'object' && document !== null && 'days' in document
}
