import { join } from 'node:path'
import { UserError } from '../../domain/errors.js'
import { createRealClock } from '../runtime/real-clock.js'
import { openDatabase } from '../../storage/database.js'
import { resolveDatabase, type ResolvedDatabase } from '../../storage/resolve-database.js'
import type { Io } from '../cli/io.js'
import { toJson } from '../cli/json.js'
import type { Messages, StageKey } from '../messages/catalogue.js'
import { createProgress, type Progress, type StageProgress } from '../progress.js'
import { loadStatus } from '../status/load-status.js'
import { serveStatus } from '../status/server.js'
import { billingSteps, billMonth } from './bill-month.js'
import { compareWithTruth } from './check-truth.js'
import { type Cleanup, createCleanup } from './cleanup.js'
import { collectMoney, moneyDays } from './collect-money.js'
import { collectMonth, nightCount } from './collect-month.js'
import { prepareDemoDatabase } from './demo-database.js'
import { createWorld } from './demo-world.js'
import { gatherReport } from './gather-report.js'
import { reportText } from './print-report.js'
import type { DemoReport } from './report.js'
import { reportedSpan } from './reported-span.js'

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

/** What a shell reports for a program that Ctrl-C ended. */
const interruptedExitCode = 130

/**
 * The whole story from meter to money, then the status page until Ctrl-C. Whatever ends it, sockets, sessions and the local database are
 * given back; what an interrupted run left is thrown away by the next one.
 * @throws UserError `refused` when the proof does not hold or the product disagrees with the simulator's truth.
 */
export async function runDemo(io: Io, messages: Messages, options: DemoOptions): Promise<void> {
  const cleanup = createCleanup()
  const progress = createProgress(io)
  const interruption = watchInterruption(io, messages, progress, cleanup)
  try {
    const resolved = await resolveDatabase(io.env, options.folder, 'own')
    cleanup.add(resolved.close)
    const page = options.exit ? null : await openPage(resolved, options.port, cleanup)
    const report = await tellStory(progress, messages, options, resolved, cleanup)
    io.out(options.json ? toJson(report) : reportText(report, messages))
    requireTrue(report)
    if (page === null) return
    interruption.expect()
    io.err(messages.connectWith(report.database.connect))
    io.err(messages.pageIsUp(page.url))
    await interruption.happened
  } finally {
    // A second Ctrl-C while things are given back ends the program, too, as an interruption and not by the bare signal.
    await cleanup.run()
    interruption.stop()
  }
}

type Staged = <T>(key: StageKey, steps: number, act: (stage: StageProgress) => Promise<T>) => Promise<T>

async function tellStory(
  progress: Progress,
  messages: Messages,
  options: DemoOptions,
  resolved: ResolvedDatabase,
  cleanup: Cleanup,
): Promise<DemoReport> {
  const staged: Staged = async (key, steps, act) => {
    const stage = progress.stage(messages.stages[key], steps)
    try {
      const result = await act(stage)
      stage.done()
      return result
    } finally {
      // A bar that goes on would keep the process alive after a failure.
      stage.stop()
    }
  }
  await staged('database', 1, () => prepareDemoDatabase(resolved))
  const world = await staged('utility', 1, () => createWorld(resolved, options, cleanup))
  await staged('collect', nightCount, (stage) => collectMonth(world, stage))
  const billed = await staged('bill', billingSteps, (stage) => billMonth(world, stage))
  const providers = await staged('dun', moneyDays, (stage) => collectMoney(world, stage))
  return staged('check', 1, async () => {
    const truth = await compareWithTruth(world, join(options.folder, '.shuangwu'), providers)
    return gatherReport(world, resolved, billed, truth)
  })
}

/** The page is opened first, so that a taken port is known before the long work; it reads in real time and holds no virtual clock. */
async function openPage(resolved: ResolvedDatabase, port: number, cleanup: Cleanup) {
  const reader = openDatabase({ url: resolved.url('reader'), clock: createRealClock(), connections: 2 })
  cleanup.add(reader.close)
  const page = await serveStatus(port, () => loadStatus(reader, reportedSpan))
  cleanup.add(page.close)
  return page
}

function requireTrue({ truth, proof, collection, ledger }: DemoReport): void {
  if (truth.mismatches > 0)
    throw new UserError('refused', `${truth.mismatches} 处与模拟器真值不符 mismatches with the simulator's truth`)
  if (!proof.holds) throw new UserError('refused', `账单证明不成立 the proof of bill ${proof.billNumber} does not hold`)
  if (collection.open > 0)
    throw new UserError('refused', `${collection.open} 个应抄点期末未了 due points are open at the end`)
  if (ledger.debitMinusCreditFen !== 0n) throw new UserError('refused', '总账不平 the ledger does not balance')
  if (ledger.auditFaults > 0)
    throw new UserError('refused', `${ledger.auditFaults} 处总账稽核差错 faults found by the ledger audit`)
}

interface Interruption {
  /** From here on Ctrl-C is the ordinary end. */
  readonly expect: () => void
  readonly happened: Promise<void>
  readonly stop: () => void
}

/** Ctrl-C during the story gives everything back and ends with 130; a second one ends at once. */
function watchInterruption(io: Io, messages: Messages, progress: Progress, cleanup: Cleanup): Interruption {
  let expected = false
  let count = 0
  let happen = (): void => undefined
  const happened = new Promise<void>((resolve) => {
    happen = resolve
  })
  const stop = io.onInterrupt(() => {
    count += 1
    if (count > 1) io.exit(interruptedExitCode)
    if (expected) return happen()
    progress.stop()
    io.err(messages.interrupted)
    void cleanup.run().finally(() => io.exit(interruptedExitCode))
  })
  return {
    expect: () => {
      expected = true
    },
    happened,
    stop,
  }
}
