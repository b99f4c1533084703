import type { ValidationRule } from '../rule.js'

/** Two or more values under one key and no read on site that settles it: nobody may choose silently. */
export const disputed: ValidationRule = ({ claims, chosen }) =>
  claims.length < 2 || chosen.source === 'field' ? null : `${claims.length} different values under one key`
