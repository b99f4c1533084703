import pg from 'pg'
import { type InsertMode, insertModes } from './readings.js'

const uniqueViolation = '23505'

/** Runs a transaction, and again in the next more tolerant mode each time that a key turned out to be there already. */
export async function whileKeysConflict<T>(first: InsertMode, act: (mode: InsertMode) => Promise<T>): Promise<T> {
  for (const mode of insertModes.slice(insertModes.indexOf(first), -1)) {
    try {
      return await act(mode)
    } catch (error) {
      if (!(error instanceof pg.DatabaseError && error.code === uniqueViolation)) throw error
    }
  }
  return act('tolerate_conflicts')
}
