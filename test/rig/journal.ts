import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'

/** Lines that are on the disk when `write` returns: what an outside witness swears to must survive whatever is killed. */
export interface Journal {
  readonly write: (line: string) => void
  readonly close: () => void
}

export function openJournal(path: string): Journal {
  const file = openSync(path, 'a')
  return {
    write(line) {
      writeSync(file, `${line}\n`)
      fsyncSync(file)
    },
    close: () => closeSync(file),
  }
}

/** The lines written so far, without one that was cut. */
export function readJournal(path: string): readonly string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : []
}
