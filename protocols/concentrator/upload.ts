/** One upload: the frames that a concentrator got from its meters, unchanged, in the order in which it got them. */
export interface Upload {
  readonly concentrator: string
  /** Counted by the concentrator; (concentrator, batch) is the key that the application receipt names. */
  readonly batch: number
  readonly items: readonly UploadItem[]
}

export interface UploadItem {
  /** DL/T 645 reply from 68H to 16H. A meter's freeze stamp goes before the freeze registers that belong to it. */
  readonly frame: Buffer
}
