import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { UserError } from '../domain/errors.js'
import { type Clock, holding } from '../domain/runtime.js'
import { exactTypes } from './type-parsers.js'

/** A value that PostgreSQL takes as a parameter. Instants go through `toTimestamptz`, because a bare number says nothing of its unit. */
export type Parameter = string | number | bigint | boolean | null | Uint8Array | readonly Parameter[]

/** What a repository function takes first, so that it runs alone or inside its caller's transaction. */
export interface Queryable {
  readonly query: <Row extends object>(sql: string, parameters?: readonly Parameter[]) => Promise<readonly Row[]>
  /** Number of rows an insert, update or delete touched. */
  readonly execute: (sql: string, parameters?: readonly Parameter[]) => Promise<number>
  /** Streams chunks into a `copy … from stdin`; resolves with the number of rows. */
  readonly copyIn: (sql: string, chunks: Iterable<Buffer> | AsyncIterable<Buffer>) => Promise<number>
  /** Streams a `copy … to stdout`; each chunk ends anywhere. */
  readonly copyOut: (sql: string, take: (chunk: Buffer) => void) => Promise<void>
}

/** A Queryable inside a transaction; the brand keeps a bare pool out where atomicity is needed. */
export interface Transaction extends Queryable {
  readonly inTransaction: true
}

export interface TransactionOptions {
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable'
  /** How often to run the act again after a serialization failure or deadlock; 0 unless asked for. */
  readonly retries?: number
}

export interface Database extends Queryable {
  /** Commits what `act` did, or rolls all of it back when it throws. */
  readonly transaction: <T>(act: (tx: Transaction) => Promise<T>, options?: TransactionOptions) => Promise<T>
  readonly close: () => Promise<void>
}

export interface DatabaseOptions {
  readonly url: string
  readonly clock: Pick<Clock, 'hold'>
  readonly connections?: number
  readonly applicationName?: string
}

const defaultConnections = 10
const serializationFailure = '40001'
const deadlockDetected = '40P01'

/** A pool of sessions. Virtual time stands still while any statement or transaction is open. */
export function openDatabase(options: DatabaseOptions): Database {
  const { clock } = options
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.connections ?? defaultConnections,
    application_name: options.applicationName ?? 'shuangwu',
    types: exactTypes,
    allowExitOnIdle: true,
  })
  // A session that breaks while idle is replaced by the pool; the next statement reports a server that is gone.
  pool.on('error', () => undefined)
  return {
    ...heldQueryable(clock, (act) => withSession(pool, act)),
    transaction: (act, settings = {}) => holding(clock, () => withRetries(pool, act, settings)),
    close: () => pool.end(),
  }
}

type Session = pg.PoolClient

function heldQueryable(
  clock: Pick<Clock, 'hold'>,
  use: <T>(act: (session: Session) => Promise<T>) => Promise<T>,
): Queryable {
  return {
    query: (sql, parameters) =>
      holding(clock, () => use((session) => sessionQueryable(session).query(sql, parameters))),
    execute: (sql, parameters) =>
      holding(clock, () => use((session) => sessionQueryable(session).execute(sql, parameters))),
    copyIn: (sql, chunks) => holding(clock, () => use((session) => sessionQueryable(session).copyIn(sql, chunks))),
    copyOut: (sql, take) => holding(clock, () => use((session) => sessionQueryable(session).copyOut(sql, take))),
  }
}

function sessionQueryable(session: Session): Queryable {
  return {
    async query<Row extends object>(sql: string, parameters: readonly Parameter[] = []) {
      return (await session.query<Row>(sql, [...parameters])).rows
    },
    async execute(sql, parameters = []) {
      return (await session.query(sql, [...parameters])).rowCount ?? 0
    },
    async copyIn(sql, chunks) {
      const sink = session.query(copyFrom(sql))
      await pipeline(Readable.from(chunks, { objectMode: false }), sink)
      return sink.rowCount
    },
    async copyOut(sql, take) {
      await drain(session.query(copyTo(sql)), take)
    },
  }
}

/** The stream is read to its end even when `take` throws, so that the session stays usable for the rollback. */
async function drain(source: AsyncIterable<Buffer>, take: (chunk: Buffer) => void): Promise<void> {
  let failure: { readonly error: unknown } | null = null
  for await (const chunk of source) {
    if (failure !== null) continue
    try {
      take(chunk)
    } catch (error) {
      failure = { error }
    }
  }
  if (failure !== null) throw failure.error
}

/** A session whose connection broke is closed instead of going back to the pool; the failure itself reaches the running statement. */
async function withSession<T>(pool: pg.Pool, act: (session: Session) => Promise<T>): Promise<T> {
  const session = await connected(pool)
  let broken = false
  const onError = (): void => {
    broken = true
  }
  session.on('error', onError)
  try {
    return await act(session)
  } catch (error) {
    if (isRefusedByRule(error)) throw new UserError('refused', error.message, { cause: error })
    throw isLostConnection(error) ? unreachable(error) : error
  } finally {
    session.off('error', onError)
    session.release(broken)
  }
}

async function connected(pool: pg.Pool): Promise<Session> {
  try {
    return await pool.connect()
  } catch (error) {
    throw isLostConnection(error) ? unreachable(error) : error
  }
}

/** The server is shutting down or gone, the socket is gone, or pg says that the session died under us. */
const lostConnectionCodes = /^(08|57P0[1-3]|ECONNREFUSED|ECONNRESET|ENOENT|EPIPE)/
const lostConnectionMessages = /Connection terminated|not queryable|Client was closed/

function isLostConnection(error: unknown): error is Error {
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return lostConnectionCodes.test(code) || lostConnectionMessages.test(error.message)
}

function unreachable(cause: Error): UserError {
  return new UserError('database_unreachable', `the connection to the database was lost: ${cause.message}`, { cause })
}

async function withRetries<T>(
  pool: pg.Pool,
  act: (tx: Transaction) => Promise<T>,
  options: TransactionOptions,
): Promise<T> {
  for (let retriesLeft = options.retries ?? 0; ; retriesLeft--) {
    try {
      return await withSession(pool, (session) => inTransaction(session, act, options))
    } catch (error) {
      if (retriesLeft <= 0 || !isConflict(error)) throw error
    }
  }
}

async function inTransaction<T>(
  session: Session,
  act: (tx: Transaction) => Promise<T>,
  options: TransactionOptions,
): Promise<T> {
  await session.query(`begin isolation level ${options.isolation ?? 'read committed'}`)
  try {
    const result = await act({ ...sessionQueryable(session), inTransaction: true })
    await session.query('commit')
    return result
  } catch (error) {
    await session.query('rollback').catch(() => undefined)
    throw error
  }
}

/** True for the failures that PostgreSQL asks to be answered by running the transaction again. */
export function isConflict(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === serializationFailure || error.code === deadlockDetected)
}

/** A rule of ours in a trigger said no, in words for whoever asked (`refuse` in migration 0017). */
function isRefusedByRule(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError && error.code === 'SW403'
}

/** True when the server refused a value or a constraint did: the same content would fail again, other content would not. */
export function isRefusedData(error: unknown): boolean {
  return error instanceof pg.DatabaseError && /^2[23]/.test(error.code ?? '')
}
