import { CommanderError } from 'commander'
import { UserError } from '../../domain/errors.js'
import { messagesFor } from '../messages/messages.js'
import type { Io } from './io.js'
import { languageOption } from './language-option.js'
import { createProgram } from './program.js'
import { onScreen, screenOf } from './screen.js'

const usageExitCode = 2
const defectExitCode = 70

/** Runs one command and says how it ended: 0 success, 1 "no", 2 bad usage or input, 3 environment. */
export async function runCli(args: readonly string[], io: Io): Promise<number> {
  const messages = messagesFor(languageOption(args), io.env)
  try {
    const program = await createProgram(io, args)
    await onScreen(screenOf(io, args), () => program.parseAsync([...args], { from: 'user' }))
    return 0
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usageExitCode
    if (error instanceof UserError) {
      io.err(messages.failure(messages.errorTitles[error.code], oneLine(error.message)))
      return error.exitCode
    }
    io.err(messages.defect(oneLine(error instanceof Error ? error.message : String(error))))
    if (io.env['SHUANGWU_DEBUG'] !== undefined && error instanceof Error) io.err(error.stack ?? '')
    return defectExitCode
  }
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ').trim()
}
