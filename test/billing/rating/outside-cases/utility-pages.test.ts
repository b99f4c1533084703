import t from 'tap'
import {
  demand,
  energy,
  type Given,
  ladder,
  linesOf,
  monthly,
  perUnit,
  product,
  quantity,
  totalsOf,
} from '../offline.js'

/*
 * Worked bills on pages of utilities, newspapers and schools outside China. Numbers are theirs; where a published figure does not follow from
 * its own working, the comment says so.
 */

const currency = (code: string, decimals = 2) => ({ currency: { code, decimals } })
const down = (decimals: number) => ({ mode: 'down', decimals })
const halfUp = (decimals: number) => ({ mode: 'half_up', decimals })
const usage = (model: object, more: object = {}) => ({ code: 'energy', kind: 'usage', model, ...more })
const tax = (percent: string, of: readonly string[]) => ({ code: 'tax', kind: 'percentage', of, percent })
const table = (by: unknown, ...rows: readonly (readonly [string | null, string])[]) => ({
  op: 'table',
  by,
  rows: rows.map(([upTo, value]) => (upTo === null ? { value } : { upTo, value })),
})

/** KEPCO: a basic charge by the block reached, whole won, VAT half up, the fund and the bill down to ten won. */
function korea(
  basics: readonly (readonly [string | null, string])[],
  steps: readonly (readonly [string | null, string])[],
  kwh: number,
  more: readonly object[] = [],
  total: object = down(-1),
): Given {
  return {
    tariff: currency('KRW', 0),
    version: { rounding: { component: down(0), total } },
    components: [
      { code: 'basic', kind: 'fixed', per: 'period', price: table('energy', ...basics), tags: ['power'] },
      usage(ladder(steps), { tags: ['power'] }),
      ...more,
      { ...tax('10', ['#power']), rounding: { line: halfUp(0) } },
      { code: 'fund', kind: 'percentage', of: ['#power'], percent: '3.7', rounding: { line: down(-1) } },
    ],
    period: { quantities: [energy(kwh)] },
  }
}

t.test('Korea: whole won at every step', async (t) => {
  const six = (...prices: readonly string[]) =>
    prices.map((price, index) => [index === 5 ? null : String((index + 1) * 100), price] as const)
  const perKwh = (code: string, price: string) => ({ code, kind: 'usage', model: perUnit(price), tags: ['power'] })
  const rows: readonly (readonly [string, Given, string])[] = [
    [
      'ajunews.com 20160809145918169: 225 kWh',
      korea(
        six('410', '910', '1600', '3850', '7300', '12940'),
        six('60.7', '125.9', '187.9', '280.6', '417.7', '709.5'),
        225,
      ),
      '28370',
    ],
    [
      'cafe.daum.net 1C6ZW: 229 kWh',
      korea(
        six('370', '820', '1430', '3420', '6410', '11750'),
        six('55.1', '113.8', '168.3', '248.6', '366.4', '643.9'),
        229,
      ),
      '26370',
    ],
    [
      'calc.soltools.kr: 350 kWh with climate and fuel, the bill to the won',
      korea(
        [
          ['200', '910'],
          ['400', '1600'],
          [null, '7300'],
        ],
        [
          ['200', '120'],
          ['400', '214.6'],
          [null, '307.3'],
        ],
        350,
        [perKwh('climate', '9'), perKwh('fuel', '5')],
        down(0),
      ),
      '71269',
    ],
  ]
  for (const [claim, given, expected] of rows) t.equal(totalsOf(given), expected, claim)
})

t.test('Taiwan: two months read together', async (t) => {
  // video.peopo.org 20977: prices of three stages in and out of summer. The first is printed as 2626.7; its parts come to 2626.6.
  const bill = (prices: readonly string[], kwh: number): Given => ({
    tariff: currency('TWD', 1),
    version: { rounding: { line: halfUp(1) } },
    components: [
      usage(
        ladder(
          prices.map((price, index) => [['110', '330', '500', '700', null][index] ?? null, price] as const),
          { scope: { of: 'period', times: 'months' } },
        ),
      ),
    ],
    period: { end: '2026-08-01', quantities: [energy(kwh)] },
  })
  const rows: readonly (readonly [readonly string[], number, string])[] = [
    [['2.10', '2.415', '2.90', '2.90', '2.90'], 1040, '2626.6'],
    [['2.10', '2.73', '3.64', '3.74', '3.74'], 1040, '3050.4'],
    [['2.10', '2.54', '3.09', '3.24', '3.48'], 1040, '2759.8'],
    [['2.10', '2.87', '3.85', '4.11', '4.47'], 1040, '3198.2'],
    [['2.10', '2.68', '3.27', '3.55', '3.97'], 1040, '2895.0'],
    [['2.10', '3.02', '4.05', '4.51', '5.10'], 1040, '3348.2'],
    [['2.10', '2.415', '2.90', '2.90', '2.90'], 1500, '3960.6'],
    [['2.10', '2.68', '3.27', '3.55', '3.97'], 1500, '4570.0'],
  ]
  for (const [prices, kwh, expected] of rows) t.equal(totalsOf(bill(prices, kwh)), expected, `${prices[1]}, ${kwh} kWh`)
})

