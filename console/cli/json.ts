/** JSON for programs: integers of any size are written as decimal strings, never as doubles. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner), 2)
}
