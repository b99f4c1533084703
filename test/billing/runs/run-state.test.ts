import t from 'tap'
import { transition } from '../../../billing/runs/run-state.js'

t.test('a run takes its steps in order, and each of them any number of times', async (t) => {
  const states = ['frozen', 'dry_run', 'reviewed', 'issued', 'posted'] as const
  const steps = ['dry_run', 'review', 'issue', 'post'] as const
  const table = {
    frozen: ['go', 'dry_run', 'reviewed', 'issued'],
    dry_run: ['done', 'go', 'reviewed', 'issued'],
    reviewed: ['done', 'done', 'go', 'issued'],
    issued: ['done', 'done', 'done', 'go'],
    posted: ['done', 'done', 'done', 'done'],
  } as const
  for (const state of states) {
    for (const [index, step] of steps.entries()) {
      const next = transition(state, step)
      const found = next.ok ? (next.value.done ? 'done' : 'go') : next.error.needs
      t.equal(found, table[state][index], `${step} of a run that is ${state}`)
    }
  }
})
