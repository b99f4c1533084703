import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { UserError } from '../domain/errors.js'
import { present } from '../domain/result.js'
import { type Clock, holding } from '../domain/runtime.js'
import { copyOut, type TakePiece } from './copy-out.js'
import {
  type DatabaseHealth,
  openSessions,
  type PooledSessions,
  type Session,
  type SessionOptions,
} from './pooled-sessions.js'

/** A value that PostgreSQL takes as a parameter. Instants go through `toTimestamptz`, because a bare number says nothing of its unit. */
export type Parameter = string | number | bigint | boolean | null | Uint8Array | readonly Parameter[]

/** What a repository function takes first, so that it runs alone or inside its caller's transaction. */
export interface Queryable {
  readonly query: <Row extends object>(sql: string, parameters?: readonly Parameter[]) => Promise<readonly Row[]>
  /** Number of rows an insert, update or delete touched. */
  readonly execute: (sql: string, parameters?: readonly Parameter[]) => Promise<number>
  /** Streams chunks into a `copy … from stdin`; resolves with the number of rows. */
  readonly copyIn: (sql: string, chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>) => Promise<number>
  /**
   * Streams a `copy … to stdout`; each piece ends anywhere. While a promise of `take` is open, nothing more is read. `passing`: a piece is
   * overwritten by the next one, so nothing of it is kept, nor looked at after waiting.
   */
  readonly copyOut: (sql: string, take: TakePiece, pieces?: 'own' | 'passing') => Promise<void>
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
  /** The same sessions with another limit for each statement: for what takes its time over a whole company. */
  readonly withStatementLimit: (statementMs: number) => Database
  /** Sessions that it may use at once. */
  readonly connections: number
  readonly health: () => DatabaseHealth
  readonly close: () => Promise<void>
}

export type DatabaseOptions = SessionOptions

const connectionsBeside = 2
const serializationFailure = '40001'
const deadlockDetected = '40P01'

/** A pool of sessions. Virtual time stands still while any statement or transaction is open. */
export function openDatabase(options: DatabaseOptions): Database {
  return viewOf(openSessions(options), options.clock, undefined)
}

function viewOf(sessions: PooledSessions, clock: Pick<Clock, 'hold'>, statementMs: number | undefined): Database {
  const use = <T>(act: (session: Session) => Promise<T>) => holding(clock, () => sessions.use(statementMs, act))
  return {
    query: (sql, parameters) => use((session) => sessionQueryable(session).query(sql, parameters)),
    execute: (sql, parameters) => use((session) => sessionQueryable(session).execute(sql, parameters)),
    copyIn: (sql, chunks) => use((session) => sessionQueryable(session).copyIn(sql, chunks)),
    copyOut: (sql, take, pieces) => use((session) => sessionQueryable(session).copyOut(sql, take, pieces)),
    transaction: (act, settings = {}) =>
      holding(clock, () =>
        withRetries(() => sessions.use(statementMs, (session) => inTransaction(session, act, settings)), settings),
      ),
    withStatementLimit: (limitMs) => viewOf(sessions, clock, limitMs),
    connections: sessions.connections,
    health: sessions.health,
    close: sessions.close,
  }
}

function sessionQueryable({ statement }: Session): Queryable {
  return {
    query: <Row extends object>(sql: string, parameters: readonly Parameter[] = []) =>
      statement(async (client) => (await client.query<Row>(sql, [...parameters])).rows),
    execute: (sql, parameters = []) =>
      statement(async (client) => (await client.query(sql, [...parameters])).rowCount ?? 0),
    copyIn: (sql, chunks) =>
      statement(async (client) => {
        const sink = client.query(copyFrom(sql))
        await pipeline(Readable.from(chunks, { objectMode: false }), sink)
        return sink.rowCount
      }),
    copyOut: (sql, take, pieces = 'own') => statement((client) => copyOut(client, sql, take, pieces)),
  }
}

async function withRetries<T>(act: () => Promise<T>, { retries = 0 }: TransactionOptions): Promise<T> {
  for (let retriesLeft = retries; ; retriesLeft--) {
    try {
      return await act()
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
  const queryable = sessionQueryable(session)
  await queryable.execute(`begin isolation level ${options.isolation ?? 'read committed'}`)
  try {
    const result = await act({ ...queryable, inTransaction: true })
    await queryable.execute('commit')
    return result
  } catch (error) {
    // Of a connection that is lost the server rolls back by itself.
    if (!session.isLost()) await queryable.execute('rollback').catch(() => undefined)
    throw error
  }
}

/** One transaction of its own, or its part in the caller's. */
export function atomically<T>(database: Database | Transaction, act: (tx: Transaction) => Promise<T>): Promise<T> {
  return 'inTransaction' in database ? act(database) : database.transaction(act)
}

/** @throws UserError bad_config where a session that waits for another one of the same pool would wait for itself. */
export function requireBeside({ connections }: Database): void {
  if (connections < connectionsBeside)
    throw new UserError(
      'bad_config',
      `一读一写须同时有两个数据库连接 this reads beside what it writes: give the role ${connectionsBeside} connections, not ${connections}`,
    )
}

/**
 * A second session of the database that sees what `tx`, a transaction with repeatable reads, sees of others, and nothing that `tx` itself
 * has written. It takes a connection besides the one of `tx`.
 * @throws UserError bad_config where there is only that one: it would wait for itself.
 */
export async function readBeside<T>(
  database: Database,
  tx: Transaction,
  act: (reader: Queryable) => Promise<T>,
): Promise<T> {
  requireBeside(database)
  const [snapshot] = await tx.query<{ readonly id: string }>('select pg_export_snapshot() as id')
  return database.transaction(
    async (reader) => {
      await reader.execute(`set transaction snapshot '${present(snapshot, 'a snapshot').id}'`)
      return act(reader)
    },
    { isolation: 'repeatable read' },
  )
}

/** True for the failures that PostgreSQL asks to be answered by running the transaction again. */
export function isConflict(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === serializationFailure || error.code === deadlockDetected)
}

/** True when the server refused a value or a constraint did: the same content would fail again, other content would not. */
export function isRefusedData(error: unknown): boolean {
  return error instanceof pg.DatabaseError && /^2[23]/.test(error.code ?? '')
}

/**
 * True for whatever failed in the database without being its word about the content: it is away, full, restarting, a standby, or set up
 * wrong. The same content may be stored later.
 */
export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof UserError) return error.code === 'database_unreachable'
  return error instanceof pg.DatabaseError && !isRefusedData(error)
}
