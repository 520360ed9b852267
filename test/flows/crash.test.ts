import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { openDb } from '../../server/core/db'
import { auditLedger } from '../../server/ledger/audit'
import { startSession } from '../../server/session/start'
import { newWorld } from '../support/world'

const root = fileURLToPath(new URL('../../', import.meta.url))
const HELPERS = 24

/** The real server as its own process; answers once it is ready. */
async function startServer(databaseUrl: string): Promise<{ base: string; server: ChildProcess }> {
  const port = 20_000 + (Math.floor(performance.now() * 7919) % 20_000)
  const env = {
    ...process.env,
    NODE_ENV: 'test',
    DATABASE_URL: databaseUrl,
    PORT: String(port),
    MULIN_RATE_LIMIT: '1000000',
  }
  const server = spawn(process.execPath, ['--import', 'tsx', 'server/main.ts'], { cwd: root, env, stdio: 'ignore' })
  onTestFinished(() => void server.kill('SIGKILL'))
  const base = `http://127.0.0.1:${port}`
  for (let tries = 0; tries < 600; tries++) {
    if (
      await fetch(`${base}/readyz`).then(
        (answer) => answer.ok,
        () => false,
      )
    )
      return { base, server }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the server did not start')
}

test('kill -9 in the middle: what was answered is there once, what wasn’t is there at most once, and asked again it is one', async () => {
  const world = await newWorld()
  const { databaseUrl } = world
  world.clock.now = new Date()
  const people: { accessToken: string; body: { id: string; code: string } & Record<string, unknown> }[] = []
  for (let count = 0; count < HELPERS; count++) {
    const helper = await world.member({ name: '张兰' })
    const elder = await world.elder({ name: '王秀英' })
    const { accessToken } = await startSession(world.db, world.keys, helper.personId, undefined, new Date())
    const body = {
      id: randomUUID(),
      code: (await world.plate(elder.id)).code,
      elderIds: [elder.id],
      serviceId: world.service.id,
      deviceAt: new Date().toISOString(),
    }
    people.push({ accessToken, body })
  }
  await world.db.$disconnect()

  const first = await startServer(databaseUrl)
  const begin = (base: string, { accessToken, body }: (typeof people)[number]) =>
    fetch(`${base}/api/v1/visits`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
      body: JSON.stringify(body),
    }).then(
      (answer) => answer.status,
      () => 0,
    )
  let answered = 0
  const asked = people.map(async (one, place) => {
    await new Promise((resolve) => setTimeout(resolve, place * 4))
    const status = await begin(first.base, one)
    if (status === 201) answered += 1
    if (answered === 5) first.server.kill('SIGKILL')
    return status
  })
  const statuses = await Promise.all(asked)
  expect(statuses).toContain(201)
  expect(statuses).toContain(0)

  const second = await startServer(databaseUrl)
  const db = openDb(databaseUrl)
  onTestFinished(async () => db.$disconnect())
  const there = new Set((await db.visit.findMany({ select: { id: true } })).map((one) => one.id))
  for (const [place, { body }] of people.entries()) if (statuses[place] === 201) expect(there).toContain(body.id)
  const again = await Promise.all(people.map((one) => begin(second.base, one)))
  expect(new Set(again)).toEqual(new Set([201]))
  expect(await db.visit.count()).toBe(HELPERS)
  expect((await auditLedger(db)).problem).toBeNull()
}, 300_000)
