import { present } from '../../domain/result.js'
import { plainText } from './document-lists.js'
import type { Row } from '../../storage/insert-rows.js'

/** Ids by code: existing ones stay, new codes get the numbers after the highest, in the order given. */
export function idsOf(
  entries: readonly { readonly code: string }[],
  existing: readonly Row[],
  idColumn: string,
): (code: string) => bigint {
  // As numbers they cost a map nothing; there are not that many objects.
  const ids = new Map<string, number>()
  for (const row of existing) ids.set(plainText(row['code']), Number(row[idColumn]))
  let last = 0
  for (const id of ids.values()) last = Math.max(last, id)
  for (const { code } of entries) if (!ids.has(code)) ids.set(code, ++last)
  return (code) => BigInt(present(ids.get(code), `id of ${code}`))
}
