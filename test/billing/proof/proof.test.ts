import { createHash } from 'node:crypto'
import t from 'tap'
import { canonicalJson } from '../../../billing/checker/check-tariff.js'
import { checkProof } from '../../../billing/checker/check-proof.js'
import { buildProof } from '../../../billing/proof/build-proof.js'
import type { ProofDocument } from '../../../billing/proof/proof-document.js'
import { dryRun } from '../../../billing/runs/dry-run.js'
import { freezeRun } from '../../../billing/runs/freeze-run.js'
import { issueRun } from '../../../billing/runs/issue-run.js'
import { reviewRun } from '../../../billing/runs/review-run.js'
import { invariant, present } from '../../../domain/result.js'
import { encodeItem, identifierOf } from '../../../protocols/dlt645/data-items.js'
import { encodeDataReply, encodeReadRequest } from '../../../protocols/dlt645/messages-2007.js'
import { energyMapOf, findMeterModel } from '../../../protocols/modbus/meter-models.js'
import { encodeRegisterBlock, readRequestOf } from '../../../protocols/modbus/register-map.js'
import { encodeReadReply } from '../../../protocols/modbus/reply-pdu.js'
import { encodeTcpAdu } from '../../../protocols/modbus/tcp-adu.js'
import type { Database } from '../../../storage/database.js'
import { withDatabase } from '../../support/database.js'
import { arrangeBilling, billingClock as clock, freezeInput, periodEnd, periodStart } from '../runs/billing-fixture.js'

const address = '000000000001'
const model = 'acrel-adl3000-e'
const registerMap = energyMapOf(present(findMeterModel(model), model), 'forward_active_energy')

type Values = readonly [total: bigint, tou1: bigint, tou2: bigint, tou3: bigint, tou4: bigint]

function toRegisters([totalE4, ...touE4]: Values) {
  return { totalE4, touE4 }
}

function freezeFrames(at: number, values: Values): { readonly request: Buffer; readonly response: Buffer } {
  const [stamp, block] = [identifierOf('daily_freeze_stamp', 1), identifierOf('daily_freeze_forward_active', 1)]
  return {
    request: Buffer.concat([stamp, block].map((item) => encodeReadRequest(address, item, { wakeUpBytes: 4 }))),
    response: Buffer.concat([
      encodeDataReply(address, stamp, encodeItem('daily_freeze_stamp', at)),
      encodeDataReply(address, block, encodeItem('daily_freeze_forward_active', toRegisters(values))),
    ]),
  }
}

function registerFrames(values: Values): { readonly request: Buffer; readonly response: Buffer } {
  const { function: code, start, count } = readRequestOf(registerMap)
  const pdu = Buffer.from([code, start >> 8, start & 0xff, count >> 8, count & 0xff])
  const reply = encodeReadReply(code, encodeRegisterBlock(registerMap, toRegisters(values)))
  return {
    request: encodeTcpAdu({ transactionId: 7, unitId: 6, pdu }),
    response: encodeTcpAdu({ transactionId: 7, unitId: 6, pdu: reply }),
  }
}

/** Meter, frames, readings and decisions behind accounts A-1 (DL/T 645) and A-6 (Modbus) of the billing fixture; A-2 by notes. */
async function arrangeEvidence(owner: Database): Promise<void> {
  await owner.query(`select ensure_time_partitions('2026-06-29', '2026-08-10')`)
  await owner.execute(`insert into line values (1, 1, 'L-1', 'dlt645_tcp', '{}'), (2, 1, 'L-2', 'modbus_tcp', '{}')`)
  await owner.execute(
    `insert into meter values (1, 'M-1', 'dlt645_2007', $1, 'single-phase', 6, 2), (2, 'M-2', 'dlt645_2007', '000000000002', 'single-phase', 6, 2),
      (6, 'M-6', 'modbus', '6', $2, 8, 2)`,
    [address, model],
  )
  const kwh = (value: number) => BigInt(value) * 10_000n
  // A register that rolls over at 1 000 000 kWh on the way.
  const first: Values = [kwh(999_900), 0n, kwh(600), 0n, kwh(400)]
  const second: Values = [kwh(150), 0n, kwh(750), 0n, kwh(500)]
  await insertFramed(owner, 1n, 1n, 'dlt645_2007', periodStart, first, freezeFrames(periodStart, first))
  await insertFramed(owner, 1n, 1n, 'dlt645_2007', periodEnd, second, freezeFrames(periodEnd, second))
  const begin: Values = [0n, 0n, 0n, 0n, 0n]
  const end: Values = [kwh(1000), kwh(100), kwh(200), kwh(300), kwh(400)]
  await insertFramed(owner, 6n, 2n, 'modbus_tcp', periodStart, begin, registerFrames(begin))
  await insertFramed(owner, 6n, 2n, 'modbus_tcp', periodEnd, end, registerFrames(end))
  for (const [at, values] of [
    [periodStart, [kwh(500), 0n, kwh(300), 0n, kwh(200)]],
    [periodEnd, [kwh(600), 0n, kwh(360), 0n, kwh(240)]],
  ] as const) {
    await owner.execute(
      `insert into manual_reading values (2, 1, $1, $2, $3, $4, $5, $6, 5, 'field order 1', '2026-08-02', 'crew-1')`,
      [new Date(at).toISOString(), ...values],
    )
    await insertDecision(owner, 2n, at, values, 5)
  }
}

