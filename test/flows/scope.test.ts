import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { ROUTES } from '../../server/app'
import type { Route } from '../../server/core/route'
import { startSession } from '../../server/session/start'
import { readAccess, signAccess } from '../../server/session/tokens'
import { addSeconds } from '../../shared/core/time'
import { PERMISSIONS } from '../../shared/session/permissions'
import { ROLES as EVERY_ROLE, type Role } from '../../shared/session/view'
import { type Records, recordsIn, SCOPE } from '../support/scope-table'
import { newWorld, type Place, serveWorld, type World } from '../support/world'

// Routes × roles × regions, generated from the route list: where an actor's post is, seen from the village the records are in.
const POSITIONS = [
  'village',
  'town',
  'county',
  'city',
  'village2',
  'village3',
  'otherVillage',
  'otherCounty',
  // a grid below the village
  'child',
] as const
// a counter has its point, not its region
const ROLES: readonly Role[] = EVERY_ROLE.filter((role) => role !== 'redemptionPoint')
const nameOf = (one: Route) => `${one.method} ${one.path}`

let world: World
let records: Records
let places: Record<(typeof POSITIONS)[number], Place>
let ask: Awaited<ReturnType<typeof serveWorld>>['ask']
let base: string
const people = new Map<string, { personId: string }>()
const OWN = ['member', 'elder', 'proxy']
/** What no route is opened by: verbs and pages ask for it. */
const WITHIN = [
  'alarm.county',
  'alarm.town',
  'alarm.village',
  'audit.sit',
  'dataRequest.erase',
  'fund.keepCity',
  'fund.keepCounty',
  'person.class3',
  'points.askFreeze',
  'points.askMove',
  'report.signCity',
  'report.signCounty',
  'report.signTown',
  'requirement.county',
  'requirement.town',
  'requirement.village',
  'service.read',
]
/** Tokens of people who may do anything, were it not for the state of their account. */
const states = new Map<string, { enter: () => Promise<string>; expected: (one: Route, status: number) => boolean }>()

beforeAll(async () => {
  world = await newWorld()
  records = await recordsIn(world)
  ;({ ask, base } = await serveWorld(world))
  places = { ...world.places, child: await addGrid() }
  for (const role of ROLES)
    for (const place of POSITIONS) people.set(`${role}@${place}`, await world.staff(role, places[place]))
  people.set('stranger', await world.member({ place: world.places.otherVillage, name: '李芳' }))
  people.set('strangerElder', await world.elder({ place: world.places.otherVillage, name: '刘桂兰' }))
  people.set('redemptionPoint', await world.staff('redemptionPoint', world.places.otherVillage))
  await addStates()
})

/** A region below the one the records are in: who is there knows nothing of its village's. */
async function addGrid(): Promise<Place> {
  const { db, places } = world
  const { id: parentId, path: above, countyId } = places.village
  const [id, no] = [randomUUID(), 99]
  const grid = { id, name: '第一网格', path: `${above}${no}/`, countyId }
  await db.regionKind.create({ data: { code: 'grid', name: '网格', level: 6 } })
  await db.region.create({
    data: {
      ...{ ...grid, no, code: '371003101201001', fullName: '第一网格', kind: 'grid', parentId },
      ...{ validFrom: '2020-01-01', validTo: null },
    },
  })
  return grid
}

/** 401 tells nothing of the route; whose post isn't there today is as a stranger. */
async function addStates(): Promise<void> {
  const { db, keys, clock } = world
  const out = (_: Route, status: number): boolean => status === 401
  const noPost = (one: Route, status: number) => one.who === 'person' || status === 403
  const add = async (state: string, expected: typeof out, spoil: (personId: string, sessionId: string) => unknown) => {
    const personId = await world.person()
    for (const role of ROLES)
      await db.staffRole.create({
        data: {
          ...{ id: randomUUID(), personId, role, regionId: world.places.county.id, validFrom: '2026-01-01' },
          ...{ regionPath: world.places.county.path, redemptionPointId: null, validTo: null },
        },
      })
    const logIn = async () => (await startSession(db, keys, personId, {}, clock.now)).accessToken
    const token = await logIn()
    await spoil(personId, readAccess(token, keys, clock.now).sessionId)
    // some routes end sessions: whose session is in order gets a new one for each
    states.set(state, { enter: expected === noPost ? logIn : async () => token, expected })
  }
  const session = (id: string, data: object) => db.session.update({ where: { id }, data })
  await add('disabled', out, (id) => db.person.update({ where: { id }, data: { disabledAt: clock.now } }))
  await add('signed out', out, (_, id) => session(id, { revokedAt: clock.now }))
  await add('silent for too long', out, (_, id) => session(id, { expiresAt: clock.now }))
  await add('session gone', out, (_, id) => db.session.delete({ where: { id } }))
  const post = (personId: string, data: object) => db.staffRole.updateMany({ where: { personId }, data })
  await add('post ended', noPost, (id) => post(id, { validTo: '2026-11-21' }))
  await add('post not begun', noPost, (id) => post(id, { validFrom: '2026-11-23' }))
  const [someone] = [...people.values()] as [{ personId: string }]
  const old = addSeconds(clock.now, -601)
  const stale = { personId: someone.personId, sessionId: randomUUID() }
  states.set('token of ten minutes ago', { enter: async () => signAccess(stale, keys, old), expected: out })
  states.set('no token of ours', { enter: async () => 'a.b.c', expected: out })
}

