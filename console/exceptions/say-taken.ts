import type { Io } from '../cli/io.js'
import { toJson } from '../cli/json.js'
import { redoneJson, redoneText } from '../registry/redone-text.js'
import { decisionJson, decisionLine } from './decision-text.js'
import type { TakenEffect } from './let-take-effect.js'

/** Says what became of a decision, and what was frozen anew on it. @param more further fields of the JSON document; null: people read it. */
export function sayTaken(io: Io, { decision, followed }: TakenEffect, more: object | null): void {
  if (more !== null) {
    io.out(toJson({ ...more, ...decisionJson(decision), followed: followed === null ? null : redoneJson(followed) }))
    return
  }
  io.out(decisionLine(decision))
  if (followed !== null) io.out(redoneText(followed))
}
