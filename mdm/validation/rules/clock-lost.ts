import type { ValidationRule } from '../rule.js'

/** The meter did not know the time: its midnight may have been any moment. A value that did not come from a freeze is none the worse. */
export const clockLost: ValidationRule = ({ clock, chosen }) =>
  clock !== 'absurd' || chosen.source === 'field' || chosen.source === 'exchange' || chosen.source === 'live'
    ? null
    : 'the meter had lost the time over this midnight'
