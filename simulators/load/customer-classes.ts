/** What kind of load stands behind a meter. */
export type CustomerClass = 'residential' | 'shared_building' | 'commercial'

/** Number of a meter's tariff register. */
export type TouNumber = 1 | 2 | 3 | 4

interface ClassLoad {
  /** Relative use in each hour of the day, from local midnight. */
  readonly hourShape: readonly bigint[]
  /** Use of a day in percent of the mean day, Sunday to Saturday. */
  readonly weekdayPercent: readonly bigint[]
  /** Which register the meter counts in each hour of the day. */
  readonly touOfHour: readonly TouNumber[]
}

/** Peak (tou2) 8-22, valley (tou4) 22-8, as residential meters in Shandong are set outside the heating season. */
const residentialTou = touOfHour([
  [8, 4],
  [14, 2],
  [2, 4],
])
/** Hubei in July and August: valley (tou4) 0-6, 12-14; peak (tou2) 16-20, 22-24; sharp (tou1) 20-22; flat (tou3) otherwise. */
const commercialTou = touOfHour([
  [6, 4],
  [6, 3],
  [2, 4],
  [2, 3],
  [4, 2],
  [2, 1],
  [2, 2],
])

/** Shapes of our own making that look like a Chinese July: air conditioning in the evening and at night, shops by day. */
export const classLoads: Readonly<Record<CustomerClass, ClassLoad>> = {
  residential: {
    hourShape: [
      38n,
      32n,
      28n,
      26n,
      25n,
      26n,
      32n,
      40n,
      38n,
      34n,
      34n,
      40n,
      48n,
      44n,
      38n,
      36n,
      38n,
      46n,
      62n,
      78n,
      84n,
      80n,
      68n,
      50n,
    ],
    weekdayPercent: [112n, 96n, 95n, 95n, 96n, 98n, 108n],
    touOfHour: residentialTou,
  },
  shared_building: {
    hourShape: [
      40n,
      35n,
      31n,
      29n,
      28n,
      29n,
      34n,
      41n,
      42n,
      40n,
      40n,
      44n,
      48n,
      46n,
      42n,
      41n,
      43n,
      50n,
      61n,
      72n,
      76n,
      73n,
      63n,
      50n,
    ],
    weekdayPercent: [106n, 98n, 97n, 97n, 98n, 100n, 104n],
    touOfHour: residentialTou,
  },
  commercial: {
    hourShape: [
      10n,
      9n,
      9n,
      9n,
      9n,
      10n,
      14n,
      26n,
      48n,
      66n,
      72n,
      74n,
      70n,
      72n,
      76n,
      76n,
      74n,
      70n,
      66n,
      60n,
      52n,
      38n,
      20n,
      12n,
    ],
    weekdayPercent: [84n, 102n, 104n, 104n, 104n, 106n, 96n],
    touOfHour: commercialTou,
  },
}

function touOfHour(spans: readonly (readonly [hours: number, tou: TouNumber])[]): readonly TouNumber[] {
  return spans.flatMap(([hours, tou]) => Array.from({ length: hours }, () => tou))
}
