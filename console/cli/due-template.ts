import { UserError } from '../../domain/errors.js'

/** What due points may ask for, as they are laid down. */
const dueTemplates: readonly string[] = ['daily_freeze', 'monthly_set', 'curve_day', 'noted_registers']

/** @throws UserError bad_input for a template that no due point has. */
export function parseTemplate(text: string | undefined): string | null {
  if (text === undefined) return null
  if (!dueTemplates.includes(text))
    throw new UserError('bad_input', `template ${text}: 无此采集内容 not found; expected ${dueTemplates.join(', ')}`)
  return text
}
