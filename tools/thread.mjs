// What a thread of the server begins with (server/core/threads.ts): TypeScript, then the file it was made for. By `require`,
// which transforms in this very thread: for `import` each thread would get another thread to do it.
import { createRequire } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import { register } from 'tsx/cjs/api'

register()
createRequire(import.meta.url)(`../${workerData.file}`)
parentPort.postMessage('begun')
