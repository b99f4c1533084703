import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import type { Answer, BlockPart, GetResponse, ObjectResult, RecordResult } from '../../../protocols/dlt698/apdu.js'
import { type BlockChain, blocksOf, joinBlock } from '../../../protocols/dlt698/get-blocks.js'
import { encodeApdu } from '../../../protocols/dlt698/encode-apdu.js'
import { records } from './arbitraries.js'

const one: RecordResult = {
  oad: '50040200',
  columns: [{ oad: '20230200' }],
  outcome: { kind: 'rows', rows: [[{ type: 'unsigned', value: 1n }]] },
}
const two: RecordResult = { ...one, outcome: { kind: 'rows', rows: [[{ type: 'unsigned', value: 2n }]] } }

t.test('is done with an answer that is no block', async (t) => {
  const whole = response({ kind: 'record', record: one })
  t.same(joinBlock(null, whole), { ok: true, value: { kind: 'complete', response: whole } })
})

t.test('joins the rows of a record that goes on in the next block', async (t) => {
  const step = joinBlock(chainAfter(null, block(0, false, [one])), block(1, true, [two]))
  t.match(step, {
    value: {
      kind: 'complete',
      response: {
        answer: { kind: 'record_list', records: [{ outcome: { rows: [[{ value: 1n }], [{ value: 2n }]] } }] },
      },
    },
  })
})

t.test('keeps records with other columns apart', async (t) => {
  const other = { ...two, columns: [{ oad: '00100201' }] }
  const step = joinBlock(chainAfter(null, block(0, false, [one])), block(1, true, [other]))
  t.match(step, { value: { response: { answer: { records: [one, other] } } } })
})

t.test('joins the elements of an array that goes on in the next block', async (t) => {
  const piece = (...values: readonly bigint[]): ObjectResult => ({
    oad: '60000200',
    outcome: { kind: 'data', data: { type: 'array', elements: values.map((value) => ({ type: 'unsigned', value })) } },
  })
  const chain = chainAfter(null, next(1, false, { kind: 'results', results: [piece(1n, 2n)] }))
  const step = joinBlock(chain, next(2, true, { kind: 'results', results: [piece(3n)] }))
  t.match(step, { value: { response: { answer: { kind: 'normal_list', results: [piece(1n, 2n, 3n)] } } } })
})

t.test('lets servers count from 1', async (t) => {
  t.match(joinBlock(chainAfter(null, block(1, false, [one])), block(2, true, [two])), { value: { kind: 'complete' } })
})

t.test('takes a block that comes twice only once', async (t) => {
  const chain = chainAfter(null, block(0, false, [one]))
  t.same(joinBlock(chain, block(0, false, [one])), { ok: true, value: { kind: 'incomplete', chain } })
})

t.test('ends when the server cannot go on', async (t) => {
  const chain = chainAfter(null, block(0, false, [one]))
  t.same(joinBlock(chain, next(1, true, { kind: 'denied', dar: 10 })), { ok: true, value: { kind: 'denied', dar: 10 } })
})

t.test('refuses blocks that do not belong together', async (t) => {
  const chain = chainAfter(null, block(0, false, [one]))
  t.match(joinBlock(chain, block(2, true, [two])), { error: { kind: 'block_out_of_order' } })
  t.match(joinBlock(chain, { ...block(1, true, [two]), piid: 9 }), { error: { kind: 'blocks_do_not_match' } })
  t.match(joinBlock(chain, next(1, true, { kind: 'results', results: [] })), { error: { kind: 'blocks_do_not_match' } })
  t.match(joinBlock(chain, response({ kind: 'record', record: one })), { error: { kind: 'blocks_do_not_match' } })
})

t.test('stops collecting at a million bytes', async (t) => {
  const large: RecordResult = {
    ...one,
    outcome: { kind: 'rows', rows: [[{ type: 'octet-string', hex: '00'.repeat(1 << 19) }]] },
  }
  const chain = chainAfter(null, block(0, false, [large]))
  t.match(joinBlock(chain, block(1, false, [large])), { error: { kind: 'blocks_too_long' } })
})

