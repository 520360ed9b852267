import { expect, onTestFinished, test } from 'vitest'
import { startWechatEmulator } from '../support/wechat-emulator/start'

async function start(seed = 1) {
  const emulator = await startWechatEmulator({ seed })
  onTestFinished(() => emulator.close())
  const admin = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${emulator.base}/emulator${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: response.status === 204 ? null : await response.json() }
  }
  const login = async (code: string) => {
    const query = new URLSearchParams({
      appid: emulator.appid,
      secret: emulator.secret,
      js_code: code,
      grant_type: 'authorization_code',
    })
    return (await fetch(`${emulator.base}/sns/jscode2session?${query}`)).json()
  }
  return { emulator, admin, login }
}

test('another process makes users, codes, consents, pages and templates over HTTP', async () => {
  const { emulator, admin, login } = await start()
  const user = (await admin('POST', '/users', { openid: 'o-wang', phone: '13800001111', unionid: 'u-wang' })).body
  expect(user).toMatchObject({ openid: 'o-wang', phone: '13800001111', blocked: false })
  const { code } = (await admin('POST', '/login-codes', { openid: 'o-wang' })).body
  expect(await login(code)).toMatchObject({ openid: 'o-wang', unionid: 'u-wang' })
  expect((await admin('POST', '/phone-codes', { openid: 'o-wang' })).body.code).toMatch(/^[0-9a-f]{64}$/)
  expect((await admin('POST', '/templates', { id: 't1', keys: ['thing1'] })).status).toBe(204)
  expect((await admin('POST', '/consents', { openid: 'o-wang', templateId: 't1', messages: 2 })).status).toBe(204)
  expect((await admin('POST', '/pages', ['pages/scan/index'])).status).toBe(204)
  expect(emulator.users.get('o-wang')?.consents.get('t1')).toBe(2)
  expect(emulator.publishedPages).toContain('pages/scan/index')
  expect((await admin('GET', '/requests')).body).toMatchObject([{ call: 'session', errcode: 0 }])
  expect((await admin('GET', '/messages')).body).toEqual([])
})

test('another process moves the clock and switches faults on and off', async () => {
  const { admin, login } = await start()
  await admin('POST', '/users', { openid: 'o-wang' })
  const { code } = (await admin('POST', '/login-codes', { openid: 'o-wang' })).body
  await admin('POST', '/faults', { kind: 'errcode', errcode: -1, times: 1, call: 'session' })
  expect(await login(code)).toMatchObject({ errcode: -1 })
  await admin('POST', '/faults', { kind: 'errcode', errcode: -1, times: 9 })
  await admin('DELETE', '/faults')
  expect((await admin('POST', '/clock', { seconds: 301 })).body).toEqual({ now: '2026-11-22T01:05:01.000Z' })
  expect(await login(code)).toMatchObject({ errcode: 40029 })
})

test('a wrong request to the emulator is told so', async () => {
  const { admin } = await start()
  expect((await admin('POST', '/login-codes', { openid: 'nobody' })).status).toBe(400)
  expect((await admin('POST', '/users', { colour: 'red' })).status).toBe(400)
})

test('the same seed gives the same people, codes and tokens; another seed gives others', async () => {
  const run = async (seed: number) => {
    const { emulator, login } = await start(seed)
    const { openid } = emulator.addUser()
    return { openid, answer: await login(emulator.loginCode(openid)) }
  }
  const first = await run(3)
  expect(await run(3)).toEqual(first)
  expect(await run(4)).not.toEqual(first)
})

test('a running clock follows the real one from its start', async () => {
  const emulator = await startWechatEmulator({ at: new Date('2020-01-01T00:00:00Z'), running: true })
  onTestFinished(() => emulator.close())
  await expect.poll(() => emulator.clock.now().getTime() > Date.parse('2020-01-01T00:00:00Z')).toBe(true)
  emulator.clock.advance(60)
  expect(emulator.clock.now() >= new Date('2020-01-01T00:01:00Z')).toBe(true)
})
