/** Thrown where a curve cannot be laid on the days of another bill, deep inside the blend; `compareBills` alone catches it and returns it as a value. */
export class CurveNotLaid extends Error {
  override readonly name = 'CurveNotLaid'
}
