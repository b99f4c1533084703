import { present } from '../../domain/result.js'
import { createSeededRandom } from '../../domain/seeded-random.js'
import type { Random } from '../../domain/runtime.js'
import { beijing, hourMs, type Instant } from '../../domain/time.js'
import { type Database, openDatabase } from '../../storage/database.js'
import { recordActors, recordDeployment } from '../../storage/deployment.js'
import type { ResolvedDatabase } from '../../storage/resolve-database.js'
import { changeApprovalRight, confirmApprovalRight, letTimesBeVirtual } from '../../storage/rights.js'
import { startBroker } from '../../simulators/broker.js'
import { describeUtility } from '../../simulators/utility/describe-utility.js'
import type { UtilityDescription } from '../../simulators/utility/description.js'
import { masterDataOf } from '../../simulators/utility/master-data.js'
import { type RunningUtility, startUtility } from '../../simulators/utility/start-utility.js'
import { monthStart } from '../../simulators/utility/story-calendar.js'
import { createVirtualClock, type VirtualClock } from '../../simulators/virtual-clock.js'
import { createVirtualNetwork } from '../../simulators/virtual-network.js'
import { importRegistry } from '../../mdm/registry/import-registry.js'
import { openRoles } from '../cli/session.js'
import { createRealNetwork } from '../runtime/real-network.js'
import { type Cleanup, createCleanup } from './cleanup.js'
import { openBooks } from './open-books.js'

const roles = ['headend', 'mdm', 'billing', 'dunning', 'console', 'reader'] as const

/** Everything the story plays in: virtual time, real sockets, the simulated utility, and a database session pool per process role. */
export interface DemoWorld {
  readonly seed: number
  readonly clock: VirtualClock
  readonly network: ReturnType<typeof createVirtualNetwork>
  readonly random: Random
  readonly description: UtilityDescription
  readonly utility: RunningUtility
  /** Gives back what the reading of the month needs: the utility, the broker and the head-end. */
  readonly field: Cleanup
  /** Login of a process role, for what opens sessions of its own. */
  readonly urlOf: ResolvedDatabase['url']
  readonly databases: ReturnType<typeof openRoles<(typeof roles)[number]>>
}

/** The story begins on the evening before the billed month. */
const storyStart = beijing.startOfDay(monthStart) - 4 * hourMs
const anyPort = { host: '127.0.0.1', port: 0 } as const

export async function createWorld(
  resolved: ResolvedDatabase,
  options: { readonly seed: number; readonly meters: number | undefined },
  cleanup: Cleanup,
): Promise<DemoWorld> {
  const { seed, meters } = options
  const clock = createVirtualClock(storyStart)
  cleanup.add(() => clock.close())
  const network = createVirtualNetwork(clock, createRealNetwork())
  const random = createSeededRandom(seed)
  const databases = openRoles(resolved, clock, roles)
  cleanup.add(databases.closeAll)
  const description = describeUtility(meters === undefined ? { seed } : { seed, meters })
  const field = createCleanup()
  cleanup.add(field.run)
  const broker = await startBroker(anyPort, network)
  field.add(broker.close)
  const utility = await startUtility(description, { clock, network, random, broker: broker.endpoint })
  field.add(utility.close)
  const world = { seed, clock, network, random, description, utility, field, urlOf: resolved.url, databases }
  await takeOver(world, resolved.ownerUrl)
  return world
}

/** Go-live: the staff, who may approve, and the master data that the utility hands over. */
async function takeOver({ seed, clock, description, utility, databases }: DemoWorld, ownerUrl: string): Promise<void> {
  const document = masterDataOf(description, utility.endpoints)
  const recordedAt = clock.now()
  const owner = openDatabase({ url: ownerUrl, clock, connections: 1 })
  try {
    await recordDeployment(owner, { purpose: 'demo', seed, createdAt: recordedAt })
    await letTimesBeVirtual(owner, 'a demo plays its month in minutes')
    await recordActors(owner, document.actors, recordedAt)
    await letApprove(owner, databases.console, recordedAt)
  } finally {
    await owner.close()
  }
  const imported = await importRegistry(databases.mdm, document, { actor: 'system', recordedAt })
  present(imported.ok ? imported.value : null, `import of the demo's master data: ${JSON.stringify(imported)}`)
  await openBooks(databases, recordedAt)
}

/** The first two who may approve vouch for each other; the third needs both, one to ask and one to confirm. */
async function letApprove(owner: Database, console: Database, recordedAt: Instant): Promise<void> {
  const grant = { granted: true, loginName: null, reason: 'go-live', recordedAt }
  await changeApprovalRight(owner, { ...grant, actor: 'tariff-2', author: 'tariff-3' })
  await changeApprovalRight(owner, { ...grant, actor: 'tariff-3', author: 'tariff-2' })
  await changeApprovalRight(owner, { ...grant, actor: 'dunning-2', author: 'tariff-2' })
  await confirmApprovalRight(console, { actor: 'dunning-2', approver: 'tariff-3', confirmedAt: recordedAt })
}
