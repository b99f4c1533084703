import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { liveToleranceMs } from '../../domain/reading.js'
import { noticesAfterPayment } from '../../simulators/truth-check/check-notices.js'
import { checkTruth } from '../../simulators/truth-check/check-truth.js'
import type { MessageProviders } from '../../simulators/providers/message-providers.js'
import { truthFileOf } from '../../simulators/truth/write-truth.js'
import { at, monthEnd, monthStart } from '../../simulators/utility/story-calendar.js'
import { selectClearedAccounts, selectIssuedBills } from '../../storage/status/billing-totals.js'
import { selectStoredReadings } from '../../storage/status/stored-readings.js'
import { accountsByAddress } from './accounts-by-address.js'
import { tariffTexts } from './demo-tariffs.js'
import type { DemoWorld } from './demo-world.js'
import type { TruthReport } from './report.js'

const truthFileName = 'demo-truth.jsonl'

/** Writes the simulator's truth beside the database and holds what the product stored against it. */
export async function compareWithTruth(
  world: DemoWorld,
  home: string,
  providers: MessageProviders,
): Promise<TruthReport> {
  const { databases, description } = world
  const truth = truthFileOf(description)
  mkdirSync(home, { recursive: true })
  writeFileSync(join(home, truthFileName), truth)
  const readings = await selectStoredReadings(databases.reader, {
    from: at(monthStart),
    to: at(monthEnd) + liveToleranceMs,
  })
  const bills = (await selectIssuedBills(databases.reader)).map((bill) => ({
    ...bill,
    amountFen: bill.amountFen.toString(),
    energyE4: bill.energyE4.toString(),
    ladderEnergyE4: bill.ladderEnergyE4.toString(),
  }))
  const verdict = checkTruth(truth, { readings, bills }, tariffTexts())
  const late = noticesAfterPayment(sentNotices(world, providers), await selectClearedAccounts(databases.reader))
  return {
    readings: verdict.readings,
    bills: verdict.bills,
    estimated: verdict.estimated,
    mismatches: verdict.mismatches + late.length,
    firstMismatches: [
      ...verdict.firstMismatches.map((mismatch) => JSON.stringify(mismatch)),
      ...late.map(({ accountCode }) => `notice after payment: ${accountCode}`),
    ],
  }
}

function sentNotices({ description }: DemoWorld, providers: MessageProviders) {
  const accounts = accountsByAddress(description)
  return providers.handedOver().map(({ message, at: sentAt }) => ({
    accountCode: accounts.get(message.address) ?? message.address,
    sentAt,
  }))
}
