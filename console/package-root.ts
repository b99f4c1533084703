import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Folder of package.json: two above the compiled build/console/. Assets resolve from here, whatever the working directory. */
export const packageRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
