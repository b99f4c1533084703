import t from 'tap'
import { parseTariff, tariffSha256 } from '../../../billing/tariffs/parse-tariff.js'
import { shippedCodes, shippedDocument, shippedJson } from './shipped-tariffs.js'

t.test('accepts every tariff that ships', async (t) => {
  for (const code of shippedCodes) {
    const parsed = parseTariff(shippedJson(code))
    t.ok(parsed.ok, code)
    t.equal(parsed.ok && parsed.value.code, code)
  }
})

t.test('refuses what it cannot apply, naming the cell', async (t) => {
  const tou = shippedDocument('sd-residential-tou')
  const full = shippedDocument('sd-residential')
  const ladder = full.ladder
  const [peak, ...others] = tou.energyPrices
  const table: readonly (readonly [string, unknown, string])[] = [
    ['an unknown key', { ...tou, capacityPrice: '39' }, 'document: 无此项 no such key: capacityPrice'],
    ['an unknown rounding', { ...tou, energyRounding: 'difference_half_up' }, 'energyRounding: 应为 expected none'],
    ['a monthly ladder', { ...full, ladder: { ...ladder, mode: 'monthly' } }, 'ladder.mode: 应为 expected annual'],
    [
      'a day that does not exist',
      { ...tou, validFrom: '2026-02-30' },
      'validFrom: 无此日期 not a calendar day YYYY-MM-DD',
    ],
    [
      'a price as a number',
      { ...tou, energyPrices: [{ ...peak, price: 0.5 }] },
      'energyPrices.0.price: 应为 expected 文本 text',
    ],
    [
      'nine decimals',
      { ...tou, energyPrices: [{ ...peak, price: '0.123456789' }, ...others] },
      'energyPrices.0.price: 应为至多八位小数的数 not a plain decimal with at most 8 decimals',
    ],
    [
      'a cell without a source',
      { ...tou, energyPrices: [{ slot: 'peak', price: '1', grade: 'A' }] },
      'energyPrices.0.source: 必填 required: 文本 text',
    ],
    [
      'a negative price',
      { ...tou, energyPrices: [{ ...peak, price: '-0.1' }, ...others] },
      'energyPrices.peak: negative_price',
    ],
    [
      'a slip of the decimal point',
      { ...tou, energyPrices: [{ ...peak, price: '576.9' }, ...others] },
      'energyPrices.peak: price_out_of_range',
    ],
    ['a slot without a price', { ...tou, energyPrices: others }, 'peak: slot_price_missing'],
    [
      'a price nobody counts',
      { ...tou, energyPrices: [...tou.energyPrices, { ...peak, slot: 'sharp' }] },
      'sharp: slots_missing',
    ],
    ['two prices for a slot', { ...tou, energyPrices: [...tou.energyPrices, peak] }, 'peak: slot_price_repeated'],
    [
      'increments on nothing',
      { ...full, ladder: { ...ladder, form: 'increment', blockPrices: ladder?.blockPrices.slice(1) } },
      'energyPrices: increments_without_energy_prices',
    ],
    ['a full ladder beside slots', { ...tou, ladder }, 'energyPrices: full_ladder_with_energy_prices'],
    [
      'blocks out of order',
      { ...full, ladder: { ...ladder, monthlyLimitsKwh: ['400', '210'] } },
      'ladder.monthlyLimitsKwh: block_bounds_out_of_order',
    ],
    [
      'an empty first block',
      { ...full, ladder: { ...ladder, monthlyLimitsKwh: ['0', '400'] } },
      'ladder.monthlyLimitsKwh: block_bounds_out_of_order',
    ],
    [
      'a block without a price',
      { ...full, ladder: { ...ladder, blockPrices: ladder?.blockPrices.slice(0, 2) } },
      'ladder.blockPrices.3: block_price_missing',
    ],
    ['an empty validity', { ...tou, validTo: tou.validFrom }, 'validTo: validity_empty'],
    ['a tax of 130 %', { ...tou, vat: { ...tou.vat, rate: '1.3' } }, 'vat.rate: vat_rate_out_of_range'],
  ]
  for (const [name, json, defect] of table) {
    const parsed = parseTariff(json)
    t.match(parsed, { ok: false, error: { kind: 'tariff_refused' } }, name)
    t.ok(
      !parsed.ok && parsed.error.defects.includes(defect),
      `${name}: ${parsed.ok ? '' : parsed.error.defects.join(' | ')}`,
    )
  }
})

t.test('digests the meaning of a document, not the order of its keys', async (t) => {
  const document = shippedDocument('sd-residential')
  const reordered = Object.fromEntries(Object.entries(document).toReversed())
  const parsed = parseTariff(reordered)
  t.ok(parsed.ok)
  t.same(parsed.ok && tariffSha256(parsed.value), tariffSha256(document))
  t.notSame(tariffSha256({ ...document, version: 2 }), tariffSha256(document))
})
