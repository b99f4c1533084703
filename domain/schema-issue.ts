import type * as z from 'zod'
import { unreachable } from './result.js'

/** What a schema expected, Chinese first; texts of our own schemas say it themselves. */
export function issueText(issue: z.core.$ZodIssue): string {
  if (isOwn(issue.message)) return ownText(issue.message)
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue)
    case 'too_small':
      return bound(issue.origin, issue.inclusive === false ? '>' : '≥', issue.minimum)
    case 'too_big':
      return bound(issue.origin, issue.inclusive === false ? '<' : '≤', issue.maximum)
    case 'unrecognized_keys':
      return `无此项 no such key: ${issue.keys.join(', ')}`
    case 'invalid_value':
      return `应为 expected ${issue.values.map(String).join(', ')}`
    case 'invalid_format':
      return wrongFormat(issue)
    case 'not_multiple_of':
      return `应为其整数倍 expected a multiple of ${issue.divisor}`
    case 'invalid_union':
      return issue.discriminator === undefined
        ? '不合任何一种写法 none of the forms that are known'
        : `无此种类 no such ${issue.discriminator}`
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return ownText(issue.message)
    default:
      return unreachable(issue)
  }
}

const types: Readonly<Record<string, string>> = {
  string: '文本 text',
  number: '数 a number',
  int: '整数 a whole number',
  boolean: '是否 true or false',
  array: '列表 a list',
  object: '对象 an object',
  record: '对象 an object',
}

function wrongType({ expected, message }: z.core.$ZodIssueInvalidType): string {
  const wanted = types[expected] ?? expected
  return message.endsWith('received undefined') ? `必填 required: ${wanted}` : `应为 expected ${wanted}`
}

const formats: Readonly<Record<string, string>> = {
  datetime:
    '应为带时区的时刻，如 2026-07-15T10:00:00+08:00 expected an instant with its zone, such as 2026-07-15T10:00:00+08:00',
  date: '应为日期，如 2026-07-15 expected a day, such as 2026-07-15',
  uuid: '应为 UUID expected a UUID',
}

function wrongFormat({ format, pattern }: z.core.$ZodIssueInvalidStringFormat): string {
  return formats[format] ?? `格式应为 expected the form of ${pattern ?? format}`
}

function bound(origin: string, sign: string, limit: number | bigint): string {
  if (origin === 'string') return `字数 characters ${sign} ${limit}`
  if (origin === 'array' || origin === 'set') return `条数 entries ${sign} ${limit}`
  return `应 expected ${sign} ${limit}`
}

/** A schema that says what it expects knows better than its kind of issue. */
function isOwn(message: string): boolean {
  return message.startsWith('expected') || /\p{Script=Han}/u.test(message)
}

function ownText(message: string): string {
  if (/\p{Script=Han}/u.test(message)) return message
  return message.startsWith('expected') ? `应为 ${message}` : `不合规则 ${message}`
}
