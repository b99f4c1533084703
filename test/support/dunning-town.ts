import type { Clock } from '../../domain/runtime.js'
import { registerPolicy } from '../../dunning/runs/register-policy.js'
import { readStandardPolicy } from '../../dunning/runs/standard-policy.js'
import type { Database } from '../../storage/database.js'
import { withDatabase } from './database.js'
import { buildOverdueTown, type OverdueAccount } from './overdue-town.js'
import { createRecordingChannels, type RecordingChannels } from './recording-channels.js'
import { createStillClock } from './still-clock.js'
import { plantApprovers } from './people.js'

export interface DunningTown {
  readonly owner: Database
  readonly dunning: Database
  readonly reader: Database
  readonly providers: RecordingChannels
}

export const everywhere = ['sms', 'voice', 'email'] as const

/** A clock that stands at a local time of August 2026, such as `19T09:30`. */
export function clockAt(dayAndTime: string): Clock {
  return createStillClock(Date.parse(`2026-08-${dayAndTime}:00+08:00`))
}

/** A town of accounts in arrears since 18 August under the standard policy, and processes with the rights of their roles. */
export async function openDunningTown(
  t: Parameters<typeof withDatabase>[0],
  accounts: readonly OverdueAccount[] = [{ accountId: 1n, openFen: 8_050n, contacts: everywhere }],
): Promise<DunningTown> {
  const database = await withDatabase(t)
  const [owner, dunning, reader] = [database.as('owner'), database.as('dunning'), database.as('reader')]
  await buildOverdueTown(owner, accounts)
  await plantApprovers(owner, ['dunning-2', 'manager-1'])
  const approval = { author: 'dunning-1', approver: 'dunning-2' }
  const registered = await registerPolicy(dunning, clockAt('01T09:00'), readStandardPolicy(), approval)
  if (!registered.ok) throw new Error(`the standard policy is refused: ${registered.error.kind}`)
  return { owner, dunning, reader, providers: createRecordingChannels() }
}

/** The whole history of the outbox as `step.attempt channel event` lines, message by message. */
export async function outboxStory(reader: Database): Promise<readonly string[]> {
  const rows = await reader.query<{ readonly line: string }>(
    `select concat_ws(' ', n.step || '.' || n.attempt, n.channel, e.kind, nullif(e.detail, '')) as line
       from notice n join dunning_case c on c.case_id = n.case_id left join outbox_event e on e.message_id = n.notice_id
      order by c.account_id, n.step, n.attempt, e.ordinal`,
  )
  return rows.map(({ line }) => line)
}
