/** Replacer for JSON.stringify: integers of any size as decimal text, never as doubles. */
export function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}
