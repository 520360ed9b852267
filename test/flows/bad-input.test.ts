import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { countKeys } from '../../server/core/key-store'
import { startSession } from '../../server/session/start'
import { REFUSALS } from '../../shared/core/refusals'
import { newWorld, serveWorld, type World } from '../support/world'

let world: World
let base: string
let ask: Awaited<ReturnType<typeof serveWorld>>['ask']
let staff: { personId: string }
let helper: Awaited<ReturnType<World['member']>>

beforeAll(async () => {
  world = await newWorld()
  ;({ base, ask } = await serveWorld(world))
  staff = await world.staff('countyAdmin', world.places.county)
  helper = await world.member()
})

const elderWith = (change: object, person: object = {}) => ({
  id: randomUUID(),
  regionId: world.places.village.id,
  person: { name: '于大海', identityKind: 'none', ...person },
  address: '北庄村 3号',
  ownPhone: false,
  categories: [],
  contacts: [],
  consents: ['service', 'identity', 'health'].map((kind) => ({ kind, textVersion: '1', how: 'paper' })),
  ...change,
})

describe('enrolling an elder is refused, with one sentence and the field, for', () => {
  const idCard = { identityKind: 'idCard' }
  test.each([
    ['a wrong check digit', { ...idCard, idNumber: '371003195001010014' }, {}, 'ID_NUMBER_DIGIT'],
    ['a day that never was', { ...idCard, idNumber: '370303193802290015' }, {}, 'ID_NUMBER_DATE'],
    ['too few digits', { ...idCard, idNumber: '37100319500101' }, {}, 'ID_NUMBER_FORM'],
    ['a birth date that never was', { birthDate: '1938-02-29' }, {}, 'DATE_FORM'],
    ['a birth date in the future', { birthDate: '2026-11-23' }, {}, 'BIRTH_IN_FUTURE'],
    ['an emoji as name', { name: '👵👵' }, {}, 'NAME_FORM'],
    ['a name of 10,000 characters', { name: '王'.repeat(10_000) }, {}, 'NAME_FORM'],
    ['a phone that is none', { phone: '12' }, {}, 'PHONE_FORM'],
    ['no consent', {}, { consents: [] }, 'CONSENT_NEEDED'],
    ['an unknown key', {}, { isAdmin: true }, 'UNKNOWN_KEY'],
    ['a hidden prototype', {}, JSON.parse('{"__proto__": {"x": 1}, "constructor": {}}') as object, 'BAD_JSON'],
    [
      'an unknown category',
      {},
      { categories: [{ id: randomUUID(), category: 'rich', validFrom: '2026-01-01' }] },
      'BAD_INPUT',
    ],
  ])('%s', async (_, person, change, code) => {
    const before = await counts()
    const answer = await ask<{ code: string; sentence: string; requestId: string }>(
      staff,
      'POST',
      '/elders',
      elderWith(change, person),
    )
    expect(answer.body).toMatchObject({ code, sentence: REFUSALS[code as keyof typeof REFUSALS][1] })
    expect(answer.status).toBe(REFUSALS[code as keyof typeof REFUSALS][0])
    expect(await counts()).toEqual(before)
  })

  test('an unknown village, and a village of another county', async () => {
    const unknown = await ask<{ code: string }>(staff, 'POST', '/elders', elderWith({ regionId: randomUUID() }))
    expect(unknown.body.code).toBe('REGION_UNKNOWN')
    const outside = await ask<{ code: string }>(
      staff,
      'POST',
      '/elders',
      elderWith({ regionId: world.places.otherVillage.id }),
    )
    expect(outside.status).toBe(404)
  })

  test('the same ID number under another name', async () => {
    const input = { identityKind: 'idCard', idNumber: '371003195001010013' }
    expect((await ask(staff, 'POST', '/elders', elderWith({}, input))).status).toBe(200)
    const second = await ask<{ code: string }>(staff, 'POST', '/elders', elderWith({}, { ...input, name: '于小海' }))
    expect(['ID_NUMBER_TAKEN', 'ELDER_EXISTS']).toContain(second.body.code)
  })
})

