// Requests made up from the OpenAPI document itself, one after the other in one world, by people of every kind: from the
// schemas, as the scope table sends them, those with one value changed, and whatever was asked before once more.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ROUTES } from '../../server/app'
import type { Facet } from '../../server/core/actor'
import type { Role, Route } from '../../server/core/route'
import { openApiOf } from '../../server/openapi'
import { sealForPerson } from '../../server/person/vault'
import { refusalView } from '../../shared/core/view'
import { newSeed, times } from '../support/long'
import { type Records, recordsIn, SCOPE } from '../support/scope-table'
import { newWorld, type Place, serveWorld, type World } from '../support/world'

type Schema = {
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  format?: string
  pattern?: string
  minimum?: number
  maximum?: number
}
type Operation = {
  operationId: string
  parameters?: { name: string; in: string; schema: Schema }[]
  requestBody?: { content: Record<string, { schema: Schema }> }
}

const ODD = fc.constantFrom<unknown>(
  null,
  '',
  -1,
  1e308,
  true,
  [],
  {},
  '\u202e',
  "' OR 1=1 --",
  '../..',
  '王秀英',
  '9'.repeat(40),
)

/** One of those known by then: what answers made is asked about later. */
const oneOf = (ids: readonly string[]) => fc.nat().map((place) => ids[place % ids.length] as string)
const IDS_MAX = 400
const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

/** Learns the ids of an answer; the oldest that were learned make room, those the world began with stay. */
function learn(ids: string[], began: number, said: string): void {
  for (const [id] of said.matchAll(UUID))
    if (!ids.includes(id)) {
      if (ids.length >= IDS_MAX) ids.splice(began, 1)
      ids.push(id)
    }
}

/** Values as a schema asks for them, now and then something else; ids are those of records that are there. */
function madeOf(schema: Schema, ids: readonly string[]): fc.Arbitrary<unknown> {
  const fitting = (): fc.Arbitrary<unknown> => {
    if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
    if (schema.const !== undefined) return fc.constant(schema.const)
    const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf
    if (choices !== undefined) return fc.oneof(...choices.map((one) => madeOf(one, ids)))
    const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
    if (type === 'object') return objectOf(schema, ids)
    if (type === 'array') return fc.array(madeOf(schema.items ?? {}, ids), { maxLength: 3 })
    if (type === 'boolean') return fc.boolean()
    if (type === 'integer' || type === 'number')
      return fc.integer({
        min: Math.max(schema.minimum ?? -5, -1_000_000),
        max: Math.min(schema.maximum ?? 5000, 1_000_000),
      })
    if (schema.format === 'uuid')
      return fc.oneof({ weight: 3, arbitrary: oneOf(ids) }, { weight: 1, arbitrary: fc.uuid() })
    if (schema.format === 'date') return fc.constantFrom('2026-11-22', '2026-11-01', '2026-12-31', '2024-02-29')
    if (schema.format === 'date-time')
      return fc.constantFrom('2026-11-22T00:30:00.000Z', '2026-11-22T01:00:00.000Z', '2027-01-01T00:00:00.000Z')
    return fc.oneof(
      fc.constantFrom('2026-11-22', '2026-11', '1000', '13812345678', '李四', 'a', '1'),
      oneOf(ids),
      fc.string({ maxLength: 30 }),
    )
  }
  return fc.oneof({ weight: 12, arbitrary: fitting() }, { weight: 1, arbitrary: ODD })
}

function objectOf({ properties = {}, required = [] }: Schema, ids: readonly string[]): fc.Arbitrary<unknown> {
  const fields = Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, madeOf(one, ids)]))
  return fc.record(fields, { requiredKeys: Object.keys(fields).filter((name) => required.includes(name)) as never[] })
}

/** One request: `route` is a place in ROUTES, `made` is of its schemas, `known` as staff would send it, `changed` that with one value odd. */
type Call = {
  how: 'made' | 'known' | 'changed' | 'again'
  who: number
  /** by somebody whom the route is not for, now and then */
  isForeign: boolean
  route: number
  made: Made
  at: number
  odd: unknown
}
type Made = { path: string; body: unknown }

