import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { registerTariff } from '../../billing/tariffs/register-tariff.js'
import { signTariff } from '../../billing/tariffs/sign-tariff.js'
import { packageRoot } from '../../console/package-root.js'
import type { Clock } from '../../domain/runtime.js'
import type { Database } from '../../storage/database.js'
import { changeApprovalRight, confirmApprovalRight } from '../../storage/rights.js'
import { closeTariff } from './fill-close.js'

/** Who closes a month: the first two vouch for each other, the second confirms the third. */
export async function plantPeople(owner: Database, clock: Clock): Promise<void> {
  const people = ['author', 'second', 'third']
  await owner.execute(
    `insert into actor select n, n, case when n = 'bench' then 'process' else 'person' end, 'epoch' from unnest($1::text[]) n`,
    [['bench', ...people]],
  )
  for (const actor of people) {
    const author = actor === 'author' ? 'second' : 'author'
    const change = { actor, granted: true, loginName: null, author, reason: 'bench', recordedAt: clock.now() }
    const { inForce } = await changeApprovalRight(owner, change)
    if (!inForce) await confirmApprovalRight(owner, { actor, approver: 'second', confirmedAt: clock.now() })
  }
}

export async function bringTariffIntoForce(billing: Database, clock: Clock): Promise<void> {
  const { code, version } = await registerTariff(billing, clock, tariffJson(), { author: 'author' })
  for (const actor of ['second', 'third']) await signTariff(billing, clock, { code, version, actor })
}

/** What the accounts are billed by. */
export function tariffJson(): unknown {
  return JSON.parse(readFileSync(join(packageRoot, 'build', 'billing', 'tariffs', `${closeTariff}.json`), 'utf8'))
}
