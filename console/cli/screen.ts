import { AsyncLocalStorage } from 'node:async_hooks'
import type { Io } from './io.js'

/** What the tables of one command have room for. */
export interface Screen {
  /** Cells of a line; infinite where everything is asked for. */
  readonly width: number
}

/** Where nobody says how wide the terminal is. */
const usualWidth = 100
/** Narrower than this no table makes sense; lines are left to the terminal. */
const narrowest = 40

const screens = new AsyncLocalStorage<Screen>()

/** Runs a command whose tables have to fit a screen. */
export function onScreen<T>(screen: Screen, act: () => Promise<T>): Promise<T> {
  return screens.run(screen, act)
}

/** Of the command that runs; without one nothing is in the way. */
export function screenWidth(): number {
  return screens.getStore()?.width ?? Number.POSITIVE_INFINITY
}

/** `--wide` shows all; COLUMNS, then the terminal, say how wide it is. */
export function screenOf(io: Pick<Io, 'env' | 'columns'>, args: readonly string[]): Screen {
  if (args.includes('--wide')) return { width: Number.POSITIVE_INFINITY }
  const told = Number(io.env['COLUMNS'])
  const width = Number.isInteger(told) && told > 0 ? told : (io.columns ?? usualWidth)
  return { width: Math.max(narrowest, width) }
}
