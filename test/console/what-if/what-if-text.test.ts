import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { ShardChanges } from '../../../billing/what-if/compare-shard.js'
import { createWhatIfSum } from '../../../billing/what-if/what-if.js'
import { openChangeFile } from '../../../console/what-if/change-file.js'
import { changeDocument, whatIfDocument } from '../../../console/what-if/what-if-document.js'
import { whatIfText } from '../../../console/what-if/what-if-text.js'

/** Account, fen before and after, exact change; all of 100 kWh, hold 5 is `ladder_opening_unknown`. */
function shard(rows: readonly (readonly [number, number, number, bigint, number?])[]): ShardChanges {
  const column = (index: 0 | 1 | 2) => Float64Array.from(rows, (row) => row[index])
  const held = Uint8Array.from(rows, (row) => row[4] ?? 0)
  const sum = (index: 1 | 2) => rows.reduce((total, row) => total + BigInt(row[index]), 1000n)
  return {
    touched: {
      accountId: column(0),
      tariff: new Uint16Array(rows.length),
      energyE4: Float64Array.from(rows, () => 1_000_000),
      beforeFen: column(1),
      afterFen: column(2),
      exactE12: rows.map((row) => row[3]),
      holdBefore: held,
      holdAfter: new Uint8Array(rows.length),
    },
    byTariff: [{ code: 'plain', accounts: rows.length + 1, energyE4: 4_000_000n, beforeFen: sum(1), afterFen: sum(2) }],
  }
}

const codes = new Map([1n, 2n, 3n, 4n].map((id) => [id, `A-${id}`]))

function twoShards() {
  const sum = createWhatIfSum()
  const first = sum.add(
    3,
    shard([
      [1, 500, 501, 5_000_000_000n],
      [2, 700, 700, 1_000_000n],
    ]),
  )
  const second = sum.add(
    3,
    shard([
      [3, 9000, 4000, -50_000_000_000_000n],
      [4, 0, 5000, 50_000_000_000_000n, 5],
    ]),
  )
  return { whatIf: sum.result(), changes: [...first, ...second] }
}

t.test('shards add up, and the tariff desk reads totals, distribution and whose bills change most', async (t) => {
  const { whatIf, changes } = twoShards()
  const document = whatIfDocument('run-1', whatIf, codes)
  t.match(document, {
    format: 'what-if/1',
    accounts: 6,
    before: '122.00',
    after: '122.01',
    change: '0.01',
    changeExact: '0.005001',
    touched: 4,
    increased: 2,
    decreased: 1,
    released: 1,
  })
  t.same(
    document.distribution.filter(({ accounts }) => accounts > 0),
    [
      { from: '-99.99', below: '-49.99', accounts: 1 },
      { from: '0.00', below: '0.01', accounts: 3 },
      { from: '0.01', below: '1.00', accounts: 1 },
      { from: '50.00', below: '100.00', accounts: 1 },
    ],
  )
  t.same(
    document.largest.map(({ account, change }) => [account, change]),
    [
      ['A-3', '-50.00'],
      ['A-4', '50.00'],
      ['A-1', '0.01'],
      ['A-2', '0.00'],
    ],
  )
  const text = whatIfText(document, [])
  t.match(text, '应收 receivable 122.00 → 122.01，+0.01（未舍入 exact +0.005001）')
  t.match(text, '涉及 touched 4 户：增 more 2，减 less 1，金额不变 same amount 1')
  t.match(text, '新挂起 newly held 0，解挂 released 1')
  t.match(text, /A-4 +│ plain +│ +100 │ +ladder_opening_unknown +│ +50\.00 │ +\+50\.00 │/)
  t.same(
    changes.map(({ accountId }) => accountId),
    [1n, 2n, 3n, 4n],
  )
})

t.test('every touched account goes into a file, for a spreadsheet or for programs', async (t) => {
  const folder = t.testdir({})
  const documents = twoShards().changes.map((change) => changeDocument(change, codes))
  for (const name of ['changes.csv', 'changes.jsonl']) {
    const file = openChangeFile(join(folder, name))
    file.write(documents.slice(0, 2))
    file.write([])
    file.write(documents.slice(2))
    file.finish()
    file.close()
  }
  const lines = (name: string) => readFileSync(join(folder, name), 'utf8').trim().split('\n')
  t.same(lines('changes.csv').slice(0, 2), [
    'account,tariff,energyKwh,before,after,change,changeExact,holdBefore,holdAfter',
    'A-1,plain,100,5.00,5.01,0.01,0.005,,',
  ])
  t.equal(lines('changes.csv').length, 5)
  t.same(
    lines('changes.jsonl').map((line) => JSON.parse(line)),
    documents,
  )
  t.throws(() => openChangeFile(join(folder, 'changes.txt')), { code: 'bad_usage' })
})
