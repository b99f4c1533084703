import type { MessageChannelName } from '../../domain/channel.js'
import { err, ok, type Result } from '../../domain/result.js'
import type { LocalDate } from '../../domain/time.js'
import { renderTemplate, type TemplateError } from './render-template.js'
import { noticeTemplates } from './templates.js'

export interface NoticeSubject {
  readonly utilityName: string
  readonly accountCode: string
  readonly openFen: bigint
  readonly dueDate: LocalDate
}

/** What a customer will read or hear, as the outbox keeps it. */
export interface NoticeBody {
  readonly subject: string | null
  readonly text: string
}

export type ComposeError = TemplateError | { readonly kind: 'unknown_template'; readonly template: string }

/** The words of one notice on one channel. */
export function composeNotice(
  template: string,
  channel: MessageChannelName,
  about: NoticeSubject,
): Result<NoticeBody, ComposeError> {
  const words = Object.hasOwn(noticeTemplates, template) ? noticeTemplates[template]?.[channel] : undefined
  if (words === undefined) return err({ kind: 'unknown_template', template })
  const values = {
    utility: about.utilityName,
    account: about.accountCode,
    amount: about.openFen,
    due_date: about.dueDate,
  }
  const text = renderTemplate(words.text, values)
  if (!text.ok) return text
  if (words.subject === null) return ok({ subject: null, text: text.value })
  const subject = renderTemplate(words.subject, values)
  return subject.ok ? ok({ subject: subject.value, text: text.value }) : subject
}
