import t from 'tap'
import { hourMs } from '../../../domain/time.js'
import { openExceptions } from '../../../mdm/exceptions/open-exceptions.js'
import { recordFindings } from '../../../mdm/exceptions/record-findings.js'
import { findOpenExceptions } from '../../../storage/mdm/open-exceptions.js'
import { arrangeQueue, iso } from '../support/queue-scene.js'
import { midnight } from '../support/small-utility.js'

t.test('a held day of a curve is a doubt until a later revision of it stands', async (t) => {
  const database = await arrangeQueue(t)
  const mdm = database.as('mdm')
  const store = (revision: number, verdict: string, rules: string) =>
    mdm.execute(
      `insert into interval_day (meter_id, channel, day_start, revision, service_date, slot_minutes, slot_count, values_e4, qualities, sum_e4,
                                 verdict, rules, reason, content_digest, policy_version, recorded_at)
       values (1, 1, $1, $2, '2026-07-02', 60, 1, '\\x00000000', '\\x00', 0, $3, $4, 'as planted', sha256($5::text::bytea), 'built-in/1', $6)`,
      [iso(midnight(2)), revision, verdict, rules, String(revision), iso(midnight(3) + revision * hourMs)],
    )
  await store(1, 'held', '{interval_sum}')
  const now = midnight(4)
  t.match(await recordFindings(mdm, { now }), { found: 1, ended: 0 })
  t.match(await recordFindings(mdm, { now: now + hourMs }), { found: 0, ended: 0 }, 'once')
  await openExceptions(mdm, { actor: 'system', now: now + hourMs })
  const open = await findOpenExceptions(mdm, now + hourMs)
  t.match(open, [{ kind: 'curve_day_held', meterId: 1n, usagePointId: 1n, detail: '2026-07-02: as planted' }])
  await store(2, 'filled', '{}')
  t.match(await recordFindings(mdm, { now: now + 2 * hourMs }), { found: 0, ended: 1 })
  t.match(await openExceptions(mdm, { actor: 'system', now: now + 2 * hourMs }), { opened: 0, closed: 1, stillOpen: 0 })
})
