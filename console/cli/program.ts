import { Command } from 'commander'
import type { Io } from './io.js'

export function createProgram(io: Io): Command {
  const program = new Command('shuangwu')
  program
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.out(text.trimEnd()), writeErr: (text) => io.err(text.trimEnd()) })
  return program
}
