/** What the command line touches of its process. Results go to `out`; progress and messages go to `err`. */
export interface Io {
  readonly out: (text: string) => void
  /** Resolves when what was given to `out` is on its way: whoever says a lot waits for a slow reader instead of filling the memory. */
  readonly drained: () => Promise<void>
  readonly err: (text: string) => void
  /** What is piped in. */
  readonly input: AsyncIterable<Buffer | string>
  readonly errStream: NodeJS.WritableStream
  /** True when a person watches stderr, so that bars may be redrawn in place. */
  readonly interactive: boolean
  /** Cells of a line where stdout is a terminal; undefined elsewhere. */
  readonly columns: number | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Called on Ctrl-C or SIGTERM. The returned function stops listening. */
  readonly onInterrupt: (handle: () => void) => () => void
  /** Ends the process at once; for the second Ctrl-C and for the end of an interrupted run. */
  readonly exit: (code: number) => never
}
