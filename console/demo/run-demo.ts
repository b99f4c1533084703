import type { Io } from '../cli/io.js'
import type { Messages } from '../messages/messages.js'

export interface DemoOptions {
  /** Folder that holds `.shuangwu/`. */
  readonly folder: string
  readonly seed: number
  readonly meters: number | undefined
  readonly port: number
  /** End when the story ends instead of keeping the status page up. */
  readonly exit: boolean
  readonly json: boolean
}

export async function runDemo(_io: Io, _messages: Messages, _options: DemoOptions): Promise<void> {}
