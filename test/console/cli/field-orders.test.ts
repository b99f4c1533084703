import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { runCli } from '../../../console/cli/run-cli.js'
import { readWholeTable } from '../../../console/files/read-table.js'
import { writeWorkbook } from '../../../console/files/write-table.js'
import { applyDecisions } from '../../../mdm/exceptions/apply-decisions.js'
import { decideExceptions } from '../../../mdm/exceptions/decide-exceptions.js'
import { openExceptions } from '../../../mdm/exceptions/open-exceptions.js'
import { dayMs } from '../../../domain/time.js'
import { arrangeQueue, clerk, openHeld } from '../../mdm/support/queue-scene.js'
import { createFakeIo } from './fake-io.js'

interface Teardown {
  readonly teardown: (act: () => Promise<void>) => void
  readonly testdir: (files: Readonly<Record<string, string>>) => string
}

/** Three visits wanted for readings that fell. */
async function arrange(t: Teardown) {
  const database = await arrangeQueue(t)
  const now = await openHeld(database, [900_00, 901_00, 902_00])
  const mdm = database.as('mdm')
  const wish = {
    filter: {},
    action: 'field_order',
    reason: 'read it on site',
    evidence: '',
    actor: clerk,
    now,
  } as const
  await decideExceptions(database.as('console'), wish)
  await applyDecisions(mdm, { now })
  const roles = ['console', 'reader', 'mdm'] as const
  const logins = roles.map((role) => [`SHUANGWU_${role.toUpperCase()}_DATABASE_URL`, database.url(role)])
  const env = { DATABASE_URL: database.url('owner'), ...Object.fromEntries(logins) }
  const cwd = t.testdir({})
  const run = async (...args: readonly string[]) => {
    const io = createFakeIo({ cwd, env })
    const code = await runCli(['field-orders', ...args], io)
    return { code, out: io.outText(), err: io.errText() }
  }
  const path = (file: string) => join(cwd, file)
  return { database, mdm, now, run, path }
}

const day = ['--crew', 'none', '--day', '2026-07-03']
const enter = ['--actor', clerk]

/** Fills the result columns of the sheet's rows, which begin behind the given number of lines. */
function filled(cells: readonly string[], result: readonly string[]): readonly string[] {
  return [...cells.slice(0, 12), ...result]
}

const good = (total: string, more: Partial<Record<'reader' | 'when' | 'photo' | 'shown', string>> = {}) => [
  '已抄',
  more.shown ?? '冻结',
  total,
  '',
  '',
  '',
  '',
  more.reader ?? '王工',
  more.when ?? '2026-07-02 09:30',
  more.photo ?? 'photo 1',
]

