import { UserError } from '../../domain/errors.js'
import type { Queryable } from '../../storage/database.js'
import { isCrew } from '../../storage/headend/crews.js'
import type { OpenExceptionFilter } from '../../storage/mdm/open-exceptions.js'
import { knownNames } from '../../storage/mdm/queue-names.js'
import { kindWords, noCrewText, ruleWords } from './exception-words.js'

const fields = ['crew', 'area', 'kind', 'rule'] as const

/** A filter as people type it: `rule=decrease,area=area-1`. @throws UserError bad_usage */
export function parseFilter(text: string): OpenExceptionFilter {
  const parts = text.split(',').map((part) => {
    const [, name = '', value = ''] = /^(\w+)=(.+)$/.exec(part.trim()) ?? []
    if (!fields.some((field) => field === name))
      throw new UserError('bad_usage', `--filter ${text}: 应为 expected ${fields.join('=…,')}=…`)
    return [name, value] as const
  })
  return Object.fromEntries(parts)
}

/** The filter by codes, whichever of code and word was typed. @throws UserError bad_input with what is known, for what is not. */
export async function resolveFilter(
  client: Queryable,
  { crew, area, kind, rule, ...rest }: OpenExceptionFilter,
): Promise<OpenExceptionFilter> {
  const names = await knownNames(client)
  return {
    ...rest,
    ...(kind === undefined ? {} : { kind: codeOf('kind', kind, kindWords, names.kinds) }),
    ...(rule === undefined ? {} : { rule: codeOf('rule', rule, ruleWords, names.rules) }),
    ...(area === undefined ? {} : { area: known('area', area, names.areas) }),
    ...(crew === undefined ? {} : { crew: await ownerOf(client, crew, names.owners) }),
  }
}

function codeOf(
  field: string,
  text: string,
  words: Readonly<Record<string, string>>,
  inUse: readonly string[],
): string {
  const codes = [...new Set([...Object.keys(words), ...inUse])].toSorted()
  const found = codes.find((code) => text === code || text === words[code] || text === `${words[code] ?? ''} ${code}`)
  if (found !== undefined) return found
  throw unknown(
    field,
    text,
    codes.map((code) => (words[code] === undefined ? code : `${code} ${words[code]}`)),
  )
}

function known(field: string, text: string, codes: readonly string[]): string {
  if (codes.includes(text)) return text
  throw unknown(field, text, firstNamed(codes))
}

/** A crew, nobody, or the manager who owns what no crew has; as the table shows them. */
async function ownerOf(client: Queryable, text: string, owners: readonly string[]): Promise<string> {
  if (text === 'none' || text === noCrewText) return 'none'
  if (owners.includes(text) || (await isCrew(client, text))) return text
  throw unknown('crew', text, firstNamed(['none', ...owners]))
}

/** Of what a utility may have thousands of; codes of the program are named all. */
const mostNamed = 40

function firstNamed(names: readonly string[]): readonly string[] {
  return names.length > mostNamed ? [...names.slice(0, mostNamed), `… 共 ${names.length} 个 in all`] : names
}

function unknown(field: string, text: string, names: readonly string[]): UserError {
  return new UserError('bad_input', `${field} ${text}: 未知，可用 unknown; known are: ${names.join(', ')}`)
}
