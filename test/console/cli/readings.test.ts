import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { runCli } from '../../../console/cli/run-cli.js'
import { readWholeTable } from '../../../console/files/read-table.js'
import { arrangeQueue, clerk } from '../../mdm/support/queue-scene.js'
import { createFakeIo } from './fake-io.js'

interface Answer {
  readonly ok: boolean
  readonly accepted: boolean
  readonly added: number
  readonly offMidnight: number
  readonly rows: readonly {
    readonly row: number
    readonly outcome: string
    readonly object: string
    readonly problems: readonly object[]
  }[]
}

t.test('a clerk hands in a file, mends it by its report and hands it in again', async (t) => {
  const database = await arrangeQueue(t)
  const cwd = t.testdir({})
  const env = { DATABASE_URL: database.url('owner'), SHUANGWU_MDM_DATABASE_URL: database.url('mdm') }
  const run = async (...args: readonly string[]) => {
    const io = createFakeIo({ cwd, env })
    const code = await runCli(['readings', 'import', ...args, '--actor', clerk], io)
    return { code, out: io.outText(), err: io.errText() }
  }
  const write = (name: string, ...lines: readonly string[]) => writeFileSync(join(cwd, name), lines.join('\n'))
  const headings = '表号,日期,总示数,照片'

  write(
    'july.csv',
    headings,
    'meter-1,2026-07-01,1000.00,P-1',
    'meter-9,2026-07-01,500,P-2',
    'meter-2,2026-07-02 18:05,5.123,',
  )
  const refused = await run('july.csv')
  t.match(refused, {
    code: 2,
    out: /拒收[\s\S]*\[july\] A3 unknown_code: “meter-9”[\s\S]*\[july\] C4 does_not_fit_display: “5.123” → 表显 6 位整数 2 位小数/,
    err: /2 处须改正，未导入/,
  })
  const some = await run('july.csv', '--accept-good-rows', '--json', '--report', 'report.csv')
  t.equal(some.code, 1)
  const answer = JSON.parse(some.out) as Answer
  t.match(answer, { ok: false, accepted: true, added: 1 })
  t.match(answer.rows, [
    { row: 2, outcome: 'taken', object: 'meter-1 2026-07-01 00:00', problems: [] },
    { row: 3, outcome: 'refused', problems: [{ column: 'A', code: 'unknown_code', mend: /correct the code/ }] },
    { row: 4, outcome: 'refused', object: 'meter-2 2026-07-02 18:05' },
  ])
  const report = await readWholeTable(readFileSync(join(cwd, 'report.csv')), 'report.csv')
  t.same(
    report.rows.map(({ cells }) => cells[4]),
    ['结果 outcome', '收入 taken', '拒收 refused', '拒收 refused'],
  )

  write(
    'july.csv',
    headings,
    'meter-1,2026-07-01,1000.00,P-1',
    'meter-3,2026-07-01,500,P-2',
    'meter-2,2026-07-02 18:05,5.12,',
  )
  t.match(await run('july.csv'), { code: 0, out: /收入 .*已有[\s\S]*认可 accepted 2/, err: /1 行不在零点/ })
  t.match(await run('july.csv'), { code: 0, err: /nothing new/ })
  write('again.csv', headings, 'meter-1,2026-07-01,1001.00,P-9')
  t.match(await run('again.csv'), {
    code: 0,
    out: /another_claim: “1001” → 已有另一数 there already: 1000 \(导入 imported\)[\s\S]*待核 held 1/,
    err: /exception queue/,
  })
  t.match(await run('nothing.csv'), { code: 2, err: /nothing\.csv/ })
  writeFileSync(join(cwd, 'empty.csv'), '')
  t.match(await run('empty.csv'), { code: 2, err: /empty\.csv: 空文件/ })
  t.match(await run('july.csv', '--report', 'report.xlsx'), { code: 2, err: /\.csv/ })
})
