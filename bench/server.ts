// The real server for a measurement: only its clock comes with each request, so that an hour of help takes no hour.
import { AsyncLocalStorage } from 'node:async_hooks'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { Session } from 'node:inspector/promises'
import type { AddressInfo } from 'node:net'
import { newApp } from '../server/app'
import { readConfig } from '../server/core/config'
import { FOR_SERVING, openDb } from '../server/core/db'
import { newLog } from '../server/core/log'

/**
 * What a measurement asks of its server beside requests: its processor time so far, a profile into a file, or what time it is
 * from now on; null where each request brings its own.
 */
export type Order = 'cpu' | 'profile' | { profileInto: string } | { now: string | null }

const config = { ...readConfig(), rateLimit: 1_000_000_000, checkAnswers: false, busyAbove: 10_000 }
// Each promise costs more while this is in use, which the real server has no need of: only where times are mixed.
const clock = new AsyncLocalStorage<Date>()
let fixed: Date | null = null
const db = openDb(config.databaseUrl, FOR_SERVING)
const answer = newApp({
  db,
  config,
  now: () => fixed ?? clock.getStore() ?? new Date(),
  log: newLog('silent'),
  wechat: null,
  sms: null,
}).callback()
const server = createServer((request, response) =>
  fixed === null
    ? clock.run(new Date(String(request.headers['x-bench-at'] ?? Date.now())), () => answer(request, response))
    : answer(request, response),
)
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))

const inspector = new Session()
async function obey(order: Order): Promise<object> {
  if (order === 'cpu') return { cpu: process.cpuUsage() }
  if (order === 'profile') {
    inspector.connect()
    await inspector.post('Profiler.enable')
    await inspector.post('Profiler.start')
    return {}
  }
  if ('now' in order) {
    fixed = order.now === null ? null : new Date(order.now)
    if (fixed !== null) clock.disable()
    return {}
  }
  const { profile } = await inspector.post('Profiler.stop')
  inspector.disconnect()
  writeFileSync(order.profileInto, JSON.stringify(profile))
  return {}
}
process.on('message', (order: Order) => void obey(order).then((answer) => process.send?.(answer)))
process.on('disconnect', () => process.exit(0))
