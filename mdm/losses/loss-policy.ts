/** When the loss of an area is out of band. */
export interface LossPolicy {
  readonly version: string
  /** A loss above this fraction (e4) of what flowed into the area… */
  readonly aboveE4: number
  /** …or above the area's own usual loss by this fraction (e4)… */
  readonly riseE4: number
  /** …which is the median of its days in band in so many days before, if there are at least so many of them… */
  readonly usualDays: number
  readonly usualLeastDays: number
  /** …or a gain above this fraction (e4), which no network has… */
  readonly negativeE4: number
  /** …is told when it is at least this much, kWh e4: small areas lose and gain by the steps of their displays. */
  readonly leastE4: bigint
}

/** Low-voltage areas lose 3 to 8 %; what two classes of meters may err together stays below 1 %. */
export const builtInLossPolicy: LossPolicy = {
  version: 'built-in/1',
  aboveE4: 1000,
  riseE4: 150,
  usualDays: 28,
  usualLeastDays: 5,
  negativeE4: 100,
  leastE4: 5_0000n,
}
