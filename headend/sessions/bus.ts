import type { Duplex } from 'node:stream'
import type { Clock, Parity, Timer } from '../../domain/runtime.js'
import { invariant } from '../../domain/result.js'
import type { Instant } from '../../domain/time.js'
import { createConnection } from './connection.js'
import { createEchoFilter, type EchoFilter } from './echo-filter.js'
import { longestReplyMs } from './reply-timeout.js'
import type { TalkRight } from './talk-right.js'

/**
 * Two wires behind a serial port or a raw TCP serial server: one request in flight. Sessions of several protocols may share it, as
 * meters of several protocols may hang on it.
 */
export interface Bus {
  /** False when no connection could be had before the deadline. `parity` is set where the port is ours. */
  readonly ready: (deadline: Instant, parity?: Parity) => Promise<boolean>
  /** Why the last attempt to connect failed; null when none has. */
  readonly failure: () => unknown
  /**
   * Says the request after its gap and listens. The result is what the talk makes of what it hears. Whether it may still be said is
   * asked, and what is said is settled, when nothing lies between that and the wire any more.
   */
  readonly talk: <T>(talk: Talk<T>) => Promise<T>
  /** Bytes that came while nobody was listening, and the end of a connection. Each session hears all of them. */
  readonly onStray: (hear: (stray: Buffer | 'line_down') => void) => void
  readonly close: () => void
}

/** A request and how its reply is listened for. */
export interface Talk<T> {
  /** The right to talk, as it stands when the bytes go out. */
  readonly right: TalkRight
  /**
   * The bytes, asked for at the moment at which they go out; null for a request that may not go out any more.
   * @param waitedMs the part of the time since `talk` was called that the gap called for.
   */
  readonly say: (waitedMs: number) => Buffer | null
  /** Silence before it, counted from the last exchange, in milliseconds. */
  readonly gapMs: number
  /** From the first byte of a request of so many bytes to the first byte of the reply, at most. */
  readonly firstByteMs: (requestBytes: number) => number
  /** Silence that ends a reply which has begun. */
  readonly silenceMs: number
  /** The adapter sends the request back first. */
  readonly echo: boolean
  readonly parity?: Parity
  /** The request goes out now; not called where nothing goes out. */
  readonly onSaid: (bytes: Buffer) => void
  /** The result as soon as the bytes settle it; null while they do not. */
  readonly hear: (chunk: Buffer) => T | null
  /** What comes of it when the reply is over, or never began. */
  readonly end: (why: TalkEnd) => T
}

/** `line_lost`: the line may be another's, and nothing was said. `unsaid`: the talk itself had nothing to say any more. */
export type TalkEnd = 'timeout' | 'line_down' | 'line_lost' | 'unsaid'

export interface BusOptions {
  readonly clock: Clock
  /** Opens the port or the connection; `parity` is what the next request needs, null where it cannot be chosen. */
  readonly connect: (parity: Parity | null) => Promise<Duplex>
  /** How a port of our own is set where nobody asks for another parity; absent behind a serial server. */
  readonly parity?: Parity
}

interface InFlight {
  readonly hear: (chunk: Buffer) => void
  readonly lineDown: () => void
}

export function openBus({ clock, connect, parity: usualParity }: BusOptions): Bus {
  let parity = usualParity ?? null
  let inFlight: InFlight | null = null
  let isTaken = false
  let quietFrom: Instant = Number.NEGATIVE_INFINITY
  const strayListeners: ((stray: Buffer | 'line_down') => void)[] = []
  const connection = createConnection({
    clock,
    connect: () => connect(parity),
    onData(chunk) {
      if (inFlight !== null) inFlight.hear(chunk)
      else for (const hear of strayListeners) hear(chunk)
    },
    onDown() {
      if (inFlight !== null) inFlight.lineDown()
      else for (const hear of strayListeners) hear('line_down')
    },
  })

  /** A port of our own that is open with another parity is given back, to be opened again. */
  function setParity(wanted: Parity | undefined): void {
    if (usualParity === undefined || parity === (wanted ?? usualParity)) return
    parity = wanted ?? usualParity
    connection.close()
  }

  async function streamFor(wanted: Parity | undefined): Promise<Duplex | null> {
    const before = parity
    setParity(wanted)
    return before === parity ? connection.current() : connection.open(clock.now())
  }

  function sayAndListen<T>(talk: Talk<T>, stream: Duplex, waitedMs: number): T | Promise<T> {
    if (!talk.right.isSafe()) return talk.end('line_lost')
    const bytes = talk.say(waitedMs)
    return bytes === null ? talk.end('unsaid') : listen(talk, stream, bytes)
  }

  function listen<T>(talk: Talk<T>, stream: Duplex, bytes: Buffer): Promise<T> {
    return new Promise((resolve) => {
      let lastHeardAt: Instant | null = null
      let isSettled = false
      const echo: EchoFilter | null = talk.echo ? createEchoFilter(bytes) : null
      // However slowly a reply comes, it is over then.
      const firstByteMs = talk.firstByteMs(bytes.length)
      const endsAt = clock.elapsed() + firstByteMs + longestReplyMs
      let timer: Timer = clock.setTimer(firstByteMs, onTimer)

      /** Set once for each silence, not for each chunk: what was heard meanwhile only puts it off. */
      function onTimer(): void {
        hearNow(echo?.rest() ?? nothing)
        if (isSettled) return
        const dueAt = lastHeardAt === null ? clock.elapsed() : Math.min(lastHeardAt + talk.silenceMs, endsAt)
        if (clock.elapsed() >= dueAt) settle(talk.end('timeout'))
        else timer = clock.setTimer(dueAt - clock.elapsed(), onTimer)
      }

      function hearNow(rest: Buffer): void {
        if (rest.length === 0) return
        if (lastHeardAt === null) {
          // The reply has begun: from here on it is the silence between two bytes that ends it.
          timer.cancel()
          timer = clock.setTimer(Math.min(talk.silenceMs, Math.max(0, endsAt - clock.elapsed())), onTimer)
        }
        lastHeardAt = clock.elapsed()
        const result = talk.hear(rest)
        if (result !== null) settle(result)
      }

      function settle(result: T): void {
        isSettled = true
        timer.cancel()
        inFlight = null
        quietFrom = clock.elapsed()
        resolve(result)
      }

      inFlight = {
        hear: (chunk) => hearNow(echo === null ? chunk : echo.push(chunk)),
        lineDown: () => settle(talk.end('line_down')),
      }
      talk.onSaid(bytes)
      stream.write(bytes)
    })
  }

  return {
    async ready(deadline, wanted) {
      setParity(wanted)
      return (await connection.open(deadline)) !== null
    },
    failure: () => connection.failure(),
    async talk(talk) {
      invariant(!isTaken, 'a half-duplex line carries one request at a time')
      isTaken = true
      try {
        const stream = await streamFor(talk.parity)
        const waitMs = Math.max(0, quietFrom + talk.gapMs - clock.elapsed())
        if (waitMs > 0) await clock.sleep(waitMs)
        const isOpen = stream !== null && connection.current() === stream
        return isOpen ? await sayAndListen(talk, stream, waitMs) : talk.end('line_down')
      } finally {
        isTaken = false
      }
    },
    onStray: (hear) => void strayListeners.push(hear),
    close: () => connection.close(),
  }
}

const nothing = Buffer.alloc(0)
