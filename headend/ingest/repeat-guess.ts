import type { ReadUpload } from './collect-uploads.js'

/** Guesses which uploads repeat stored ones. A guess decides how they are stored, never what: a wrong one costs time alone. */
export interface RepeatGuess {
  /** Those of a batch that the broker or we have seen before, in this batch or an earlier one. */
  readonly repeatedAmong: (uploads: readonly ReadUpload[]) => ReadonlySet<ReadUpload>
  /** Readings were there that no guess expected; for some batches nothing is thought to be new. */
  readonly wasSurprised: () => void
}

/** Keys (line, batch number) that are remembered: a day's uploads of a million meters and more. */
const rememberedKeys = 50_000
const cautiousBatches = 16

export function createRepeatGuess(): RepeatGuess {
  const seen = new Set<string>()
  let cautious = 0
  return {
    repeatedAmong(uploads) {
      const repeated = uploads.filter((upload) => !remember(seen, upload) || upload.arrived.redelivered || cautious > 0)
      cautious = Math.max(0, cautious - 1)
      return new Set(repeated)
    },
    wasSurprised() {
      cautious = cautiousBatches
    },
  }
}

/** False when it was known already. */
function remember(seen: Set<string>, upload: ReadUpload): boolean {
  if (upload.kind === 'poison' || upload.upload.batch === null) return true
  const key = `${upload.line.lineId}/${upload.upload.batch}`
  if (seen.has(key)) return false
  seen.add(key)
  const [oldest] = seen
  if (seen.size > rememberedKeys && oldest !== undefined) seen.delete(oldest)
  return true
}
