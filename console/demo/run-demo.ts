import { resolveDatabase } from '../../storage/resolve-database.js'
import type { Io } from '../cli/io.js'
import type { Messages } from '../messages/messages.js'
import { createProgress } from '../progress.js'
import { createCleanup } from './cleanup.js'
import { collectMonth, nightCount } from './collect-month.js'
import { prepareDemoDatabase } from './demo-database.js'
import { createWorld } from './demo-world.js'

export interface DemoOptions {
  /** Folder that holds `.shuangwu/`. */
  readonly folder: string
  readonly seed: number
  readonly meters: number | undefined
  readonly port: number
  /** End when the story ends instead of keeping the status page up. */
  readonly exit: boolean
  readonly json: boolean
}

export async function runDemo(io: Io, messages: Messages, options: DemoOptions): Promise<void> {
  const cleanup = createCleanup()
  const progress = createProgress(io)
  try {
    const resolved = await resolveDatabase(io.env, options.folder, 'own')
    cleanup.add(resolved.close)
    await prepareDemoDatabase(resolved)
    const world = await createWorld(resolved, options, cleanup)
    const stage = progress.stage(messages.stages.collect, nightCount)
    await collectMonth(world, stage, cleanup)
    stage.done()
  } finally {
    await cleanup.run()
  }
}
