import type { Result } from '../domain/result.js'
import type { Transaction } from './database.js'

/** Keeps what `act` wrote where it succeeds; else the transaction goes on as if it had not begun. */
export async function tentatively<T, E extends { readonly kind: string }>(
  tx: Transaction,
  act: () => Promise<Result<T, E>>,
  { isRehearsal = false }: { readonly isRehearsal?: boolean } = {},
): Promise<Result<T, E>> {
  await tx.execute('savepoint tentatively')
  const outcome = await act()
  if (isRehearsal || !outcome.ok) await tx.execute('rollback to savepoint tentatively')
  await tx.execute('release savepoint tentatively')
  return outcome
}
