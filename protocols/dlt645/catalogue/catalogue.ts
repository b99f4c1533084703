import type { DataItem, Edition } from '../data-item.js'
import { identifiersOf, itemOf, type ItemFamily } from '../item-family.js'
import { demandFamilies } from './demands-2007.js'
import { energyFamilies } from './energies-2007.js'
import { eventFamilies } from './events-2007.js'
import { freezeFamilies } from './freezes-2007.js'
import { families1997 } from './items-1997.js'
import { loadProfileFamilies } from './load-profile-2007.js'
import { parameterFamilies } from './parameters-2007.js'
import { variableFamilies } from './variables-2007.js'

/** Every data item of both editions. Codec, reading types, documentation and simulated meters follow from this one list. */
export const itemFamilies: readonly ItemFamily[] = [
  ...energyFamilies,
  ...demandFamilies,
  ...variableFamilies,
  ...eventFamilies,
  ...parameterFamilies,
  ...freezeFamilies,
  ...loadProfileFamilies,
  ...families1997,
]

/** Families by edition and highest byte, so that a look-up passes over the other classes. */
const familiesByClass = new Map<string, ItemFamily[]>()
for (const family of itemFamilies) {
  for (const first of family.bytes[0] ?? []) {
    const key = classKey(family.edition, first)
    familiesByClass.set(key, [...(familiesByClass.get(key) ?? []), family])
  }
}

/** Items that have been asked for: at most as many as the catalogue has. */
const found = new Map<string, DataItem>()

/** The item that an identifier of an edition names; null for one that the catalogue does not have. */
export function findDataItem(edition: Edition, dataIdentifier: string): DataItem | null {
  const known = found.get(dataIdentifier)
  if (known !== undefined && known.edition === edition) return known
  const family = findFamily(edition, dataIdentifier)
  if (family === null) return null
  const item = itemOf(family, bytesOf(dataIdentifier))
  found.set(dataIdentifier, item)
  return item
}

/** The family that an identifier belongs to. */
export function findFamily(edition: Edition, dataIdentifier: string): ItemFamily | null {
  const bytes = bytesOf(dataIdentifier)
  const candidates = familiesByClass.get(classKey(edition, bytes[0] ?? 0)) ?? []
  return candidates.find((family) => hasIdentifier(family, bytes)) ?? null
}

/** Every single item, some tens of thousands. */
export function* allDataItems(): Generator<DataItem> {
  for (const family of itemFamilies) for (const bytes of identifiersOf(family)) yield itemOf(family, bytes)
}

function hasIdentifier(family: ItemFamily, bytes: readonly number[]): boolean {
  return (
    family.bytes.length === bytes.length && family.bytes.every((range, index) => range.includes(bytes[index] ?? -1))
  )
}

function bytesOf(dataIdentifier: string): readonly number[] {
  return [...Buffer.from(dataIdentifier, 'hex')]
}

function classKey(edition: Edition, firstByte: number): string {
  return `${edition}:${firstByte}`
}
