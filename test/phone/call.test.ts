import { beforeEach, describe, expect, test, vi } from 'vitest'

interface Asked {
  method: string
  url: string
  token: string | undefined
  body: Record<string, unknown>
}
type Answer = { statusCode: number; data: unknown; header?: Record<string, string> }

const phone = vi.hoisted(() => ({
  storage: new Map<string, unknown>(),
  asked: [] as Asked[],
  server: (_asked: Asked): Answer | Promise<Answer> => ({ statusCode: 200, data: {} }),
}))

vi.stubGlobal('API_BASE', 'https://mulin.test')
vi.mock('@tarojs/taro', () => ({
  default: {
    getStorageSync: (key: string) => phone.storage.get(key) ?? '',
    setStorageSync: (key: string, value: unknown) => phone.storage.set(key, value),
    removeStorageSync: (key: string) => phone.storage.delete(key),
    getStorageInfoSync: () => ({ keys: [...phone.storage.keys()] }),
    getRandomValues: ({
      length,
      success,
    }: {
      length: number
      success: (made: { randomValues: ArrayBuffer }) => void
    }) => success({ randomValues: crypto.getRandomValues(new Uint8Array(length)).buffer }),
    request: async ({
      method,
      url,
      header,
      data,
    }: {
      method: string
      url: string
      header: Record<string, string>
      data?: string
    }) => {
      const asked = { method, url, token: header.authorization, body: JSON.parse(data ?? '{}') }
      phone.asked.push(asked)
      return phone.server(asked)
    },
  },
}))

const { get, post, failureOf, isUnanswered, search } = await import('../../miniprogram/src/core/call')
const { currentSession, leaveSession, startSession } = await import('../../miniprogram/src/core/session')
const { keep, kept } = await import('../../miniprogram/src/core/keep')
const { newId } = await import('../../miniprogram/src/core/ids')
const { now } = await import('../../miniprogram/src/core/clock')

const tokens = (name: string, personId = 'p1') => ({
  accessToken: `access-${name}`,
  refreshToken: `refresh-${name}`,
  accessExpiresAt: '2026-11-22T00:10:00.000Z',
  personId,
})
const ok = (data: unknown): Answer => ({ statusCode: 200, data })
const refused = (statusCode: number, code: string): Answer => ({
  statusCode,
  data: { code, sentence: `因为 ${code}` },
})
const paths = () => phone.asked.map(({ url }) => url.replace('https://mulin.test/api/v1', ''))

beforeEach(() => {
  leaveSession()
  phone.asked = []
  phone.server = () => ok({})
})

describe('a call', () => {
  test('goes to the API with the token of the session', async () => {
    startSession(tokens('a'))
    phone.server = () => ok({ id: '1' })
    expect(await get('/orders/today', { q: '王 大', limit: 5, none: undefined })).toEqual({ id: '1' })
    expect(phone.asked).toMatchObject([
      {
        method: 'GET',
        url: 'https://mulin.test/api/v1/orders/today?q=%E7%8E%8B%20%E5%A4%A7&limit=5',
        token: 'Bearer access-a',
      },
    ])
  })

  test('that is refused carries the code and the sentence, and was answered', async () => {
    phone.server = () => refused(409, 'VISIT_NOT_IN_PROGRESS')
    const error = await post('/visits/1/check-out').catch((error) => error)
    expect(failureOf(error)).toMatchObject({ code: 'VISIT_NOT_IN_PROGRESS', sentence: '因为 VISIT_NOT_IN_PROGRESS' })
    expect(isUnanswered(error)).toBe(false)
  })

  test.each([
    ['a phone without a network', () => Promise.reject({ errMsg: 'request:fail' })],
    ['a server that is full', () => refused(503, 'BUSY')],
    ['a proxy that answers with a page', () => ({ statusCode: 502, data: '<html>' })],
  ])('to %s has no answer: it may be asked again', async (_, server) => {
    phone.server = server
    const error = await post('/visits').catch((error) => error)
    expect(isUnanswered(error)).toBe(true)
    expect(failureOf(error).sentence).toMatch(/[一-龥]/)
  })

  test('teaches the phone the time of the server', async () => {
    const served = new Date(Date.now() + 3_600_000)
    phone.server = () => ({ statusCode: 200, data: {}, header: { Date: served.toUTCString() } })
    await get('/me')
    expect(Math.abs(now().getTime() - served.getTime())).toBeLessThan(2000)
    phone.server = () => ({ statusCode: 200, data: {}, header: { Date: new Date().toUTCString() } })
    await get('/me')
    expect(Math.abs(now().getTime() - Date.now())).toBeLessThan(50)
  })

  test('without a query ends with the path', () => {
    expect(search({ a: null, b: undefined, c: '' })).toBe('')
  })
})

describe('a token that ran out', () => {
  /** Knows only token b; refresh token a gives b, once. */
  const server = ({ url, token, body }: Asked): Answer => {
    if (url.endsWith('/session/refresh'))
      return body.refreshToken === 'refresh-a' ? ok(tokens('b')) : refused(401, 'SESSION_ENDED')
    return token === 'Bearer access-b' ? ok({ url }) : refused(401, 'TOKEN_EXPIRED')
  }

  test('is renewed once, however many calls find it out together', async () => {
    startSession(tokens('a'))
    phone.server = server
    await Promise.all([get('/one'), get('/two'), get('/three')])
    expect(paths().filter((path) => path === '/session/refresh')).toHaveLength(1)
    expect(currentSession()?.tokens.accessToken).toBe('access-b')
  })

  test('whose renewal had no answer is asked again under the same nonce', async () => {
    startSession(tokens('a'))
    phone.server = (asked) =>
      asked.url.endsWith('/session/refresh') ? Promise.reject({ errMsg: 'request:fail' }) : server(asked)
    await expect(get('/one')).rejects.toThrow('NO_ANSWER')
    phone.server = server
    await get('/one')
    const nonces = phone.asked.filter(({ url }) => url.endsWith('/session/refresh')).map(({ body }) => body.nonce)
    expect(nonces).toHaveLength(2)
    expect(nonces[0]).toBe(nonces[1])
  })

  test('that cannot be renewed ends the session', async () => {
    startSession(tokens('gone'))
    phone.server = server
    await expect(get('/one')).rejects.toThrow()
    expect(currentSession()).toBeNull()
  })
})

describe('what the phone keeps', () => {
  test('is there again for the same person, and forgotten for another', () => {
    startSession(tokens('a', 'p1'))
    keep('answer.today', { visits: 2 })
    startSession(tokens('b', 'p1'))
    expect(kept('answer.today')).toEqual({ visits: 2 })
    startSession(tokens('c', 'p2'))
    expect(kept('answer.today')).toBeNull()
  })

  test('is forgotten when the phone is left to somebody else', () => {
    startSession(tokens('a'))
    keep('answer.today', { visits: 2 })
    leaveSession()
    expect(kept('answer.today')).toBeNull()
    expect(currentSession()).toBeNull()
  })
})

test('ids are UUIDs of version 7, in the order they were made', async () => {
  const first = await newId()
  await new Promise((resolve) => setTimeout(resolve, 2))
  const second = await newId()
  expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(second > first).toBe(true)
})
