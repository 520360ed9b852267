// Copying SQLite's log back into its file beside the work: whoever commits has what he wrote in the log, on the disk, and
// nobody waits for the sixteen megabytes of others to go where they belong.
import { openThreads, type Threads } from './threads'

/** After so many rows: some 16 MB of pages in the log, each row being in three or four of them. */
const COPIED_EVERY = 2048

export type Copier = {
  /** Told after each commit. */
  wrote: (rows: number) => void
  close: () => Promise<void>
}

/**
 * The thread begins with the first commit, and copies what the server before may have left when it was killed; who only reads has
 * none.
 */
export function newCopier(url: string): Copier {
  let threads: Threads<'copy', null> | null = null
  let rows = COPIED_EVERY
  let copying = false
  let closed = false

  function wrote(more: number): void {
    rows += more
    if (rows < COPIED_EVERY || copying || closed) return
    rows = 0
    copying = true
    threads ??= openThreads<'copy', null>('server/core/copy-back-thread.ts', 1, { url })
    threads.ask('copy').then(done, done)
  }

  /** If it could not, the connection that commits does it by itself when the log is four times as long (sqlite-client.ts). */
  function done(): void {
    copying = false
    wrote(0)
  }

  /** Nothing is asked any more: a thread that is ended inside SQLite takes the process with it. */
  async function close(): Promise<void> {
    closed = true
    await threads?.close()
  }
  return { wrote, close }
}
