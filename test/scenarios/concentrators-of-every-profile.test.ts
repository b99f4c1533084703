import t from 'tap'
import { present } from '../../domain/result.js'
import { envelopeProfiles } from '../../protocols/concentrator/envelope-profiles.js'
import { dueOutcomes } from '../../storage/headend/outcomes.js'
import { setConcentratorScene } from '../support/concentrator-scene.js'
import { firstMidnight, registersOf } from '../support/field-world.js'

const meters = [11, 12, 13]

const cases: readonly (readonly [profile: string, settings: object, firstPass: number, kept: readonly string[]])[] = [
  ['shuangwu', {}, 3, []],
  ['shuangwu', { profile: 'shuangwu', uploadTopic: 'city/c1/in', receiptTopic: 'city/c1/out' }, 3, []],
  ['air72x-bytes', { profile: 'air72x-bytes' }, 3, []],
  ['air72x-hex', { profile: 'air72x-hex' }, 3, []],
  ['ems-frame-hex', { profile: 'ems-frame-hex' }, 3, []],
  ['nb-iot-side-by-side', { profile: 'nb-iot-side-by-side' }, 3, []],
  ['prefix-unit', { profile: 'prefix-unit' }, 3, []],
  ['quecpython-dtu', { profile: 'quecpython-dtu' }, 3, []],
  // Values with their time are readings of that moment; without one they could be of any age.
  ['ivy-4g-gateway', { profile: 'ivy-4g-gateway' }, 3, []],
  ['dgiot', { profile: 'dgiot' }, 0, ['value_without_time', 'value_without_time', 'value_without_time']],
]

for (const [name, settings, firstPass, kept] of cases) {
  await t.test(
    `${name} ${JSON.stringify(settings)}: given a night's uploads, ${firstPass} of 3 due points are read`,
    async (t) => {
      const line = { code: 'c1', meters, settings }
      const scene = await setConcentratorScene(t, [line])
      const shipped = present(envelopeProfiles.get(name), name)
      const concentrator = await scene.concentrator(line, profileAsSetUp(shipped, settings))
      scene.go()
      await scene.headEnd.collectWindow(firstMidnight)
      // The concentrator would go on night after night while the test looks.
      scene.world.clock.hold()
      const [outcome] = await dueOutcomes(scene.reader, { from: firstMidnight, to: firstMidnight + 1 })
      t.match(outcome, { due: 3, firstPass })
      t.same(
        (await scene.reader.query<{ reason: string }>('select reason from quarantine order by reason')).map(
          ({ reason }) => reason,
        ),
        kept,
      )
      const rows = await scene.reader.query<{ meter_id: bigint; read_at: number; total_e4: bigint }>(
        'select meter_id, read_at, total_e4 from reading',
      )
      for (const row of rows) t.equal(row.total_e4, registersOf(Number(row.meter_id), row.read_at).totalE4)
      t.equal(concentrator.counters().waiting, 0)
    },
  )
}

function profileAsSetUp<P extends { readonly channels: object }>(profile: P, settings: object): P {
  const { uploadTopic, receiptTopic } = settings as { uploadTopic?: string; receiptTopic?: string }
  if (uploadTopic === undefined || receiptTopic === undefined) return profile
  const { channels } = profile as unknown as { channels: { up: object; receipt: object } }
  return {
    ...profile,
    channels: {
      ...profile.channels,
      up: { ...channels.up, topic: 'city/{concentrator}/in' },
      receipt: { ...channels.receipt, topic: 'city/{concentrator}/out' },
    },
  }
}

for (const name of ['quecpython-dtu', 'air72x-bytes']) {
  await t.test(`${name}: what a unit without receipts has not delivered is asked for through it`, async (t) => {
    const line = { code: 'c1', meters, settings: { profile: name } }
    const scene = await setConcentratorScene(t, [line])
    const profile = present(envelopeProfiles.get(name), name)
    const unit = await scene.concentrator(line, profile, { collectAtMinute: 23 * 60 })
    scene.go()
    const report = await scene.headEnd.collectWindow(firstMidnight)
    scene.world.clock.hold()
    t.match(report.lines, [{ due: 3, read: 3, open: 0, counters: { requests: 6, replies: 6, timeouts: 0 } }])
    t.match(unit.transparent(), { requests: 6, answers: 6, collisions: 0 })
    const [outcome] = await dueOutcomes(scene.reader, { from: firstMidnight, to: firstMidnight + 1 })
    t.match(outcome, { due: 3, firstPass: 3, open: 0 })
    t.same(await scene.reader.query('select reason from quarantine'), [])
  })
}
