// The thread that copies SQLite's log back (copy-back.ts), until the log begins anew or nobody writes any more.
import { parentPort, workerData } from 'node:worker_threads'
import { type Copied, openSqliteCopier } from './sqlite-client'
import type { Answered, Asked } from './threads'

/** The log begins anew with the first commit that finds all of it copied; so long it is looked at, so often. */
const PAUSE_MS = 2
const TURNS = 100
/** So many looks without another commit, and nobody writes. */
const QUIET_TURNS = 10

const { url } = (workerData as { given: { url: string } }).given
const file = openSqliteCopier(url)
const never = new Int32Array(new SharedArrayBuffer(4))

function copyAll(): void {
  let before: Copied = file.copyBack()
  for (let turn = 0, quiet = 0; turn < TURNS && quiet < QUIET_TURNS; turn++) {
    Atomics.wait(never, 0, 0, PAUSE_MS)
    const now = file.copyBack()
    if (now.pages < before.pages) return // it has begun anew
    quiet = now.pages === before.pages && now.copied === now.pages ? quiet + 1 : 0
    before = now
  }
}

parentPort?.on('message', ({ no }: Asked<'copy'>) => {
  const say = (answered: Answered<null>) => parentPort?.postMessage(answered)
  try {
    copyAll()
    say({ no, answer: null })
  } catch (error) {
    say({ no, error: String(error) })
  }
})
