import t from 'tap'
import { onScreen, screenOf, screenWidth } from '../../../console/cli/screen.js'

t.test('the width of the screen', async (t) => {
  const cases: readonly (readonly [readonly string[], Readonly<Record<string, string>>, number | undefined, number])[] =
    [
      [[], {}, undefined, 100],
      [[], {}, 132, 132],
      [[], { COLUMNS: '90' }, 132, 90],
      [[], { COLUMNS: 'many' }, 132, 132],
      [[], { COLUMNS: '0' }, undefined, 100],
      [[], { COLUMNS: '10' }, undefined, 40],
      [['--wide'], { COLUMNS: '90' }, 132, Number.POSITIVE_INFINITY],
    ]
  for (const [args, env, columns, expected] of cases)
    t.equal(screenOf({ env, columns }, args).width, expected, JSON.stringify([args, env, columns]))
})

t.test('each command has a screen of its own', async (t) => {
  const seen = await Promise.all([
    onScreen({ width: 70 }, async () => screenWidth()),
    onScreen({ width: 140 }, async () => screenWidth()),
  ])
  t.same(seen, [70, 140])
  t.equal(screenWidth(), Number.POSITIVE_INFINITY, 'outside of commands')
})
