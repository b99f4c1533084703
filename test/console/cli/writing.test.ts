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
    t.throws(() => openChangeFile(path), { code: 'bad_input', message })
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
