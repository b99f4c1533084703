import { family, type ItemFamily, range } from '../item-family.js'

/** Class 06: DI2 00 all classes, 01 to 06 one of them; DI0 00 the earliest block, 01 from a given time, 02 the latest. */
export const loadProfileFamilies: readonly ItemFamily[] = [
  family('06..00..', [range(0, 6), [0, 1, 2]], '负荷记录 load records', () => ({ kind: 'load_records' })),
]
