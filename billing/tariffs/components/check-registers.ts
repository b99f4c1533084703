import type { TariffVersion } from './tariff-schema.js'

export type RegisterDefectKind = 'slot_unknown' | 'registers_in_two_calendars' | 'registers_missing'

/** `where` is the place in the file. */
export interface RegisterDefect {
  readonly kind: RegisterDefectKind
  readonly where: string
  readonly message: string
}

/** Registers name slots of their calendar, one calendar alone names them, and none says what becomes of meters that it does not have. */
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
    ...calendars.flatMap(({ registers, whenMeterDiffers, name }, index): readonly RegisterDefect[] =>
      registers !== undefined || whenMeterDiffers === undefined
        ? []
        : [
            {
              kind: 'registers_missing',
              where: `${path}.calendars.${index}.whenMeterDiffers`,
              message: `${name} says what becomes of meters with other hours, and not which registers they count in`,
            },
          ],
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
