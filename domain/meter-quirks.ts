import { z } from 'zod'
import { parities } from './runtime.js'

/**
 * Where meters of one model differ from what their line is set to. What is not said is as the line says, in the 2007 edition, with
 * addresses filled up with zeros and without an echo.
 */
export const meterQuirksSchema = z.strictObject({
  /** Silence kept between the last byte on the line and a request to such a meter, in milliseconds. */
  interFrameGapMs: z.int().min(0).max(10_000).exactOptional(),
  /** FE bytes before a request. */
  wakeUpBytes: z.int().min(0).max(16).exactOptional(),
  /** Takes effect on serial ports of our own; a serial server has its own setting. */
  parity: z.enum(parities).exactOptional(),
  edition: z.enum(['2007', '1997']).exactOptional(),
  /** With what an address of fewer than 12 digits is filled up at the high end. */
  addressPadding: z.enum(['zero', 'aa']).exactOptional(),
  /** The adapter sends the master's own bytes back before the reply. */
  echo: z.boolean().exactOptional(),
  /** Longest time from the end of a request to the first byte of the reply, adapter included. */
  replyTimeoutMs: z.int().min(1).max(60_000).exactOptional(),
})

export type MeterQuirks = Readonly<z.infer<typeof meterQuirksSchema>>

/** Quirks by the name of the model, as the collection plan carries them. */
export const modelQuirksSchema = z.record(z.string().min(1).max(400), meterQuirksSchema)
export type ModelQuirks = Readonly<Record<string, MeterQuirks>>

export const noQuirks: MeterQuirks = {}

export function quirksOf(models: ModelQuirks, model: string): MeterQuirks {
  return Object.hasOwn(models, model) ? (models[model] ?? noQuirks) : noQuirks
}
