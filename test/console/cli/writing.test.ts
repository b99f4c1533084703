import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { openChangeFile } from '../../../console/what-if/change-file.js'
import { openReportCsv } from '../../../console/readings/report-csv.js'
import { writing } from '../../../console/cli/writing.js'

t.test('a file that cannot be written is the user’s affair, with its path', (t) => {
  const folder = t.testdir({ file: '', 'folder.csv': {} })
  const rows: readonly (readonly [path: string, message: RegExp])[] = [
    [`${folder}/none/a.csv`, /none\/a\.csv: 写不了 cannot be written: 没有此文件 no such file or folder$/],
    [`${folder}/folder.csv`, /folder\.csv: 写不了 cannot be written: 是文件夹 is a folder$/],
    [
      `${folder}/file/a.csv`,
      /file\/a\.csv: 写不了 cannot be written: 路径中有文件 a file stands where a folder should$/,
    ],
  ]
  for (const [path, message] of rows) {
    t.throws(() => openChangeFile(path), { code: 'bad_input' })
    t.throws(() => openReportCsv(path), { code: 'bad_input', message })
  }
  const ours = new Error('ours')
  t.throws(
    () =>
      writing('a.csv', () => {
        throw ours
      }),
    ours,
    'what is wrong with us stays a defect',
  )
  t.end()
})

t.test('a file of accounts has its name once it is whole, and leaves nothing where it breaks off', (t) => {
  const folder = t.testdir({ 'a.jsonl': 'before' })
  const change = {
    account: 'A1',
    tariff: 't',
    energyKwh: '1',
    before: '1.00',
    after: '2.00',
    change: '1.00',
    changeExact: '1',
    holdBefore: null,
    holdAfter: null,
  }
  const broken = openChangeFile(`${folder}/a.jsonl`)
  broken.write([change])
  broken.close()
  t.same(readdirSync(folder), ['a.jsonl'])
  t.equal(readFileSync(`${folder}/a.jsonl`, 'utf8'), 'before', 'what was there stays')
  const whole = openChangeFile(`${folder}/a.jsonl`)
  whole.write([change])
  whole.finish()
  whole.close()
  t.same(JSON.parse(readFileSync(`${folder}/a.jsonl`, 'utf8')), change)
  t.same(readdirSync(folder), ['a.jsonl'])
  t.end()
})
