import t from 'tap'
import type { Answer, GetResponse } from '../../../protocols/dlt698/apdu.js'
import type { Dlt698Data } from '../../../protocols/dlt698/data.js'
import { encodeApdu } from '../../../protocols/dlt698/encode-apdu.js'
import { decodeGetResponse } from '../../../protocols/dlt698/get-answers.js'
import { dateTimeS } from '../../../protocols/dlt698/time-texts.js'

const absent: Dlt698Data = { type: 'null' }

t.test('gives the cells of each row with exact decimals', async (t) => {
  const decoded = decodeGetResponse(
    respond({
      kind: 'record',
      record: {
        oad: '50040200',
        columns: [{ oad: '20210200' }, { oad: '00100200' }, { oad: '00200201' }],
        outcome: {
          kind: 'rows',
          rows: [
            [dateTimeS('2024-05-01T00:00:00'), energies(123_456n, 1n), register(4_294_967_295n)],
            [dateTimeS('2024-05-02T00:00:00'), absent, absent],
          ],
        },
      },
    }),
  )
  t.same(decoded.ok && decoded.value.objects, [
    {
      oad: '50040200',
      outcome: {
        kind: 'rows',
        rows: [
          [
            { oad: '20210200', values: [value('freezeTime', '2024-05-01T00:00:00', null)] },
            {
              oad: '00100200',
              values: [value('forwardActiveEnergyTotal', '1234.56'), value('forwardActiveEnergyTou1', '0.01')],
            },
            { oad: '00200201', values: [value('reverseActiveEnergyTotal', '42949672.95')] },
          ],
          [
            { oad: '20210200', values: [value('freezeTime', '2024-05-02T00:00:00', null)] },
            { oad: '00100200', values: [missing('forwardActiveEnergyTotal')] },
            { oad: '00200201', values: [missing('reverseActiveEnergyTotal')] },
          ],
        ],
      },
    },
  ])
})

t.test('keeps more digits than a float has', async (t) => {
  const decoded = decodeGetResponse(
    respond({
      kind: 'normal',
      result: {
        oad: '00100401',
        outcome: { kind: 'data', data: { type: 'long64-unsigned', value: 18_446_744_073_709_551_615n } },
      },
    }),
  )
  t.match(decoded, {
    value: {
      objects: [{ outcome: { rows: [[{ values: [value('forwardActiveEnergyTotal', '1844674407370955.1615')] }]] } }],
    },
  })
})

t.test('keeps the sign of combined energies', async (t) => {
  const data: Dlt698Data = { type: 'double-long', value: -5n }
  const decoded = decodeGetResponse(
    respond({ kind: 'normal', result: { oad: '00000201', outcome: { kind: 'data', data } } }),
  )
  t.match(decoded, {
    value: { objects: [{ outcome: { rows: [[{ values: [value('combinedActiveEnergyTotal', '-0.05')] }]] } }] },
  })
})

t.test('names what access was denied to, object by object', async (t) => {
  const decoded = decodeGetResponse(
    respond({
      kind: 'normal_list',
      results: [
        { oad: '00100201', outcome: { kind: 'data', data: register(7n) } },
        { oad: '00100401', outcome: { kind: 'denied', dar: 4 } },
        { oad: 'F0010200', outcome: { kind: 'denied', dar: 200 } },
      ],
    }),
  )
  t.match(decoded.ok && decoded.value.objects.slice(1), [
    { oad: '00100401', outcome: { kind: 'access_denied', dar: 4, name: 'object_undefined' } },
    { oad: 'F0010200', outcome: { kind: 'access_denied', dar: 200, name: null } },
  ])
})

t.test('says whether a block is the last, and why there is none', async (t) => {
  const part = { kind: 'results', results: [] } as const
  t.match(decodeGetResponse(respond({ kind: 'next', last: false, block: 3, part })), {
    value: { continuation: { last: false, block: 3, denied: null }, objects: [] },
  })
  t.match(decodeGetResponse(respond({ kind: 'next', last: true, block: 4, part: { kind: 'denied', dar: 10 } })), {
    value: { continuation: { denied: { name: 'long_transfer_cancelled' } } },
  })
})

t.test('gives the service number without priority and access bits', async (t) => {
  t.match(decodeGetResponse(respond({ kind: 'normal_list', results: [] }, 0xc5)), {
    value: { piid: 5, continuation: null },
  })
})

