import { present } from '../../domain/result.js'
import { createSeededRandom } from '../../domain/seeded-random.js'
import type { Random } from '../../domain/runtime.js'
import { beijing, hourMs } from '../../domain/time.js'
import { recordActors, recordDeployment } from '../../storage/deployment.js'
import type { ResolvedDatabase } from '../../storage/resolve-database.js'
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
  await takeOver(world)
  return world
}

/** Go-live: the staff, and the master data that the utility hands over. */
async function takeOver({ seed, clock, description, utility, databases }: DemoWorld): Promise<void> {
  const document = masterDataOf(description, utility.endpoints)
  const recordedAt = clock.now()
  await recordDeployment(databases.console, { purpose: 'demo', seed, createdAt: recordedAt })
  await recordActors(databases.console, document.actors, recordedAt)
  const imported = await importRegistry(databases.mdm, document, { actor: 'system', recordedAt })
  present(imported.ok ? imported.value : null, `import of the demo's master data: ${JSON.stringify(imported)}`)
}
