import type { ValidationRule } from '../rule.js'

/** The meter's clock was out of its limit over the midnight: the freeze was taken somewhat early or late. */
export const clockSkew: ValidationRule = ({ clock }) =>
  clock === 'out_of_limit' ? 'the clock of the meter was out of its limit over this midnight' : null