function callsOf(ids: readonly string[]): fc.Arbitrary<Call> {
  const document = openApiOf(ROUTES, 'http://localhost') as { paths: Record<string, Record<string, Operation>> }
  const calls = ROUTES.map((one, route) => {
    const path = `/api/v1${one.path.replace(/:(\w+)/g, '{$1}')}`
    const { parameters = [], requestBody }: Partial<Operation> = document.paths[path]?.[one.method.toLowerCase()] ?? {}
    return fc.record<Call>({
      how: fc.constantFrom('made', 'made', 'known', 'changed', 'changed', 'again'),
      who: fc.nat(),
      isForeign: fc.oneof({ weight: 7, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
      route: fc.constant(route),
      made: madeFor(one.path, parameters, requestBody?.content['application/json']?.schema, ids),
      at: fc.nat(),
      odd: fc.oneof(ODD, oneOf(ids), fc.integer({ min: -5, max: 5000 })),
    })
  })
  return fc.oneof(...calls)
}

function madeFor(
  path: string,
  parameters: NonNullable<Operation['parameters']>,
  body: Schema | undefined,
  ids: readonly string[],
): fc.Arbitrary<Made> {
  const inPath = parameters.filter((one) => one.in === 'path').map((one) => one.name)
  const inQuery = parameters.filter((one) => one.in === 'query')
  return fc
    .tuple(
      fc.tuple(...inPath.map(() => fc.oneof(oneOf(ids), fc.string({ maxLength: 12 })))),
      fc.record(Object.fromEntries(inQuery.map((one) => [one.name, madeOf(one.schema, ids)])), { requiredKeys: [] }),
      body === undefined ? fc.constant(undefined) : madeOf(body, ids),
    )
    .map(([names, query, made]): Made => {
      const filled = inPath.reduce(
        (text, name, place) => text.replace(`:${name}`, encodeURIComponent(whole(names[place]) || '-')),
        path,
      )
      const asked = new URLSearchParams(
        Object.entries(query).flatMap(([name, value]) => (value === null ? [] : [[name, whole(value)]])),
      )
      return { path: `${filled}?${asked}`, body: made }
    })
}

const whole = (value: unknown) => String(value).replace(/[\ud800-\udfff]/g, '')

/** The same body with one value replaced, the `at`th of all its values however deep. */
function withOneOdd(body: unknown, at: number, odd: unknown): unknown {
  const copy = structuredClone(body)
  const places: [Record<string, unknown>, string][] = []
  const look = (one: unknown): void => {
    if (typeof one !== 'object' || one === null) return
    for (const key of Object.keys(one)) {
      places.push([one as Record<string, unknown>, key])
      look((one as Record<string, unknown>)[key])
    }
  }
  look(copy)
  const [holder, key] = places[at % Math.max(places.length, 1)] ?? []
  if (holder !== undefined && key !== undefined) holder[key] = odd
  return copy
}

/** What a refusal must not touch: what was moved, what everybody has, what was promised and what stands behind it. */
async function books({ db }: World): Promise<string> {
  const state = [
    await db.ledgerEntry.aggregate({ _count: true, _sum: { amountMilliPoints: true } }),
    await db.ledgerAccount.aggregate({ _count: true, _sum: { postedMilliPoints: true, pendingMilliPoints: true } }),
    await db.ledgerTransaction.count(),
    await db.ledgerRequest.count(),
    await db.ledgerDecision.count(),
    await db.fundDraw.count(),
    await db.redemption.groupBy({ by: ['state'], _count: true, orderBy: { state: 'asc' } }),
  ]
  return JSON.stringify(state, (_, value) => (typeof value === 'bigint' ? String(value) : value))
}

/** People of another county: nothing of them may be told by a refusal. */
async function strangersOf(world: World): Promise<{ ids: string[]; facts: string[] }> {
  const place = world.places.otherVillage
  const [name, phone, address] = ['皇甫惊鸿', '17099887766', '鹊桥巷七十七号']
  const personId = await world.person({ name, phone })
  const elder = await world.elder({ place, personId })
  const addressSealed = await sealForPerson(world.db, world.keys, personId, 'elder', 'address', address)
  await world.db.elder.update({ where: { id: elder.id }, data: { addressSealed } })
  const member = await world.member({ place, personId: await world.person({ name: '慕容燕归', phone: '17099887755' }) })
  return {
    ids: [elder.id, elder.personId, member.id, member.personId, place.id],
    facts: [name, '皇*', '皇甫', phone, address, '慕容燕归', '慕*', '慕容', '17099887755'],
  }
}

type Somebody = { personId: string; facet: Facet } | null

/** Two of each post that decides, so that what one asked for another may agree to. */
async function everybody(world: World, { helper, elder, proxy, point }: Records): Promise<Somebody[]> {
  const { places } = world
  const posts: [Role, Place][] = [
    ...(['villageStaff', 'villageStaff'] as const).map((role): [Role, Place] => [role, places.village]),
    ...(['townStaff', 'townStaff', 'townAuditor', 'townAuditor'] as const).map((role): [Role, Place] => [
      role,
      places.town,
    ]),
    ...(['countyAdmin', 'countyAdmin', 'auditor', 'systemAdmin', 'securityAdmin', 'auditAdmin'] as const).map(
      (role): [Role, Place] => [role, places.county],
    ),
    ['cityAdmin', places.city],
  ]
  const people: Somebody[] = [
    null,
    { personId: helper.personId, facet: 'member' },
    { personId: elder.personId, facet: 'elder' },
    { personId: proxy.personId, facet: 'proxy' },
  ]
  for (const [role, place] of posts) people.push({ personId: (await world.staff(role, place)).personId, facet: role })
  const counter = await world.staff('redemptionPoint', places.village, { redemptionPointId: point.id })
  return [...people, { personId: counter.personId, facet: 'redemptionPoint' }]
}

/** Mostly somebody whom the route is for, so that the verbs are reached; now and then whoever. */
function askerOf({ who }: Route, people: readonly Somebody[], call: Call): Somebody {
  const meant = people.filter((one) =>
    who === 'public' ? one === null : one !== null && (who === 'person' || who.includes(one.facet)),
  )
  const from = call.isForeign || meant.length === 0 ? people : meant
  return from[call.who % from.length] ?? null
}

/** There is no WeChat behind this server, and it says so. */
const isWithoutWechat = (said: string) => said.startsWith('{"code":"WECHAT_UNREACHABLE"')
const FAILURES_MAX = 20
/** So many requests in one world, then another: by then its people are retired, moved or erased, and refused for that alone. */
const ROUND = 800

type Found = { seen: Map<number, number>; failures: Map<string, string> }

/** What is to be sent: made up, as the scope table has it, that with one value changed, or something asked before. */
function newSender(world: World, records: Records) {
  const asked: { one: Route; path: string; body: unknown }[] = []
  const made = ({ how, route, made, at, odd }: Call) => {
    const one = ROUTES[route] as Route
    const before = asked[at % Math.max(asked.length, 1)]
    if (how === 'again' && before !== undefined) return before
    const row = SCOPE[`${one.method} ${one.path}`]
    if (how === 'made' || row === undefined) return { one, ...made }
    const body = row.body?.(records, world) ?? {}
    return { one, path: row.path?.(records) ?? one.path, body: how === 'changed' ? withOneOdd(body, at, odd) : body }
  }
  return (call: Call) => {
    const sent = made(call)
    if (asked.length < IDS_MAX) asked.push(sent)
    return sent
  }
}

async function oneRound(runs: number, { seen, failures }: Found): Promise<void> {
  const world = await newWorld()
  const { ask, enterAgain } = await serveWorld(world)
  const strangers = await strangersOf(world)
  const records = await recordsIn(world)
  const people = await everybody(world, records)
  const plain = JSON.stringify(records, (_, value) => (typeof value === 'bigint' ? String(value) : value))
  const known = new Set([...plain.matchAll(UUID)].map(([id]) => id))
  const ids = [...known, ...strangers.ids, records.plate.serial, world.programmeId]
  const began = ids.length
  const send = newSender(world, records)

  await fc.assert(
    fc.asyncProperty(callsOf(ids), async (call) => {
      if (failures.size >= FAILURES_MAX) return
      const { one, path, body } = send(call)
      const who = askerOf(one, people, call)
      const isRead = one.method === 'GET'
      const before = isRead ? null : await books(world)
      const answer = await ask<unknown>(who, one.method, path, isRead ? undefined : (body ?? {}))
      const said = JSON.stringify(answer.body)
      seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1)
      const wrong = (what: string) =>
        void failures.set(
          `${one.method} ${one.path}: ${what}`,
          `${path} ${JSON.stringify(body)} as ${who?.facet ?? 'nobody'}: ${answer.status} ${said}`,
        )
      if (answer.status >= 500 && !isWithoutWechat(said)) return wrong('breaks')
      if (answer.status < 400) {
        if (answer.status !== one.status) wrong('succeeds with a status the document doesn’t have')
        if (one.view !== null && !one.view.safeParse(answer.body).success) wrong('does not fit its schema')
        return learn(ids, began, said)
      }
      if (!refusalView.strict().safeParse(answer.body).success) wrong('refuses in another form')
      if (before !== null && (await books(world)) !== before) wrong('refuses and changes the books')
      const question = `${decodeURIComponent(path)} ${JSON.stringify(body)}`
      const told = [...strangers.facts, ...strangers.ids].filter((one) => said.includes(one) && !question.includes(one))
      if (told.length > 0) wrong(`tells of others: ${told}`)
      // somebody logged out, or was turned off: the next request is of somebody who may ask again
      if (answer.status === 401 && who !== null) {
        await world.db.person.update({ where: { id: who.personId }, data: { disabledAt: null } })
        enterAgain(who.personId)
      }
    }),
    { numRuns: runs, seed: newSeed(), endOnFailure: true },
  )
}

test(
  'whatever is asked, nothing breaks, and a refusal changes nothing and tells nothing of others',
  async () => {
    const found: Found = { seen: new Map(), failures: new Map() }
    for (let left = times(800, 200_000); left > 0; left -= ROUND) await oneRound(Math.min(left, ROUND), found)
    const { seen, failures } = found
    const all = [...seen.values()].reduce((sum, one) => sum + one, 0)
    const share = (statuses: (status: number) => boolean) =>
      [...seen].reduce((sum, [status, count]) => sum + (statuses(status) ? count : 0), 0) / all
    console.log(
      `${all} requests:`,
      [...seen]
        .sort()
        .map(([status, count]) => `${status} ${((100 * count) / all).toFixed(1)} %`)
        .join(', '),
    )
    expect(Object.fromEntries(failures)).toEqual({})
    // most of what is asked reaches the verbs: it is answered, or refused for what it says and not for who asks
    expect(share((status) => status < 300)).toBeGreaterThan(0.25)
    expect(share((status) => status === 401 || status === 403)).toBeLessThan(0.3)
  },
  times(240_000, 700_000_000),
)
