import { err, ok, type Result } from '../../domain/result.js'
import { yuan } from '../../domain/scaled.js'
import { isLocalDate } from '../../domain/time.js'

/** What a template may name: texts, local days (`YYYY-MM-DD`) and amounts in fen. */
export type TemplateValues = Readonly<Record<string, string | bigint>>

export type TemplateError =
  | { readonly kind: 'unknown_name'; readonly name: string }
  | { readonly kind: 'unknown_format'; readonly format: string }
  | { readonly kind: 'format_mismatch'; readonly name: string; readonly format: string }
  | { readonly kind: 'broken_placeholder'; readonly text: string }

type Format = (value: string | bigint) => string | null

/** Digits of an account number left readable in a channel that others may see. */
const readableDigits = 4

const formats: Readonly<Record<string, Format>> = {
  text: (value) => (typeof value === 'string' ? value : null),
  yuan: (value) => (typeof value === 'bigint' ? yuan(value) : null),
  date: (value) => (typeof value === 'string' && isLocalDate(value) ? chineseDate(value) : null),
  masked: (value) => (typeof value === 'string' ? masked(value) : null),
  tail: (value) => (typeof value === 'string' ? value.slice(-readableDigits) : null),
}

const placeholder = /\{\{([a-z_]+)\|([a-z]+)\}\}/g

/**
 * Fills `{{name|format}}`. Strict on purpose: an unknown name or format, a value that does not fit its format, or any other
 * brace is an error, so that no customer ever reads a placeholder.
 */
export function renderTemplate(template: string, values: TemplateValues): Result<string, TemplateError> {
  const stray = template.replaceAll(placeholder, '').match(/.?[{}]+.?/)
  if (stray) return err({ kind: 'broken_placeholder', text: stray[0] })
  let rendered = ''
  let end = 0
  for (const match of template.matchAll(placeholder)) {
    const filled = fill(match[1] ?? '', match[2] ?? '', values)
    if (!filled.ok) return filled
    rendered += template.slice(end, match.index) + filled.value
    end = match.index + match[0].length
  }
  return ok(rendered + template.slice(end))
}

function fill(name: string, format: string, values: TemplateValues): Result<string, TemplateError> {
  // Own properties only: `{{constructor|text}}` names nothing.
  const value = Object.hasOwn(values, name) ? values[name] : undefined
  if (value === undefined) return err({ kind: 'unknown_name', name })
  const apply = Object.hasOwn(formats, format) ? formats[format] : undefined
  if (apply === undefined) return err({ kind: 'unknown_format', format })
  const text = apply(value)
  return text === null ? err({ kind: 'format_mismatch', name, format }) : ok(text)
}

function chineseDate(date: string): string {
  const [year = '', month = '', day = ''] = date.split('-')
  return `${year}年${Number(month)}月${Number(day)}日`
}

function masked(text: string): string {
  const hidden = Math.max(0, text.length - readableDigits)
  return '*'.repeat(hidden) + text.slice(hidden)
}
