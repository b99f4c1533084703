import pg from 'pg'
import { UserError } from '../domain/errors.js'
import type { Clock } from '../domain/runtime.js'
import { type Instant, secondMs } from '../domain/time.js'
import { patientFor } from './patient-client.js'
import { ruleText } from './rule-words.js'
import { exactTypes } from './type-parsers.js'

/** How long the database may say nothing. What is not named is not bounded. */
export interface DatabaseLimits {
  /** From the first packet to a session that is logged in; `usualConnectMs` where absent. */
  readonly connectMs?: number
  /** One statement, alone or inside a transaction, until its last row. */
  readonly statementMs?: number
}

export interface SessionOptions {
  readonly url: string
  readonly clock: Pick<Clock, 'hold' | 'now' | 'setTimer'>
  readonly connections?: number
  readonly applicationName?: string
  readonly limits?: DatabaseLimits
  /** A statement was given up, because the database had said nothing for so long. */
  readonly onSilence?: (statementMs: number) => void
}

export interface DatabaseHealth {
  /** When the database last answered; null before the first time. */
  readonly lastAnswerAt: Instant | null
  /** Statements that were given up. */
  readonly silences: number
}

/** A session of the pool while somebody uses it. */
export interface Session {
  /** One exchange with the server. @throws UserError database_unreachable for what is not the server's word about the statement. */
  readonly statement: <T>(act: (client: pg.PoolClient) => Promise<T>) => Promise<T>
  /** Nothing more can be asked of it. */
  readonly isLost: () => boolean
}

export interface PooledSessions {
  /** The most at once. */
  readonly connections: number
  /** `statementMs` undefined: the limit of the pool. */
  readonly use: <T>(statementMs: number | undefined, act: (session: Session) => Promise<T>) => Promise<T>
  readonly health: () => DatabaseHealth
  readonly close: () => Promise<void>
}

const defaultConnections = 10
export const usualConnectMs = 30 * secondMs
/** A peer that is gone is found out within about twice this, even where nothing is asked. */
const keepAliveMs = 10 * secondMs

export function openSessions(options: SessionOptions): PooledSessions {
  const { clock, limits = {} } = options
  const { connectMs = usualConnectMs } = limits
  const { connections = defaultConnections } = options
  const pool = new pg.Pool({
    connectionString: options.url,
    max: connections,
    application_name: options.applicationName ?? 'shuangwu',
    types: exactTypes,
    allowExitOnIdle: true,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveMs,
    // Whom we have given up must not hold locks until the server finds out by itself.
    idle_in_transaction_session_timeout: limits.statementMs,
    // It would go on with a statement that nobody waits for, and hold its locks.
    statement_timeout: serverLimitMs(limits.statementMs),
    Client: patientFor(connectMs),
  })
  // A session that breaks while idle is replaced by the pool; the next statement reports a server that is gone.
  pool.on('error', () => undefined)
  let lastAnswerAt: Instant | null = null
  let silences = 0
  /** What the server was told, where it is not the limit of the pool. */
  const told = new WeakMap<pg.PoolClient, number>()
  /** How many silences there had been when a connection was made. */
  const madeAfter = new WeakMap<pg.PoolClient, number>()
  pool.on('connect', (client) => {
    madeAfter.set(client, silences)
    // The server's last word may come in one packet with its first, before whoever waits for the session has it.
    client.on('error', () => undefined)
  })

  function gaveUp(statementMs: number): UserError {
    silences += 1
    options.onSilence?.(statementMs)
    return new UserError(
      'database_unreachable',
      `数据库无响应 the database said nothing for ${statementMs / secondMs} s`,
    )
  }

  /** Where one connection fell silent, those made before it are not trusted: each would cost another deadline. */
  async function connected(): Promise<pg.PoolClient> {
    for (;;) {
      const client = await pool.connect().catch((error: unknown) => {
        throw unreachable(error)
      })
      if (madeAfter.get(client) === silences) return client
      client.release(true)
    }
  }

  function before<T>(statementMs: number, act: () => Promise<T>, onGivenUp: (error: UserError) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = clock.setTimer(statementMs, () => {
        const error = gaveUp(statementMs)
        onGivenUp(error)
        reject(error)
      })
      act().then(resolve, reject).finally(timer.cancel)
    })
  }

  /** Whether the server was told another limit than whoever uses the session now has. */
  function isToldOther(client: pg.PoolClient, statementMs: number | undefined): boolean {
    return (told.get(client) ?? serverLimitMs(limits.statementMs)) !== serverLimitMs(statementMs)
  }

  async function tellLimit(client: pg.PoolClient, statementMs: number | undefined): Promise<void> {
    const limitMs = serverLimitMs(statementMs)
    await client.query(`select set_config('statement_timeout', $1, false)`, [String(limitMs)])
    told.set(client, limitMs)
  }

  async function use<T>(
    statementMs: number | undefined = limits.statementMs,
    act: (session: Session) => Promise<T>,
  ): Promise<T> {
    const client = await connected()
    let lost: Error | null = null
    const lose = (error: Error): void => {
      lost ??= error
    }
    client.on('error', lose)
    const exchange = async <A>(asked: () => Promise<A>, limitMs: number | undefined): Promise<A> => {
      if (lost !== null) throw unreachable(lost)
      try {
        const answer = await (limitMs === undefined ? asked() : before(limitMs, asked, lose))
        lastAnswerAt = clock.now()
        return answer
      } catch (error) {
        if (isGivenUpByServer(error)) lastAnswerAt = clock.now()
        if (isRefusedByRule(error)) throw new UserError('refused', ruleText(error.message), { cause: error })
        throw isLostConnection(error) ? unreachable(error) : error
      }
    }
    const session: Session = {
      isLost: () => lost !== null,
      statement: (ask) => exchange(() => ask(client), statementMs),
    }
    try {
      if (isToldOther(client, statementMs))
        await exchange(() => tellLimit(client, statementMs), limits.statementMs ?? statementMs)
      return await act(session)
    } finally {
      client.off('error', lose)
      // A connection that something still runs on is torn down, not asked to end.
      client.release(session.isLost())
    }
  }

  return { use, connections, health: () => ({ lastAnswerAt, silences }), close: () => pool.end() }
}

/**
 * SQLSTATE classes in which the server speaks of itself: connection, resources (disk, memory, sessions), operator, system, a standby
 * that takes no writes, a session that it ended. And what the driver says when the socket is gone.
 */
const awayStates = /^(?:08|53|57|58|25006|25P03)/
const systemErrors = /^E(?!RR_)[A-Z]+/
const lostConnectionMessages = /Connection terminated|not queryable|Client was closed|timeout expired/

/** So much earlier than we the server gives up, so that its word comes while we still listen and the session lives on. */
const usualHeadStartMs = secondMs

/** 0: as long as it takes. */
function serverLimitMs(statementMs: number | undefined): number {
  return statementMs === undefined ? 0 : Math.ceil(statementMs - Math.min(usualHeadStartMs, statementMs / 10))
}

/** The server cancelled a statement, and thereby answered. */
function isGivenUpByServer(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '57014'
}

/** A rule of ours in a trigger said no, in words for whoever asked (`refuse` in migration 0017). */
function isRefusedByRule(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError && error.code === 'SW403'
}

function isLostConnection(error: unknown): error is Error {
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (error instanceof pg.DatabaseError) return awayStates.test(code)
  return systemErrors.test(code) || lostConnectionMessages.test(error.message)
}

function unreachable(cause: unknown): UserError {
  if (cause instanceof UserError) return cause
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new UserError('database_unreachable', `数据库连接中断 the database is away: ${reason}`, { cause })
}
