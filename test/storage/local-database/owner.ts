// Owns a folder's database until it is killed; the tests of the local database run it as a process of its own.
import { openLocalDatabase } from '../../../storage/local-database/open.js'
import { UserError } from '../../../domain/errors.js'

const [folder, binaries] = process.argv.slice(2)
if (folder === undefined) throw new Error('usage: owner FOLDER [plain|timescale]')
try {
  const wanted = binaries === 'plain' || binaries === 'timescale' ? binaries : 'any'
  const database = await openLocalDatabase({ folder, binaries: wanted })
  const { ownerUrl, data, socketFolder } = database
  process.stdout.write(`${JSON.stringify({ ownerUrl, data, socketFolder })}\n`)
  process.stdin.once('end', () => void database.close()).resume()
} catch (error) {
  if (!(error instanceof UserError)) throw error
  process.stdout.write(`${JSON.stringify({ code: error.code, message: error.message })}\n`)
  process.exitCode = error.exitCode
}
