import * as z from 'zod'
import { invariant } from '../../domain/result.js'

const placeholder = '{concentrator}'

/** An MQTT topic with the concentrator's code as one whole level, such as `metering/{concentrator}/up`. */
export const topicTemplateSchema = z
  .string()
  .refine((text) => text.split('/').filter((level) => level === placeholder).length === 1, {
    error: `a topic template has ${placeholder} as exactly one level`,
  })
  .refine((text) => !/[+#]/.test(text), { error: 'a topic template has no wildcards' })

/** How a fleet of concentrators talks over MQTT. Nothing of it is standardised, so all of it is configuration. */
export const concentratorProfileSchema = z.strictObject({
  name: z.string().min(1),
  topics: z.strictObject({ up: topicTemplateSchema, receipt: topicTemplateSchema }),
})

export type ConcentratorProfile = z.infer<typeof concentratorProfileSchema>

/** Topic of one concentrator. */
export function topicOf(template: string, concentrator: string): string {
  invariant(/^[^/+#]+$/.test(concentrator), `a concentrator code fits one topic level: ${concentrator}`)
  return template.replace(placeholder, concentrator)
}

/** The subscription that covers all concentrators. */
export function subscriptionOf(template: string): string {
  return template.replace(placeholder, '+')
}

/** Code of the concentrator whose topic this is; null when the topic does not fit the template. */
export function concentratorOf(template: string, topic: string): string | null {
  const expected = template.split('/')
  const levels = topic.split('/')
  const code = levels[expected.indexOf(placeholder)]
  if (code === undefined || code === '' || levels.length !== expected.length) return null
  return levels.every((level, index) => expected[index] === level || expected[index] === placeholder) ? code : null
}
