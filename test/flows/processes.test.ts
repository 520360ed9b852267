// Two real servers on one database: what ends at one is over at the other within five seconds. On SQLite there is never a
// second one: the lock file keeps it out.
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { startSession } from '../../server/session/start'
import { startServer } from '../support/crash'
import { freshDatabase, provider } from '../support/database'
import { freePort } from '../support/postgres'
import { newWorld } from '../support/world'

type Tokens = { accessToken: string; refreshToken: string }
const SECONDS_MAX = 5

async function statusOf(base: string, accessToken: string): Promise<number> {
  const answer = await fetch(`${base}/api/v1/me`, { headers: { authorization: `Bearer ${accessToken}` } })
  await answer.arrayBuffer()
  return answer.status
}

async function send<T>(base: string, path: string, body: object, accessToken?: string) {
  const answer = await fetch(`${base}/api/v1${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
    },
    body: JSON.stringify(body),
  })
  return { status: answer.status, body: (await answer.json()) as T }
}

/** How long until a server lets a token in no more; it knew the session until a moment ago. */
async function secondsUntilOut(base: string, accessToken: string, from: number): Promise<number> {
  for (;;) {
    const status = await statusOf(base, accessToken)
    const seconds = (Date.now() - from) / 1000
    if (status !== 200 || seconds > SECONDS_MAX + 1) return status === 401 ? seconds : Number.POSITIVE_INFINITY
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

test.runIf(provider() === 'postgresql')(
  'what is turned off, ended or used twice at one server is over at the other within five seconds',
  async () => {
    const world = await newWorld()
    const { db, keys, places, databaseUrl } = world
    world.clock.now = new Date()
    const [security, fired, careless, lost] = [
      await world.staff('securityAdmin', places.county),
      await world.staff('townStaff', places.town),
      await world.staff('townStaff', places.town),
      await world.staff('villageStaff'),
    ]
    const [one, other] = await Promise.all([startServer(databaseUrl), startServer(databaseUrl)])
    const logIn = (personId: string): Promise<Tokens> => startSession(db, keys, personId, {}, new Date())
    const boss = await logIn(security.personId)
    const postOf = async (personId: string) => (await db.staffRole.findFirstOrThrow({ where: { personId } })).id

    // an account that is turned off
    const [desk, phone] = [await logIn(fired.personId), await logIn(fired.personId)]
    for (const { base } of [one, other])
      for (const { accessToken } of [desk, phone]) expect(await statusOf(base, accessToken)).toBe(200)
    const off = { access: 'off', reason: '离职' }
    expect((await send(one.base, `/staff/${await postOf(fired.personId)}/access`, off, boss.accessToken)).status).toBe(
      200,
    )
    const turnedOff = Date.now()
    const nonce = randomUUID()
    const fresh = await send(other.base, '/session/refresh', { refreshToken: desk.refreshToken, nonce })
    expect(fresh.status).toBe(401)
    for (const { base } of [other, one])
      for (const { accessToken } of [desk, phone])
        expect(await secondsUntilOut(base, accessToken, turnedOff)).toBeLessThanOrEqual(SECONDS_MAX)

    // a session its owner ends
    const [kept, ended] = [await logIn(careless.personId), await logIn(careless.personId)]
    expect(await statusOf(other.base, ended.accessToken)).toBe(200)
    const listed = await fetch(`${one.base}/api/v1/sessions`, {
      headers: { authorization: `Bearer ${ended.accessToken}` },
    })
    const { sessions } = (await listed.json()) as { sessions: { id: string; isThis: boolean }[] }
    const mine = sessions.find(({ isThis }) => isThis)?.id
    expect((await send(one.base, `/sessions/${mine}/revocation`, {}, kept.accessToken)).status).toBe(200)
    expect(await secondsUntilOut(other.base, ended.accessToken, Date.now())).toBeLessThanOrEqual(SECONDS_MAX)
    expect(await statusOf(other.base, kept.accessToken)).toBe(200)

    // a refresh token that two have: exchanged at one server, used again at the other
    const stolen = await logIn(lost.personId)
    const exchanged = await send<Tokens>(one.base, '/session/refresh', {
      ...{ refreshToken: stolen.refreshToken, nonce: randomUUID() },
    })
    expect(exchanged.status).toBe(200)
    expect(await statusOf(one.base, exchanged.body.accessToken)).toBe(200)
    const again = await send(other.base, '/session/refresh', { refreshToken: stolen.refreshToken, nonce: randomUUID() })
    expect(again.status).toBe(401)
    expect(await secondsUntilOut(one.base, exchanged.body.accessToken, Date.now())).toBeLessThanOrEqual(SECONDS_MAX)
    const next = { refreshToken: exchanged.body.refreshToken, nonce: randomUUID() }
    expect((await send(one.base, '/session/refresh', next)).status).toBe(401)
  },
  180_000,
)

test.runIf(provider() === 'sqlite')(
  'a second server on the same SQLite file does not start, and says which process serves it',
  async () => {
    const databaseUrl = await freshDatabase()
    const first = await startServer(databaseUrl)
    const env = { ...process.env, NODE_ENV: 'test', DATABASE_URL: databaseUrl, PORT: String(await freePort()) }
    const root = fileURLToPath(new URL('../..', import.meta.url))
    const second = spawn(process.execPath, ['--import', 'tsx', 'server/main.ts'], { cwd: root, env })
    let said = ''
    for (const stream of [second.stdout, second.stderr]) stream.on('data', (chunk) => (said += String(chunk)))
    const code = await new Promise((resolve) => second.once('exit', resolve))
    expect(code).not.toBe(0)
    expect(said).toContain(`already served by process ${first.process.pid}`)
    expect((await fetch(`${first.base}/readyz`)).ok).toBe(true)
  },
  180_000,
)
