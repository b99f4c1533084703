import t from 'tap'
import { parseBankFile } from '../../../billing/cash/parse-bank-file.js'

const header = '#shuangwu-bank-file,bank-1,2026-08-17,2,160.05'
const rows = ['B-1,A-17,100.00,2026-08-17T10:15:00+08:00', 'B-2,,60.05,2026-08-17T03:00:00Z']

t.test('reads payments with exact amounts and instants', async (t) => {
  for (const text of [[header, ...rows, ''].join('\n'), [header, ...rows].join('\r\n')]) {
    t.same(parseBankFile(text), {
      ok: true,
      value: {
        channel: 'bank-1',
        statement: '2026-08-17',
        payments: [
          { reference: 'B-1', accountCode: 'A-17', amountFen: 10_000n, paidAt: Date.UTC(2026, 7, 17, 2, 15) },
          { reference: 'B-2', accountCode: null, amountFen: 6_005n, paidAt: Date.UTC(2026, 7, 17, 3) },
        ],
      },
    })
  }
})

t.test('refuses a file that does not add up, naming the line', async (t) => {
  const [first, second] = rows
  const table = [
    ['', 'header_invalid', 1],
    [['date,amount', ...rows].join('\n'), 'header_invalid', 1],
    [[`${header},more`, ...rows].join('\n'), 'header_invalid', 1],
    [[header.replace('160.05', '160.055'), ...rows].join('\n'), 'header_invalid', 1],
    [[header, first].join('\n'), 'count_differs', 1],
    [[header.replace('160.05', '160.06'), ...rows].join('\n'), 'total_differs', 1],
    [[header, first, 'B-2,,60.05'].join('\n'), 'paid_at_invalid', 3],
    [[header, first, `${second},more`].join('\n'), 'row_invalid', 3],
    [[header, first, ''].join('\n\n'), 'row_invalid', 2],
    [[header, first, second?.replace('60.05', '60.055')].join('\n'), 'amount_invalid', 3],
    [[header, first, second?.replace('60.05', '0.00')].join('\n'), 'amount_invalid', 3],
    [[header, first, second?.replace('60.05', '-1')].join('\n'), 'amount_invalid', 3],
    [[header, first, second?.replace('60.05', '1e2')].join('\n'), 'amount_invalid', 3],
    [[header, first, second?.replace('Z', '')].join('\n'), 'paid_at_invalid', 3],
    [[header, first, second?.replace('B-2', 'B-1')].join('\n'), 'reference_repeated', 3],
  ] as const
  for (const [text, kind, line] of table) {
    t.match(parseBankFile(text), { ok: false, error: { kind, line } }, `${kind}: ${JSON.stringify(text)}`)
  }
})
