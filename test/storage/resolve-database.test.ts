import t from 'tap'
import { openDatabase } from '../../storage/database.js'
import { resolveDatabase } from '../../storage/resolve-database.js'
import { testNow, withDatabase } from '../support/database.js'
import { createStillClock } from '../support/still-clock.js'

t.test('an unreachable or malformed DATABASE_URL gives one line without the password', async (t) => {
  const cases = [
    ['postgresql://u:secret@127.0.0.1:1/db', 'database_unreachable', /db at 127\.0\.0\.1:1 .*ECONNREFUSED/],
    ['postgresql://u:secret@localhost:1/db', 'database_unreachable', /db at localhost:1 .*ECONNREFUSED/],
    ['postgresql://u:secret@localhost/db?host=%2Fnowhere', 'database_unreachable', /db at \/nowhere .*ENOENT/],
    ['mysql://u:secret@localhost/db', 'bad_config', /DATABASE_URL must read/],
    ['u:secret@', 'bad_config', /DATABASE_URL must read/],
  ] as const
  for (const [url, code, message] of cases) {
    const error = await resolveDatabase({ DATABASE_URL: url }, '/', 'own').catch((each: unknown) => each)
    t.match(error, { name: 'UserError', code, exitCode: code === 'bad_config' ? 2 : 3, message })
    t.notMatch(String(error), /secret|\n/)
  }
})

t.test('programs of an unknown kind are refused before anything starts', async (t) => {
  await t.rejects(resolveDatabase({ SHUANGWU_DATABASE_BINARIES: 'newest' }, '/', 'own'), {
    name: 'UserError',
    code: 'bad_config',
    message: /SHUANGWU_DATABASE_BINARIES is any, plain or timescale, not newest/,
  })
})

t.test('a wrong password is told as such', async (t) => {
  const url = new URL((await withDatabase(t)).url('owner'))
  url.password = 'wrong'
  await t.rejects(resolveDatabase({ DATABASE_URL: url.href }, '/', 'own'), {
    code: 'database_unreachable',
    message: /password authentication failed/,
  })
})

t.test('a process takes its own URL where one is given, otherwise the rights of its group role', async (t) => {
  const owner = (await withDatabase(t)).url('owner')
  const resolved = await resolveDatabase(
    { DATABASE_URL: owner, SHUANGWU_MDM_DATABASE_URL: 'postgresql://mdm@h/d' },
    '/',
    'attach',
  )
  t.equal(resolved.url('mdm'), 'postgresql://mdm@h/d')
  const reader = openDatabase({ url: resolved.url('reader'), clock: createStillClock(testNow) })
  t.teardown(() => reader.close())
  t.strictSame(await reader.query('select current_user::text as "user"'), [{ user: 'shuangwu_reader' }])
  await t.rejects(reader.execute('delete from actor'), /permission denied/)
})
