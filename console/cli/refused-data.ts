import { UserError } from '../../domain/errors.js'
import { isRefusedData } from '../../storage/database.js'

/** What only the database could see, such as a code that another import took in the meantime. @throws UserError refused. */
export async function sayRefusedData<T>(file: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (cause) {
    if (!isRefusedData(cause) || !(cause instanceof Error)) throw cause
    throw new UserError('refused', `${file}: 与库中数据抵触 contradicts what is stored: ${cause.message}`, { cause })
  }
}
