import { minuteMs, secondMs } from '../domain/time.js'
import type { DatabaseLimits } from '../storage/pooled-sessions.js'

/**
 * How long a node waits for its database. A statement of a node is about one batch or one line and takes milliseconds; beyond this the
 * connection is half open, and waiting on would look like work.
 */
export const nodeDatabaseLimits: DatabaseLimits = { connectMs: 10 * secondMs, statementMs: 30 * secondMs }

/** What goes over all meters of a company at once: laying due points down, foretelling, tallies, tables of concentrators, figures. */
export const companyWideLimitMs = 15 * minuteMs

/** A node asks every second: without an answer for so long the database is away, whatever the open statements will say. */
export const freshAnswerMs = 15 * secondMs
