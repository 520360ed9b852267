import { Worker } from 'node:worker_threads'

/** What a thread is asked and what it answers; `progress` comes before the answer, as often as it likes. */
export type Asked<Ask> = { no: number; ask: Ask }
export type Answered<Answer> =
  | { no: number; progress: number }
  | { no: number; answer: Answer }
  | { no: number; error: string }
/** Said once, when its file is read and its database is open. */
type Begun = 'begun'

export type Threads<Ask, Answer> = {
  /** Gives it to the thread that has least to do. */
  ask: (ask: Ask, onProgress?: (rows: number) => void) => Promise<Answer>
  /** The answers in the order asked; only one more than there are threads is under way, so that none is far ahead of who reads. */
  inOrder: (asks: Iterable<Ask>) => AsyncGenerator<Answer>
  /** Ends them once each has begun and answered: one that is ended inside SQLite takes the whole process with it. */
  close: () => Promise<void>
}

/** What a thread may keep: most work on one page at a time. */
const MEMORY_MB = 48
const STARTER = new URL('../../tools/thread.mjs', import.meta.url)

/**
 * Threads that each run a TypeScript file of ours, which answers what it is asked (`answerAsks`).
 *
 * @param file relative to the folder of the product
 * @param given what every thread knows from the start
 */
export function openThreads<Ask, Answer>(
  file: string,
  count: number,
  given: unknown,
  memoryMb: number = MEMORY_MB,
): Threads<Ask, Answer> {
  const resourceLimits = { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 8 }
  type Waiting = {
    resolve: (answer: Answer) => void
    reject: (error: Error) => void
    onProgress: (rows: number) => void
  }
  const threads = Array.from({ length: count }, () => {
    const worker = new Worker(STARTER, { workerData: { file, given }, resourceLimits, execArgv: [] })
    const waiting = new Map<number, Waiting>()
    let hear = () => {}
    const begun = new Promise<void>((resolve) => {
      hear = resolve
    })
    const end = (error: Error) => {
      hear()
      for (const { reject } of waiting.values()) reject(error)
      waiting.clear()
    }
    worker.on('message', (said: Answered<Answer> | Begun) => {
      if (said === 'begun') return hear()
      const one = waiting.get(said.no)
      if (one === undefined) return
      if ('progress' in said) return one.onProgress(said.progress)
      waiting.delete(said.no)
      if ('error' in said) one.reject(new Error(said.error))
      else one.resolve(said.answer)
    })
    worker.on('error', end)
    worker.on('exit', () => end(new Error(`${file} ended`)))
    return { worker, waiting, begun }
  })
  let next = 0
  const underWay = new Set<Promise<Answer>>()

  function ask(asked: Ask, onProgress: (rows: number) => void = () => {}): Promise<Answer> {
    const [idlest] = [...threads].sort((a, b) => a.waiting.size - b.waiting.size)
    if (idlest === undefined) throw new Error('no threads')
    const no = next++
    const answer = new Promise<Answer>((resolve, reject) => {
      idlest.waiting.set(no, { resolve, reject, onProgress })
      idlest.worker.postMessage({ no, ask: asked } satisfies Asked<Ask>)
    })
    underWay.add(answer)
    const done = () => void underWay.delete(answer)
    answer.then(done, done)
    return answer
  }

  async function* inOrder(asks: Iterable<Ask>): AsyncGenerator<Answer> {
    const ahead: Promise<Answer>[] = []
    const heard = (answer: Promise<Answer>) => {
      answer.catch(() => {}) // heard when its turn comes
      return answer
    }
    for (const one of asks) {
      ahead.push(heard(ask(one)))
      if (ahead.length > count) yield ahead.shift() as Promise<Answer>
    }
    for (const answer of ahead) yield answer
  }
  async function close(): Promise<void> {
    await Promise.allSettled([...underWay, ...threads.map(({ begun }) => begun)])
    await Promise.all(threads.map(({ worker }) => worker.terminate()))
  }
  return { ask, inOrder, close }
}
