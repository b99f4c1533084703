import { join } from 'node:path'
import { checkoutRoot } from '../architecture/source-files.js'

/** The checked description of the schema. */
export const schemaDumpPath = join(checkoutRoot, 'docs', 'schema.sql')
