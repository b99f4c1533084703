import { present, type Result } from '../domain/result.js'
import type { Database, Transaction } from './database.js'

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

/** Answers what `act` would come to, and leaves everything as it was. */
export async function rehearse<T>(database: Database, act: (tx: Transaction) => Promise<T>): Promise<T> {
  const rollBack = new Error('rehearsed')
  let rehearsed: { readonly outcome: T } | null = null
  try {
    await database.transaction(async (tx) => {
      rehearsed = { outcome: await act(tx) }
      throw rollBack
    })
  } catch (error) {
    if (error !== rollBack) throw error
  }
  return present<{ readonly outcome: T }>(rehearsed, 'a rehearsal has an outcome').outcome
}
