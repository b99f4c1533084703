import { Presets, SingleBar } from 'cli-progress'
import type { Io } from './cli/io.js'

/** Shows how far a long act is: a bar for people, one line per finished stage for logs. */
export interface Progress {
  readonly stage: (title: string, total: number) => StageProgress
}

export interface StageProgress {
  readonly advance: (steps?: number) => void
  readonly done: () => void
}

export function createProgress(io: Io): Progress {
  return { stage: (title, total) => (io.interactive ? createBar(io, title, total) : createLine(io, title)) }
}

/** Nothing is shown; for `--json` read by programs and for tests. */
export const silentProgress: Progress = { stage: () => ({ advance: () => undefined, done: () => undefined }) }

function createBar(io: Io, title: string, total: number): StageProgress {
  const bar = new SingleBar(
    {
      format: '{bar} {percentage}% {title} {duration_formatted}',
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
  }
}

function createLine(io: Io, title: string): StageProgress {
  io.err(`… ${title}`)
  return { advance: () => undefined, done: () => io.err(`✓ ${title}`) }
}
