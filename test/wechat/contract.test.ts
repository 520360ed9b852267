import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { startWechatEmulator } from '../support/wechat-emulator/start'

/**
 * What we rely on in WeChat's answers, asked of the emulator; and of the real host by whoever has keys:
 *
 *   WECHAT_CONTRACT_BASE=https://api.weixin.qq.com WECHAT_CONTRACT_APPID=… WECHAT_CONTRACT_SECRET=… \
 *   npx vitest run test/wechat/contract.test.ts
 *
 * with, each for the tests that need it: WECHAT_CONTRACT_LOGIN_CODE (fresh from wx.login), _PHONE_CODE, _OPENID (active
 * now), _PAGE (published), _TEMPLATE_ID with _TEMPLATE_DATA (JSON of key → value; one message of it allowed by that user).
 */
type Host = {
  base: string
  appid: string
  secret: string
  loginCode?: string | undefined
  phoneCode?: string | undefined
  openid?: string | undefined
  page?: string | undefined
  message?: { templateId: string; values: Record<string, string> } | undefined
  close(): Promise<void>
}

const RID = / rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/

function realHost(base: string): Host {
  const setting = (name: string) => process.env[`WECHAT_CONTRACT_${name}`]
  const templateId = setting('TEMPLATE_ID')
  return {
    base,
    appid: setting('APPID') ?? '',
    secret: setting('SECRET') ?? '',
    loginCode: setting('LOGIN_CODE'),
    phoneCode: setting('PHONE_CODE'),
    openid: setting('OPENID'),
    page: setting('PAGE'),
    message:
      templateId === undefined ? undefined : { templateId, values: JSON.parse(setting('TEMPLATE_DATA') ?? '{}') },
    close: async () => {},
  }
}

async function emulatedHost(): Promise<Host> {
  const emulator = await startWechatEmulator({ seed: 7 })
  const { openid } = emulator.addUser({ unionid: 'u-wang' })
  emulator.publishedPages.add('pages/scan/index')
  emulator.addTemplate('visit-done', ['thing1', 'time2'])
  emulator.allow(openid, 'visit-done')
  return {
    base: emulator.base,
    appid: emulator.appid,
    secret: emulator.secret,
    loginCode: emulator.loginCode(openid),
    phoneCode: emulator.phoneCode(openid),
    openid,
    page: 'pages/scan/index',
    message: { templateId: 'visit-done', values: { thing1: '陪同就医', time2: '2026-11-22 09:00' } },
    close: emulator.close,
  }
}

const realBase = process.env.WECHAT_CONTRACT_BASE
const host = realBase === undefined ? await emulatedHost() : realHost(realBase)
afterAll(() => host.close())

async function get(path: string, query: Record<string, string>) {
  return answerOf(await fetch(`${host.base}${path}?${new URLSearchParams(query)}`))
}

async function post(path: string, body: unknown, token?: string) {
  const query = token === undefined ? '' : `?access_token=${token}`
  return answerOf(await fetch(`${host.base}${path}${query}`, { method: 'POST', body: JSON.stringify(body) }))
}

async function answerOf(response: Response) {
  const bytes = Buffer.from(await response.arrayBuffer())
  const json: Record<string, unknown> | null = bytes[0] === 0x7b ? JSON.parse(bytes.toString()) : null
  return { status: response.status, bytes, json }
}

async function freshToken(): Promise<string> {
  const body = { grant_type: 'client_credential', appid: host.appid, secret: host.secret, force_refresh: false }
  return String((await post('/cgi-bin/stable_token', body)).json?.access_token)
}

const sessionQuery = () => ({ appid: host.appid, secret: host.secret, grant_type: 'authorization_code' })

describe('login', () => {
  test.skipIf(host.loginCode === undefined)('gives a session key and an openid without any errcode, once', async () => {
    const query = { ...sessionQuery(), js_code: host.loginCode ?? '' }
    const { status, json } = await get('/sns/jscode2session', query)
    expect(status).toBe(200)
    expect(json).not.toHaveProperty('errcode')
    expect(json?.openid).toMatch(/^[\w-]{28}$/)
    expect(Buffer.from(String(json?.session_key), 'base64')).toHaveLength(16)
    expect((await get('/sns/jscode2session', query)).json).toMatchObject({ errcode: 40163 })
  })

  test('with a made-up code is 40029 under HTTP 200, with a request id', async () => {
    const { status, json } = await get('/sns/jscode2session', {
      ...sessionQuery(),
      js_code: `0${randomUUID().replaceAll('-', '')}`,
    })
    expect(status).toBe(200)
    expect(json).toMatchObject({ errcode: 40029, errmsg: expect.stringMatching(RID) })
  })

  test('without a code is 41008', async () => {
    expect((await get('/sns/jscode2session', sessionQuery())).json).toMatchObject({ errcode: 41008 })
  })

  test('with a wrong app id is 40013', async () => {
    const query = { ...sessionQuery(), appid: 'wx0000000000000000', js_code: 'none' }
    expect((await get('/sns/jscode2session', query)).json).toMatchObject({ errcode: 40013 })
  })
})

