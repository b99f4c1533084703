import t from 'tap'
import {
  encodeMeterTable,
  encodeTableReceipt,
  maxTableMeters,
  parseDesiredTable,
  parseTableReceipt,
} from '../../../protocols/concentrator/meter-table.js'

const meters = [
  { terminalPoint: 2, address: '000000000012' },
  { terminalPoint: 1, address: '000000000011' },
]

t.test('tables and their receipts go both ways', async (t) => {
  const table = { concentrator: 'C001', version: 3, meters }
  t.strictSame(parseDesiredTable(encodeMeterTable(table)), { ok: true, value: table })
  const empty = { ...table, meters: [] }
  t.strictSame(parseDesiredTable(encodeMeterTable(empty)), { ok: true, value: empty })
  const receipt = { concentrator: 'C001', version: 2, outcome: 'table_outdated', versionInForce: 3 } as const
  t.strictSame(parseTableReceipt(encodeTableReceipt(receipt)), { ok: true, value: receipt })
})

const tables: readonly [what: string, table: object | string, error: unknown][] = [
  ['no JSON', '{', { kind: 'payload_not_json' }],
  ['no version', { concentrator: 'C', meters }, { kind: 'payload_malformed', field: 'version' }],
  [
    'a short address',
    { concentrator: 'C', version: 1, meters: [{ terminalPoint: 1, address: '12' }] },
    { kind: 'payload_malformed', field: 'meters.0.address' },
  ],
  [
    'a terminal point twice',
    { concentrator: 'C', version: 1, meters: meters.map((each) => ({ ...each, terminalPoint: 1 })) },
    { kind: 'payload_malformed', field: 'meters' },
  ],
  [
    'an address twice',
    { concentrator: 'C', version: 1, meters: meters.map((each) => ({ ...each, address: '000000000011' })) },
    { kind: 'payload_malformed', field: 'meters' },
  ],
  [
    'more meters than a table holds',
    {
      concentrator: 'C',
      version: 1,
      meters: Array.from({ length: maxTableMeters + 1 }, (_, index) => ({
        terminalPoint: index + 1,
        address: String(index).padStart(12, '0'),
      })),
    },
    { kind: 'payload_malformed' },
  ],
]

for (const [what, table, error] of tables) {
  t.test(`refuses ${what}`, async (t) => {
    const payload = Buffer.from(typeof table === 'string' ? table : JSON.stringify(table))
    t.match(parseDesiredTable(payload), { ok: false, error })
  })
}
