import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import t from 'tap'
import { parsePlan } from '../../headend/plan/plan-document.js'
import { estimationPolicyKind } from '../../mdm/estimation/policy-kind.js'
import { parsePolicy } from '../../mdm/policies/policy-kind.js'
import { checkoutRoot } from '../architecture/source-files.js'
import { generatedSchemas } from './schemas.js'

t.test('docs/schemas holds what the program accepts (refresh: node build/test/docs/refresh-schemas.js)', async (t) => {
  for (const { path, text } of generatedSchemas()) t.equal(readFileSync(path, 'utf8'), text, basename(path))
})

t.test('the example of a collection plan is one', async (t) => {
  t.match(parsePlan(readFileSync(join(checkoutRoot, 'docs', 'examples', 'collection-plan.yaml'), 'utf8')), { ok: true })
})

t.test('the example of an estimation policy is one', async (t) => {
  t.match(
    parsePolicy(
      estimationPolicyKind,
      readFileSync(join(checkoutRoot, 'docs', 'examples', 'estimation-policy.yaml'), 'utf8'),
    ),
    { ok: true },
  )
})
