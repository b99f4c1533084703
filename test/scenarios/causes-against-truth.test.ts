import t from 'tap'
import { dayMs, hourMs } from '../../domain/time.js'
import { defaultAccountSettings, spanOf } from '../../headend/accounting/account-settings.js'
import { type DueCause, dueCauses } from '../../headend/accounting/classify-cause.js'
import { standingOf } from '../../headend/accounting/standing.js'
import { gapPoints } from '../../storage/headend/gap-points.js'
import { collectFaultyField, lastMidnight, shortInstant, type Truth } from '../support/faulty-field.js'
import { firstMidnight } from '../support/field-world.js'

const least = 0.95
const mostUnknown = 0.02

interface Judgement {
  readonly meter: number
  readonly readAt: number
  readonly found: DueCause
  readonly planted: DueCause | null
}

interface Score {
  readonly cause: DueCause
  readonly planted: number
  readonly found: number
  readonly right: number
}

function scoresOf(judgements: readonly Judgement[], truth: Truth): readonly Score[] {
  const judged = new Set(judgements.map(({ meter, readAt }) => `${meter} ${readAt}`))
  const missed = [...truth.planted].filter(([key]) => !judged.has(key))
  return dueCauses
    .map((cause) => ({
      cause,
      planted:
        judgements.filter(({ planted }) => planted === cause).length +
        missed.filter(([, planted]) => planted === cause).length,
      found: judgements.filter(({ found }) => found === cause).length,
      right: judgements.filter(({ found, planted }) => found === cause && planted === cause).length,
    }))
    .filter(({ planted, found }) => planted + found > 0)
}

function tableOf(scores: readonly Score[]): string {
  const share = (part: number, whole: number) => (whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`)
  const rows = scores.map(({ cause, planted, found, right }) =>
    [cause.padEnd(28), planted, found, right, share(right, found), share(right, planted)].join('\t'),
  )
  return ['cause                       \tplanted\tfound\tright\tprecision\trecall', ...rows].join('\n')
}

for (const seed of [7, 20260701]) {
  t.test(`causes are those that were planted, seed ${seed}`, { timeout: 300_000 }, async (t) => {
    const { truth, reader } = await collectFaultyField(t, seed)
    const asOf = lastMidnight + 12 * hourMs
    const span = { after: firstMidnight - dayMs, through: lastMidnight, asOf, now: asOf }
    const points = await gapPoints(reader, spanOf(defaultAccountSettings, span))
    const judgements = points.map((point): Judgement => {
      const meter = Number(point.meterId)
      const found = standingOf(point, defaultAccountSettings, asOf).cause
      return { meter, readAt: point.readAt, found, planted: truth.causeOf(meter, point.readAt) }
    })
    const scores = scoresOf(judgements, truth)
    const table = tableOf(scores)
    t.comment(`seed ${seed}, ${judgements.length} points that were not read at the first pass\n${table}`)

    const wrong = judgements.filter(({ found, planted }) => found !== planted)
    const examples = wrong
      .slice(0, 10)
      .map((each) => `${each.meter} ${shortInstant(each.readAt)} ${each.planted} → ${each.found}`)
    for (const { cause, planted, found, right } of scores) {
      t.ok(right >= least * found && right >= least * planted, `${cause}: precision and recall`, { table, examples })
    }
    const unknown = judgements.filter(({ found }) => found === 'unknown').length
    t.ok(unknown <= mostUnknown * judgements.length, 'hardly anything is unknown', { table })
    const seen = new Set(scores.map(({ cause }) => cause))
    t.same(
      dueCauses.filter(
        (cause) =>
          !seen.has(cause) && cause !== 'unknown' && cause !== 'window_running' && cause !== 'reading_in_doubt',
      ),
      [],
      'every cause was planted',
    )
  })
}
