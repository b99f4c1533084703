import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { applyDecisions } from '../../../mdm/exceptions/apply-decisions.js'
import { decideExceptions } from '../../../mdm/exceptions/decide-exceptions.js'
import { openExceptions } from '../../../mdm/exceptions/open-exceptions.js'
import type { TestDatabase } from '../../support/database.js'
import { arrangeQueue, clerk, openHeld } from '../support/queue-scene.js'

const script = fileURLToPath(new URL('killed-apply.js', import.meta.url))

async function applyAndDie(database: TestDatabase, statements: number, now: number): Promise<NodeJS.Signals | null> {
  const child = spawn(process.execPath, [script, database.url('mdm'), String(statements), String(now)], {
    stdio: 'inherit',
  })
  const [, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
  return signal
}

t.test(
  'a process that is killed anywhere between a decision and its effect changes nothing about either',
  async (t) => {
    const database = await arrangeQueue(t)
    const now = await openHeld(database, [995_00, 990_00])
    const mdm = database.as('mdm')
    const wish = { filter: {}, action: 'accept', reason: 'looked at it', evidence: '', actor: clerk, now } as const
    await decideExceptions(database.as('console'), wish)
    const state = () =>
      mdm.query(`select (select count(*) from exception_effect)::integer as effects, (select count(*) from exception_event)::integer as events,
                      (select count(*) from validation_decision)::integer as decisions`)
    const before = await state()
    const after = [{ effects: 2, events: 4, decisions: 6 }]
    t.equal(await applyAndDie(database, 0, now), 'SIGKILL', 'written and not committed')
    t.same(await state(), before)
    // All or nothing; the first run that dies behind the commit has done all, and the one that does not die ends it.
    let statements = 1
    for (; (await applyAndDie(database, statements, now)) === 'SIGKILL'; statements++) {
      const found = await state()
      t.same(
        found,
        JSON.stringify(found) === JSON.stringify(after) ? after : before,
        `killed before statement ${statements}`,
      )
    }
    t.ok(statements > 5, `${statements} statements`)
    t.same(await state(), after)
    t.match(await applyDecisions(mdm, { now }), { applied: 0 })
    t.match(await openExceptions(mdm, { actor: 'system', now }), { opened: 0, closed: 0, stillOpen: 0 })
  },
)
