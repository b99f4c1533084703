import t from 'tap'
import type { FieldEventChange, MeterRemovalChange } from '../../../domain/registry-change.js'
import { hourMs, type Instant } from '../../../domain/time.js'
import { openExceptions } from '../../../mdm/exceptions/open-exceptions.js'
import { recordFindings } from '../../../mdm/exceptions/record-findings.js'
import { applyRegistryChange } from '../../../mdm/registry/apply-registry-change.js'
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

t.test(
  'a broken seal, a fault and a suspicion are doubts until they are answered or the faulty meter is gone',
  async (t) => {
    const database = await arrangeQueue(t)
    const mdm = database.as('mdm')
    const note = async (change: FieldEventChange | MeterRemovalChange, recordedAt: Instant) =>
      t.match(await applyRegistryChange(mdm, change, { actor: 'system', recordedAt }), { value: 'applied' })
    const event = (meter: string, day: number, kind: FieldEventChange['event']): FieldEventChange => ({
      kind: 'field_event',
      meter,
      at: iso(midnight(day)),
      event: kind,
      person: 'Synthetic fitter',
      document: `sheet ${day}`,
      ...(kind === 'resealed' ? { sealsPlaced: ['S-2'] } : {}),
      ...(kind === 'seal_broken_found' ? { sealsFound: ['S-1'] } : {}),
    })
    const look = async (now: Instant) => {
      const findings = await recordFindings(mdm, { now })
      await openExceptions(mdm, { actor: 'system', now })
      const open = await findOpenExceptions(mdm, now)
      return { ...findings, open: open.map(({ kind, meterCode }) => `${kind} ${meterCode}`) }
    }
    // Longer ago than other checks look back.
    await note(event('meter-1', -100, 'seal_broken_found'), midnight(1))
    await note(event('meter-2', 1, 'meter_fault'), midnight(1))
    await note(event('meter-3', 1, 'tamper_suspected'), midnight(1))
    await note(event('meter-3', 1, 'resealed'), midnight(1))
    const all = ['meter_fault meter-2', 'seal_broken_found meter-1', 'tamper_suspected meter-3']
    t.same(await look(midnight(2)), { found: 3, ended: 0, open: all })
    t.same(await look(midnight(3)), { found: 0, ended: 0, open: all }, 'once')
    const [, seal] = await findOpenExceptions(mdm, midnight(3))
    t.match(seal, {
      usagePointId: 1n,
      detail: 'sheet -100 · Synthetic fitter · S-1',
      readAt: null,
      manager: 'manager-1',
    })
    await note(event('meter-1', -101, 'resealed'), midnight(3))
    t.match(await look(midnight(4)), { ended: 0 }, 'a seal of before answers nothing')
    await note(event('meter-1', 4, 'resealed'), midnight(4))
    t.same(await look(midnight(5)), { found: 0, ended: 1, open: [all[0], all[2]] })
    const removal = { kind: 'meter_removal', usagePoint: 'point-2', meter: 'meter-2', at: iso(midnight(5)) } as const
    await note({ ...removal, stopRegisters: { total: '1600' }, document: 'sheet 5' }, midnight(6))
    t.same(await look(midnight(6)), { found: 0, ended: 1, open: [all[2]] })
    await note(event('meter-3', 6, 'tamper_cleared'), midnight(6))
    t.same(await look(midnight(7)), { found: 0, ended: 1, open: [] })
  },
)
