import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import type { Answer, BlockPart, GetResponse, RecordResult } from '../../../protocols/dlt698/apdu.js'
import { type BlockChain, joinBlock } from '../../../protocols/dlt698/get-blocks.js'
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
