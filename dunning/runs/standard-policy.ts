import { readFileSync } from 'node:fs'

/** The policy document that ships with the product, for `registerPolicy`. */
export function readStandardPolicy(): unknown {
  return JSON.parse(readFileSync(new URL('../policy/standard-policy.json', import.meta.url), 'utf8'))
}