t.test('gives back the records of an answer wherever it is cut between them', async (t) => {
  const answers = fc.array(records, { minLength: 2, maxLength: 6 })
  t.doesNotThrow(
    () =>
      fc.assert(
        fc.property(answers, (all) => {
          const separate = all.map((record, index) => ({ ...record, oad: `5004${String(index).padStart(4, '0')}` }))
          const blocks = separate.map((record, index) => block(index, index === separate.length - 1, [record]))
          const chain = blocks.slice(0, -1).reduce<BlockChain | null>(chainAfter, null)
          const last = blocks.at(-1)
          const step = last === undefined ? null : joinBlock(chain, last)
          const answer = step?.ok === true && step.value.kind === 'complete' ? step.value.response.answer : null
          return answer?.kind === 'record_list' && isDeepStrictEqual(answer.records, separate)
        }),
        { seed: 698, numRuns: 100 },
      ),
    '100 answers',
  )
})

t.test('cuts an answer between its rows, no block longer than asked for', async (t) => {
  const rows = Array.from({ length: 40 }, (_, index) => [{ type: 'unsigned', value: BigInt(index) }] as const)
  const whole = response({ kind: 'record_list', records: [{ ...one, outcome: { kind: 'rows', rows } }, two] })
  const blocks = blocksOf(whole, 30)
  // Service, choice, PIID, last flag, number, choice, count, and the two parts that are absent.
  const overhead = 10
  t.ok(blocks.length > 3)
  t.same(
    blocks.filter((each) => encodeApdu(each).length > 30 + overhead),
    [],
  )
  t.same(
    blocks.map(({ answer }) => answer.kind === 'next' && [answer.block, answer.last]),
    blocks.map((_, index) => [index, index === blocks.length - 1]),
  )
  const last = blocks.at(-1)
  const step =
    last === undefined ? null : joinBlock(blocks.slice(0, -1).reduce<BlockChain | null>(chainAfter, null), last)
  t.match(step, { value: { response: { answer: { records: [{ outcome: { rows: [...rows, [{ value: 2n }]] } }] } } } })
})

t.test('does not cut an answer that fits', async (t) => {
  const whole = response({ kind: 'record', record: one })
  t.same(blocksOf(whole, 100), [whole])
  const denied = response({ kind: 'normal', result: { oad: '00100200', outcome: { kind: 'denied', dar: 4 } } })
  t.same(blocksOf(denied, 100), [denied])
})

t.test('cuts a list of objects and gives it back', async (t) => {
  const results = Array.from({ length: 9 }, (_, index) => ({
    oad: `001002${String(index).padStart(2, '0')}`,
    outcome: { kind: 'data', data: { type: 'double-long-unsigned', value: BigInt(index) } },
  })) satisfies readonly ObjectResult[]
  const blocks = blocksOf(response({ kind: 'normal_list', results }), 25)
  t.equal(blocks.length, 5)
  const last = blocks.at(-1)
  const step =
    last === undefined ? null : joinBlock(blocks.slice(0, -1).reduce<BlockChain | null>(chainAfter, null), last)
  t.match(step, { value: { response: { answer: { kind: 'normal_list', results } } } })
})

function response(answer: Answer): GetResponse {
  return { kind: 'get_response', piid: 1, answer, followReport: null, timeTag: null }
}

function next(number: number, last: boolean, part: BlockPart): GetResponse {
  return response({ kind: 'next', last, block: number, part })
}

function block(number: number, last: boolean, list: readonly RecordResult[]): GetResponse {
  return next(number, last, { kind: 'records', records: list })
}

function chainAfter(chain: BlockChain | null, part: GetResponse): BlockChain | null {
  const step = joinBlock(chain, part)
  return step.ok && step.value.kind === 'incomplete' ? step.value.chain : null
}