describe('the stable token', () => {
  const body = () => ({ grant_type: 'client_credential', appid: host.appid, secret: host.secret, force_refresh: false })

  test('is the same when it is asked for twice, without any errcode, and lives at least five minutes', async () => {
    const first = (await post('/cgi-bin/stable_token', body())).json
    expect(first).not.toHaveProperty('errcode')
    expect(first?.expires_in).toBeGreaterThanOrEqual(300)
    expect(first?.expires_in).toBeLessThanOrEqual(7200)
    expect((await post('/cgi-bin/stable_token', body())).json?.access_token).toBe(first?.access_token)
  })

  test('with a wrong secret is 40125', async () => {
    const wrong = { ...body(), secret: '0'.repeat(32) }
    expect((await post('/cgi-bin/stable_token', wrong)).json).toMatchObject({ errcode: 40125 })
  })
})

describe('a call with a token', () => {
  test('is 41001 without one and 40001 with a made-up one', async () => {
    expect((await post('/wxa/msg_sec_check', { version: 2 })).json).toMatchObject({ errcode: 41001 })
    expect((await post('/wxa/msg_sec_check', { version: 2 }, 'made-up')).json).toMatchObject({ errcode: 40001 })
  })
})

describe('the phone number', () => {
  test.skipIf(host.phoneCode === undefined)('comes with its country code and our app id', async () => {
    const { json } = await post('/wxa/business/getuserphonenumber', { code: host.phoneCode }, await freshToken())
    expect(json).toMatchObject({
      errcode: 0,
      phone_info: { purePhoneNumber: expect.stringMatching(/^\d+$/), watermark: { appid: host.appid } },
    })
    const info = Object(json?.phone_info)
    expect(String(info.countryCode)).toMatch(/^\d+$/)
  })

  test('of a made-up code is 40029', async () => {
    const { json } = await post('/wxa/business/getuserphonenumber', { code: 'f'.repeat(64) }, await freshToken())
    expect(json).toMatchObject({ errcode: 40029 })
  })
})

describe('a plate image', () => {
  const scene = `P1a${'0'.repeat(28)}`

  test.skipIf(host.page === undefined)('is a JPEG or a PNG, told by its first bytes', async () => {
    const { bytes, json } = await post(
      '/wxa/getwxacodeunlimit',
      { scene, page: host.page, width: 430 },
      await freshToken(),
    )
    expect(json).toBeNull()
    expect(['ffd8ff', '89504e']).toContain(bytes.subarray(0, 3).toString('hex'))
  })

  test('of a page that is not published is 41030, in JSON', async () => {
    const body = { scene, page: 'pages/none/none', check_path: true }
    expect((await post('/wxa/getwxacodeunlimit', body, await freshToken())).json).toMatchObject({ errcode: 41030 })
  })

  test('with a scene of 33 characters is 40169', async () => {
    const body = { scene: 'a'.repeat(33), check_path: false }
    expect((await post('/wxa/getwxacodeunlimit', body, await freshToken())).json).toMatchObject({ errcode: 40169 })
  })
})

describe('a subscribe message', () => {
  const body = () => ({
    touser: host.openid,
    template_id: host.message?.templateId,
    miniprogram_state: 'formal',
    lang: 'zh_CN',
    data: Object.fromEntries(Object.entries(host.message?.values ?? {}).map(([key, value]) => [key, { value }])),
  })

  test.skipIf(host.openid === undefined || host.message === undefined)('is sent once for one consent', async () => {
    const token = await freshToken()
    expect((await post('/cgi-bin/message/subscribe/send', body(), token)).json).toMatchObject({ errcode: 0 })
    expect((await post('/cgi-bin/message/subscribe/send', body(), token)).json).toMatchObject({ errcode: 43101 })
  })

  test('to nobody is 40003', async () => {
    const { json } = await post('/cgi-bin/message/subscribe/send', { ...body(), touser: 'nobody' }, await freshToken())
    expect(json).toMatchObject({ errcode: 40003 })
  })

  test.skipIf(host.openid === undefined)('of no template is 40037', async () => {
    const { json } = await post(
      '/cgi-bin/message/subscribe/send',
      { ...body(), template_id: 'none' },
      await freshToken(),
    )
    expect(json).toMatchObject({ errcode: 40037 })
  })
})

describe('a text check', () => {
  test.skipIf(host.openid === undefined)('of a harmless text passes', async () => {
    const body = { version: 2, openid: host.openid, scene: 2, content: '今天陪王奶奶去了卫生院' }
    expect((await post('/wxa/msg_sec_check', body, await freshToken())).json).toMatchObject({
      errcode: 0,
      trace_id: expect.any(String),
      result: { suggest: 'pass', label: 100 },
    })
  })

  test.skipIf(host.openid === undefined)('of an unknown kind is 40129', async () => {
    const body = { version: 2, openid: host.openid, scene: 9, content: '你好' }
    expect((await post('/wxa/msg_sec_check', body, await freshToken())).json).toMatchObject({ errcode: 40129 })
  })
})
