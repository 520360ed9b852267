// The real server for a measurement: only its clock comes with each request, so that an hour of help takes no hour.
import { AsyncLocalStorage } from 'node:async_hooks'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { newApp } from '../server/app'
import { readConfig } from '../server/core/config'
import { openDb } from '../server/core/db'
import { newLog } from '../server/core/log'

const config = { ...readConfig(), rateLimit: 1_000_000_000, checkAnswers: false, busyAbove: 10_000 }
const clock = new AsyncLocalStorage<Date>()
const db = openDb(config.databaseUrl, { connections: 20 })
const answer = newApp({
  db,
  config,
  now: () => clock.getStore() ?? new Date(),
  log: newLog('silent'),
  wechat: null,
}).callback()
const server = createServer((request, response) =>
  clock.run(new Date(String(request.headers['x-bench-at'] ?? Date.now())), () => answer(request, response)),
)
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
process.on('message', () => process.send?.({ cpu: process.cpuUsage() }))
process.on('disconnect', () => process.exit(0))
