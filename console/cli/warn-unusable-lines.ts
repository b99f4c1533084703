import { usableLines } from '../../headend/usable-lines.js'
import type { Queryable } from '../../storage/database.js'
import { loadLines } from '../../storage/headend/lines.js'
import type { Io } from './io.js'

/** Says on stderr which lines nobody can read because of what the registry says of them: their due points are among the open ones. */
export async function warnUnusableLines(io: Pick<Io, 'err'>, reader: Queryable): Promise<void> {
  for (const { message } of usableLines(await loadLines(reader)).unusable)
    io.err(`线路不可用 line_unusable: ${message}`)
}
