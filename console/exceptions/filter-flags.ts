import { UserError } from '../../domain/errors.js'
import type { OpenExceptionFilter } from '../../storage/mdm/open-exceptions.js'

const fields = ['crew', 'area', 'kind', 'rule'] as const

/** A filter as people type it: `rule=decrease,area=area-1`. @throws UserError bad_usage */
export function parseFilter(text: string): OpenExceptionFilter {
  const parts = text.split(',').map((part) => {
    const [, name = '', value = ''] = /^(\w+)=(.+)$/.exec(part.trim()) ?? []
    if (!fields.some((field) => field === name))
      throw new UserError('bad_usage', `--filter ${text}: 应为 expected ${fields.join('=…,')}=…`)
    return [name, value] as const
  })
  return Object.fromEntries(parts)
}
