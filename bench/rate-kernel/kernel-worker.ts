import { parentPort, workerData } from 'node:worker_threads'
import { createIntervalKernel } from '../../billing/engine/intervals/kernel.js'
import { createKernelMemory } from '../../billing/engine/intervals/kernel-memory.js'
import { type ScaledPrices, scalePrices } from '../../billing/engine/intervals/price-scale.js'
import {
  daysInOrder,
  type IntervalShard,
  rateIntervalPrices,
  rateSlots,
  scratchBytes,
} from '../../billing/engine/intervals/rate-intervals.js'
import { present } from '../../domain/result.js'
import { energyE4, points, slotPricesE8, spotPrices, touProgram } from './interval-case.js'

export interface WorkerAccounts {
  readonly first: number
  readonly accounts: number
}

export type KernelAct = 'tou' | 'spot' | 'read' | 'loop'

const { first, accounts } = workerData as WorkerAccounts
const program = touProgram()
const prices = spotPrices()
const scratch = scratchBytes(program)
const kernel = createIntervalKernel(createKernelMemory())
kernel.reserve(scratch + accounts * points * 4 + 64)
const values = new Int32Array(kernel.memory, scratch, accounts * points)
for (let index = 0; index < values.length; index++) values[index] = energyE4(first * points + index)
const multipliers = new Int32Array(accounts).fill(1)
const dayAt = daysInOrder(program, accounts, scratch)
const shard: IntervalShard = { kernel, accounts, dayAt, scratch: 0, multipliers }
const slotPrices = slotPricesOf()

const port = present(parentPort, 'the port of a worker thread')
port.on('message', (act: KernelAct) => port.postMessage(perform(act)))
port.postMessage('ready')

function perform(act: KernelAct): Float64Array | number {
  switch (act) {
    case 'tou':
      return rateSlots(shard, program, slotPrices).fen
    case 'spot':
      return rateIntervalPrices(shard, program, prices)
    case 'read':
      return kernel.read(scratch, values.byteLength - (values.byteLength % 64))
    case 'loop':
      return values.reduce(addPriced, 0)
    default:
      return act satisfies never
  }
}

/** A plain loop over the same bytes, for orientation: it does not say what any account owes. */
function addPriced(sum: number, value: number, index: number): number {
  return sum + value * (index & 3)
}

function slotPricesOf(): ScaledPrices {
  const [sharp, peak, flat, valley] = slotPricesE8
  return scalePrices([sharp, peak, valley, flat])
}
