import { UserError } from '../../domain/errors.js'
import { openDatabase } from '../../storage/database.js'
import { type Purpose, readPurpose } from '../../storage/deployment.js'
import { migrate } from '../../storage/migrate.js'
import { recreateDatabase } from '../../storage/recreate-database.js'
import type { ResolvedDatabase } from '../../storage/resolve-database.js'
import { createRealClock } from '../runtime/real-clock.js'

/**
 * Makes the database empty and current for a demo. In the folder's own database, what an earlier demo left, finished or not, is thrown
 * away. A database that somebody else keeps is only ever taken empty, and never dropped.
 * @throws UserError `refused` when the database is put to another use.
 */
export async function prepareDemoDatabase(resolved: ResolvedDatabase): Promise<void> {
  const purpose = await purposeOf(resolved.ownerUrl)
  if (purpose === 'demo' && resolved.local !== null) await recreateDatabase(resolved.ownerUrl)
  else if (purpose !== 'empty') throw new UserError('refused', refusals[purpose])
  if (resolved.local === null) refuseMaintenanceDatabase(resolved.ownerUrl)
  await migrate(resolved.ownerUrl, resolved.migrateOptions)
}

const refusals: Readonly<Record<Exclude<Purpose, 'empty'>, string>> = {
  demo: 'the database of DATABASE_URL holds an earlier demo; name an empty one, or unset DATABASE_URL',
  production: 'the database is a utility\u2019s own; a demo needs an empty folder or an empty database',
  foreign: 'the database holds tables that are not ours; a demo needs an empty folder or an empty database',
}

function refuseMaintenanceDatabase(ownerUrl: string): void {
  const name = decodeURIComponent(new URL(ownerUrl).pathname.slice(1))
  if (name === '' || name === 'postgres' || name.startsWith('template'))
    throw new UserError('refused', `DATABASE_URL names the database ${name || '(none)'}; a demo needs one of its own`)
}

async function purposeOf(ownerUrl: string): Promise<Purpose> {
  const owner = openDatabase({ url: ownerUrl, clock: createRealClock() })
  try {
    return await readPurpose(owner)
  } finally {
    await owner.close()
  }
}
