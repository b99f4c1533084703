import pg from 'pg'

/**
 * Runs an act on one session of its own and ends it. A server that goes away in the middle fails the statement under way; the event it
 * raises beside that would otherwise end the process.
 */
export async function withClient<T>(url: string, act: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await act(client)
  } finally {
    await client.end()
  }
}
