import { invariant } from '../domain/result.js'
import { withClient } from './connect-client.js'

/** Drops the database of the URL and makes it anew, empty. The caller has made sure that nothing in it is worth keeping. */
export async function recreateDatabase(ownerUrl: string): Promise<void> {
  const maintenance = new URL(ownerUrl)
  const name = decodeURIComponent(maintenance.pathname.slice(1))
  invariant(name !== '' && name !== 'postgres', 'the product has a database of its own')
  maintenance.pathname = '/postgres'
  await withClient(maintenance.href, async (client) => {
    await client.query(`drop database if exists ${client.escapeIdentifier(name)} with (force)`)
    await client.query(`create database ${client.escapeIdentifier(name)}`)
  })
}
