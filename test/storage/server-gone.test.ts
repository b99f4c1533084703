import t from 'tap'
import { serverGone } from '../../storage/server-gone.js'
import { withDatabase } from '../support/database.js'

t.test('a session that the server ends is a server that is gone, a refused statement is not', async (t) => {
  const owner = (await withDatabase(t)).as('owner')
  await t.rejects(owner.query('select 1 / 0'), { code: '22012' })
  await t.rejects(owner.query('select pg_terminate_backend(pg_backend_pid())'), {
    name: 'UserError',
    code: 'database_unreachable',
    exitCode: 3,
    message: /ended in mid-run: terminating connection/,
  })
})

t.test('what the driver, the socket and the server say of a lost session counts, nothing else does', async (t) => {
  const systemError = (syscall: string) => Object.assign(new Error(`${syscall} ECONNRESET`), { syscall })
  const cases: readonly (readonly [string, unknown, boolean])[] = [
    ['the socket closed under a statement', new Error('Connection terminated unexpectedly'), true],
    ['the server reset it', systemError('read'), true],
    ['nobody takes what is written', systemError('write'), true],
    ['no server where one was', systemError('connect'), true],
    ['a file that is not there', systemError('open'), false],
    ['a broken invariant', new Error('postings must balance'), false],
    ['not an error', 'Connection terminated', false],
  ]
  for (const [title, error, expected] of cases) t.equal(serverGone(error) !== null, expected, title)
})
