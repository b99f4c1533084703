import { addDays, minuteMs } from '../../domain/time.js'
import { at, monthEnd, monthStart } from '../../simulators/utility/story-calendar.js'

/** Due points of the month: from its first midnight to the one that ends it, both included. */
export const reportedSpan = { from: at(monthStart), to: at(monthEnd) + minuteMs } as const

/** The nightly windows in which those midnights were read first: one night each, up to the end of the last. */
export const reportedWindows = { from: at(monthStart), to: at(addDays(monthEnd, 1)) } as const