async function statusWith(one: Route, token: string): Promise<number> {
  const row = SCOPE[nameOf(one)]
  const body = one.method === 'GET' ? {} : { body: JSON.stringify(row?.body?.(records, world) ?? {}) }
  const answer = await fetch(`${base}/api/v1${row?.path?.(records) ?? one.path}`, {
    ...{ method: one.method, ...body },
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  })
  await answer.arrayBuffer()
  return answer.status
}

const rowless = (routes: readonly Route[]) => routes.map(nameOf).filter((name) => SCOPE[name] === undefined)

test('every route has its row in the scope table, and every row its route', () => {
  expect(Object.keys(SCOPE).sort()).toEqual(ROUTES.map(nameOf).sort())
  const [some] = ROUTES as [Route]
  expect(rowless([...ROUTES, { ...some, method: 'GET', path: '/forgotten' }])).toEqual(['GET /forgotten'])
})

test('the matrix holds the own region, its parents, a sibling, a child, a cousin and other counties', () => {
  const own = records.village.path
  const up = (path: string) => path.replace(/[^/]+\/$/, '')
  expect(places.village.path).toBe(own)
  expect([places.town, places.county, places.city].map(({ path }) => path)).toEqual([
    ...[up(own), up(up(own)), up(up(up(own)))],
  ])
  expect(up(places.village2.path)).toBe(up(own))
  expect(up(places.child.path)).toBe(own)
  expect(up(up(places.village3.path))).toBe(up(up(own)))
  for (const place of ['otherVillage', 'otherCounty'] as const)
    expect(places[place].path.startsWith(places.county.path)).toBe(false)
})

test('the matrix would see what leaks: an answer outside, a telling refusal, a list with a foreign line, a gap inside', () => {
  const bare = { code: 'NOT_FOUND', sentence: '没有', requestId: 'r' }
  expect(problemOfRecord(false, 404, bare)).toBeNull()
  expect(problemOfRecord(false, 200, {})).not.toBeNull()
  expect(problemOfRecord(false, 403, { ...bare, code: 'NOT_ALLOWED' })).not.toBeNull()
  expect(problemOfRecord(false, 409, { ...bare, code: 'ORDER_CLOSED' })).not.toBeNull()
  expect(problemOfRecord(false, 404, { ...bare, code: 'ORDER_CLOSED' })).not.toBeNull()
  expect(problemOfRecord(false, 404, { ...bare, name: '王' })).not.toBeNull()
  expect(problemOfRecord(true, 404, bare)).not.toBeNull()
  expect(problemOfList(false, 200, '{"id":"x"}', 'x', false)).not.toBeNull()
  expect(problemOfList(true, 200, '{}', 'x', false)).not.toBeNull()
  expect(problemOfList(true, 200, '{"id":"x"}', 'x', false)).toBeNull()
})

test('every route names its permission, and every permission is asked for somewhere', () => {
  const staffOnly = ROUTES.filter((one) => typeof one.who !== 'string' && one.may.length === 0)
  expect(staffOnly.flatMap((one) => (one.who as readonly string[]).filter((who) => !OWN.includes(who)))).toEqual([])
  // the others are asked for by verbs, within what a route lets through
  const byRoutes = new Set(ROUTES.flatMap((one) => one.may))
  const within = Object.keys(PERMISSIONS).filter((one) => !byRoutes.has(one as never))
  expect(within.sort()).toEqual(WITHIN)
})

