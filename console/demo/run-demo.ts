import { resolveDatabase } from '../../storage/resolve-database.js'
import type { Io } from '../cli/io.js'
import type { Messages } from '../messages/catalogue.js'
import { createProgress, type StageProgress } from '../progress.js'
import { billMonth, billingSteps } from './bill-month.js'
import { compareWithTruth } from './check-truth.js'
import { collectMoney, moneyDays } from './collect-money.js'
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
    const staged = async <T>(title: string, steps: number, act: (stage: StageProgress) => Promise<T>): Promise<T> => {
      const stage = progress.stage(title, steps)
      const result = await act(stage)
      stage.done()
      return result
    }
    await staged(messages.stages.collect, nightCount, (stage) => collectMonth(world, stage))
    const billed = await staged(messages.stages.bill, billingSteps, (stage) => billMonth(world, stage))
    const providers = await staged(messages.stages.dun, moneyDays, (stage) => collectMoney(world, stage))
    const truth = await compareWithTruth(world, `${options.folder}/.shuangwu`, providers)
    console.error(billed, truth)
  } finally {
    await cleanup.run()
  }
}