t.test('South Asia: slabs, service charges by slab, a lifeline', async (t) => {
  // mathix.co f6d072 (Nepal): 1248 − 1198 = 50 units; the first twenty cost nothing, or three rupees each where more is used.
  const nepal: Given = {
    tariff: currency('NPR'),
    components: [
      {
        code: 'service',
        kind: 'fixed',
        per: 'period',
        price: table('energy', ['20', '30'], ['50', '50'], ['100', '75']),
      },
      usage({
        kind: 'graduated',
        blocks: [
          { upTo: '20', price: { op: 'if', when: { is: 'greater', of: ['energy', '20'] }, yes: '3', no: '0' } },
          { upTo: '30', price: '6.50' },
          { upTo: '50', price: '8' },
          { price: '9.50' },
        ],
      }),
    ],
    period: { quantities: [{ name: 'energy', register: { start: '1198', end: '1248' } }] },
  }
  t.equal(totalsOf(nepal), '335.00')
  // mightytech.org (Dhaka): whole taka; up to 50 units all at the lifeline price, 30 a kW, 40 of rent, VAT 5 %.
  const isLifeline = { is: 'less_or_equal', of: ['energy', '50'] }
  const dhaka = (kwh: number, kw: string): Given => ({
    tariff: currency('BDT', 0),
    version: { rounding: { component: halfUp(0) } },
    components: [
      { ...usage(perUnit('3.75'), { when: isLifeline }), code: 'lifeline' },
      usage(
        ladder([
          ['75', '4.19'],
          ['200', '5.72'],
          [null, '6'],
        ]),
        { when: { is: 'not', of: isLifeline } },
      ),
      { code: 'demand', kind: 'fixed', quantity: kw, price: '30', per: 'month' },
      monthly('rent', '40'),
      { ...tax('5', ['lifeline', 'energy', 'demand', 'rent']), rounding: { line: halfUp(0) } },
    ],
    period: { quantities: [energy(kwh)] },
  })
  t.equal(totalsOf(dhaka(118, '2')), '693')
  t.equal(totalsOf(dhaka(159, '2')), '940')
  t.equal(totalsOf(dhaka(26, '0')), '145')
  // bharathicodes10/EBBill: commercial slabs, and a duty whose rate is chosen by the amount: 781.32 for 120 units.
  const duty: Given = {
    tariff: currency('INR'),
    components: [
      usage(
        ladder([
          ['50', '5.2'],
          ['100', '6.8'],
          [null, '8.3'],
        ]),
      ),
      {
        code: 'duty',
        kind: 'percentage',
        of: ['energy'],
        percent: {
          op: 'table',
          by: { op: 'amount', of: ['energy'], takes: 'rounded' },
          upperBound: 'excluded',
          rows: [{ upTo: '5000', value: '2' }, { upTo: '10000', value: '6' }, { value: '9' }],
        },
      },
    ],
    period: { quantities: [energy(120)] },
  }
  t.equal(totalsOf(duty), '781.32')
})

t.test('Brazil: taxes that are a share of the price with themselves', async (t) => {
  const inside = (net: string, rate: string) => ({ op: 'divide', of: [net, { op: 'subtract', of: ['1', rate] }] })
  // passeidireto.com 42509271: 0.44056 ÷ (1 − 36.26 %) = 0.69118, five decimals; 176.1 kWh.
  const priced: Given = {
    tariff: currency('BRL'),
    components: [usage(perUnit({ op: 'round', of: inside('0.44056', '0.3626'), to: halfUp(5) }))],
    period: { quantities: [energy('176.1')] },
  }
  t.same(linesOf(priced), ['energy: 176.1 × 0.69118 = 121.72'])
  // cervam.com.br: 49.58 ÷ (1 − 20.26 %) = 62.18, of which 12 % are ICMS.
  const shown: Given = {
    tariff: currency('BRL'),
    components: [
      { code: 'energy', kind: 'fixed', per: 'period', price: inside('49.58', '0.2026') },
      { code: 'icms', kind: 'percentage', of: ['energy'], percent: '1200/88', included: true },
    ],
  }
  t.same(
    linesOf(shown).map((line) => line.split(' = ')[1]),
    ['62.18', '7.46'],
  )
  t.equal(totalsOf(shown), '62.18')
  // gauthmath.com 1812725189236934: 45 536 − 45 416, the yellow flag, 30 % of generation and distribution.
  const flagged: Given = {
    tariff: currency('BRL'),
    components: [
      usage(perUnit('0.872321')),
      { code: 'flag', kind: 'usage', model: perUnit('0.018850') },
      tax('30', ['energy']),
    ],
    period: { quantities: [{ name: 'energy', register: { start: '45416', end: '45536' } }] },
  }
  t.same(
    linesOf(flagged).map((line) => line.split(' = ')[1]),
    ['104.68', '2.26', '31.40'],
  )
})

