import { join } from 'node:path'

/** Files of a local database inside the folder it belongs to. The data itself may live elsewhere; `cluster.json` says where. */
export interface Layout {
  readonly home: string
  readonly pointer: string
  readonly passwords: string
  /** For psql: the reader's login, in the form of PGPASSFILE. */
  readonly passFile: string
  readonly lock: string
  readonly log: string
  readonly data: string
}

export function layoutOf(folder: string): Layout {
  const home = join(folder, '.shuangwu')
  return {
    home,
    pointer: join(home, 'cluster.json'),
    passwords: join(home, 'passwords.json'),
    passFile: join(home, 'pgpass'),
    lock: join(home, 'owner.lock'),
    log: join(home, 'postgres.log'),
    data: join(home, 'data'),
  }
}
