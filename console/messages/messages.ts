import type { Messages } from './catalogue.js'
import { english } from './en.js'
import { chinese } from './zh-cn.js'

export type Language = 'zh-CN' | 'en'

/** `--lang`, then LC_ALL and LANG; Chinese where none of them asks for English. */
export function languageOf(option: string | undefined, env: Readonly<Record<string, string | undefined>>): Language {
  // A variable that is set to nothing counts as not set (POSIX).
  const wanted = [option, env['LC_ALL'], env['LANG']].find((text) => text !== undefined && text !== '')
  return wanted?.toLowerCase().startsWith('en') === true ? 'en' : 'zh-CN'
}

export function messagesFor(option: string | undefined, env: Readonly<Record<string, string | undefined>>): Messages {
  return languageOf(option, env) === 'en' ? english : chinese
}
