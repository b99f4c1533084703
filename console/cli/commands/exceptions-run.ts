import type { Command } from 'commander'
import { UserError } from '../../../domain/errors.js'
import { followUp } from '../../exceptions/let-take-effect.js'
import { redoInterrupted } from '../../registry/redo-correction.js'
import { redoneJson, redoneText } from '../../registry/redone-text.js'
import { applyDecisions } from '../../../mdm/exceptions/apply-decisions.js'
import { openExceptions } from '../../../mdm/exceptions/open-exceptions.js'
import { recordFindings } from '../../../mdm/exceptions/record-findings.js'
import { openFieldOrders } from '../../../mdm/field-orders/open-field-orders.js'
import { writeMoneyAtRisk } from '../../../storage/billing/money-at-risk.js'
import { timesAreVirtual } from '../../../storage/rights.js'
import { createRealClock } from '../../runtime/real-clock.js'
import { parseInstant } from '../parse-instant.js'
import type { Io } from '../io.js'
import { toJson } from '../json.js'
import { requireActor } from '../require-actor.js'
import { withDatabase } from '../session.js'

/** Bills whose mean says what an account is about to be billed. */
const billsForExpectation = 3

export function addExceptionsRunCommand(exceptions: Command, io: Io): void {
  exceptions
    .command('run')
    .description(
      '立项与销项：生效已批决定，下补抄单，新疑点立项，消除的销项 lets approved decisions take effect, orders visits, opens new doubts, closes those that are gone',
    )
    .requiredOption('--actor <id>', '操作人 who runs it, a person or a process')
    .option('--now <instant>', '以此时刻为准，仅限仿真库 as of then; for simulated databases only')
    .option('--json', '输出一个 JSON 文档 one JSON document')
    .action(async (options: { readonly actor: string; readonly now?: string; readonly json?: true }) => {
      const { actor } = options
      const now = options.now === undefined ? createRealClock().now() : parseInstant(options.now)
      await withDatabase(io, 'reader', async (reader) => {
        await requireActor(reader, actor)
        if (options.now !== undefined && !(await timesAreVirtual(reader)))
          throw new UserError(
            'refused',
            '--now: 此库用服务器时钟，仅仿真库可另定时刻 this database keeps the server’s time; only a simulated one takes another',
          )
      })
      const priced = await withDatabase(io, 'billing', (billing) =>
        writeMoneyAtRisk(billing, { now, bills: billsForExpectation }),
      )
      const corrections = await redoInterrupted(io, { actor, now })
      const [applied, followed, visits, findings, found] = await withDatabase(io, 'mdm', async (mdm) => [
        await applyDecisions(mdm, { now }),
        await followUp(mdm, { actor, now }),
        (await openFieldOrders(mdm, { now })).opened.length,
        await recordFindings(mdm, { now }),
        await openExceptions(mdm, { now, actor }),
      ])
      const { withoutPlace } = found
      if (withoutPlace.length > 0)
        io.err(
          `${withoutPlace.length} 个疑点无安装档案，无人负责 doubts about meters that never hung anywhere: ${withoutPlace.slice(0, 3).join(', ')}`,
        )
      if (options.json === true)
        return io.out(
          toJson({
            priced,
            ...applied,
            visits,
            findings,
            ...found,
            corrections: corrections.map(redoneJson),
            followed: followed === null ? null : redoneJson(followed),
          }),
        )
      io.out(
        `生效 applied ${applied.applied} · 失效 superseded ${applied.superseded} · 不可估 not estimable ${applied.notEstimable} · ` +
          `补抄 visits ordered ${visits} · 立项 opened ${found.opened} · 销项 closed ${found.closed} · 未结 open ${found.stillOpen}`,
      )
      for (const one of corrections)
        io.out(`补做中断的更正或期初 what an interrupted correction or opening left to do\n${redoneText(one)}`)
      if (followed !== null) io.out(redoneText(followed))
    })
}
