import t from 'tap'
import { cellAt } from '../../../billing/tariffs/components/evidence-schema.js'
import { add, formatRational, multiply, parseRational, round, subtract, sum } from '../../../domain/rational.js'
import { present } from '../../../domain/result.js'
import { isAbsent, readPriceFile } from './price-files.js'

// What the printed table of January 2026 says of itself (E8): which parts float, and where print and parts disagree.
const purchase = exact('0.384470')
const lineLoss = exact('0.013643')
const floating = add(purchase, lineLoss)
const systemOperation = exact('0.082273')
const funds = sum(['0.02', '0.0062', '0.019'].map(exact))

/** Row, transmission and distribution, printed sharp and valley, printed peak in times of the base. */
const table = [
  ['hb-business-single-lv', '0.2103', '1.133999', '0.516924', '1.49'],
  ['hb-business-single-10kv', '0.1903', '1.113999', '0.496924', '1.49'],
  ['hb-business-single-35kv', '0.1703', '1.093999', '0.476924', '1.49'],
  ['hb-business-two-part-10kv', '0.1263', '1.049999', '0.432924', null],
  ['hb-business-two-part-35kv', '0.1065', '1.030199', '0.413124', '1.49'],
  ['hb-business-two-part-110kv', '0.0884', '1.012099', '0.395024', '1.49'],
  ['hb-business-two-part-220kv', '0.0694', '0.993099', '0.376024', '1.49'],
] as const

for (const [name, transmission, sharp, valley, peakFloat] of table) {
  const components = present(readPriceFile('hubei', name).tariff.versions[0], name).components
  const bySlot = components.find(({ code }) => code === 'purchase_and_line_loss')
  const printed = (slot: string) => cellAt(bySlot, `model.prices.${slot}.of.0`)
  const fixed = sum([exact(transmission), systemOperation, funds])

  t.test(`${name}: the cells are those printed, of which only purchase and line loss float`, async (t) => {
    t.equal(printed('sharp'), sharp)
    t.equal(printed('valley'), valley)
    t.equal(floated('2', fixed), sharp)
    t.equal(floated('0.45', fixed), valley)
    if (peakFloat === null) t.ok(isAbsent(cellAt(bySlot, 'model.prices.peak')), 'the suspicious cell is left out')
    else t.equal(printed('peak'), floated(peakFloat, fixed))
  })

  t.test(`${name}: without time of use the lines come to the printed price`, async (t) => {
    const ofParts = formatRational(add(floating, fixed))
    if (name.includes('two-part')) t.equal(printed('flat'), ofParts)
    else {
      const difference = components.find(({ code }) => code === 'printed_difference')
      const cell = String(cellAt(difference, 'model.price.of.1'))
      t.equal(formatRational(subtract(exact(ofParts), exact(cell))), '0.0002')
    }
  })
}

function floated(float: string, fixed: ReturnType<typeof exact>): string {
  return formatRational(round(add(multiply(floating, exact(float)), fixed), { mode: 'half_up', decimals: 6 }))
}

function exact(text: string) {
  return present(parseRational(text), text)
}
