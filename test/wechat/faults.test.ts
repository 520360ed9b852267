import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type Server } from 'node:net'
import { describe, expect, test } from 'vitest'
import { newMemoryTokenStore } from '../../server/wechat/token-store'
import { busy, type Fault, quotaUsed, tokenRefused } from '../support/wechat-emulator/faults'
import { message, newWechatWorld, plate } from '../support/wechat-world'

const unreachable = (retryable: boolean) => ({ ok: false, reason: 'unreachable', retryable })

/** Faults after which nobody knows whether the host has acted. */
const ambiguous: [string, Fault][] = [
  ['a reset before it was done', { kind: 'reset', acted: false, times: 1 }],
  ['a reset after it was done', { kind: 'reset', acted: true, times: 1 }],
  ['a bad gateway before it was done', { kind: 'status', status: 502, acted: false, times: 1 }],
  ['a bad gateway after it was done', { kind: 'status', status: 502, acted: true, times: 1 }],
  ['half an answer', { kind: 'truncated', times: 1 }],
  ['no answer in time', { kind: 'latency', ms: 6000, times: 1 }],
  ['an answer that stops in the middle', { kind: 'stalled', times: 1 }],
  ['a page of something in between', { kind: 'page', acted: false, times: 1 }],
]
const impatient = { limits: { timeoutMs: 1200 } }

describe('when WeChat is busy', () => {
  test('twice, the third try succeeds, for every call', async () => {
    const { wechat, emulator, user } = await newWechatWorld()
    emulator.allow(user.openid, 'visit-done')
    const calls = [
      () => wechat.codeToSession(emulator.loginCode(user.openid)),
      () => wechat.phoneOfCode(emulator.phoneCode(user.openid)),
      () => wechat.plateImage(plate),
      () => wechat.sendMessage(message(user.openid)),
      () => wechat.checkText({ openid: user.openid, kind: 'comment', text: '你好' }),
    ]
    await wechat.plateImage(plate)
    for (const call of calls) {
      emulator.faults.push(busy(2))
      expect(await call()).toMatchObject({ ok: true })
    }
    expect(emulator.messages).toHaveLength(1)
  })

  test('for longer, it says so after three tries', async () => {
    const { wechat, emulator, user } = await newWechatWorld()
    emulator.faults.push(busy(10, 'session'))
    const answer = await wechat.codeToSession(emulator.loginCode(user.openid))
    expect(answer).toEqual({ ok: false, reason: 'busy', retryable: true })
    expect(emulator.requestsOf('session')).toHaveLength(3)
  })

  test('the pauses differ, so that all who were refused do not come back together', async () => {
    const { wechat, emulator } = await newWechatWorld({ limits: { backOffMs: 60 } })
    await wechat.plateImage(plate)
    const times: number[] = []
    for (let turn = 0; turn < 6; turn++) {
      emulator.faults.push(busy(1, 'plateImage'))
      const began = performance.now()
      await wechat.plateImage(plate)
      times.push(Math.round(performance.now() - began))
    }
    expect(new Set(times).size).toBeGreaterThan(1)
  })
})

describe('when nobody knows whether WeChat has acted', () => {
  test.each(ambiguous)('a message is not sent again after %s', async (_what, fault) => {
    const { wechat, emulator, user } = await newWechatWorld(impatient)
    emulator.allow(user.openid, 'visit-done', 'longTerm')
    await wechat.plateImage(plate)
    emulator.faults.push({ ...fault, call: 'message' })
    expect(await wechat.sendMessage(message(user.openid))).toEqual(unreachable(false))
    expect(emulator.requestsOf('message')).toHaveLength(1)
  })

  test.each(ambiguous)('a code that works once is not spent twice after %s', async (_what, fault) => {
    const { wechat, emulator, user } = await newWechatWorld(impatient)
    emulator.faults.push({ ...fault, call: 'session' })
    expect(await wechat.codeToSession(emulator.loginCode(user.openid))).toEqual(unreachable(false))
    expect(emulator.requestsOf('session')).toHaveLength(1)
  })

  test.each(ambiguous)('a plate image and a text are asked for again after %s', async (_what, fault) => {
    const { wechat, emulator, user } = await newWechatWorld(impatient)
    emulator.loginCode(user.openid)
    await wechat.plateImage(plate)
    emulator.faults.push({ ...fault, call: 'plateImage' }, { ...fault, call: 'text' })
    expect(await wechat.plateImage(plate)).toMatchObject({ ok: true })
    expect(await wechat.checkText({ openid: user.openid, kind: 'comment', text: '你好' })).toMatchObject({ ok: true })
  })

  test('a repeatable call gives up after three tries, and may be made again later', async () => {
    const { wechat, emulator } = await newWechatWorld()
    await wechat.plateImage(plate)
    emulator.faults.push({ kind: 'reset', acted: false, times: 10, call: 'plateImage' })
    expect(await wechat.plateImage(plate)).toEqual(unreachable(true))
    expect(emulator.requestsOf('plateImage')).toHaveLength(4)
  })
})

