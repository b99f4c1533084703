import t from 'tap'
import { composeNotice } from '../../../dunning/notices/compose-notice.js'
import { noticeTemplates } from '../../../dunning/notices/templates.js'
import { messageChannels } from '../../../domain/channel.js'

const about = { utilityName: '示例供电公司', accountCode: '3700012345', openFen: 8_050n, dueDate: '2026-08-18' }

t.test('every template renders on every channel, with the amount, the day and no whole account number', async (t) => {
  for (const template of Object.keys(noticeTemplates))
    for (const channel of messageChannels) {
      const body = composeNotice(template, channel, about)
      if (!body.ok) throw new Error(`${template} ${channel}: ${body.error.kind}`)
      t.match(body.value.text, /80\.50元.*2026年8月18日/s, `${template} ${channel}`)
      t.match(body.value.text, '2345')
      t.notMatch(body.value.text, about.accountCode)
      t.equal(body.value.subject !== null, channel === 'email', 'only e-mail has a subject')
    }
})

t.test('an unknown template is an error', async (t) => {
  t.same(composeNotice('toString', 'sms', about), {
    ok: false,
    error: { kind: 'unknown_template', template: 'toString' },
  })
})