t.test('takes nothing else for an answer', async (t) => {
  t.match(decodeGetResponse(Buffer.from('0501004001020000', 'hex')), {
    ok: false,
    error: { kind: 'not_a_get_response' },
  })
  t.match(decodeGetResponse(Buffer.from('850100', 'hex')), { ok: false, error: { kind: 'apdu_too_short' } })
})

const doubtful: readonly [what: string, oad: string, data: Dlt698Data, values: readonly unknown[]][] = [
  [
    'text for a register',
    '00100201',
    { type: 'octet-string', hex: '31' },
    [invalid('forwardActiveEnergyTotal', 'kWh')],
  ],
  [
    'an array in an array',
    '00100200',
    { type: 'array', elements: [{ type: 'array', elements: [] }] },
    [invalid('forwardActiveEnergyTotal', 'kWh')],
  ],
  ['a demand without a time', '10100201', register(5n), [invalid('forwardActiveDemandTotal', 'kW')]],
  ['no demand yet', '10100201', absent, [{ ...missing('forwardActiveDemandTotal'), unit: 'kW' }]],
  [
    'a demand whose time is blank',
    '10100201',
    { type: 'structure', elements: [register(0n), { type: 'date-time-s', hex: 'F'.repeat(14) }] },
    [value('forwardActiveDemandTotal', '0.0000', 'kW'), { ...missing('forwardActiveDemandTotalTime'), unit: null }],
  ],
  ['the 31st of June', '20210200', { type: 'date-time-s', hex: '07E8061F000000' }, [invalid('freezeTime', null)]],
  [
    '24 o’clock',
    '40000200',
    { type: 'date-time-s', hex: '07E8060118 0000'.replace(' ', '') },
    [invalid('clock', null)],
  ],
  [
    'a structure that no catalogue knows',
    'F0010300',
    {
      type: 'structure',
      elements: [register(5n), { type: 'visible-string', hex: '4142' }, { type: 'bool', value: true }],
    },
    [value('oadF0010300.1', '5', null), value('oadF0010300.2', 'AB', null), value('oadF0010300.3', 'true', null)],
  ],
  ['a fourth phase', '20000204', { type: 'long-unsigned', value: 2200n }, [value('voltage4', '220.0', 'V')]],
]

for (const [what, oad, data, values] of doubtful) {
  t.test(`is honest about ${what}`, async (t) => {
    const decoded = decodeGetResponse(respond({ kind: 'normal', result: { oad, outcome: { kind: 'data', data } } }))
    t.match(decoded, { ok: true })
    if (!decoded.ok) return
    const [object] = decoded.value.objects
    t.same(object?.outcome.kind === 'rows' && object.outcome.rows[0]?.[0]?.values, values)
  })
}

t.test('tells the objects of a related column apart', async (t) => {
  const road = { oad: '50040200', columns: ['00100201', '00200201'] }
  const decoded = decodeGetResponse(
    respond({
      kind: 'record',
      record: {
        oad: '60120300',
        columns: [{ road }],
        outcome: { kind: 'rows', rows: [[{ type: 'array', elements: [register(1n), register(2n)] }]] },
      },
    }),
  )
  t.match(decoded, {
    value: {
      objects: [
        {
          outcome: {
            rows: [
              [
                {
                  oad: '50040200',
                  values: [value('forwardActiveEnergyTotal', '0.01'), value('reverseActiveEnergyTotal', '0.02')],
                },
              ],
            ],
          },
        },
      ],
    },
  })
})

function respond(answer: Answer, piid = 1): Buffer {
  const response: GetResponse = { kind: 'get_response', piid, answer, followReport: null, timeTag: null }
  return encodeApdu(response)
}

function register(count: bigint): Dlt698Data {
  return { type: 'double-long-unsigned', value: count }
}

function energies(...counts: readonly bigint[]): Dlt698Data {
  return { type: 'array', elements: counts.map(register) }
}

function value(name: string, text: string, unit: string | null = 'kWh') {
  return { name, value: text, unit, state: 'ok' }
}

function missing(name: string) {
  return { name, value: null, unit: 'kWh', state: 'absent' }
}

function invalid(name: string, unit: string | null) {
  return { name, value: null, unit, state: 'invalid' }
}
