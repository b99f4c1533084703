/** An open receivable, as far as clearing it goes. */
export interface OpenReceivable {
  readonly segmentId: bigint
  readonly ordinal: number
  readonly openFen: bigint
}

export interface Allocation {
  readonly segmentId: bigint
  readonly ordinal: number
  readonly amountFen: bigint
}

/** Clears open receivables in the order given (oldest first) until the payment is used up; what is left over is a prepayment. */
export function allocate(
  amountFen: bigint,
  open: readonly OpenReceivable[],
): { readonly allocations: readonly Allocation[]; readonly restFen: bigint } {
  const allocations: Allocation[] = []
  let restFen = amountFen
  for (const { segmentId, ordinal, openFen } of open) {
    const part = openFen < restFen ? openFen : restFen
    if (part > 0n) allocations.push({ segmentId, ordinal, amountFen: part })
    restFen -= part
  }
  return { allocations, restFen }
}
