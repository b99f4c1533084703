import t from 'tap'
import { present } from '../../../domain/result.js'
import { absentCells, cellsWithoutSource, componentsOf, priceFiles, readPriceFile } from './price-files.js'

const files = priceFiles()
const provinces = ['guangdong', 'hubei', 'hunan', 'jiangsu', 'liaoning', 'shandong', 'zhejiang']

t.test('seven provinces have price files, each named for its code', async (t) => {
  t.same([...new Set(files.map(({ province }) => province))], provinces)
  for (const { name, province, tariff } of files) {
    t.equal(tariff.code, name)
    t.equal(tariff.province?.toLowerCase(), province, name)
    t.ok(tariff.name, `${name} has a name in both languages`)
  }
})

t.test('every price, bound and table says where it stands or that it is absent', async (t) => {
  for (const file of files)
    for (const { version, component } of componentsOf(file))
      t.same(cellsWithoutSource(component), [], `${file.name} ${version.version} ${component.code}`)
})

t.test('a price that loses its source is found', async (t) => {
  const { tariff } = readPriceFile('shandong', 'sd-household-ladder')
  const [energy] = present(tariff.versions[0], 'a version').components
  const { evidence, ...bare } = present(energy, 'a component')
  t.ok(evidence)
  t.same(cellsWithoutSource(bare), [
    'model.blocks.0.upTo.yes',
    'model.blocks.0.upTo.no',
    'model.blocks.0.price',
    'model.blocks.1.upTo',
    'model.blocks.1.price',
    'model.blocks.2.price',
  ])
})

t.test('every version with a price says since when, by which source', async (t) => {
  for (const file of files) {
    for (const version of file.tariff.versions) {
      const isWhollyAbsent = version.components.every((component) => absentCells(component).length > 0)
      t.ok(isWhollyAbsent || version.evidence?.['validFrom'], `${file.name} ${version.version}`)
      t.ok(
        version.validTo === undefined || version.evidence?.['validTo'],
        `${file.name} ${version.version} says why it ends`,
      )
    }
  }
})

t.test('hours stand only beside prices, with a source of their own', async (t) => {
  for (const { name, tariff } of files)
    for (const { calendars } of tariff.versions)
      for (const calendar of calendars) t.ok(calendar.source && calendar.grade, `${name} ${calendar.name}`)
})

t.test('no file is signed: two people of the utility that uses it do that', async (t) => {
  for (const { name, tariff } of files)
    t.ok(
      tariff.versions.every(({ signatures }) => signatures === undefined),
      name,
    )
})
