/** A stretch of time in a file: from an instant on, until further notice where no end is given. ISO 8601 with offset. */
export interface Effective {
  readonly from: string
  readonly to?: string
}
