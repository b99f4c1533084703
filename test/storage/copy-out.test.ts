import fc from 'fast-check'
import t from 'tap'
import { createCopyTap } from '../../storage/copy-out.js'
import { withDatabase } from '../support/database.js'

function message(kind: string, body: Buffer): Buffer {
  const header = Buffer.alloc(5)
  header.write(kind, 'latin1')
  header.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([header, body])
}

t.test('data comes out of its messages wherever reads end, and all behind it goes to whoever comes next', async (t) => {
  const piece = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes))
  fc.assert(
    fc.property(
      fc.array(piece),
      fc.integer({ min: 1, max: 50 }),
      fc.constantFrom('c', 'E'),
      (pieces, readBytes, last) => {
        const end = Buffer.concat([message(last, Buffer.from('x')), message('Z', Buffer.from('I'))])
        const sent = Buffer.concat([
          message('H', Buffer.alloc(7)),
          ...pieces.flatMap((data) => [message('d', data), message('N', Buffer.from('notice'))]),
          end,
        ])
        const taken: Buffer[] = []
        const rest: Buffer[] = []
        let isOver = false
        const tap = createCopyTap(
          (data) => taken.push(Buffer.from(data)),
          (bytes) => {
            isOver = true
            rest.push(bytes)
          },
        )
        for (let at = 0; at < sent.length; at += readBytes) {
          const bytes = Buffer.from(sent.subarray(at, at + readBytes))
          if (isOver) rest.push(bytes)
          else tap(bytes)
        }
        t.ok(Buffer.concat(taken).equals(Buffer.concat(pieces)))
        t.ok(Buffer.concat(rest).equals(end))
      },
    ),
    { seed: 20260701, numRuns: 60 },
  )
})

t.test('pieces are kept or pass, statements fail in the middle, and the session goes on', async (t) => {
  const database = (await withDatabase(t)).as('reader')
  const rows = 200_000
  const copy = `copy (select n from generate_series(1, ${rows}) n) to stdout`
  const expected = Array.from({ length: rows }, (_, index) => `${index + 1}\n`).join('')
  await database.transaction(async (tx) => {
    const kept: Buffer[] = []
    await tx.copyOut(copy, (piece) => kept.push(piece))
    t.ok(Buffer.concat(kept).toString() === expected, 'pieces of their own')
    let passed = ''
    await tx.copyOut(copy, (piece) => (passed += piece.toString()), 'passing')
    t.ok(passed === expected, 'pieces that pass')
  })
  await t.rejects(
    database.copyOut('copy (select 1000 / (150000 - n) from generate_series(1, 200000) n) to stdout', () => undefined),
    /division by zero/,
  )
  await t.rejects(
    database.copyOut('copy nowhere to stdout', () => undefined),
    /does not exist/,
  )
  await t.rejects(
    database.copyOut(copy, () => {
      throw new Error('no room')
    }),
    /no room/,
  )
  t.match(await database.query('select 1 as one'), [{ one: 1 }])
})
