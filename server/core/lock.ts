import { closeSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs'

/**
 * One server per SQLite file: a lock file that names the process. One left by a process that is gone is taken over.
 * @returns what releases it
 * @throws when another server that lives holds it
 */
export async function lockFile(databaseFile: string): Promise<() => void> {
  const path = `${databaseFile}.lock`
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      const handle = openSync(path, 'wx')
      writeSync(handle, String(process.pid))
      closeSync(handle)
      const release = () => {
        try {
          unlinkSync(path)
        } catch {
          // somebody tidied up before us
        }
      }
      process.once('exit', release)
      return release
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const pid = Number(readFileSync(path, 'utf8'))
      // our own number: left by who had it before us, as in a container, where the server always is process 1
      if (pid !== process.pid && isAlive(pid)) throw new Error(`${databaseFile} is already served by process ${pid}`)
      unlinkSync(path)
    }
  }
  throw new Error(`${path} can't be taken`)
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
