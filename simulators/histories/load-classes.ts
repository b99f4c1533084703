/** What kind of load stands behind a meter of a history. */
export const loadClassNames = ['residential', 'commercial', 'day_works', 'shift_works', 'irrigation', 'vacant'] as const
export type LoadClass = (typeof loadClassNames)[number]

interface ClassShape {
  /** Relative use in each hour of the day. */
  readonly hours: readonly number[]
  /** Sunday to Saturday, percent of the mean day. */
  readonly weekdays: readonly [number, number, number, number, number, number, number]
  /** A day lies between these percent of what its weekday says. */
  readonly dayPercent: readonly [least: number, most: number]
  /** Use of 30 days at the meter, kWh before the multiplier. */
  readonly monthlyKwh: readonly [least: number, most: number]
  /** CT × PT that such points have. */
  readonly ratios: readonly [number, ...number[]]
}

/** Shapes of our own making; what matters is that they differ in level, spread and rhythm. */
export const loadClasses: Readonly<Record<LoadClass, ClassShape>> = {
  residential: {
    hours: spread([6, 26], [3, 38], [6, 40], [3, 42], [4, 78], [2, 56]),
    weekdays: [112, 96, 95, 95, 96, 98, 108],
    dayPercent: [60, 140],
    monthlyKwh: [60, 700],
    ratios: [1],
  },
  commercial: {
    hours: spread([7, 9], [2, 40], [10, 72], [3, 45], [2, 14]),
    weekdays: [84, 102, 104, 104, 104, 106, 96],
    dayPercent: [80, 120],
    monthlyKwh: [300, 6000],
    ratios: [1, 1, 20, 30, 40],
  },
  day_works: {
    hours: spread([8, 8], [4, 95], [1, 40], [5, 95], [6, 10]),
    weekdays: [15, 120, 120, 120, 120, 118, 60],
    dayPercent: [85, 115],
    monthlyKwh: [100, 4000],
    ratios: [40, 60, 80, 200, 1000],
  },
  shift_works: {
    hours: spread([8, 80], [8, 85], [8, 82]),
    weekdays: [96, 101, 101, 101, 101, 101, 99],
    dayPercent: [90, 110],
    monthlyKwh: [400, 6000],
    ratios: [60, 100, 1000, 3500],
  },
  irrigation: {
    hours: spread([6, 40], [6, 90], [6, 60], [6, 20]),
    weekdays: [100, 100, 100, 100, 100, 100, 100],
    dayPercent: [30, 170],
    monthlyKwh: [50, 1500],
    ratios: [1, 1, 20],
  },
  vacant: {
    hours: spread([24, 1]),
    weekdays: [100, 100, 100, 100, 100, 100, 100],
    dayPercent: [90, 110],
    monthlyKwh: [0, 4],
    ratios: [1],
  },
}

/** Valley (tou4) 0-8, peak (tou2) 8-12 and 18-22, sharp (tou1) 20-21, flat (tou3) otherwise, by the meter's clock. */
export const touOfHour: readonly number[] = spread([8, 3], [4, 1], [6, 2], [2, 1], [1, 0], [1, 1], [2, 2])

function spread(...spans: readonly (readonly [hours: number, value: number])[]): readonly number[] {
  return spans.flatMap(([hours, value]) => Array.from({ length: hours }, () => value))
}