t.test('standing charges, taxes and reactive demand', async (t) => {
  const rows: readonly (readonly [string, Given, string])[] = [
    [
      'energyplus.co.uk: 350 kWh at 28p and 30 days at 52p',
      {
        tariff: currency('GBP'),
        components: [usage(perUnit('0.28')), { code: 'standing', kind: 'fixed', per: 'day', price: '0.52' }],
        period: { quantities: [energy(350)] },
      },
      '113.60',
    ],
    [
      // Printed as £51.58: 561.1 × 7.50p is £42.08, not £42.58.
      'energyplus.co.uk: 50 m³ of gas × 1.02264 × 39.5 ÷ 3.6, one decimal',
      {
        tariff: currency('GBP'),
        components: [
          usage(perUnit('0.075'), {
            quantity: 'gas',
            convert: { multiply: product('1.02264', '39.5', '1/3.6'), rounding: halfUp(1) },
          }),
          { code: 'standing', kind: 'fixed', per: 'day', price: '0.30' },
        ],
        period: { quantities: [quantity('gas', 50, { unit: 'm³' })] },
      },
      '51.08',
    ],
    [
      // The page writes 872.41 and 158.30 in its working; 241 × 3.62 is 872.42.
      'mascapacitacion.com.mx: two months of 58.51, 902 − 661 kWh, IVA 16 %',
      {
        tariff: currency('MXN'),
        components: [monthly('fixed', '58.51'), usage(perUnit('3.62')), tax('16', ['fixed', 'energy'])],
        period: { end: '2026-08-01', quantities: [{ name: 'energy', register: { start: '661', end: '902' } }] },
      },
      '1147.75',
    ],
    [
      'jcpb.com: 9975 − 8865 kWh',
      {
        components: [usage(perUnit('0.0951')), monthly('availability', '18.48')],
        period: { quantities: [{ name: 'energy', register: { start: '8865', end: '9975' } }] },
      },
      '124.04',
    ],
    [
      'creditanddebtmanagement.blogspot.com: 1000 kWh, 8 of service, 7.25 % of tax',
      {
        components: [usage(perUnit('0.085')), monthly('service', '8'), tax('7.25', ['energy', 'service'])],
        period: { quantities: [energy(1000)] },
      },
      '99.74',
    ],
    [
      'oru.com: 750 kvar less a third of 1000 kW, one decimal, at 0.40',
      {
        components: [
          usage(perUnit('0.40'), {
            quantity: { op: 'subtract', of: ['kvar', product('1/3', 'demand')] },
            unit: 'kvar',
            rounding: { quantity: halfUp(1) },
          }),
        ],
        period: { quantities: [demand(1000), quantity('kvar', 750, { unit: 'kvar' })] },
      },
      '166.68',
    ],
    [
      'gundog (TEPCO): 780, 6488 and a tax of 5 %, whole yen down',
      {
        tariff: currency('JPY', 0),
        version: { rounding: { component: down(0) } },
        components: [
          { code: 'basic', kind: 'fixed', per: 'period', price: '780' },
          usage(perUnit('1')),
          tax('5', ['basic', 'energy']),
        ],
        period: { quantities: [energy(6488)] },
      },
      '7631',
    ],
    [
      'yoilife.com: 320 kWh in three steps, the sum down to the yen',
      {
        tariff: currency('JPY', 0),
        version: { rounding: { total: down(0) } },
        components: [
          usage(
            ladder([
              ['120', '17.87'],
              ['300', '22.86'],
              [null, '24.13'],
            ]),
          ),
        ],
        period: { quantities: [energy(320)] },
      },
      '6741',
    ],
    [
      'zanzan.tw: 400 kWh in August',
      {
        components: [
          usage(
            ladder([
              ['120', '1.78'],
              ['330', '2.55'],
              [null, '3.80'],
            ]),
          ),
        ],
        period: { quantities: [energy(400)] },
      },
      '1015.10',
    ],
  ]
  for (const [claim, given, expected] of rows) t.equal(totalsOf(given), expected, claim)
})

