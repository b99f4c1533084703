import type { ValidationRule } from '../rule.js'

/** Two meters or addresses that show the same registers: at most one of them is right. See `findDuplicates`. */
export const duplicate: ValidationRule = ({ neighbours }) =>
  neighbours.sameAs === null ? null : `shows the registers of meter ${neighbours.sameAs}`
