// Writes the service worker of the browser's mini-program: which files of this build are kept on the phone.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** @returns the version: the same files, the same worker; one byte other, another. */
export function writeShell(source, folder) {
  const files = readdirSync(folder, { recursive: true })
    .map((file) => String(file).replaceAll('\\', '/'))
    .filter((file) => /^(js|css)\/.*\.(js|css)$/.test(file))
    .sort()
  const hash = createHash('sha256')
  for (const file of ['index.html', ...files]) hash.update(file).update(readFileSync(join(folder, file)))
  const text = readFileSync(source, 'utf8')
  const version = hash.update(text).digest('hex').slice(0, 12)
  const worker = text
    .replace("/* the build's files */ []", JSON.stringify(files.map((file) => `/${file}`)))
    .replace('/* the build */', version)
  writeFileSync(join(folder, 'sw.js'), worker)
  return version
}
