import t from 'tap'
import { findFamily, itemFamilies } from '../../../protocols/dlt645/catalogue/catalogue.js'
import type { Edition } from '../../../protocols/dlt645/data-item.js'
import { identifiersOf, itemOf } from '../../../protocols/dlt645/item-family.js'
import { meterWith, valuesOf } from './support.js'

const editions: readonly Edition[] = ['2007', '1997']

/** First, last and some identifiers between of each family. */
function someIdentifiers(edition: Edition): readonly string[] {
  return itemFamilies
    .filter((each) => each.edition === edition)
    .flatMap((each) => {
      const all = [...identifiersOf(each)]
      const step = Math.max(1, Math.floor(all.length / 7))
      return all
        .filter((_, index) => index % step === 0 || index === all.length - 1)
        .map((bytes) => itemOf(each, bytes).dataIdentifier)
    })
}

/** Memories end somewhere: indexes beyond are refused, as by a real meter. */
const beyondMemory =
  /^05(?:00|02|03|05)..(?:3D|[4-9A-F].)$|^0501..(?:0[4-9A-F]|[1-9A-F].)$|^0506..(?:3F|[4-9A-F].)$|^0507..(?:0[D-F]|[1-9A-F].)$/

for (const edition of editions) {
  t.test(`a meter of ${edition} answers every kind of item with values that its catalogue reads`, async (t) => {
    const meter = meterWith({ edition })
    const identifiers = someIdentifiers(edition)
    t.ok(identifiers.length > 80, `${identifiers.length} items`)
    const odd = identifiers.filter((identifier) => {
      const values = valuesOf(meter, identifier, { edition })
      const isRead = values !== null && values.length > 0 && values.every(({ state }) => state !== 'invalid')
      if (findFamily(edition, identifier)?.access === 'w') return values !== null
      return isRead === beyondMemory.test(identifier)
    })
    t.same(odd, [])
  })
}
