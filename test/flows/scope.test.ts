import { beforeAll, describe, expect, test } from 'vitest'
import { ROUTES } from '../../server/app'
import { DESK } from '../../server/core/actor'
import type { Route } from '../../server/core/route'
import type { Role } from '../../shared/session/view'
import { type Records, recordsIn, SCOPE } from '../support/scope-table'
import { newWorld, type PlaceKey, serveWorld, type World } from '../support/world'

// Routes × roles × regions, generated from the route list: own village, parents, sibling village, cousin, another county.
const POSITIONS: readonly PlaceKey[] = [
  'village',
  'town',
  'county',
  'city',
  'village2',
  'village3',
  'otherVillage',
  'otherCounty',
]
const ROLES: readonly Role[] = DESK
const nameOf = (one: Route) => `${one.method} ${one.path}`

let world: World
let records: Records
let ask: Awaited<ReturnType<typeof serveWorld>>['ask']
const people = new Map<string, { personId: string }>()

beforeAll(async () => {
  world = await newWorld()
  records = await recordsIn(world)
  ask = (await serveWorld(world)).ask
  for (const role of ROLES)
    for (const place of POSITIONS) people.set(`${role}@${place}`, await world.staff(role, world.places[place]))
  people.set('stranger', await world.member({ place: world.places.otherVillage, name: '李芳' }))
  people.set('strangerElder', await world.elder({ place: world.places.otherVillage, name: '刘桂兰' }))
  people.set('redemptionPoint', await world.staff('redemptionPoint', world.places.otherVillage))
})

test('every route has its row in the scope table, and every row its route', () => {
  expect(Object.keys(SCOPE).sort()).toEqual(ROUTES.map(nameOf).sort())
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
      for (const [who, person] of people) {
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
            const inside = records.village.path.startsWith(world.places[place].path)
            const { status, body } = await send(one, people.get(`${role}@${place}`) as { personId: string })
            const problem =
              row.about === 'record'
                ? problemOfRecord(inside, status)
                : problemOfList(inside, status, JSON.stringify(body), row.shows?.(records) ?? '', one.view === null)
            if (problem !== null)
              wrong.push(`${role}@${place}: ${problem} ${status} ${JSON.stringify(body).slice(0, 160)}`)
          }
        }
        expect(wrong).toEqual([])
      })
    }

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

function roleOf(who: string): string {
  if (who === 'stranger') return 'member'
  return who === 'strangerElder' ? 'elder' : (who.split('@')[0] as string)
}

/** Inside, a write may still be refused for what it says (400, 409); it may not be unknown or forbidden. */
function problemOfRecord(inside: boolean, status: number): string | null {
  if (!inside) return status === 404 ? null : 'outside, but answered'
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
