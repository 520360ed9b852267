import { beforeEach, describe, expect, test, vi } from 'vitest'

interface Asked {
  path: string
  token: string | null
  body: Record<string, unknown> | null
}

const storage = new Map<string, string>()
const asked: Asked[] = []
let server: (one: Asked) => Response | Promise<Response> = () => Response.json({})

vi.stubGlobal('sessionStorage', {
  getItem: (key: string) => storage.get(key) ?? null,
  setItem: (key: string, value: string) => storage.set(key, value),
  removeItem: (key: string) => storage.delete(key),
})
vi.stubGlobal('fetch', async (path: string, init: { headers: Record<string, string>; body?: string }) => {
  const one = { path, token: init.headers.authorization ?? null, body: init.body ? JSON.parse(init.body) : null }
  asked.push(one)
  return server(one)
})

const { CallError, get, hasSession, keepTokens, post, search } = await import('../../admin/src/core/call')

const refusal = (status: number, code: string) => Response.json({ code, sentence: '不行', requestId: 'r1' }, { status })
const renewals = () => asked.filter(({ path }) => path.endsWith('/session/refresh'))

/** Accepts the given access token only; each renewal gives the next one. */
function serverThatAccepts(good: string) {
  return async ({ path, token }: Asked) => {
    if (path.endsWith('/session/refresh')) return Response.json({ accessToken: good, refreshToken: `after-${good}` })
    return token === `Bearer ${good}` ? Response.json({ path }) : refusal(401, 'TOKEN_EXPIRED')
  }
}

describe('the calls of a desk', () => {
  beforeEach(() => {
    asked.length = 0
    keepTokens({ accessToken: 'old', refreshToken: 'first' })
  })

  test('three calls refused for an expired token renew it once and are all answered', async () => {
    server = serverThatAccepts('new')

    const answers = await Promise.all(['/a', '/b', '/c'].map((path) => get<{ path: string }>(path)))

    expect(answers.map(({ path }) => path)).toEqual(['/api/v1/a', '/api/v1/b', '/api/v1/c'])
    expect(renewals()).toHaveLength(1)
    expect(renewals()[0]?.body).toMatchObject({
      refreshToken: 'first',
      nonce: expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
  })

  test('a refused renewal ends the session and passes the refusal on', async () => {
    server = ({ path }) => refusal(401, path.endsWith('/session/refresh') ? 'SESSION_ENDED' : 'TOKEN_EXPIRED')

    await expect(get('/a')).rejects.toMatchObject({ status: 401, failure: { code: 'TOKEN_EXPIRED', sentence: '不行' } })
    expect(hasSession()).toBe(false)
  })

  test('a renewal without an answer keeps the session, and is asked again under the same nonce', async () => {
    server = ({ path }) => {
      if (path.endsWith('/session/refresh')) throw new TypeError('network')
      return refusal(401, 'TOKEN_EXPIRED')
    }
    await expect(get('/a')).rejects.toMatchObject({ failure: { code: 'NO_ANSWER' } })
    expect(hasSession()).toBe(true)

    server = serverThatAccepts('new')
    await get('/a')

    expect(renewals()).toHaveLength(2)
    expect(renewals()[0]?.body?.nonce).toBe(renewals()[1]?.body?.nonce)
  })

  test('any other refusal is asked once and told with its field', async () => {
    server = () =>
      Response.json(
        { code: 'ID_NUMBER_DIGIT', sentence: '身份证号最后一位不对', field: 'person.idNumber', requestId: 'r2' },
        { status: 400 },
      )

    const error = await post('/elders', {}).catch((failed: unknown) => failed)

    expect(error).toBeInstanceOf(CallError)
    expect(error).toMatchObject({ status: 400, failure: { field: 'person.idNumber', requestId: 'r2' } })
    expect(asked).toHaveLength(1)
  })

  test('an answer that is not ours is a sentence too', async () => {
    server = () => new Response('<html>502</html>', { status: 502 })

    await expect(get('/a')).rejects.toMatchObject({ failure: { sentence: '服务器出错了，请稍后再试一次' } })
  })

  test('filters that are not set are not sent', () => {
    expect(search({ q: 'WXY', state: undefined, category: null, cursor: '', limit: 50 })).toBe('?q=WXY&limit=50')
  })
})
