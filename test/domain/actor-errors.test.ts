import t from 'tap'
import { fourEyes, personNeeded, unknownActor } from '../../domain/actor-errors.js'

await t.test('every command has the same words and the same code for the same mistake of an actor', async (t) => {
  t.match(unknownActor('x'), { exitCode: 2, message: /^actor_unknown: x: 没有此操作员 nobody of that name/ })
  t.match(personNeeded('job', '审批 an approval'), { exitCode: 1, message: /^job: .*审批 an approval .*people/ })
  t.match(fourEyes('x', '编制了方案 wrote the plan'), { exitCode: 1, message: /^four_eyes: x: .*another person/ })
})
