import type { MessageChannelName } from '../../domain/channel.js'

export interface NoticeTemplate {
  /** Only e-mail has one. */
  readonly subject: string | null
  readonly text: string
}

/**
 * What customers read and hear, in Chinese. Names: `utility` (text), `account` (customer number), `amount` (fen), `due_date` (day).
 * Notices concern the supply contract only; a word of advertising would need a consent of its own.
 */
export const noticeTemplates: Readonly<Record<string, Readonly<Record<MessageChannelName, NoticeTemplate>>>> = {
  overdue: {
    sms: {
      subject: null,
      text: '【{{utility|text}}】户号{{account|masked}}的电费{{amount|yuan}}元已于{{due_date|date}}到期，请尽快缴纳。如已缴费请忽略本短信。',
    },
    voice: {
      subject: null,
      text: '您好，这里是{{utility|text}}。您尾号{{account|tail}}的户号有电费{{amount|yuan}}元，已于{{due_date|date}}到期，请尽快缴纳。如已缴费请忽略。',
    },
    email: {
      subject: '{{utility|text}}电费缴纳提醒',
      text: '尊敬的客户：\n\n您的户号{{account|masked}}有电费{{amount|yuan}}元，已于{{due_date|date}}到期。请尽快缴纳；如已缴费，请忽略本邮件。\n\n{{utility|text}}',
    },
  },
  overdue_again: {
    sms: {
      subject: null,
      text: '【{{utility|text}}】再次提醒：户号{{account|masked}}的电费{{amount|yuan}}元已于{{due_date|date}}到期，至今未缴，请及时缴纳。如已缴费请忽略本短信。',
    },
    voice: {
      subject: null,
      text: '您好，这里是{{utility|text}}。再次提醒您，尾号{{account|tail}}的户号有电费{{amount|yuan}}元，已于{{due_date|date}}到期，至今未缴，请及时缴纳。如已缴费请忽略。',
    },
    email: {
      subject: '{{utility|text}}电费缴纳再次提醒',
      text: '尊敬的客户：\n\n您的户号{{account|masked}}有电费{{amount|yuan}}元，已于{{due_date|date}}到期，至今未缴。请及时缴纳；如已缴费，请忽略本邮件。\n\n{{utility|text}}',
    },
  },
  last_automatic: {
    sms: {
      subject: null,
      text: '【{{utility|text}}】户号{{account|masked}}的电费{{amount|yuan}}元已于{{due_date|date}}到期。这是最后一次自动提醒，若仍未缴纳，客户经理将与您联系。如已缴费请忽略本短信。',
    },
    voice: {
      subject: null,
      text: '您好，这里是{{utility|text}}。您尾号{{account|tail}}的户号有电费{{amount|yuan}}元，已于{{due_date|date}}到期。这是最后一次自动提醒，若仍未缴纳，客户经理将与您联系。如已缴费请忽略。',
    },
    email: {
      subject: '{{utility|text}}电费缴纳最后一次自动提醒',
      text: '尊敬的客户：\n\n您的户号{{account|masked}}有电费{{amount|yuan}}元，已于{{due_date|date}}到期。这是最后一次自动提醒；若仍未缴纳，客户经理将与您联系。如已缴费，请忽略本邮件。\n\n{{utility|text}}',
    },
  },
}