async function insertFramed(
  owner: Database,
  meterId: bigint,
  lineId: bigint,
  protocol: string,
  at: number,
  values: Values,
  frames: { readonly request: Buffer; readonly response: Buffer },
): Promise<void> {
  const instant = new Date(at).toISOString()
  const sequence = BigInt(at)
  // As an upload has it: other meters' replies stand before and behind.
  const response = Buffer.concat([Buffer.from('68aabb', 'hex'), frames.response, Buffer.from('cc16', 'hex')])
  await owner.execute('insert into frame values ($1, $2, $3, $4, $5, $6, $7)', [
    lineId,
    sequence,
    instant,
    meterId,
    protocol,
    frames.request,
    response,
  ])
  await owner.execute('insert into reading values ($1, 1, $2, $3, $4, $5, $6, $7, 1, $8, $9, $2, $2, 3, $10)', [
    meterId,
    instant,
    ...values,
    lineId,
    sequence,
    frames.response.length,
  ])
  await insertDecision(owner, meterId, at, values, 1)
}

async function insertDecision(
  owner: Database,
  meterId: bigint,
  at: number,
  values: Values,
  source: number,
): Promise<void> {
  await owner.execute(
    `insert into validation_decision values ($1, 1, $2, 1, 'accepted', $3, $4, $5, $6, $7, $8, array['tariff_sum'], 'plausible', $2)`,
    [meterId, new Date(at).toISOString(), ...values, source],
  )
}

function sealed(content: Omit<ProofDocument, 'sha256'>): ProofDocument {
  return {
    ...content,
    sha256: createHash('sha256')
      .update(canonicalJson({ ...content, sha256: undefined }))
      .digest('hex'),
  }
}

type Path = readonly (string | number)[]

