import type { ValidationRule } from '../rule.js'

/** Two meters have changed places: each one's value continues the other one's series (reliability, story 16). See `findSwaps`. */
export const swappedPair: ValidationRule = ({ neighbours }) =>
  neighbours.swappedWith === null
    ? null
    : `continues the series of meter ${neighbours.swappedWith}, and the other way round`
