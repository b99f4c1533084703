/** Why accounts under a version are rated one by one by the readable rules: what the compiler does not know. */
export type NotCompiled =
  /** The version changes inside the period, or none holds. */
  | 'not_one_version'
  /** Energy by when it was used. */
  | 'asks_for_curves'
  /** The currency has other decimals than two, energies or amounts are rounded otherwise than each line half up to them. */
  | 'rounded_otherwise'
  /** Tax that a component charges, purchased power, more decimals than columns hold. */
  | 'booked_otherwise'
  /** Capacity or class of the registry, which plain accounts are not grouped by. */
  | 'asks_the_registry'
  /** Amounts of other lines, quantities of earlier months. */
  | 'asks_lines_or_history'
  /** A second ladder, or something else that counts beyond the period. */
  | 'remembers_more_than_a_ladder'
  /** A fact or a season on which the component depends changes inside the period. */
  | 'changes_inside_the_period'
  /** A component that applies and is no charge on energy, or asks for another quantity, a share of it, something free or at least. */
  | 'charges_otherwise'
  /** Volume, packages, prices by interval, flat amounts, blocks by slot, a ladder that ends. */
  | 'priced_otherwise'
  /** A scope other than a calendar year by months in use, a month, or the period itself; one that begins within the period, or puts earlier use into blocks anew. */
  | 'scope_otherwise'
  /** Registers without a residual slot, slots of another calendar than theirs. */
  | 'slots_otherwise'
  /** 100 or more a unit, below nothing, or with more than eight decimals. */
  | 'price_out_of_range'
  /** A multiple that is neither one nor minus one. */
  | 'multiplied_otherwise'
  /** The readable rules refuse: a cell is absent, a fact is missing, a quantity is asked for. They say why, account by account. */
  | 'refused'
