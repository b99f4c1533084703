import pg from 'pg'

const uniqueViolation = '23505'
const mostCollisions = 3

/** Runs a transaction again when another process appended the same keys meanwhile: what it wrote is then seen and kept. */
export async function whileKeysCollide<T>(act: () => Promise<T>): Promise<T> {
  for (let collisions = 0; ; collisions++) {
    try {
      return await act()
    } catch (error) {
      if (collisions >= mostCollisions || !(error instanceof pg.DatabaseError && error.code === uniqueViolation))
        throw error
    }
  }
}