t.test('rates of cooperatives, by their own words', async (t) => {
  // hoodriver.coop: started kW; the demand charge 1 % up for each 1 % below 0.95; at least 3.70 for each kW of the highest of 11 months, and 100.
  const factor = { op: 'power_factor', active: 'energy', reactive: 'reactive', decimals: 2 }
  const below = { op: 'max', of: ['0', { op: 'subtract', of: ['0.95', factor] }] }
  const past = { op: 'history', name: 'demand', months: { preceding: 11 }, take: 'highest' }
  const hood = (kw: string, kwh: number, highest: string): Given => ({
    components: [
      usage(perUnit('0.047'), { tags: ['all'] }),
      {
        code: 'demand',
        kind: 'usage',
        quantity: 'demand',
        unit: 'kW',
        rounding: { quantity: { mode: 'up', decimals: 0 } },
        model: perUnit(product('5.50', { op: 'add', of: ['1', below] })),
        tags: ['all'],
      },
      {
        code: 'least',
        kind: 'minimum',
        of: ['#all'],
        amount: { op: 'max', of: ['100', product('3.70', past)] },
        per: 'month',
      },
    ],
    period: { quantities: [energy(kwh), quantity('reactive', (kwh * 3) / 4), demand(kw)] },
    usage: { opening: { quantities: [{ name: 'demand', month: '2026-02', value: highest }] } },
  })
  t.same(linesOf(hood('70.2', 8000, '60')), ['energy: 8000 × 0.047 = 376.00', 'demand: 71 × 6.325 = 449.08'])
  t.same(linesOf(hood('20', 2000, '100')), [
    'energy: 2000 × 0.047 = 94.00',
    'demand: 20 × 6.325 = 126.50',
    'least: 1 × 149.5 = 149.50',
  ])
  // roanokeelectric.com schedule F: from 100 kW on the lower of demand and blocks, or 16.97 cents for all.
  const roanoke = (kw: number, kwh: number): Given => ({
    components: [
      {
        code: 'demand',
        kind: 'usage',
        quantity: 'demand',
        unit: 'kW',
        model: ladder([
          ['15', '0'],
          [null, '9.50'],
        ]),
      },
      usage(
        ladder([
          ['2500', '0.1288'],
          ['10000', '0.0918'],
          ['50000', '0.0776'],
          [null, '0.0660'],
        ]),
      ),
      {
        code: 'most',
        kind: 'maximum',
        of: ['demand', 'energy'],
        when: { is: 'greater_or_equal', of: ['demand', '100'] },
        amount: product('0.1697', 'energy'),
      },
    ],
    period: { quantities: [demand(kw), energy(kwh)] },
  })
  t.equal(totalsOf(roanoke(200, 2000)), '339.40')
  t.equal(totalsOf(roanoke(99, 2000)), '1055.60')
  t.equal(totalsOf(roanoke(200, 30_000)), '4320.00')
  // A load factor credit for each whole hour of use beyond 365 (mikeholt.com 57903): 100 kW, 38 050 kWh: 380 hours.
  const hoursOfUse = { op: 'round', of: { op: 'divide', of: ['energy', 'demand'] }, to: down(0) }
  const credit: Given = {
    components: [
      usage(perUnit('0.0291')),
      {
        code: 'load_factor',
        kind: 'usage',
        quantity: product('demand', { op: 'max', of: ['0', { op: 'subtract', of: [hoursOfUse, '365'] }] }),
        unit: 'kW·h',
        multiple: '-1',
        model: perUnit('0.0050'),
      },
    ],
    period: { quantities: [demand(100), energy(38_050)] },
  }
  t.equal(linesOf(credit)[1], 'load_factor: 1500 × 0.005 × -1 = -7.50')
  // A first block that grows with each kW above five (vendor help, variable threshold blocks): 700 + 150 × (12 − 5) kWh.
  const grown: Given = {
    components: [
      usage({
        kind: 'graduated',
        blocks: [
          {
            upTo: {
              op: 'add',
              of: ['700', product('150', { op: 'max', of: ['0', { op: 'subtract', of: ['demand', '5'] }] })],
            },
            price: '0.12555',
          },
          { price: '0.08725' },
        ],
      }),
    ],
    period: { quantities: [demand(12), energy(2000)] },
  }
  t.same(linesOf(grown), ['energy 1: 1750 × 0.12555 = 219.71', 'energy 2: 250 × 0.08725 = 21.81'])
})
