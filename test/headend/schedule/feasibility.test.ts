import fc from 'fast-check'
import t from 'tap'
import { checkFeasibility, type PlannedJob } from '../../../headend/schedule/feasibility.js'

type Row = readonly [key: string, releaseAt: number, deadline: number, airtimeMs: number, priority?: number]

function jobs(rows: readonly Row[]): readonly PlannedJob[] {
  return rows.map(([key, releaseAt, deadline, airtimeMs, priority = 0]) => ({
    key,
    releaseAt,
    deadline,
    airtimeMs,
    priority,
  }))
}

const cases: readonly (readonly [title: string, rows: readonly Row[], fits: string, unfit: string, endsAt: number])[] =
  [
    ['nothing to do ends at once', [], '', '', 0],
    [
      'the earliest deadline goes first',
      [
        ['late', 0, 100, 30],
        ['soon', 0, 40, 30],
      ],
      'soon late',
      '',
      60,
    ],
    ['a job is waited for until it is released', [['a', 50, 100, 30]], 'a', '', 80],
    [
      'what is too much is said with how much it is',
      [
        ['a', 0, 100, 60],
        ['b', 0, 100, 60, 1],
      ],
      'a',
      'b 20',
      60,
    ],
    [
      'of one priority the longest goes, so that the fewest are lost',
      [
        ['long', 0, 100, 90],
        ['x', 0, 100, 30],
        ['y', 0, 100, 30],
      ],
      'x y',
      'long 20',
      60,
    ],
    [
      'a high priority stays, however long',
      [
        ['long', 0, 100, 90, 0],
        ['x', 0, 100, 30, 1],
      ],
      'long',
      'x 20',
      90,
    ],
  ]

for (const [title, rows, fits, unfit, endsAt] of cases)
  t.test(title, async (t) => {
    const found = checkFeasibility(jobs(rows), 0)
    t.equal(found.fits.map(({ key }) => key).join(' '), fits)
    t.equal(found.unfit.map(({ key, missingMs }) => `${key} ${missingMs}`).join(' '), unfit)
    t.equal(found.endsAt, endsAt)
  })

t.test(
  'what fits ends in time, every job is in one of the two lists, and with one deadline no other choice saves more',
  async () => {
    const job = fc.record({ deadline: fc.constantFrom(50, 100), airtimeMs: fc.integer({ min: 1, max: 60 }) })
    fc.assert(
      fc.property(fc.array(job, { maxLength: 8 }), (some) => {
        const all = some.map((each, index) => ({ ...each, key: String(index), releaseAt: 0, priority: 0 }))
        const { fits, unfit } = checkFeasibility(all, 0)
        let at = 0
        for (const each of fits) {
          at += each.airtimeMs
          if (at > each.deadline) return false
        }
        return fits.length + unfit.length === all.length && fits.length === mostThatFit(all)
      }),
    )
  },
)

function mostThatFit(all: readonly PlannedJob[]): number {
  let most = 0
  for (let choice = 0; choice < 1 << all.length; choice += 1) {
    const chosen = all.filter((_, index) => (choice >> index) % 2 === 1).toSorted((a, b) => a.deadline - b.deadline)
    let at = 0
    if (chosen.every((each) => (at += each.airtimeMs) <= each.deadline)) most = Math.max(most, chosen.length)
  }
  return most
}
