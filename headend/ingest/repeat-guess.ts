import type { ReadUpload } from './collect-uploads.js'

/** Guesses which uploads repeat stored ones. A guess decides how they are stored, never what: a wrong one costs time alone. */
export interface RepeatGuess {
  /** Those of a batch that the broker or we have seen before, in this batch or an earlier one. */
  readonly repeatedAmong: (uploads: readonly ReadUpload[]) => ReadonlySet<ReadUpload>
  /** Readings were there that no guess expected; for some batches nothing is thought to be new. */
  readonly wasSurprised: () => void
}

/** Of keys (line, batch number) the latest so many are remembered, and at most twice that: a day's uploads of a million meters. */
const rememberedKeys = 50_000
const cautiousBatches = 16

export function createRepeatGuess(): RepeatGuess {
  const isNew = createKeyMemory(rememberedKeys)
  let cautious = 0
  return {
    repeatedAmong(uploads) {
      const repeated = uploads.filter((upload) => {
        const key = keyOf(upload)
        return (key !== null && !isNew(key)) || upload.arrived.redelivered || cautious > 0
      })
      cautious = Math.max(0, cautious - 1)
      return new Set(repeated)
    },
    wasSurprised() {
      cautious = cautiousBatches
    },
  }
}

function keyOf(upload: ReadUpload): string | null {
  return upload.kind === 'poison' || upload.upload.batch === null
    ? null
    : `${upload.line.lineId}/${upload.upload.batch}`
}

/**
 * Remembers the latest `size` keys at the least. In two generations, because a set whose oldest member goes for each new one is searched
 * from its beginning every time.
 * @returns a function that notes a key and says whether it was new.
 */
function createKeyMemory(size: number): (key: string) => boolean {
  let young = new Set<string>()
  let old = new Set<string>()
  return (key) => {
    const known = young.has(key) || old.has(key)
    young.add(key)
    if (young.size >= size) [old, young] = [young, new Set()]
    return !known
  }
}
