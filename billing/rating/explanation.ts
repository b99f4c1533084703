/** One step of a bill's derivation: the rule that was applied, what went in and what came out, as decimal texts. */
export interface Explanation {
  readonly rule: 'slot_energy' | 'ladder_months' | 'ladder_limits' | 'block_energy' | 'charge_line' | 'bill_total'
  readonly inputs: Readonly<Record<string, string>>
  readonly result: string
}
