/** The language is needed before the options are parsed, because parsing itself may fail. */
export function languageOption(args: readonly string[]): string | undefined {
  const index = args.indexOf('--lang')
  return index >= 0 ? args[index + 1] : args.find((arg) => arg.startsWith('--lang='))?.slice('--lang='.length)
}
