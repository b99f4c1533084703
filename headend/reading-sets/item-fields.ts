import { err, ok, type Result } from '../../domain/result.js'
import { findDataItem } from '../../protocols/dlt645/catalogue/catalogue.js'
import { type Edition, fieldsFor } from '../../protocols/dlt645/data-item.js'
import { type FieldValue, readFields } from '../../protocols/dlt645/field.js'
import type { SetItemError } from './set-item-error.js'

/** The fields of a payload as the catalogue has them; one that is no value of its kind makes the whole invalid. */
export function itemFields(
  edition: Edition,
  dataIdentifier: string,
  payload: Buffer,
): Result<readonly FieldValue[], SetItemError> {
  const item = findDataItem(edition, dataIdentifier)
  if (item === null) return err({ kind: 'unknown_item' })
  const fields = fieldsFor(item.layout, payload.length)
  if (fields === null) return err({ kind: 'length_mismatch' })
  const values = readFields(fields, payload)
  return values.some(({ state }) => state === 'invalid') ? err({ kind: 'value_invalid' }) : ok(values)
}
