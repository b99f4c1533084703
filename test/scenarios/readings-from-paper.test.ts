import t from 'tap'
import { proveBill } from '../../console/proof/prove-bill.js'
import { evidenceText } from '../../console/proof/bill-evidence.js'
import { readReadingsFile } from '../../console/readings/read-file.js'
import { fieldsByQuantity } from '../../console/readings/reading-columns.js'
import { beijing } from '../../domain/time.js'
import { importReadings } from '../../mdm/readings/import-readings.js'
import { openedUtility } from '../mdm/support/small-utility.js'
import { billJuly, julyOf, plantTown } from '../support/billed-july.js'
import { withDatabase } from '../support/database.js'

t.test(
  'given the readings of July on paper, when they are handed in, then July is billed and the bill says whose they are',
  async (t) => {
    const database = await withDatabase(t)
    await plantTown(database, openedUtility())
    const lines = [
      '计量点,日期,总,费率2,费率4,抄表人,照片',
      'point-1,2026-07-01,1000,600,400,,book 7-1',
      'point-1,2026-08-01,1090,654,436,,book 8-1',
      'point-2,2026-07-01,500,300,200,,book 7-2',
      'point-2,2026-08-01,620,372,248,,book 8-2',
      'point-2,2026-08-01,621,372.6,248.4,,photo',
      'point-3,2026-07-01,70,42,28,,book 7-3',
    ]
    const take = (rows: readonly string[]) => {
      const { batches } = readReadingsFile({ name: 'paper.csv', bytes: Buffer.from(rows.join('\n')) }, beijing)
      const wish = { actor: 'crew-1', now: Date.now(), acceptGoodRows: false, dryRun: false, onLines: () => undefined }
      return importReadings(database.as('mdm'), { batches: batches(), fields: fieldsByQuantity, ...wish })
    }
    t.match(
      await take(lines),
      { isAccepted: false, added: 0 },
      'two values for one key in one file are the clerk’s to mend',
    )
    t.match(await take(lines.filter((line) => !line.endsWith('photo'))), { added: 5 })
    t.match(await take([lines[0] ?? '', lines[5] ?? '']), { added: 1, validation: { held: [{ rules: ['disputed'] }] } })
    await billJuly(database)
    t.same(await julyOf(database), {
      'account-1': '90.00',
      'account-2': 'boundary_held',
      'account-3': 'boundary_missing',
    })
    const { proof, verdict } = await proveBill(database.as('reader'), { accountCode: 'account-1' })
    t.ok(verdict.holds, JSON.stringify(verdict))
    t.match(
      evidenceText(proof).join('\n'),
      /※ 导入 imported 2026-08-01 00:00 · 表 meter meter-1 · 1090.*book 8-1 · crew-1/,
    )
  },
)
