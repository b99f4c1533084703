import * as z from 'zod'
import type { Result } from '../../domain/result.js'
import { envelopeProfiles, ownEnvelope } from '../../protocols/concentrator/envelope-profiles.js'
import { type DocumentError, readYaml } from '../../domain/yaml-document.js'

const instantText = z.iso.datetime({ offset: true, error: 'expected an instant such as 2026-07-01T00:00:00+08:00' })
const lastPort = 65_535
const port = z.int().min(0).max(lastPort)
const host = z.string().min(1).default('127.0.0.1')
const address = z.string().regex(/^\d{12}$/, { error: 'expected 12 digits' })
/** 999999999999 is the broadcast address. */
const lastAddress = 999_999_999_999n
const decimalKwh = z.string().regex(/^\d{1,6}(\.\d{1,4})?$/, { error: 'expected kWh as text, such as "220.5"' })

const clockSchema = z.strictObject({
  offsetSeconds: z.int().min(-86_400).max(86_400).default(0).describe('快为正 seconds that it is fast'),
  gainSecondsPerDay: z.int().min(-600).max(600).default(0).describe('日差 seconds that it gains a day'),
  batteryLostAt: instantText
    .optional()
    .describe('电池失效，此后从 2000-01-01 走时 from then on the clock counts from 2000-01-01'),
})

const meterHabitFields = {
  edition: z.enum(['2007', '1997']).optional().describe('DL/T 645 版本 edition; 2007 where nothing is said'),
  wakeUpBytes: z.int().min(0).max(16).optional().describe('应答前导 FE 个数 wake-up bytes before a reply'),
  partBytes: z
    .int()
    .min(20)
    .max(200)
    .optional()
    .describe('单帧数据字节上限，超出分帧 most data bytes of a reply; longer answers come in parts'),
  unknownItems: z
    .array(z.string().regex(/^(?:[0-9A-Fa-f]{2}|\.\.){2,4}$/, { error: 'expected an identifier, .. for any byte' }))
    .optional()
    .describe('不认识的数据标识，.. 为任意字节 identifiers that it refuses, .. for any byte'),
  clock: clockSchema.optional().describe('电表时钟 how the meter’s clock goes'),
  feedInPercent: z
    .int()
    .min(0)
    .max(500)
    .optional()
    .describe('反向电量占正向的百分数 energy fed back, in percent of what is drawn'),
  passwords: z
    .record(z.string().regex(/^\d{2}$/), z.string().regex(/^\d{6}$/))
    .optional()
    .describe('各级密码 passwords by level'),
  closesDirectly: z.boolean().optional().describe('1CH 直接合闸 closes on 1CH itself, without the button'),
  buttonAfterSeconds: z
    .int()
    .min(0)
    .max(86_400)
    .optional()
    .describe('允许合闸后多久按键 how long after permission somebody presses the button'),
  sendsWrongLength: z.boolean().optional().describe('应答长度字节错误 its replies announce a wrong length'),
  freezeDepth: z.int().min(0).max(254).optional().describe('日冻结保留天数 daily freezes that it keeps'),
  isSilent: z.boolean().optional().describe('从不应答 it never answers'),
}

const metersSchema = z
  .strictObject({
    count: z.int().min(1).max(100_000),
    firstAddress: address,
    customerClass: z.enum(['residential', 'shared_building', 'commercial']).default('residential'),
    /** Mean use of 30 days. */
    monthlyKwh: decimalKwh.default('220'),
    ...meterHabitFields,
    /** Meters that differ from the others, by their place from 1. */
    except: z
      .array(z.strictObject({ place: z.int().min(1), address: address.optional(), ...meterHabitFields }))
      .default([]),
  })
  .refine(({ count, except }) => except.every(({ place }) => place <= count), {
    error: 'an exception names a place beyond the number of meters',
    path: ['except'],
  })
  .refine(({ count, firstAddress }) => BigInt(firstAddress) + BigInt(count) <= lastAddress, {
    error: 'addresses beyond 999999999998; 999999999999 calls everybody',
    path: ['firstAddress'],
  })
  .refine(({ except }) => areDifferent(except.map(({ place }) => place)), {
    error: 'two exceptions for one place',
    path: ['except'],
  })

const faultsSchema = z.strictObject({
  damagedPermille: z
    .int()
    .min(0)
    .max(1000)
    .default(0)
    .describe('损坏应答的千分比 replies in a thousand in which a byte is changed, lost or added'),
  noise: z
    .strictObject({ errorsPerMillionBits: z.int().min(0).max(1_000_000), parity: z.enum(['even', 'none']) })
    .optional()
    .describe('误码；带校验时错字节被丢弃 wrong bits; with parity a byte with an odd number of them is dropped'),
  echo: z.boolean().default(false).describe('回显主站报文 the adapter sends the master’s own bytes back'),
  extraDelayMs: z.int().min(0).max(60_000).default(0).describe('附加延时 added to each turnaround'),
  babble: z
    .strictObject({ everyMs: z.int().min(10), bytes: z.int().min(1).max(1000) })
    .optional()
    .describe('乱发字节 somebody talks unasked, so long after the last time'),
  outages: z
    .array(
      z
        .strictObject({ from: instantText, to: instantText })
        .refine(({ from, to }) => Date.parse(from) < Date.parse(to), { error: 'expected an end after the begin' }),
    )
    .default([])
    .describe('断线时段 when the line is dead'),
})

