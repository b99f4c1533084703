import { UserError } from '../../domain/errors.js'
import { openDatabase } from '../../storage/database.js'
import { type Purpose, readPurpose } from '../../storage/deployment.js'
import { migrate } from '../../storage/migrate.js'
import { recreateDatabase } from '../../storage/recreate-database.js'
import type { ResolvedDatabase } from '../../storage/resolve-database.js'
import { createRealClock } from '../runtime/real-clock.js'

/**
 * Makes the database empty and current for a demo. What an earlier demo left, finished or not, is thrown away; anything else is refused.
 * @throws UserError `refused` when the database is put to another use.
 */
export async function prepareDemoDatabase(resolved: ResolvedDatabase): Promise<void> {
  const purpose = await purposeOf(resolved.ownerUrl)
  if (purpose !== 'empty' && purpose !== 'demo') {
    throw new UserError('refused', `the database is in use (${purpose}); a demo needs an empty folder or database`)
  }
  if (purpose === 'demo') await recreateDatabase(resolved.ownerUrl)
  await migrate(resolved.ownerUrl, resolved.migrateOptions)
}

async function purposeOf(ownerUrl: string): Promise<Purpose> {
  const owner = openDatabase({ url: ownerUrl, clock: createRealClock() })
  try {
    return await readPurpose(owner)
  } finally {
    await owner.close()
  }
}