/** Every text, number and truth value in a document, with the path to it. */
function leaves(value: unknown, path: Path = []): readonly { readonly path: Path; readonly value: unknown }[] {
  if (value === null || typeof value !== 'object') return value === null ? [] : [{ path, value }]
  return Object.entries(value).flatMap(([key, inner]) =>
    leaves(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  )
}

function replaced(value: unknown, [key, ...rest]: Path, leaf: unknown): unknown {
  if (key === undefined) return leaf
  if (Array.isArray(value))
    return value.map((item: unknown, index) => (index === key ? replaced(item, rest, leaf) : item))
  const members = value as Readonly<Record<string, unknown>>
  return { ...members, [key]: replaced(members[key], rest, leaf) }
}

/** The leaf with one character, digit or bit changed, at every place where there is one. */
function flips(leaf: unknown): readonly unknown[] {
  if (typeof leaf === 'boolean') return [!leaf]
  if (typeof leaf === 'number') return [leaf + 1]
  const text = String(leaf)
  return Array.from(text, (character, index) => {
    const digit = /[0-9a-f]/.test(character) ? ((Number.parseInt(character, 16) + 1) % 10).toString() : 'x'
    return `${text.slice(0, index)}${digit === character ? 'y' : digit}${text.slice(index + 1)}`
  })
}

t.test('proves bills from frame bytes to fen, and notices any flipped digit', async (t) => {
  const test = await withDatabase(t)
  const database = await arrangeBilling(test)
  const owner = test.as('owner')
  await arrangeEvidence(owner)
  const { runId } = await freezeRun(database, clock, freezeInput)
  const { digest } = await dryRun(database, clock, { runId, actor: 'system' })
  await reviewRun(database, clock, { runId, digest, actor: 'reviewer-1' })
  await issueRun(database, clock, { runId, actor: 'issuer-1' })

  const reader = test.as('reader')
  const registerMapOf = () => registerMap
  const proofs = new Map<string, ProofDocument>()
  for (const accountCode of ['A-1', 'A-2', 'A-6']) {
    const proof = await buildProof(reader, { bill: { accountCode }, registerMapOf })
    invariant(proof.format === 'proof/2', 'a bill of slots and ladder')
    t.match(checkProof(JSON.parse(JSON.stringify(proof))), { holds: true, lines: { onTrust: [] } }, accountCode)
    proofs.set(accountCode, proof)
  }
  const household = present(proofs.get('A-1'), 'A-1')
  t.match(household.bill, { number: '1', energy: '250', amount: '124.23', ladderEnergy: '250' })
  t.same(await buildProof(reader, { bill: { billNumber: 1n }, registerMapOf }), household, 'by number as by account')

  for (const [account, proof] of proofs) {
    let flipped = 0
    let missed = ''
    for (const { path, value } of leaves(proof)) {
      for (const leaf of flips(value)) {
        flipped++
        const verdict = checkProof(replaced(proof, path, leaf))
        if (verdict.holds) missed = `${path.join('.')} = ${String(leaf)}`
      }
    }
    t.ok(flipped > 1000, `${account}: ${flipped} flips`)
    t.equal(missed, '', `${account}: every flip is noticed`)
  }

  // With the outer digest made anew, the node named is the one that does not follow from the rest.
  const commercial = present(proofs.get('A-6'), 'A-6')
  const noted = present(proofs.get('A-2'), 'A-2')
  const table: readonly (readonly [ProofDocument, Path, unknown, string])[] = [
    [household, ['segments', 0, 'end', 'registers', 'tou2'], '751', 'segments[0].end.registers.tou2'],
    [household, ['segments', 0, 'end', 'at'], '2026-07-30T16:00:00.000Z', 'segments[0].end.at'],
    [household, ['segments', 0, 'meter', 'address'], '000000000002', 'segments[0].start.frame.response.address'],
    [household, ['segments', 0, 'meter', 'registerDigits'], 7, 'determinant.total'],
    [household, ['segments', 0, 'multiplier'], 2, 'determinant.total'],
    [household, ['determinant', 'tou4'], '100.01', 'determinant.tou4'],
    [household, ['bill', 'energy'], '251', 'bill.energy'],
    [household, ['bill', 'lines', 0, 'amount'], '86.53', 'bill.lines[0].amount'],
    [household, ['bill', 'lines', 1, 'slot'], 'flat', 'bill.lines[1].slot'],
    [household, ['bill', 'amount'], '124.24', 'bill.amount'],
    [household, ['bill', 'linesSha256'], '00'.repeat(32), 'bill.linesSha256'],
    [household, ['ladder', 'opening'], '1', 'bill.ladderEnergy'],
    [household, ['tariff', 'document', 'energyPrices', 0, 'price'], '0.5768', 'tariff.sha256'],
    [household, ['bill', 'tariffVersion'], 2, 'bill.tariffVersion'],
    [household, ['bill', 'periodTo'], '2026-12-01', 'segments[0].end.at'],
    [household, ['bill', 'periodFrom'], '2026-07-10', 'segments[0].start.at'],
    [household, ['bill', 'estimated'], true, 'bill.estimated'],
    [household, ['segments', 0, 'end', 'frame'], null, 'segments[0].end.frame'],
    [household, ['entry', 'date'], '1999-01-01', 'entry.date'],
    [household, ['entry', 'legs', 0, 'amount'], '124.24', 'entry.balance'],
    [noted, ['segments', 0, 'start', 'document'], null, 'segments[0].start.document'],
    [noted, ['bill', 'lines', 2, 'block'], 3, 'bill.lines[2].block'],
    [commercial, ['segments', 0, 'end', 'at'], '2026-07-31T16:00:00.001Z', 'segments[0].end.at'],
    [commercial, ['segments', 0, 'meter', 'registerMap', 'countE4'], 10, 'segments[0].end.registers.total'],
    [commercial, ['entry', 'legs', 2, 'account'], 2242, 'entry.legs[2].account'],
    [commercial, ['bill', 'account'], 'A-7', 'receivable.account'],
    [commercial, ['receivable', 'account'], 'A-7', 'receivable.account'],
    [commercial, ['receivable', 'amount'], '0.01', 'receivable.amount'],
    [commercial, ['receivable', 'dueDate'], '2026-08-17', 'receivable.dueDate'],
    [commercial, ['receivable'], null, 'receivable'],
    [commercial, ['entry', 'account'], 'A-7', 'entry.account'],
    [commercial, ['entry', 'kind'], 'payment', 'entry.kind'],
    [commercial, ['entry', 'date'], '2026-12-01', 'entry.date'],
    [commercial, ['bill', 'run'], 'another', 'bill.run is only sealed'],
  ]
  for (const [proof, path, leaf, node] of table) {
    const { sha256: _, ...content } = replaced(proof, path, leaf) as ProofDocument
    const verdict = checkProof(sealed(content))
    if (node === 'bill.run is only sealed') t.match(verdict, { holds: true }, node)
    else t.match(verdict, { holds: false, node }, `${path.join('.')}: ${JSON.stringify(verdict)}`)
  }
})