describe('the server answers clearly to', () => {
  const raw = (path: string, init: RequestInit) => fetch(`${base}/api/v1${path}`, init)
  const json = { 'content-type': 'application/json' }
  test('a body that is no JSON', async () => {
    const answer = await raw('/session/demo', { method: 'POST', headers: json, body: '{"identityId":' })
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([400, 'BAD_JSON'])
  })
  test('a body of one megabyte', async () => {
    const answer = await raw('/session/demo', {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ identityId: 'x'.repeat(1_000_000) }),
    })
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([413, 'TOO_LARGE'])
  })
  test('an unknown route and an unknown method', async () => {
    expect((await raw('/nothing', {})).status).toBe(404)
    expect((await raw('/visits', { method: 'PATCH' })).status).toBe(405)
  })
  test('no token, one that is none, one of eleven minutes ago and one of a person disabled since', async () => {
    const codeWith = async (token: string) => {
      const answer = await raw('/me', { headers: { authorization: `Bearer ${token}` } })
      return ((await answer.json()) as { code?: string }).code
    }
    expect((await ask<{ code: string }>(null, 'GET', '/me')).body.code).toBe('NOT_LOGGED_IN')
    expect(await codeWith('a.b.c')).toBe('NOT_LOGGED_IN')

    const gone = await world.member()
    const { accessToken } = await startSession(world.db, world.keys, gone.personId, {}, world.clock.now)
    expect(await codeWith(accessToken)).toBeUndefined()
    const before = world.clock.now
    world.later(11 * 60)
    expect(await codeWith(accessToken)).toBe('TOKEN_EXPIRED')
    world.clock.now = before
    await world.db.person.update({ where: { id: gone.personId }, data: { disabledAt: before } })
    world.later(6)
    expect(await codeWith(accessToken)).toBe('SESSION_ENDED')
    world.clock.now = before
  })
  test('ids that are none, cursors that aren’t ours and limits without end', async () => {
    expect((await ask(staff, 'GET', '/elders/1')).status).toBe(404)
    expect((await ask<{ code: string }>(staff, 'GET', '/elders?cursor=abc')).body.code).toBe('BAD_INPUT')
    expect((await ask<{ code: string }>(staff, 'GET', '/elders?limit=100000')).status).toBe(400)
    expect((await ask<{ code: string }>(staff, 'GET', '/elders?unknown=1')).body.code).toBe('UNKNOWN_KEY')
  })
  test('codes that aren’t ours, were revoked, or belong to another county: a page each, never an error', async () => {
    const elder = await world.elder()
    const plate = await world.plate(elder.id)
    const foreign = await world.plate((await world.elder({ place: world.places.otherVillage })).id)
    await world.db.plate.update({ where: { id: plate.id }, data: { revokedAt: world.clock.now } })
    const kinds = []
    for (const code of ['https://example.com/whatever', plate.code, foreign.code])
      kinds.push((await ask<{ kind: string; hotline: string }>(helper.actor, 'POST', '/scans', { code })).body.kind)
    expect(kinds).toEqual(['unknown', 'revoked', 'foreign'])
  })
})

test('a full server says so with 503 and Retry-After instead of letting people wait', async () => {
  const small = await newWorld({ config: { busyAbove: 0 } })
  const served = await serveWorld(small)
  const answer = await served.ask<{ code: string }>(null, 'GET', '/session/identities')
  expect([answer.status, answer.body.code, answer.headers.get('retry-after')]).toEqual([503, 'BUSY', '3'])
})

async function counts() {
  const { db } = world
  return {
    persons: await db.person.count(),
    elders: await db.elder.count(),
    keys: await countKeys(db),
    answers: await db.idempotency.count(),
  }
}
