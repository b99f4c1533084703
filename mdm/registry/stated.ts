/** An entry without the fields of which nothing is stated. */
export type Stated<E> = { readonly [K in keyof E as null extends E[K] ? never : K]: E[K] } & {
  readonly [K in keyof E as null extends E[K] ? K : never]?: Exclude<E[K], null>
}

/** Leaves out the fields that are null. */
export function stated<E extends object>(entry: E): Stated<E> {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== null)) as Stated<E>
}
