import type { TariffVersion } from './tariff-schema.js'

export type RegisterDefectKind = 'slot_unknown' | 'registers_in_two_calendars'

/** `where` is the place in the file. */
export interface RegisterDefect {
  readonly kind: RegisterDefectKind
  readonly where: string
  readonly message: string
}

/** Registers name slots of their calendar, and one calendar alone names them. */
export function checkRegisters({ calendars }: TariffVersion, path: string): readonly RegisterDefect[] {
  const named = calendars.flatMap(({ registers, slots, name }, index) =>
    registers === undefined ? [] : [{ registers, slots, name, where: `${path}.calendars.${index}.registers` }],
  )
  return [
    ...named.flatMap(({ registers, slots, name, where }) =>
      Object.entries(registers)
        .filter(([, slot]) => !slots.some((one) => one.name === slot))
        .map(
          ([register, slot]): RegisterDefect => ({
            kind: 'slot_unknown',
            where: `${where}.${register}`,
            message: `no slot of ${name} is ${slot}`,
          }),
        ),
    ),
    ...named.slice(1).map(
      ({ where }): RegisterDefect => ({
        kind: 'registers_in_two_calendars',
        where,
        message: 'a meter counts by one calendar; the others take their slots from intervals',
      }),
    ),
  ]
}
