import { fixed, type Layout } from '../data-item.js'
import type { Field } from '../field.js'
import { block } from '../data-item.js'
import { family, type ItemFamily, range } from '../item-family.js'
import { minuteStampField } from '../time-fields.js'
import { demandFields, demandKinds } from './demands-2007.js'
import { energyKinds } from './energies-2007.js'
import { registerName } from './registers.js'
import { activePower, phaseLetters, reactivePower } from './variables-2007.js'

const mostTariffs = 63
const index = range(1, 0xfe)

interface FreezeKind {
  readonly code: number
  readonly title: string
  readonly grade: ItemFamily['grade']
}

/** DI2 of class 05. 07 is step prices to some sources, the month to others. */
const freezeKinds: readonly FreezeKind[] = [
  { code: 0x00, title: '定时冻结 timed freeze', grade: 'agreed' },
  { code: 0x01, title: '瞬时冻结 instantaneous freeze', grade: 'agreed' },
  { code: 0x02, title: '两套时区表切换冻结 freeze at a change of zone tables', grade: 'agreed' },
  { code: 0x03, title: '两套日时段表切换冻结 freeze at a change of day tables', grade: 'agreed' },
  { code: 0x05, title: '两套费率电价切换冻结 freeze at a change of prices', grade: 'single' },
  { code: 0x06, title: '日冻结 daily freeze', grade: 'agreed' },
  { code: 0x07, title: '阶梯电价切换或月冻结 freeze of step prices or months', grade: 'disputed' },
]

const stamp: Field = { name: 'frozenAt', type: minuteStampField }

/** Total and tariffs of one quantity, `registers` in all. */
type RegistersOf = (registers: number) => readonly Field[]

/** DI1 01 to 08: the energies of class 00 under the same number, without the combined active one. */
const energies: readonly RegistersOf[] = energyKinds.slice(1, 9).map(
  ({ name, type }) =>
    (registers) =>
      range(0, registers - 1).map((tariff) => ({ name: registerName(name, tariff), type })),
)
/** DI1 09 and 0A: maximum demand forward and reverse active. */
const demands: readonly RegistersOf[] = demandKinds.slice(0, 2).map(
  ({ name, type }) =>
    (registers) =>
      range(0, registers - 1).flatMap((tariff) => demandFields(type)(registerName(name, tariff))),
)
const quantities = [...energies, ...demands]

/** One layout of each quantity serves every kind of freeze and every index, as the catalogue keeps what was asked for. */
const quantityLayouts = quantities.map(quantityLayout)

/** DI1 10: powers at the moment of the freeze. */
const variables: readonly Field[] = ['Total', ...phaseLetters]
  .map((phase): Field => ({ name: `activePower${phase}`, type: activePower }))
  .concat(['Total', ...phaseLetters].map((phase): Field => ({ name: `reactivePower${phase}`, type: reactivePower })))

function quantityLayout(registersOf: RegistersOf): Layout {
  const all = registersOf(mostTariffs + 1)
  const each = registersOf(1).length
  return block(range(0, mostTariffs).map((tariff) => all.slice(tariff * each, (tariff + 1) * each)))
}

/**
 * DI1 FF: everything in one. Which quantities a meter puts in depends on its model; the standard's own list is taken, with as many
 * tariffs as make the length fit.
 */
const everything: Layout = {
  kind: 'variants',
  variants: range(1, mostTariffs + 1).map((registers) => [
    stamp,
    ...quantities.flatMap((registersOf) => registersOf(registers)),
    ...variables,
  ]),
}

const hourly: readonly Field[] = [1, 2].map((code) => {
  const { name, type } = energyKinds[code] ?? { name: '', type: minuteStampField }
  return { name: registerName(name, 0), type }
})

/** Class 05: DI0 counts backwards, 01 is the most recent. */
export const freezeFamilies: readonly ItemFamily[] = [
  ...freezeKinds.flatMap(({ code, title, grade }) => {
    const prefix = `05${code.toString(16).padStart(2, '0')}`
    return [
      family(`${prefix}00..`, [index], `${title}时间 · stamp`, () => fixed(stamp), { grade }),
      ...quantityLayouts.map((layout, position) =>
        family(
          `${prefix}${(position + 1).toString(16).padStart(2, '0')}..`,
          [index],
          `${title} · ${(energyKinds.slice(1, 9)[position] ?? demandKinds[position - 8])?.title ?? ''}`,
          () => layout,
          { grade },
        ),
      ),
      family(`${prefix}10..`, [index], `${title} · 变量 powers`, () => fixed(...variables), { grade }),
      family(`${prefix}FF..`, [index], `${title} · 数据块 block`, () => everything, { grade }),
    ]
  }),
  family('050400..', [index], '整点冻结时间 hourly freeze · stamp', () => fixed(stamp)),
  family('0504....', [[1, 2], index], '整点冻结 hourly freeze · 正反向有功总电能 total energy', ([, , which = 1]) =>
    fixed(...hourly.slice(which - 1, which)),
  ),
  family('0504FF..', [index], '整点冻结数据块 hourly freeze · block', () => fixed(stamp, ...hourly)),
]
