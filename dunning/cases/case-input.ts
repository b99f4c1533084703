import { z } from 'zod'
import { messageChannels } from '../../domain/channel.js'
import type { CaseInput } from './case.js'

const notice = { step: z.int().min(1), attempt: z.int().min(1) }

/** Inputs as a case's history keeps them: the kind beside the rest. */
const storedInput = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('assessed'), daysOverdue: z.int(), channels: z.array(z.enum(messageChannels)) }),
  z.strictObject({ kind: z.literal('notice_accepted'), ...notice, at: z.int() }),
  z.strictObject({ kind: z.literal('notice_delivered'), ...notice }),
  z.strictObject({ kind: z.literal('notice_failed'), ...notice, reason: z.string() }),
  z.strictObject({ kind: z.literal('plausibly_delivered'), ...notice, at: z.int() }),
  z.strictObject({ kind: z.literal('paid') }),
])

/** An input read back from a case's history; throws when the row is not one of ours. */
export function inputFromHistory(kind: string, detail: object): CaseInput {
  return storedInput.parse({ ...detail, kind })
}
