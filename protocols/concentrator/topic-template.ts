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
