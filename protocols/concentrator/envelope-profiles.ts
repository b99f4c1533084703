import { InvariantError, present } from '../../domain/result.js'
import { type EnvelopeProfile, toEnvelopeProfile } from './envelope-profile.js'
import air72xBytes from './profiles/air72x-bytes.json' with { type: 'json' }
import air72xHex from './profiles/air72x-hex.json' with { type: 'json' }
import dgiot from './profiles/dgiot.json' with { type: 'json' }
import emsFrameHex from './profiles/ems-frame-hex.json' with { type: 'json' }
import ivy4gGateway from './profiles/ivy-4g-gateway.json' with { type: 'json' }
import nbIotSideBySide from './profiles/nb-iot-side-by-side.json' with { type: 'json' }
import prefixUnit from './profiles/prefix-unit.json' with { type: 'json' }
import quecpythonDtu from './profiles/quecpython-dtu.json' with { type: 'json' }
import shuangwu from './profiles/shuangwu.json' with { type: 'json' }

const documents: Readonly<Record<string, unknown>> = {
  'air72x-bytes': air72xBytes,
  'air72x-hex': air72xHex,
  dgiot,
  'ems-frame-hex': emsFrameHex,
  'ivy-4g-gateway': ivy4gGateway,
  'nb-iot-side-by-side': nbIotSideBySide,
  'prefix-unit': prefixUnit,
  'quecpython-dtu': quecpythonDtu,
  shuangwu,
}

/** Envelopes that ship with the product. A new one is a JSON file that names its public source, and its lines here. */
export const envelopeProfiles: ReadonlyMap<string, EnvelopeProfile> = new Map(
  Object.entries(documents).map(([name, document]) => [name, shipped(name, document)]),
)

/** Our own envelope, with receipts. */
export const ownEnvelope: EnvelopeProfile = present(envelopeProfiles.get('shuangwu'), 'our own envelope')

function shipped(name: string, document: unknown): EnvelopeProfile {
  const file = `protocols/concentrator/profiles/${name}.json`
  const profile = toEnvelopeProfile(document, file)
  if (!profile.ok) throw new InvariantError(`${profile.error.file}: ${profile.error.path}: ${profile.error.reason}`)
  if (profile.value.name !== name) throw new InvariantError(`${file}: name: expected ${name}`)
  return profile.value
}