t.test('a crew’s day goes out as a workbook and comes back once, whatever is sent again', async (t) => {
  const { database, mdm, now, run, path } = await arrange(t)
  t.match(await run('list'), { code: 0, out: /meter-1[\s\S]*meter-3/ })
  t.match(await run('export', ...day, '--out', 'day.xlsx'), { code: 0, out: /3 单 orders/ })
  const { rows, problems } = await readWholeTable(readFileSync(path('day.xlsx')), 'day.xlsx')
  t.same(problems, [])
  t.match(
    rows.slice(2).map(({ cells }) => cells[1]),
    ['meter-1', 'meter-2', 'meter-3'],
    'in the order of the walk',
  )
  const before = await mdm.query('select * from reading order by meter_id, read_at')
  const save = (name: string, results: readonly (readonly string[])[]) => {
    const [, headings, ...orders] = rows
    const sheet = orders.map(({ cells }, index) => filled(cells, results[index] ?? []))
    const bytes = writeWorkbook([{ name: '补抄', headings: headings?.cells ?? [], rows: sheet }])
    writeFileSync(path(name), Buffer.concat([...bytes]))
  }
  save('back.xlsx', [good('1010.00'), ['未能入户', '', '', '', '', '', '', '王工', '2026-07-02 10:00', 'photo 2'], []])
  t.match(await run('import', 'back.xlsx', '--dry-run', ...enter), {
    code: 0,
    out: /would be recorded 2 .*blank 1 .*refused 0/,
  })
  t.equal((await mdm.query('select from field_order_result')).length, 0)
  t.match(await run('import', 'back.xlsx', ...enter), { code: 0, out: /录入 recorded 2 · .*blank 1/ })
  t.match(await run('import', 'back.xlsx', ...enter), { code: 0, out: /recorded 0 · .*there already 2/ })
  t.match(
    await mdm.query('select outcome, reader, visited_at, evidence, actor_id from field_order_result order by outcome'),
    [
      { outcome: 'not_accessible', reader: '王工' },
      {
        outcome: 'read',
        reader: '王工',
        visited_at: Date.parse('2026-07-02T09:30:00+08:00'),
        evidence: 'photo 1',
        actor_id: clerk,
      },
    ],
  )
  t.same(await mdm.query('select * from reading order by meter_id, read_at'), before, 'no raw reading is touched')
  t.match(
    await mdm.query(
      `select origin, by_whom, document from decision_origin where meter_id = 1 order by read_at desc limit 1`,
    ),
    [{ origin: 'field', by_whom: clerk, document: 'photo 1' }],
  )
  t.match(await openExceptions(mdm, { actor: 'system', now: now + dayMs }), { closed: 1 })
  save('other.xlsx', [good('1011.00')])
  t.match(await run('import', 'other.xlsx', ...enter), { code: 1, out: /exists_with_different_result/ })
  t.match(await database.as('reader').query('select count(*)::integer as n from manual_reading'), [{ n: 1 }])
})

