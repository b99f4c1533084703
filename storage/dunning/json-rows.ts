import { bigintAsText } from '../../domain/bigint-as-text.js'

/** Rows as one jsonb parameter for `jsonb_to_recordset`, so that any number of rows is one statement. */
export function jsonRows(rows: readonly object[]): string {
  return JSON.stringify(rows, bigintAsText)
}
