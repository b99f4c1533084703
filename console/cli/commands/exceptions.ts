import type { Command } from 'commander'
import type { Io } from '../io.js'
import { addExceptionsApprovalCommands } from './exceptions-approvals.js'
import { addExceptionsDecideCommand } from './exceptions-decide.js'
import { addExceptionsListCommands } from './exceptions-list.js'
import { addExceptionsPolicyCommand } from './exceptions-policy.js'
import { addExceptionsQuestionCommand } from './exceptions-question.js'
import { addExceptionsRunCommand } from './exceptions-run.js'

export function addExceptionsCommand(program: Command, io: Io): void {
  const exceptions = program
    .command('exceptions')
    .description(
      '异常队列：示数与计费量的疑点，责任、期限、处理 what is in doubt, whose it is until when, and what is done about it',
    )
  addExceptionsRunCommand(exceptions, io)
  addExceptionsListCommands(exceptions, io)
  addExceptionsQuestionCommand(exceptions, io)
  addExceptionsDecideCommand(exceptions, io)
  addExceptionsApprovalCommands(exceptions, io)
  addExceptionsPolicyCommand(exceptions, io)
}