const baudExpected = { error: 'expected 300 to 115200, or carrier' }

const lineSchema = z.strictObject({
  name: z.string().regex(/^[\w.-]{1,60}$/, { error: 'expected a name of letters, digits, _ . -' }),
  /** Raw TCP serial server, a pseudo terminal (needs socat), or a serial port. Exactly one. */
  access: z
    .strictObject({
      tcp: z.strictObject({ host, port }).optional(),
      pty: z.string().min(1).optional(),
      serial: z.string().min(1).optional(),
    })
    .refine((ways) => Object.values(ways).filter((way) => way !== undefined).length === 1, {
      error: 'expected exactly one of tcp, pty, serial',
    }),
  /** Bits per second, 8E1; `carrier` costs no time. */
  baud: z
    .union([z.int().min(300, baudExpected).max(115_200, baudExpected), z.literal('carrier')], baudExpected)
    .default(2400),
  meters: metersSchema,
  faults: faultsSchema.prefault({}),
  /** So many lines like this one: names get a number, ports and addresses count on. TCP only. */
  repeat: z.int().min(1).max(5000).default(1),
})

const concentratorSchema = z.strictObject({
  name: z.string().regex(/^[\w.-]{1,60}$/, { error: 'expected a name of letters, digits, _ . -' }),
  /** How it talks: the name of an envelope profile that ships with the product. */
  profile: z.enum([...envelopeProfiles.keys()]).default(ownEnvelope.name),
  meters: metersSchema,
  /** Addresses in its own meter table when it comes up, all of its meters where nothing is said; it reads nothing else. */
  table: z.array(address).optional(),
  collectAtMinute: z
    .int()
    .min(0)
    .max(1439)
    .default(15)
    .describe('每日采集冻结的时刻（分） local minute of the day at which last midnight’s freezes are collected'),
  metersPerBatch: z.int().min(1).max(500).default(50),
  receiptTimeoutSeconds: z.int().min(1).max(3600).default(60),
  duplicatedPermille: z.int().min(0).max(1000).default(0),
})

export const utilityFileSchema = z
  .strictObject({
    seed: z
      .int()
      .min(0)
      .max(2 ** 31 - 1),
    /** Simulated time when it comes up; the real time where nothing is said. */
    startAt: instantText.optional(),
    /** Since when all meters have supply. */
    energisedFrom: instantText,
    lines: z.array(lineSchema).default([]),
    /** MQTT broker of the concentrators: one that runs already, or one of its own on a port. */
    broker: z.strictObject({ host, port, embedded: z.boolean().default(true) }).optional(),
    concentrators: z.array(concentratorSchema).default([]),
  })
  .refine(({ lines, concentrators }) => lines.length + concentrators.length > 0, {
    error: 'expected at least one line or concentrator',
  })
  .refine(({ broker, concentrators }) => concentrators.length === 0 || broker !== undefined, {
    error: 'concentrators need a broker',
    path: ['broker'],
  })
  .refine(({ energisedFrom, startAt }) => startAt === undefined || Date.parse(energisedFrom) < Date.parse(startAt), {
    error: 'meters that have no supply yet when the field comes up',
    path: ['energisedFrom'],
  })
  .refine(({ lines }) => lines.every(({ repeat, access }) => repeat === 1 || access.tcp !== undefined), {
    error: 'only lines on TCP can be repeated',
    path: ['lines'],
  })
  .refine(({ lines }) => lines.every(({ repeat, access }) => (access.tcp?.port ?? 0) + repeat - 1 <= lastPort), {
    error: 'ports of the repeated lines go beyond 65535',
    path: ['lines'],
  })
  .refine(({ lines, concentrators }) => areDifferent([...lines, ...concentrators].map(({ name }) => name)), {
    error: 'a name of a line or concentrator is there twice',
  })

export type UtilityFile = z.infer<typeof utilityFileSchema>
export type FieldLine = UtilityFile['lines'][number]
export type FieldMeters = FieldLine['meters']
export type FieldConcentrator = UtilityFile['concentrators'][number]

/** A utility file's content, or its first mistake. */
export function parseUtilityFile(text: string): Result<UtilityFile, DocumentError> {
  return readYaml(text, utilityFileSchema)
}

function areDifferent(values: readonly (string | number)[]): boolean {
  return new Set(values).size === values.length
}
