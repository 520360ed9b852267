import { existsSync, mkdtempSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const MEMORY = '/dev/shm'
const ENOUGH_BYTES = 2 ** 31

/** A new temporary folder for databases that needn't outlive a power cut: in memory where there is room for it. */
export function folderForDatabases(prefix: string): string {
  return mkdtempSync(join(isRoomy() ? MEMORY : tmpdir(), prefix))
}

function isRoomy(): boolean {
  if (process.platform !== 'linux' || !existsSync(MEMORY)) return false
  const { bavail, bsize } = statfsSync(MEMORY)
  return bavail * bsize > ENOUGH_BYTES
}
