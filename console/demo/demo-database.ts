import { UserError } from '../../domain/errors.js'
import { demoOrganisation } from '../../simulators/utility/describe-utility.js'
import { type Database, openDatabase } from '../../storage/database.js'
import { findUseBesidesDemo, type Purpose, readPurpose } from '../../storage/deployment.js'
import { migrate } from '../../storage/migrate.js'
import { recreateDatabase } from '../../storage/recreate-database.js'
import type { ResolvedDatabase } from '../../storage/resolve-database.js'
import { createRealClock } from '../runtime/real-clock.js'

/** Under which the demo's own head-end takes its lines. */
export const demoNode = 'demo'

/**
 * Makes the database empty and current for a demo. In the folder's own database, what an earlier demo left, finished or not, is thrown
 * away. A database that somebody else keeps is only ever taken empty, and never dropped.
 * @throws UserError `refused` when the database is put to another use.
 */
export async function prepareDemoDatabase(resolved: ResolvedDatabase): Promise<void> {
  const { purpose, usedFor } = await asOwner(resolved.ownerUrl, async (owner) => ({
    purpose: await readPurpose(owner),
    usedFor: await findUseBesidesDemo(owner, { node: demoNode, organisation: demoOrganisation }),
  }))
  if (purpose === 'demo' && usedFor !== null)
    throw new UserError(
      'refused',
      `演示库已作他用（${usedFor}）the demo's database has been used for something else as well (${usedFor}); take another folder: SHUANGWU_FOLDER, or remove .shuangwu yourself`,
    )
  if (purpose === 'demo' && resolved.local !== null) await recreateDatabase(resolved.ownerUrl)
  else if (purpose !== 'empty') throw new UserError('refused', refusals[purpose])
  if (resolved.local === null) refuseMaintenanceDatabase(resolved.ownerUrl)
  await migrate(resolved.ownerUrl, resolved.migrateOptions)
}

const refusals: Readonly<Record<Exclude<Purpose, 'empty'>, string>> = {
  demo: 'DATABASE_URL 的库是先前的演示库，请用空库 the database of DATABASE_URL holds an earlier demo; name an empty one, or unset DATABASE_URL',
  production:
    '该库为供电企业所用，演示须用空文件夹或空库 the database is a utility\u2019s own; a demo needs an empty folder or an empty database',
  foreign:
    '库中有他人的表，演示须用空文件夹或空库 the database holds tables that are not ours; a demo needs an empty folder or an empty database',
}

function refuseMaintenanceDatabase(ownerUrl: string): void {
  const name = decodeURIComponent(new URL(ownerUrl).pathname.slice(1))
  if (name === '' || name === 'postgres' || name.startsWith('template'))
    throw new UserError(
      'refused',
      `演示须有自己的库 DATABASE_URL names the database ${name || '(none)'}; a demo needs one of its own`,
    )
}

async function asOwner<T>(ownerUrl: string, act: (owner: Database) => Promise<T>): Promise<T> {
  const owner = openDatabase({ url: ownerUrl, clock: createRealClock() })
  try {
    return await act(owner)
  } finally {
    await owner.close()
  }
}
