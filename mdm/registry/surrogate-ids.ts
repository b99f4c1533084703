import { present } from '../../domain/result.js'
import type { Row } from '../../storage/insert-rows.js'

/** Ids by code: existing ones stay, new codes get the numbers after the highest, in the order given. */
export function idsOf(
  entries: readonly { readonly code: string }[],
  existing: readonly Row[],
  idColumn: string,
): (code: string) => bigint {
  const ids = new Map(existing.map((row) => [row['code'] as string, row[idColumn] as bigint]))
  let last = [...ids.values()].reduce((highest, id) => (id > highest ? id : highest), 0n)
  for (const { code } of entries) if (!ids.has(code)) ids.set(code, ++last)
  return (code) => present(ids.get(code), `id of ${code}`)
}
