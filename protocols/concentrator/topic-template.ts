import * as z from 'zod'
import { invariant } from '../../domain/result.js'

const concentratorLevel = '{concentrator}'
const meterLevel = '{meter}'
const maxTopicLength = 256

/** An MQTT topic with the concentrator's code, a meter's name or both as whole levels, such as `metering/{concentrator}/up`. */
export const topicTemplateSchema = z
  .string()
  .max(maxTopicLength)
  .refine((text) => countOf(text, concentratorLevel) <= 1 && countOf(text, meterLevel) <= 1, {
    error: `a topic template has ${concentratorLevel} and ${meterLevel} once at most`,
  })
  .refine((text) => countOf(text, concentratorLevel) + countOf(text, meterLevel) > 0, {
    error: `a topic template has ${concentratorLevel} or ${meterLevel} as a whole level`,
  })
  .refine((text) => !/[+#\0]/.test(text), { error: 'a topic template has no wildcards' })
  .refine(
    (text) =>
      text.split('/').every((level) => level === concentratorLevel || level === meterLevel || !/[{}]/.test(level)),
    { error: 'a placeholder is a whole level' },
  )

/** What a topic says about where its message comes from or goes to. */
export interface TopicNames {
  readonly concentrator: string | null
  readonly meter: string | null
}

/** Topic of one concentrator, and of one meter where the template names meters. */
export function topicOf(template: string, concentrator: string | null, meter: string | null = null): string {
  const fill = (level: string): string => {
    if (level === concentratorLevel) return oneLevel(concentrator)
    return level === meterLevel ? oneLevel(meter) : level
  }
  return template.split('/').map(fill).join('/')
}

/** Subscription for all topics of one concentrator. */
export function subscriptionOf(template: string, concentrator: string): string {
  return template
    .split('/')
    .map((level) => (level === meterLevel ? '+' : level === concentratorLevel ? oneLevel(concentrator) : level))
    .join('/')
}

/** The names in a topic; null when it does not follow the template. */
export function namesInTopic(template: string, topic: string): TopicNames | null {
  const levels = topic.split('/')
  const pattern = template.split('/')
  if (levels.length !== pattern.length) return null
  const names = { concentrator: null as string | null, meter: null as string | null }
  for (const [index, expected] of pattern.entries()) {
    const level = levels[index] ?? ''
    if (expected === concentratorLevel && level !== '') names.concentrator = level
    else if (expected === meterLevel && level !== '') names.meter = level
    else if (expected !== level) return null
  }
  return names
}

function countOf(template: string, wanted: string): number {
  return template.split('/').filter((level) => level === wanted).length
}

function oneLevel(name: string | null): string {
  invariant(name !== null && /^[^/+#\0]+$/.test(name), `a name fits one topic level: ${name}`)
  return name
}