t.test('rows that are wrong are refused one by one, with the place and what would be right', async (t) => {
  const { mdm, run, path } = await arrange(t)
  t.match(await run('export', ...day, '--out', 'day.csv'), { code: 0 })
  const { rows } = await readWholeTable(readFileSync(path('day.csv')), 'day.csv')
  const [headings, first, second, third] = rows.map(({ cells }) => cells)
  const quoted = (cells: readonly string[]) => cells.map((cell) => `"${cell}"`).join(',')
  const table: readonly (readonly [why: string, cells: readonly string[], says: RegExp])[] = [
    [
      'another meter',
      filled((first ?? []).with(1, 'meter-9'), good('1010')),
      /电表 meter: key_column_edited: meter-9 → meter-1/,
    ],
    [
      'another midnight',
      filled((first ?? []).with(2, '2026-07-01 00:00'), good('1010')),
      /registers of: key_column_edited/,
    ],
    ['an order that is not', filled((first ?? []).with(0, 'x'), good('1010')), /unknown_field_order/],
    ['no reader', filled(first ?? [], good('1010', { reader: ' ' })), /抄表人 reader: cell_missing/],
    ['no time', filled(first ?? [], good('1010', { when: '' })), /抄表时间 read on: cell_missing/],
    ['no photo', filled(first ?? [], good('1010', { photo: '' })), /照片 photo: cell_missing/],
    [
      'a time that is none',
      filled(first ?? [], good('1010', { when: 'yesterday' })),
      /read on: cell_not_understood: yesterday/,
    ],
    [
      'a visit before the midnight',
      filled(first ?? [], good('1010', { when: '2026-07-01 09:00' })),
      /visit_out_of_time/,
    ],
    ['a visit to come', filled(first ?? [], good('1010', { when: '2999-07-01 09:00' })), /visit_out_of_time/],
    ['no word of freeze or now', filled(first ?? [], good('1010', { shown: '' })), /抄录 shown: cell_not_understood/],
    ['no total', filled(first ?? [], good('')), /总 total: cell_missing/],
    ['no number', filled(first ?? [], good('1,010')), /总 total: cell_not_understood/],
    [
      'more digits than the display has',
      filled(first ?? [], good('1010.505')),
      /row 2 · 总 total: does_not_fit_display: 1010\.505 → .*6 digits and 2 decimals/,
    ],
    ['a formula', filled(first ?? [], good('=1000+10')), /formula_cell|cell_not_understood/],
  ]
  for (const [why, cells, says] of table) {
    const others = [second, third].map((each) => quoted(each ?? []))
    writeFileSync(path('back.csv'), [quoted(headings ?? []), quoted(cells), ...others].join('\n'))
    t.match(await run('import', 'back.csv', ...enter), { code: 1, out: says }, why)
  }
  const wrong = [
    quoted(headings ?? []),
    quoted(filled(first ?? [], good('1,010', { when: '2026/7/2 9:30', photo: '' }))),
    quoted(filled(second ?? [], good('1010.505', { when: '2999-07-01 09:00' }))),
    quoted(filled(third ?? [], good('=1+1', { reader: '' }))),
  ]
  writeFileSync(path('all.csv'), wrong.join('\n'))
  const all = await run('import', 'all.csv', '--dry-run', ...enter)
  t.match(all.out, /refused 3/)
  t.match(all.err, /3 行被拒，8 处/)
  for (const place of [
    /row 2 · 总 total: cell_not_understood: 1,010/,
    /row 2 · 照片 photo: cell_missing/,
    /row 2 · 抄表时间 read on: cell_not_understood: 2026\/7\/2/,
    /row 3 · 总 total: does_not_fit_display/,
    /row 3 · 抄表时间 read on: visit_out_of_time: 2999-07-01 09:00 → 2026-07-02 00:00 …/,
    /row 4 · O: formula_cell: =1\+1/,
    /row 4 · 抄表人 reader: cell_missing/,
    /use \.xlsx/,
  ])
    t.match(all.out, place)
  writeFileSync(
    path('twice.csv'),
    [headings, filled(first ?? [], good('1010')), filled(first ?? [], good('1011'))]
      .map((each) => quoted(each ?? []))
      .join('\n'),
  )
  t.match(await run('import', 'twice.csv', ...enter), { code: 1, out: /order_twice/ })
  writeFileSync(path('headless.csv'), quoted(first ?? []))
  t.match(await run('import', 'headless.csv', ...enter), { code: 1, out: /headings_changed/ })
  t.match(await run('import', 'nothing.csv', ...enter), { code: 2, err: /no such file/ })
  t.match(await run('import', 'headless.csv', '--actor', 'nobody'), { code: 2, err: /nobody of that name/ })
  t.equal((await mdm.query('select from manual_reading')).length, 0)
  t.match(await run('export', ...day, '--out', 'day.pdf'), { code: 2 })
  t.match(await run('export', '--crew', 'crew-9', '--day', '2026-07-03', '--out', 'day.csv'), {
    code: 2,
    err: /crew-9/,
  })
})

t.test('what the registers stood at during the visit is a claim of that moment, not of the midnight', async (t) => {
  const { mdm, run, path } = await arrange(t)
  await run('export', ...day, '--visits', '1', '--out', 'day.csv')
  const { rows } = await readWholeTable(readFileSync(path('day.csv')), 'day.csv')
  t.equal(rows.length, 2)
  const lines = [rows[0]?.cells ?? [], filled(rows[1]?.cells ?? [], good('1013.00', { shown: '当前' }))]
  writeFileSync(path('back.csv'), lines.map((cells) => cells.map((cell) => `"${cell}"`).join(',')).join('\n'))
  t.match(await run('import', 'back.csv', ...enter), { code: 0, out: /recorded 1/ })
  t.match(await mdm.query('select read_at, total_e4 from manual_reading'), [
    { read_at: Date.parse('2026-07-02T09:30:00+08:00'), total_e4: 1013_0000n },
  ])
})
