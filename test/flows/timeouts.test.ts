// Who is slow on purpose, or never answers, holds nothing that others wait for: each way of being slow ends.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import Koa from 'koa'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { newApp } from '../../server/app'
import { listen, TIMEOUTS, type Timeouts } from '../../server/core/listen'
import { newLog } from '../../server/core/log'
import { newSms } from '../../server/sms/sms'
import { startServer } from '../support/crash'
import { times } from '../support/long'
import { newWorld, type World } from '../support/world'

const SHORT: Timeouts = { headersMs: 400, requestMs: 800, keepAliveMs: 300, silentMs: 1500, checkEveryMs: 50 }

let world: World
beforeAll(async () => {
  world = await newWorld()
})

async function served(app: Koa = newApp(world.parts)): Promise<number> {
  const server = await listen(app, { host: '127.0.0.1', port: 0 }, SHORT)
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** A connection that writes in drops, and what came of it: the answer, and after how long it was over. */
async function slow(port: number, first: string, drop: string, everyMs: number) {
  const socket: Socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const began = performance.now()
  let said = ''
  socket.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8')
  })
  socket.on('error', () => {})
  socket.write(first)
  const dripping = setInterval(() => socket.write(drop), everyMs)
  await once(socket, 'close')
  clearInterval(dripping)
  return { said, ms: performance.now() - began }
}
const HEAD = 'POST /api/v1/session/password HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'
const slowHead = (port: number, everyMs = 50) =>
  slow(port, 'GET /api/v1/me HTTP/1.1\r\nHost: x\r\n', 'X-A: b\r\n', everyMs)
const slowBody = (port: number, everyMs = 50) => slow(port, `${HEAD}Content-Length: 5000\r\n\r\n{"a":"`, 'a', everyMs)

test('a head that comes in drops is cut off with 408, however many send one, and others are answered meanwhile', async () => {
  const port = await served()
  const drips = Promise.all(Array.from({ length: 50 }, () => slowHead(port)))
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/session/identities`)
  expect(answer.status).toBeLessThan(500)
  for (const { said, ms } of await drips) {
    expect(said).toContain('408 Request Timeout')
    expect(ms).toBeGreaterThan(SHORT.headersMs - 50)
    expect(ms).toBeLessThan(5000)
  }
})

test('a body that comes in drops is cut off too, and nothing breaks by it', async () => {
  const port = await served()
  const { said, ms } = await slowBody(port)
  expect(said).not.toContain(' 200 ')
  expect(ms).toBeGreaterThan(SHORT.requestMs - 50)
  expect(ms).toBeLessThan(5000)
  expect((await fetch(`http://127.0.0.1:${port}/api/v1/session/identities`)).status).toBeLessThan(500)
})

test('a connection nobody uses is closed, between two requests and before the first', async () => {
  const port = await served()
  const kept = await slow(port, 'GET /api/v1/session/identities HTTP/1.1\r\nHost: x\r\n\r\n', '', 10_000)
  expect(kept.said).toMatch(/^HTTP\/1\.1 \d/)
  // Node gives a second more, so that a request on its way isn't cut
  expect(kept.ms).toBeLessThan(SHORT.keepAliveMs + 3000)
  expect((await slow(port, '', '', 10_000)).ms).toBeLessThan(SHORT.silentMs + 3000)
})

test('who never reads the answer is left, and the answer with it', async () => {
  const big = Buffer.alloc(30_000_000, 'a')
  const app = new Koa().use(async (ctx) => {
    ctx.body = big
  })
  const port = await served(app)
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.on('error', () => {})
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  socket.pause()
  // what still goes out when the time is over gets it once more
  await pause(2 * SHORT.silentMs + 1500)
  let read = 0
  socket.on('data', (chunk: Buffer) => {
    read += chunk.length
  })
  socket.resume()
  await once(socket, 'close')
  expect(read).toBeLessThan(big.length)
})

test('a gateway for text messages that takes the request and says nothing is given up', async () => {
  const silent = createServer(() => {})
  silent.listen(0, '127.0.0.1')
  await once(silent, 'listening')
  onTestFinished(() => {
    silent.closeAllConnections()
    silent.close()
  })
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`
  const sms = newSms({ kind: 'http', url, token: 'x' }, newLog('silent'))
  const began = performance.now()
  // it may have arrived: it is not sent again
  expect(await sms?.send({ id: 'a', phone: '13812345678', text: '您好' })).toEqual({
    ...{ ok: false, reason: 'unreachable', retryable: false },
  })
  expect(performance.now() - began).toBeLessThan(15_000)
})

test('the real server cuts off slow heads, and in the long run slow bodies, at its own times', async () => {
  const { databaseUrl } = await newWorld()
  const server = await startServer(databaseUrl)
  await server.ready()
  const port = Number(new URL(server.base).port)
  const [head, body] = await Promise.all([slowHead(port, 1000), times(0, 1) > 0 ? slowBody(port, 1000) : null])
  expect(head.said).toContain('408')
  expect(head.ms).toBeGreaterThan(TIMEOUTS.headersMs - 2000)
  expect(head.ms).toBeLessThan(TIMEOUTS.headersMs + 15_000)
  if (body !== null) expect(body.ms).toBeLessThan(TIMEOUTS.requestMs + 15_000)
}, 120_000)
