import fc from 'fast-check'

/** Like `fc.record`, but objects are like those of a program, so that they can be compared with what a decoder returns. */
export function record<T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record<T>(model, { noNullPrototype: true })
}
