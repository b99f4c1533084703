import { groupBy } from '../../domain/group-by.js'
import type { WaitingRead } from '../../storage/headend/read-requests.js'
import type { WaitingOrder } from '../../storage/headend/waiting-orders.js'
import type { ClaimedWorkItem } from '../../storage/work/work-items.js'
import type { Line } from '../line-settings.js'
import type { CollectionPlan } from '../plan/plan-document.js'
import type { PlanInForce } from '../plan/plan-in-force.js'
import { createLineAccess, type LineAccessOptions } from './line-access.js'
import { createLineActs, type LineActsOptions } from './line-acts.js'
import { createLineAnswers, type LineAnswersOptions } from './line-answers.js'
import { createLineErrands, type LineErrandsOptions } from './line-errands.js'
import { createWindowActs, type WindowActsOptions } from './window-acts.js'
import { parseWindow } from './window-run.js'

/** What the parts of a node that talk on lines need together. */
export interface OwnedLinesOptions
  extends LineActsOptions,
    LineAccessOptions,
    LineAnswersOptions,
    LineErrandsOptions,
    WindowActsOptions {
  readonly metrics: WindowActsOptions['metrics']
  readonly uploads: WindowActsOptions['uploads']
}

/** The lines on which this node does something now. Each line has one holder in the node, as it has one node. */
export interface OwnedLines {
  /** Begins a pass of a claimed window and sees to its end. */
  readonly collect: (item: ClaimedWorkItem, inForce: PlanInForce) => void
  /** Takes reads that somebody waits for: between two exchanges where we talk already, otherwise on a line that nobody holds. */
  readonly answer: (waiting: readonly WaitingRead[], plan: CollectionPlan) => void
  /** Carries out approved orders, between two exchanges or on a line that nobody holds. */
  readonly carryOut: (waiting: readonly WaitingOrder[], plan: CollectionPlan) => void
  /** Tells lines the time under a standing order. */
  readonly tellTime: (lines: readonly Line[], plan: CollectionPlan) => Promise<void>
  readonly busy: () => number
  readonly held: () => number
  readonly answering: () => number
  readonly drained: () => Promise<void>
}

export function createOwnedLines(options: OwnedLinesOptions): OwnedLines {
  const acts = createLineActs(options)
  const access = createLineAccess(options)
  const errands = createLineErrands(options)
  const answers = createLineAnswers(options, access)
  const windows = createWindowActs(options, { access, answers, errands })
  let busy = 0

  async function doErrands(lineCode: string, plan: CollectionPlan): Promise<void> {
    const { models } = plan
    await access.onIdleLine(lineCode, plan, async (line, session, hold) => {
      while (await errands.doOne({ line, session, hold, models }));
    })
  }

  /** Where we talk already, it is done between two exchanges. */
  function beginErrands(codes: readonly string[], plan: CollectionPlan): void {
    for (const code of codes) {
      const desk = windows.errandDesk(code)
      if (desk !== undefined) desk.offer()
      else if (!acts.isBusy(code)) acts.begin(code, () => doErrands(code, plan))
    }
  }

  return {
    collect(item, inForce) {
      busy += 1
      acts.begin(parseWindow(item.payload).line, async () => {
        try {
          await windows.collectWindow(item, inForce)
        } finally {
          busy -= 1
        }
      })
    },
    answer(waiting, plan) {
      for (const [lineCode, reads] of groupBy(answers.take(waiting), (read) => read.lineCode)) {
        const desk = windows.readDesk(lineCode)
        if (desk === undefined) acts.begin(lineCode, () => answers.answerIdle(lineCode, reads, plan))
        else desk.take(reads)
      }
    },
    carryOut: (waiting, plan) => beginErrands(errands.takeOrders(waiting), plan),
    tellTime: async (candidates, plan) => beginErrands(await errands.takeBroadcasts(candidates), plan),
    busy: () => busy,
    held: access.held,
    answering: answers.inHand,
    drained: acts.drained,
  }
}
