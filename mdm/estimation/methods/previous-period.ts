import { countedUsage, type Forecast } from '../day-series.js'

/** What the same number of days before counted: the quantity on which the rules of 2024 let a bill rest for the time being. */
export const previousPeriod: Forecast = (series, from, ahead) =>
  from < ahead ? null : countedUsage(series, from - ahead, ahead)
