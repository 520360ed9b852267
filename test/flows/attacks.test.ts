// What somebody who means harm sends. Each is answered with a plain no, and the books stay as they were.
import { randomUUID } from 'node:crypto'
import { request } from 'node:http'
import { beforeAll, describe, expect, test } from 'vitest'
import { provider } from '../support/database'
import { newWorld, serveWorld, type World } from '../support/world'

let world: World
let base: string
let ask: Awaited<ReturnType<typeof serveWorld>>['ask']
let staff: Awaited<ReturnType<World['staff']>>
let helper: Awaited<ReturnType<World['member']>>

beforeAll(async () => {
  world = await newWorld()
  ;({ base, ask } = await serveWorld(world))
  staff = await world.staff('countyAdmin', world.places.county)
  helper = await world.member()
})

const raw = (path: string, body: string, headers: Record<string, string> = {}) =>
  fetch(`${base}/api/v1${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })
const codeOf = async (answer: Response) => [answer.status, ((await answer.json()) as { code: string }).code]

/** As it is: fetch would tidy the path up before it sends it. */
function sendAsIs(path: string, headers: Record<string, string> = {}): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(base)
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, headers }, (answer) => {
      let text = ''
      answer.on('data', (part) => {
        text += part
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
    })
    sent.on('error', reject)
    sent.end()
  })
}

test.each([
  ['__proto__', '{"__proto__":{"admin":true},"identityId":"x"}'],
  ['constructor.prototype', '{"constructor":{"prototype":{"admin":true}},"identityId":"x"}'],
  ['a prototype deep inside', '{"identityId":{"a":[{"__proto__":{"admin":true}}]}}'],
])('a polluting key is refused and pollutes nothing: %s', async (_, body) => {
  expect(await codeOf(await raw('/session/demo', body))).toEqual([400, 'BAD_JSON'])
  expect(({} as { admin?: unknown }).admin).toBeUndefined()
})

test.each([
  ['100,000 brackets', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
  ['twenty objects in one another', `${'{"a":'.repeat(20)}1${'}'.repeat(20)}`],
  ['100,000 zeros', `{"identityId":[${'0,'.repeat(99_999)}0]}`],
])('a JSON bomb goes off in nobody’s hands: %s', async (_, body) => {
  const began = performance.now()
  const [status] = await codeOf(await raw('/session/demo', body))
  expect([400, 413]).toContain(status)
  expect(performance.now() - began).toBeLessThan(5000)
})

test('what a client isn’t asked for it can’t set: a role, a state, an owner, an amount', async () => {
  const enrolled = {
    ...{ id: randomUUID(), kind: 'volunteer', regionId: world.places.village.id, trainings: [] },
    person: { name: '于大海', identityKind: 'none', sex: 'male', birthDate: '1960-01-02' },
    consents: [{ kind: 'service', textVersion: '2026-11', how: 'paper' }],
  }
  for (const more of [{ state: 'active' }, { role: 'countyAdmin' }, { personId: staff.personId }, { points: '1000' }])
    expect((await ask<{ code: string }>(staff, 'POST', '/members', { ...enrolled, ...more })).body.code).toBe(
      'UNKNOWN_KEY',
    )
  const inside = { ...enrolled, person: { ...enrolled.person, disabledAt: null } }
  expect((await ask<{ code: string }>(staff, 'POST', '/members', inside)).body.code).toBe('UNKNOWN_KEY')
})

test.each([
  ['a NUL', 'a\u0000b'],
  ['half a character', 'a\ud800'],
  ['the other half', '\udc00a'],
])('text that no database holds is refused before one sees it: %s', async (_, text) => {
  const body = { id: randomUUID(), kind: 'correct', text }
  expect((await ask<{ code: string }>(helper, 'POST', '/me/data-requests', body)).body.code).toBe('BAD_JSON')
  const q = encodeURIComponent('a\u0000b')
  expect((await ask(staff, 'GET', `/elders?q=${q}`)).status).toBe(400)
})

test.each([
  ['written from right to left', '\u202e王秀英'],
  ['with an invisible letter', '王\u200b秀英'],
  ['with a control character', '王\u0007秀英'],
])('a name that looks like another is refused: %s', async (_, name) => {
  const body = {
    ...{ id: randomUUID(), kind: 'volunteer', regionId: world.places.village.id, trainings: [] },
    person: { name, identityKind: 'none', sex: 'male', birthDate: '1960-01-02' },
    consents: [{ kind: 'service', textVersion: '2026-11', how: 'paper' }],
  }
  expect((await ask<{ code: string }>(staff, 'POST', '/members', body)).body.code).toBe('NAME_FORM')
})

describe('a path', () => {
  test.each([
    '/../../etc/passwd',
    '/admin/../../../package.json',
    '/admin/%2e%2e/%2e%2e/package.json',
    '/..%2f..%2fpackage.json',
    '/%00',
    '/admin/..%5c..%5cpackage.json',
    '//api/v1/me',
  ])('%s leads to none of our files', async (path) => {
    const { status, text } = await sendAsIs(path)
    expect(status).toBeLessThan(500)
    expect(text).not.toContain('"mulin"')
    expect(text).not.toContain('root:')
  })

  test.each(['/api/v1/me/', '/api/v1/ME', '/api/v1//me', '/api/v1/me%2f', '/api/v1/me;x=1', '/api/v1/%6de/..'])(
    '%s is no way around the login',
    async (path) => {
      const { status } = await sendAsIs(path)
      expect([400, 401, 404]).toContain(status)
    },
  )
})

describe('a header', () => {
  test('that names another method, user or address changes nothing', async () => {
    const games: Record<string, string>[] = [
      { 'x-http-method-override': 'DELETE' },
      { 'x-original-url': '/api/v1/me' },
      { 'x-user-id': staff.personId },
      { cookie: `session=${staff.personId}` },
      { authorization: 'Basic YWRtaW46YWRtaW4=' },
      { authorization: 'Bearer' },
    ]
    for (const headers of games) {
      const { status } = await sendAsIs('/api/v1/me', headers)
      expect(status).toBe(401)
    }
  })

  test('of a foreign page is answered without any permission, also before the request itself', async () => {
    const origin = { origin: 'https://evil.example', 'access-control-request-method': 'POST' }
    for (const method of ['OPTIONS', 'GET']) {
      const { headers } = await fetch(`${base}/api/v1/me`, { method, headers: origin })
      expect(headers.get('access-control-allow-origin')).toBeNull()
      expect(headers.get('access-control-allow-credentials')).toBeNull()
    }
  })

  test('tells a browser to run nothing but ours, to guess no type and to frame nothing', async () => {
    for (const path of ['/', '/admin/', '/api/v1/me']) {
      const { headers } = await fetch(`${base}${path}`)
      const policy = headers.get('content-security-policy') ?? ''
      for (const rule of ["default-src 'self'", "script-src 'self'", "object-src 'none'", "frame-ancestors 'none'"])
        expect(policy).toContain(rule)
      expect(policy).not.toMatch(/https?:|unsafe-eval|script-src[^;]*unsafe-inline/)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).not.toBeNull()
      expect(headers.get('x-powered-by')).toBeNull()
    }
  })
})

test('the same request again is answered as before, and with other words under the same id refused', async () => {
  const id = randomUUID()
  const body = { id, kind: 'correct', text: '电话换了' }
  const first = await ask(helper, 'POST', '/me/data-requests', body)
  const again = await ask(helper, 'POST', '/me/data-requests', body)
  expect([first.status, again.status, again.body]).toEqual([200, 200, first.body])
  const other = await ask<{ code: string }>(helper, 'POST', '/me/data-requests', { ...body, text: '名字错了' })
  expect(other.body.code).toBe('IDEMPOTENCY_CONFLICT')
  const foreign = await world.member()
  expect((await ask<{ code: string }>(foreign, 'POST', '/me/data-requests', body)).body.code).toBe(
    'IDEMPOTENCY_CONFLICT',
  )
  expect(await world.db.dataRequest.count({ where: { id } })).toBe(1)
})

test('whoever guesses codes is stopped after two minutes’ worth, on every process together', async () => {
  const slow = await newWorld({ config: { rateLimit: 3 } })
  const servers = [await serveWorld(slow), await serveWorld(slow)]
  const codes: string[] = []
  for (let i = 0; i < 8; i++) {
    const { body } = await (servers[i % 2] as (typeof servers)[0]).ask<{ code: string }>(
      null,
      'POST',
      '/session/desk',
      {
        code: String(10_000_000 + i),
      },
    )
    codes.push(body.code)
  }
  expect(codes).toEqual([...Array(6).fill('LOGIN_CODE_WRONG'), ...Array(2).fill('TOO_MANY_REQUESTS')])
  const spelled = await (servers[0] as (typeof servers)[0]).ask<{ code: string }>(null, 'POST', '/Session/Desk', {
    code: '10000000',
  })
  expect(spelled.body.code, 'in other letters it is another path').toBe('NOT_FOUND')
  slow.later(61)
  const { body } = await (servers[0] as (typeof servers)[0]).ask<{ code: string }>(null, 'POST', '/session/desk', {
    code: '10000000',
  })
  expect(body.code).toBe('LOGIN_CODE_WRONG')
})

test('somebody who is logged in is counted too, from whatever address they ask: in all, and at each route', async () => {
  const slow = await newWorld({ config: { rateLimit: 2 } })
  const served = await serveWorld(slow)
  const statuses = async (who: { personId: string }, path: string, times: number) => {
    const answers: number[] = []
    for (let i = 0; i < times; i++) answers.push((await served.ask(who, 'GET', path)).status)
    return answers
  }
  const one = await slow.member()
  expect(await statuses(one, '/notices/unread', 12)).toEqual([...Array(10).fill(200), 429, 429])
  expect(await statuses(one, '/notices', 10)).toEqual([...Array(8).fill(200), 429, 429])
  const clerk = await slow.staff('countyAdmin', slow.places.county)
  expect(await statuses(clerk, '/exports/elders?format=csv', 3)).toEqual([200, 200, 429])
})

test('on PostgreSQL processes count together: who asks two of them has not twice as much', async () => {
  const slow = await newWorld({ config: { rateLimit: 2 } })
  const servers = [await serveWorld(slow), await serveWorld(slow)]
  const one = await slow.member()
  let answered = 0
  for (let i = 0; i < 24; i++) {
    const served = servers[i % 2] as (typeof servers)[0]
    const { status, headers } = await served.ask(one, 'GET', '/notices/unread')
    if (status === 200) answered += 1
    else expect([status, headers.get('retry-after')]).toEqual([429, '3'])
  }
  // each process counts a quarter by itself before it looks at what the others counted
  expect(answered).toBe(provider() === 'postgresql' ? 10 : 20)
})
