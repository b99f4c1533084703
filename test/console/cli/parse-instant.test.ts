import t from 'tap'
import { parseInstant } from '../../../console/cli/parse-instant.js'

t.test('takes ISO instants with an offset and local times', async (t) => {
  const cases = [
    ['2026-07-03', '2026-07-02T16:00:00.000Z'],
    ['2026-07-03 08:05', '2026-07-03T00:05:00.000Z'],
    ['2026-07-03T08:05:30', '2026-07-03T00:05:30.000Z'],
    ['2026-07-03T08:05Z', '2026-07-03T08:05:00.000Z'],
    ['2026-07-03T08:05:00.250+08:00', '2026-07-03T00:05:00.250Z'],
  ] as const
  for (const [text, instant] of cases) t.equal(new Date(parseInstant(text)).toISOString(), instant, text)
})

t.test('refuses what is no instant', async (t) => {
  for (const text of ['', 'now', '2026-02-30', '2026-07-03 24:00', '2026-07-03T08:05:00.1234Z', '2026-13-01T00:00Z'])
    t.throws(() => parseInstant(text), { code: 'bad_input' }, text)
})