test('without a login every route but the public ones answers 401', async () => {
  const open: string[] = []
  for (const one of ROUTES) {
    const { status } = await send(one, null)
    if (one.who === 'public' ? status === 401 && !nameOf(one).startsWith('POST /session/') : status !== 401)
      open.push(`${nameOf(one)} ${status}`)
  }
  expect(open).toEqual([])
})

describe.each(ROUTES.filter((one) => one.who !== 'public').map((one) => [nameOf(one), one] as const))(
  '%s',
  (name, one) => {
    const row = SCOPE[name]

    test('is refused to roles it isn’t for, wherever they are', async () => {
      const wrong: string[] = []
      for (const [who, person] of strangersTo()) {
        const role = roleOf(who)
        if (one.who === 'person' || (one.who as readonly string[]).includes(role)) continue
        const { status } = await send(one, person)
        if (status !== 403) wrong.push(`${who}: ${status}`)
      }
      expect(wrong).toEqual([])
    })

    if (row?.about === 'record' || row?.about === 'list') {
      test('shows nothing outside the actor’s regions, and something inside', async () => {
        const wrong: string[] = []
        for (const role of ROLES.filter((role) => (one.who as readonly string[]).includes(role))) {
          for (const place of POSITIONS) {
            if (place === 'child' && row.holdsBelow) continue
            const inside = records.village.path.startsWith(places[place].path)
            const { status, body } = await send(one, people.get(`${role}@${place}`) as { personId: string })
            const problem =
              row.about === 'record'
                ? problemOfRecord(inside, status, body)
                : problemOfList(inside, status, JSON.stringify(body), row.shows?.(records) ?? '', one.view === null)
            if (problem !== null)
              wrong.push(`${role}@${place}: ${problem} ${status} ${JSON.stringify(body).slice(0, 160)}`)
          }
        }
        expect(wrong).toEqual([])
      })
    }

    test('is open to nobody whose account, session or post is not in order', async () => {
      const wrong: string[] = []
      for (const [state, { enter, expected }] of states) {
        const status = await statusWith(one, await enter())
        if (!expected(one, status)) wrong.push(`${state}: ${status}`)
      }
      expect(wrong).toEqual([])
    })

    if (row?.about === 'own' && row.path !== undefined) {
      test('tells strangers nothing of what isn’t theirs', async () => {
        const { status } = await send(
          one,
          people.get(
            one.who !== 'person' && (one.who as readonly string[]).includes('redemptionPoint')
              ? 'redemptionPoint'
              : 'stranger',
          ) as { personId: string },
        )
        expect([403, 404, 409]).toContain(status)
      })
    }
  },
)

/** Whoever the role is refused to is refused before the place is looked at: of each role one is enough. */
function strangersTo(): [string, { personId: string }][] {
  return [...people].filter(([who]) => !who.includes('@') || who.endsWith('@county'))
}

function roleOf(who: string): string {
  if (who === 'stranger') return 'member'
  return who === 'strangerElder' ? 'elder' : (who.split('@')[0] as string)
}

/** Inside, a write may still be refused for what it says (400, 409); it may not be unknown or forbidden. */
function problemOfRecord(inside: boolean, status: number, body: unknown): string | null {
  // as of what isn't there at all: at most which field was asked about, and nothing of the record
  if (!inside && status === 404) {
    const { code, sentence, requestId, field, ...more } = body as Record<string, unknown>
    const isBare = code === 'NOT_FOUND' || (code === 'REGION_OUTSIDE' && field !== undefined)
    return isBare && sentence && requestId && Object.keys(more).length === 0 ? null : 'outside, but told apart'
  }
  if (!inside) return 'outside, but answered'
  return status === 404 || status >= 500 ? 'inside, but not found' : null
}

/** A spreadsheet has no ids, so of it only what is outside can be judged. */
function problemOfList(inside: boolean, status: number, text: string, id: string, isFile: boolean): string | null {
  if (status >= 500) return 'broken'
  if (!inside) return text.includes(id) ? 'outside, but listed' : null
  return isFile || text.includes(id) ? null : 'inside, but missing'
}

function send(one: Route, who: { personId: string } | null) {
  const row = SCOPE[nameOf(one)]
  const path = row?.path?.(records) ?? one.path
  return ask<unknown>(who, one.method, path, one.method === 'GET' ? undefined : (row?.body?.(records, world) ?? {}))
}
