import { Presets, SingleBar } from 'cli-progress'
import type { Io } from './cli/io.js'

/** Shows how far a long act is: a bar for people, one line per finished stage for logs. */
export interface Progress {
  readonly stage: (title: string, total: number) => StageProgress
  /** Leaves the bar that runs where it is, so that a message can follow it. */
  readonly stop: () => void
}

export interface StageProgress {
  readonly advance: (steps?: number) => void
  readonly done: () => void
  /** Leaves the bar where it is; harmless after `done`. */
  readonly stop: () => void
}

export function createProgress(io: Io): Progress {
  let current: StageProgress | null = null
  return {
    stage(title, total) {
      current = io.interactive ? createBar(io, title, total) : createLine(io, title)
      return current
    },
    stop: () => current?.stop(),
  }
}

function createBar(io: Io, title: string, total: number): StageProgress {
  const bar = new SingleBar(
    {
      format: '{bar} {percentage}% {title} {duration_formatted}',
      barsize: 24,
      stream: io.errStream,
      clearOnComplete: false,
      hideCursor: null,
    },
    Presets.shades_classic,
  )
  bar.start(total, 0, { title })
  return {
    advance: (steps = 1) => bar.increment(steps),
    done() {
      bar.update(total)
      bar.stop()
    },
    stop: () => bar.stop(),
  }
}

function createLine(io: Io, title: string): StageProgress {
  io.err(`… ${title}`)
  return { advance: () => undefined, done: () => io.err(`✓ ${title}`), stop: () => undefined }
}

/** Says what is worked at, and for how long, while nothing can be counted: for people at a terminal only, and gone afterwards. */
export async function whileWorking<T>(
  io: Pick<Io, 'interactive' | 'errStream'>,
  { title, isQuiet }: { readonly title: string; readonly isQuiet: boolean },
  act: () => Promise<T>,
): Promise<T> {
  if (isQuiet || !io.interactive) return act()
  const bar = new SingleBar(
    { format: '… {title} {duration_formatted}', stream: io.errStream, clearOnComplete: true, hideCursor: null },
    Presets.shades_classic,
  )
  bar.start(1, 0, { title })
  try {
    return await act()
  } finally {
    bar.stop()
  }
}
