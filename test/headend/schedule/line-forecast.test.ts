import t from 'tap'
import { secondMs } from '../../../domain/time.js'
import { measuredSpeed } from '../../../headend/schedule/airtime.js'
import { forecastLine } from '../../../headend/schedule/line-forecast.js'
import { simulatedMeter } from '../../support/field-world.js'
import { dueOf, type LineScene, runScene, settingsOf, windowOf } from '../../support/line-scene.js'

/** N-04: how far a forecast may be off. */
const tolerance = 0.05
const ordinals = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

function forecastOf(scene: LineScene, measured: ReturnType<typeof measuredSpeed>) {
  const timing = { ...settingsOf(scene), parity: scene.parity ?? 'even' }
  const bus = { protocol: 'dlt645', timing, measured, quirksOf: () => scene.quirks ?? {} } as const
  return forecastLine(bus, dueOf(scene), windowOf(scene))
}

const dead = new Map([3, 17, 40].map((ordinal) => [ordinal, 5]))

const scenes: readonly (readonly [title: string, scene: LineScene])[] = [
  ['a sound line', { due: ordinals(60) }],
  ['a sound line with a gap and a backlog', { due: ordinals(20), nights: 6, requestGapMs: 50 }],
  ['a slow line', { due: ordinals(40), baud: 1200 }],
  ['a fast line', { due: ordinals(120), baud: 9600, requestGapMs: 30 }],
  ['every twentieth reply damaged', { due: ordinals(120), nights: 5, damagedPermille: 50 }],
  [
    'bit errors of 1e-4 with parity',
    { due: ordinals(120), nights: 2, faults: { noise: { errorsPerMillionBits: 100, parity: 'even' } } },
  ],
  ['no parity, so that all is read twice', { due: ordinals(60), parity: 'none' }],
  [
    'meters that are known to be silent',
    {
      due: ordinals(60),
      silentWindows: dead,
      meters: ordinals(60)
        .filter((ordinal) => !dead.has(ordinal))
        .map((ordinal) => ({ meter: simulatedMeter(ordinal), from: 0, to: null })),
    },
  ],
]

for (const [title, scene] of scenes)
  t.test(`${title}: what is foretold is achieved within 5 %`, async (t) => {
    const before = await runScene({ ...scene, name: 'the night before' })
    const forecast = forecastOf(scene, measuredSpeed(before.counters, settingsOf(scene).baud))
    const { counters, tookMs } = await runScene(scene)
    const airtimeMs = counters.airtimeMs + counters.requests * settingsOf(scene).requestGapMs
    const predictedMs = forecast.endsAt - windowOf(scene).start
    const airtimeError = Math.abs(forecast.airtimeMs / airtimeMs - 1)
    const endError = Math.abs(predictedMs / tookMs - 1)
    t.comment(
      `airtime ${forecast.airtimeMs.toFixed(0)} for ${airtimeMs} ms, end ${predictedMs.toFixed(0)} for ${tookMs} ms`,
    )
    t.ok(airtimeError <= tolerance, `airtime is off by ${(100 * airtimeError).toFixed(2)} %`)
    t.ok(endError <= tolerance, `the end is off by ${(100 * endError).toFixed(2)} %`)
    t.equal(forecast.unfit.length, 0)
  })

t.test('before anything was measured, a fair cable and usual meters are assumed', async (t) => {
  const scene: LineScene = { due: ordinals(60) }
  const { tookMs } = await runScene(scene)
  const predictedMs = forecastOf(scene, null).airtimeMs
  t.ok(Math.abs(predictedMs / tookMs - 1) <= tolerance, `${predictedMs.toFixed(0)} for ${tookMs} ms`)
})

t.test('a plan that does not fit its window is said before it opens, and the rest goes on', async (t) => {
  const scene: LineScene = { due: ordinals(60), nights: 2, endMs: 30 * secondMs, passesMs: [0] }
  const forecast = forecastOf(scene, null)
  const { outcome, failures } = await runScene(scene)
  const fitting = forecast.jobs - forecast.unfit.length
  t.ok(forecast.missingMs > 30 * secondMs, `${forecast.missingMs.toFixed(0)} ms are missing`)
  t.ok(
    Math.abs(fitting - outcome.read) <= tolerance * outcome.read,
    `${fitting} were to fit, ${outcome.read} were read`,
  )
  t.equal(failures.filter(({ cause }) => cause === 'window_over').length, outcome.open, 'each with the true cause')
  t.ok(
    forecast.unfit.every(({ key }) => dueOf(scene).some(({ meterId, readAt }) => key === `${meterId} ${readAt}`)),
    'and is named',
  )
})
