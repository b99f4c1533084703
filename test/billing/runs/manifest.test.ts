import t from 'tap'
import { manifestSha256, parseManifest, refuseToRate } from '../../../billing/runs/manifest.js'

const manifest = {
  format: 'run-manifest/4',
  organisation: 'county',
  periodStart: '2026-06-30T16:00:00.000Z',
  periodEnd: '2026-07-31T16:00:00.000Z',
  determinants: { revision: 1, accounts: 0, digest: '00' },
  tariffs: [],
  accountingDate: '2026-08-03',
  dueDate: '2026-08-18',
  segments: [],
} as const

t.test('a manifest reads as it was frozen; one of another version says what to do in one sentence', (t) => {
  t.same(parseManifest('run-1', manifest), manifest)
  t.equal(manifestSha256(parseManifest('run-1', manifest)).length, 32)
  t.throws(() => parseManifest('run-1', { ...manifest, format: 'run-manifest/1', segments: undefined }), {
    name: 'UserError',
    code: 'refused',
    message: /^run-1: .*run-manifest\/1.*freeze the determinants of its period again/,
  })
  t.end()
})

t.test('a manifest of a format before is read, and refused where it is rated', (t) => {
  const shard = { accounts: 1, inputSha256: 'a'.repeat(64) }
  for (const [format, digest] of [
    ['run-manifest/2', 'componentsSha256'],
    ['run-manifest/3', 'accountsSha256'],
  ] as const) {
    const before = { ...manifest, format, segments: [{ ...shard, [digest]: 'b'.repeat(64) }] }
    t.same(parseManifest('run-1', before), before)
    t.throws(() => refuseToRate('run-1', parseManifest('run-1', before)), {
      code: 'refused',
      message: new RegExp(`^run-1: .*${format}.*freeze the determinants of its period again`),
    })
  }
  t.doesNotThrow(() => refuseToRate('run-1', parseManifest('run-1', manifest)))
  const slotsAlone = { ...manifest, format: 'run-manifest/3', segments: [shard] }
  t.doesNotThrow(() => refuseToRate('run-1', parseManifest('run-1', slotsAlone)), 'no accounts under components')
  t.end()
})
