/** Envelopes that concentrators may speak (`protocols/concentrator/profiles`). */
export const envelopeProfileNames: readonly string[] = [
  'air72x-bytes',
  'air72x-hex',
  'dgiot',
  'ems-frame-hex',
  'ivy-4g-gateway',
  'nb-iot-side-by-side',
  'prefix-unit',
  'quecpython-dtu',
  'shuangwu',
]

/** What a line without a profile of its own speaks. */
export const usualEnvelopeProfile = 'shuangwu'
