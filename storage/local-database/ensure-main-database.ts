import pg from 'pg'
import { withClient } from '../connect-client.js'

const undefinedDatabase = '3D000'
/** PostgreSQL marks a database so whose dropping was cut short; nothing is left in it. */
const invalidDatabase = '55000'

/** Creates the product's database in a new cluster; connecting to it is also the last proof that the server answers. */
export async function ensureMainDatabase(ownerUrl: string, name: string): Promise<void> {
  if (await connects(ownerUrl)) return
  const maintenance = new URL(ownerUrl)
  maintenance.pathname = '/postgres'
  await withClient(maintenance.href, async (client) => {
    await client.query(`drop database if exists ${client.escapeIdentifier(name)}`)
    await client.query(`create database ${client.escapeIdentifier(name)}`)
  })
}

async function connects(url: string): Promise<boolean> {
  try {
    return await withClient(url, async () => true)
  } catch (error) {
    if (isUnusable(error)) return false
    throw error
  }
}

function isUnusable(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === undefinedDatabase || error.code === invalidDatabase)
}
