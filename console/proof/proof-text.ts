import type {
  ComponentProof,
  ProofBoundary,
  ProofDocument,
  ProofEvidence,
  ProofLine,
  ProofSegment,
} from '../../billing/proof/proof-document.js'
import { Decimal } from '../../domain/decimal.js'
import { present } from '../../domain/result.js'
import { beijing, localMinute } from '../../domain/time.js'
import { sourceText, verdictText } from '../cli/reading-words.js'
import { evidenceText, type ProvenBill } from './bill-evidence.js'
import { componentLinesText, tariffsText } from './component-lines-text.js'
import { intervalText } from './interval-text.js'
import { kwh, registersText } from './kwh-text.js'
import { measuredText } from './measured-text.js'
import { openingText } from './opening-text.js'
import { billedRemainder, remainderText } from './remainder-text.js'
import { relationsText } from './relations-text.js'
import { linesCheckedText } from './trusted-lines-text.js'
import type { ProvedBill } from './prove-bill.js'

/** A proof as a person follows it by hand: from the bytes a meter sent to the fen on the bill and in the ledger. */
export function proofText({ proof, verdict }: ProvedBill): readonly string[] {
  return [
    ...headText(proof),
    ...openingText(proof),
    ...proof.segments.flatMap((segment, index) => segmentText(segment, index + 1)),
    ...relationsText(proof),
    `计费电量 billed energy ${registersText(proof.determinant)}`,
    ...remainderText(billedRemainder(proof)),
    ...(proof.format === 'component-proof/1' ? measuredText(proof) : []),
    ...chargesText(proof, true),
    ...entryText(proof),
    ...(verdict.holds
      ? [...linesCheckedText(verdict.lines), '✓ 独立核验程序逐步确认 the independent checker confirms every step']
      : [`✗ ${verdict.node}: 应为 expected ${verdict.expected}, 实为 found ${verdict.found}`]),
  ]
}

/** The bill alone: what was charged, where the ladder stands, what it begins with, and what no meter said. */
export function billText(proof: ProofDocument | ComponentProof): readonly string[] {
  return [
    ...headText(proof),
    ...openingText(proof),
    ...chargesText(proof, false),
    ...remainderText(billedRemainder(proof)),
    ...evidenceText(proof),
  ]
}

function chargesText(proof: ProofDocument | ComponentProof, isExplained: boolean): readonly string[] {
  return proof.format === 'proof/2'
    ? [...ladderText(proof), ...linesText(proof)]
    : [...intervalText(proof, isExplained), ...componentLinesText(proof, isExplained)]
}

function linesText({ bill }: ProofDocument): readonly string[] {
  return [
    ...bill.lines.map(lineText),
    `合计 total ${bill.lines.map(({ amount }) => amount).join(' + ')} = ${bill.amount} 元 yuan`,
  ]
}

function headText(proof: ProofDocument | ComponentProof): readonly string[] {
  const { bill }: ProvenBill = proof
  return [
    `账单 bill ${bill.number} · 户号 account ${bill.account} · ${bill.periodFrom} … ${bill.periodTo}（不含 exclusive）`,
    ...(proof.format === 'proof/2'
      ? [`电价 tariff ${bill.tariffCode} v${bill.tariffVersion} · SHA-256 ${proof.tariff.sha256.slice(0, 16)}…`]
      : tariffsText(proof)),
  ]
}

function segmentText(segment: ProofSegment, number: number): readonly string[] {
  const { meter, multiplier, start, end } = segment
  return [
    `计量段 segment ${number}: 表 meter ${meter.code} · 通信地址 address ${meter.address} · 倍率 multiplier ${multiplier}`,
    ...boundaryText('起 start', start),
    ...boundaryText('止 end', end),
    `  电量 energy (${kwh(end.registers.total)} − ${kwh(start.registers.total)}) × ${multiplier} = ${energyOf(segment)} kWh`,
  ]
}

function energyOf({ start, end, multiplier }: ProofSegment): string {
  return kwh(new Decimal(end.registers.total).minus(start.registers.total).mul(multiplier).toFixed())
}

function boundaryText(label: string, boundary: ProofBoundary): readonly string[] {
  const { frame, document } = boundary
  return [
    `  ${label} ${localMinute(beijing, Date.parse(boundary.at))} · ${boundary.source === null ? verdictText(boundary.verdict) : sourceText(boundary.source)} · ${registersText(boundary.registers)}`,
    ...(frame === null ? [] : frameText(frame)),
    ...(document === null ? [] : [`    记录 note ${document.name} · ${document.notedBy}`]),
  ]
}

function frameText({
  line,
  sequence,
  protocol,
  request,
  response,
}: NonNullable<ProofBoundary['frame']>): readonly string[] {
  return [
    `    ${line} #${sequence} ${protocol}`,
    ...(request === null ? [] : [`    → ${spaced(request)}`]),
    `    ← ${spaced(response)}`,
  ]
}

function ladderText({ ladder, bill }: ProofDocument): readonly string[] {
  if (ladder === null) return []
  return [
    `阶梯 ladder since ${ladder.from}: ${kwh(ladder.opening)} + ${kwh(bill.energy)} = ${kwh(bill.ladderEnergy)} kWh`,
  ]
}

/** Names of what a line charges and of its slot, as a bill names them. */
const componentNames: Readonly<Record<string, string>> = {
  energy: '电度电费 energy',
  ladder_increment: '阶梯加价 ladder increment',
}
const slotNames: Readonly<Record<string, string>> = {
  all: '',
  sharp: '尖 sharp',
  peak: '峰 peak',
  flat: '平 flat',
  valley: '谷 valley',
}

function lineText({ component, slot, block, energy, price, amount }: ProofLine): string {
  const exact = new Decimal(energy).mul(price)
  const names = [
    componentNames[component] ?? component,
    slotNames[slot] ?? slot,
    block === 0 ? '' : `第 ${block} 档 block ${block}`,
  ]
  return `  ${names.filter((name) => name !== '').join(' · ')}: ${kwh(energy)} kWh × ${price} = ${exact.toFixed()} → ${amount}`
}

function entryText({ entry }: ProofEvidence): readonly string[] {
  if (entry === null) return []
  return [
    `凭证 entry ${entry.date}: ${entry.legs.map(({ account, amount }) => `${account} ${amount}`).join(' · ')}（借正贷负 debit +, credit −）`,
  ]
}

function spaced(hex: string): string {
  return present(hex.toUpperCase().match(/../g), 'bytes of a frame').join(' ')
}