test('a message that surely never left, because nothing listens, may be sent again', async () => {
  const { processWith, user, emulator } = await newWechatWorld()
  const store = newMemoryTokenStore()
  await store.refresh(null, async () => ({ ok: true, token: 'any', expiresAt: new Date('2030-01-01') }))
  const wechat = processWith(store, { base: `http://127.0.0.1:${await closedPort()}` })
  expect(await wechat.sendMessage(message(user.openid))).toEqual(unreachable(true))
  expect(emulator.messages).toEqual([])
})

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const port = portOf(server)
  server.close()
  await once(server, 'close')
  return port
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

test('an error that comes as an image is an error', async () => {
  const { wechat, emulator } = await newWechatWorld()
  emulator.faults.push({ kind: 'jsonAsImage', errcode: 45009, times: 1, call: 'plateImage' })
  expect(await wechat.plateImage(plate)).toEqual({ ok: false, reason: 'tooOften', retryable: true })
})

test('half an image is no image', async () => {
  const { wechat, emulator } = await newWechatWorld({ limits: { tries: 1 } })
  emulator.faults.push({ kind: 'truncated', times: 1, call: 'plateImage' })
  expect(await wechat.plateImage(plate)).toEqual(unreachable(true))
})

test.each([
  ['an empty object', '{}'],
  ['a list', '[]'],
  ['an openid that is a number', '{"openid":7,"session_key":"a"}'],
  ['no session key', '{"openid":"o"}'],
  ['an openid with a line feed', '{"openid":"o\\nx","session_key":"a"}'],
  ['nothing', ''],
  ['a page of HTML', '<html></html>'],
])('an answer that is %s is no answer', async (_what, body) => {
  const { processWith } = await newWechatWorld()
  const wechat = processWith(newMemoryTokenStore(), { fetch: async () => new Response(body) })
  expect(await wechat.codeToSession('code')).toEqual(unreachable(false))
})

test('a good answer under a bad status is no answer: something in between has made it', async () => {
  const { processWith } = await newWechatWorld()
  const body = JSON.stringify({ openid: 'o-wang', session_key: 'a' })
  const wechat = processWith(newMemoryTokenStore(), { fetch: async () => new Response(body, { status: 502 }) })
  expect(await wechat.codeToSession('code')).toEqual(unreachable(false))
})

test('a redirection is not followed: the secret is for WeChat only', async () => {
  const { processWith, emulator } = await newWechatWorld()
  const elsewhere = createHttpServer((request, response) => {
    response.writeHead(302, { location: `${emulator.base}${request.url}` }).end()
  }).listen(0, '127.0.0.1')
  await once(elsewhere, 'listening')
  const wechat = processWith(newMemoryTokenStore(), { base: `http://127.0.0.1:${portOf(elsewhere)}` })
  expect(await wechat.codeToSession('code')).toEqual(unreachable(false))
  expect(emulator.requests).toEqual([])
  elsewhere.close()
})

test('a refused credential in a call without token means that the secret is wrong', async () => {
  const { wechat, emulator, user } = await newWechatWorld()
  emulator.faults.push(tokenRefused('session'))
  const answer = await wechat.codeToSession(emulator.loginCode(user.openid))
  expect(answer).toEqual({ ok: false, reason: 'misconfigured', retryable: false })
})

test('the quota of the day is used up: too often, without another try', async () => {
  const { wechat, emulator, user } = await newWechatWorld()
  emulator.allow(user.openid, 'visit-done')
  emulator.faults.push(quotaUsed(1, 'message'))
  expect(await wechat.sendMessage(message(user.openid))).toEqual({ ok: false, reason: 'tooOften', retryable: true })
  expect(emulator.requestsOf('message')).toHaveLength(1)
})

test('a refused token is renewed once and the message arrives once', async () => {
  const { wechat, emulator, user } = await newWechatWorld()
  emulator.allow(user.openid, 'visit-done', 'longTerm')
  emulator.faults.push(tokenRefused('message'))
  expect(await wechat.sendMessage(message(user.openid))).toEqual({ ok: true })
  expect(emulator.messages).toHaveLength(1)
})

test('a token that is refused again is not renewed again', async () => {
  const { wechat, emulator, user } = await newWechatWorld()
  emulator.faults.push({ ...tokenRefused('message'), times: 5 })
  expect(await wechat.sendMessage(message(user.openid))).toEqual({ ok: false, reason: 'busy', retryable: true })
  expect(emulator.requestsOf('message')).toHaveLength(2)
})

test('a full queue refuses at once instead of piling up', async () => {
  const { wechat, emulator } = await newWechatWorld({ limits: { running: 2, waiting: 3 } })
  await wechat.plateImage(plate)
  emulator.faults.push({ kind: 'latency', ms: 100, times: 2, call: 'plateImage' })
  const answers = await Promise.all(Array.from({ length: 8 }, () => wechat.plateImage(plate)))
  expect(answers.filter((answer) => answer.ok)).toHaveLength(5)
  expect(answers.filter((answer) => !answer.ok)).toEqual(Array(3).fill({ ok: false, reason: 'busy', retryable: true }))
  expect(await wechat.plateImage(plate)).toMatchObject({ ok: true })
})
