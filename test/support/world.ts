// A test's own little county: a database, a clock that stands still until moved, people of every kind, and an HTTP client.
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Actor } from '../../server/core/actor'
import { mintPlateToken, newCodeId, printedNumber } from '../../server/core/code-tokens'
import { type Config, readConfig } from '../../server/core/config'
import type { Suite } from '../../server/core/crypto'
import { type Db, openDb } from '../../server/core/db'
import { type Log, newLog } from '../../server/core/log'
import type { Parts } from '../../server/core/route'
import { addPerson, sealForPerson } from '../../server/person/vault'
import { loadActor } from '../../server/session/authenticate'
import { startSession } from '../../server/session/start'
import { readAccess, signAccess } from '../../server/session/tokens'
import type { Sms } from '../../server/sms/sms'
import type { Wechat } from '../../server/wechat/wechat'
import { addSeconds, dayOf, instantOf } from '../../shared/core/time'
import type { Category } from '../../shared/elder/input'
import type { SchemeDocument } from '../../shared/scheme/document'
import type { Role } from '../../shared/session/view'
import { dropDatabaseAt, freshDatabase } from './database'

/** A Sunday in November: 今天. */
export const TODAY = '2026-11-22'

/** The tree: two towns and three villages of one county, one village of a sibling county, all of one city. */
const TREE = {
  province: { name: '山东省', kind: 'province', code: '37', parent: null },
  city: { name: '威海市', kind: 'city', code: '3710', parent: 'province' },
  county: { name: '文登区', kind: 'county', code: '371003', parent: 'city' },
  town: { name: '泽头镇', kind: 'town', code: '371003101000', parent: 'county' },
  village: { name: '北庄村', kind: 'village', code: '371003101201', parent: 'town' },
  village2: { name: '西庄村', kind: 'village', code: '371003101202', parent: 'town' },
  town2: { name: '泽库镇', kind: 'town', code: '371003102000', parent: 'county' },
  village3: { name: '尹家村', kind: 'village', code: '371003102201', parent: 'town2' },
  otherCounty: { name: '环翠区', kind: 'county', code: '371002', parent: 'city' },
  otherTown: { name: '张村镇', kind: 'town', code: '371002101000', parent: 'otherCounty' },
  otherVillage: { name: '前双岛村', kind: 'village', code: '371002101201', parent: 'otherTown' },
} as const
export type PlaceKey = keyof typeof TREE
export type Place = { id: string; path: string; name: string; countyId: string | null }

/** 5 minutes = 1 point, nothing below 15 minutes, no caps: easy to reckon with. Tests of rules pass their own. */
export const SIMPLE: SchemeDocument = {
  title: '测试规则',
  sample: true,
  pointsWord: '爱心分',
  earn: {
    milliPoints: 1000,
    seconds: 300,
    natures: ['volunteer', 'mutualAid'],
    visitSecondsMin: 900,
    visitSecondsMax: 14_400,
    rounding: { mode: 'down', stepMilliPoints: 1000, over: 'visit' },
    postAt: ['never', 'approval', 'confirmation', 'confirmation', 'finish'],
  },
}

let serial = 0
/** A phone that can belong to nobody, another one each time. */
const nextPhone = () => `19900${String(++serial).padStart(6, '0')}`

/** Where a world's log keeps its key: a file that is made when something is signed, and goes with the test. */
function keyFileOf(databaseUrl: string): string {
  const name = databaseUrl.split('/').at(-1)?.replace(/\W/g, '-') ?? 'log'
  const folder = join(tmpdir(), `mulin-keys-${name}`)
  atEnd(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'keys.pem')
}

/** Tidies up after the test; a world made in `beforeAll` goes with its worker. */
function atEnd(tidy: () => unknown): void {
  try {
    onTestFinished(async () => void (await tidy()))
  } catch {
    // not inside a test: there is no moment before the end of the file
  }
}

export async function newWorld(
  options: {
    scheme?: SchemeDocument
    wechat?: Wechat
    sms?: Sms
    config?: Partial<Config>
    kind?: 'demo' | 'live'
    suite?: Suite
    databaseUrl?: string
    log?: Log
  } = {},
) {
  const databaseUrl = options.databaseUrl ?? (await freshDatabase())
  const db = openDb(databaseUrl, { connections: 10 })
  atEnd(async () => {
    await db.$disconnect()
    // a thousand worlds of a suite don't fit into memory, where their databases lie
    if (options.databaseUrl === undefined) await dropDatabaseAt(databaseUrl)
  })
  const config: Config = {
    ...readConfig({ NODE_ENV: 'test', MULIN_SUITE: options.suite ?? process.env.MULIN_SUITE ?? 'aes' }),
    busyAbove: 5000,
    rateLimit: 1_000_000,
    ...options.config,
  }
  config.log = { ...config.log, keyFile: keyFileOf(databaseUrl), ...options.config?.log }
  const clock = { now: instantOf(TODAY, '09:00') }
  const parts: Parts = {
    db,
    config,
    now: () => clock.now,
    log: options.log ?? newLog(process.env.MULIN_LOG === '1' ? 'info' : 'silent'),
    wechat: options.wechat ?? null,
    sms: options.sms ?? null,
  }
  const places = await addPlaces(db)
  const programmeId = await addProgramme(db, places.county, options.scheme ?? SIMPLE)
  await db.meta.create({ data: { key: 'kind', value: options.kind ?? 'demo' } })
  const service = await addService(db, places.county)

  const { keys } = config
  const village = places.village

  /** Moves the clock to "HH:mm" of a day; answers the instant. */
  const at = (time: string, day: string = dayOf(clock.now)): Date => {
    clock.now = instantOf(day, time)
    return clock.now
  }
  const later = (seconds: number): Date => {
    clock.now = addSeconds(clock.now, seconds)
    return clock.now
  }

  async function person(
    given: { name?: string; phone?: string | null; birthDate?: string; sex?: 'male' | 'female' } = {},
  ): Promise<string> {
    const phone = given.phone === null ? {} : { phone: given.phone ?? nextPhone() }
    const input = {
      name: given.name ?? '张兰',
      sex: given.sex ?? ('female' as const),
      birthDate: given.birthDate ?? '1960-05-01',
      identityKind: 'none' as const,
      ...phone,
    }
    return (await db.$transaction((tx) => addPerson(tx, keys, input, clock.now))).personId
  }

  /** A helper with a phone that is bound to him; answers the member with the actor. */
  async function member(
    given: {
      place?: Place
      kind?: 'volunteer' | 'neighbourHelper'
      name?: string
      personId?: string
      state?: string
    } = {},
  ) {
    const place = given.place ?? village
    const personId = given.personId ?? (await person({ name: given.name ?? '张兰' }))
    const row = await db.member.create({
      data: {
        id: randomUUID(),
        personId,
        kind: given.kind ?? 'volunteer',
        regionId: place.id,
        regionPath: place.path,
        countyId: place.countyId as string,
        state: given.state ?? 'active',
        trainings: '',
        joinedDay: '2026-01-01',
        endedDay: null,
      },
    })
    return { ...row, actor: await actorOf(personId) }
  }

  async function elder(
    given: {
      place?: Place
      name?: string
      categories?: Category[]
      personId?: string
      ownPhone?: boolean
      householdId?: string
      since?: string
      homePoint?: string
      birthDate?: string
    } = {},
  ) {
    const place = given.place ?? village
    const personId =
      given.personId ?? (await person({ name: given.name ?? '王秀英', birthDate: given.birthDate ?? '1944-03-08' }))
    const id = randomUUID()
    const since = given.since ?? '2026-01-01'
    const seal = (column: string, text: string) => sealForPerson(db, keys, personId, 'elder', column, text)
    const addressSealed = await seal('address', `${place.name}12号`)
    const row = await db.elder.create({
      data: {
        id,
        personId,
        regionId: place.id,
        regionPath: place.path,
        countyId: place.countyId as string,
        householdId: given.householdId ?? randomUUID(),
        addressSealed,
        homePointSealed: given.homePoint === undefined ? null : await seal('homePoint', given.homePoint),
        ownPhone: given.ownPhone ?? true,
        joinedDay: since,
        endedDay: null,
        residences: {
          create: {
            id: randomUUID(),
            validFrom: since,
            validTo: null,
            regionId: place.id,
            regionPath: place.path,
            addressSealed,
          },
        },
        categories: {
          create: (given.categories ?? ['livingAlone']).map((category) => ({
            id: randomUUID(),
            category,
            validFrom: since,
            validTo: null,
            byPersonId: personId,
            recordedAt: clock.now,
          })),
        },
      },
    })
    return { ...row, actor: await actorOf(personId) }
  }

  async function staff(
    role: Role,
    place: Place = village,
    more: { redemptionPointId?: string; personId?: string } = {},
  ): Promise<Actor> {
    const personId = more.personId ?? (await person({ name: '孙梅' }))
    await db.staffRole.create({
      data: {
        id: randomUUID(),
        personId,
        role,
        regionId: place.id,
        regionPath: place.path,
        redemptionPointId: more.redemptionPointId ?? null,
        validFrom: '2026-01-01',
        validTo: null,
      },
    })
    return actorOf(personId)
  }

  async function proxy(elderId: string, given: { personId?: string; scopes?: string } = {}): Promise<Actor> {
    const personId = given.personId ?? (await person({ name: '王军', sex: 'male', birthDate: '1975-02-03' }))
    await db.proxy.create({
      data: {
        id: randomUUID(),
        elderId,
        personId,
        relation: '儿子',
        scopes: given.scopes ?? 'confirm,ask,redeem',
        validFrom: '2026-01-01',
        validTo: null,
        byPersonId: personId,
        revokedAt: null,
      },
    })
    return actorOf(personId)
  }

  /** A door plate; `code` is what a camera reads from it. */
  async function plate(elderId: string) {
    const id = newCodeId()
    const owner = await db.elder.findUniqueOrThrow({ where: { id: elderId } })
    const row = await db.plate.create({
      data: {
        id,
        kind: 'door',
        keyId: keys.code[0].id,
        serial: printedNumber(id),
        elderId,
        regionId: owner.regionId,
        regionPath: owner.regionPath,
        batchId: randomUUID(),
        issuedAt: clock.now,
        issuedByPersonId: owner.personId,
      },
    })
    return { ...row, code: `https://mulin.example/d/${mintPlateToken(keys.code, 'd', id)}` }
  }

  /** The actor as the API would see this person now; a fresh session with a device of its own. */
  async function actorOf(personId: string): Promise<Actor> {
    const tokens = await startSession(db, keys, personId, { deviceId: randomUUID() }, clock.now)
    const session = await db.session.findFirstOrThrow({ where: { personId }, orderBy: { id: 'desc' } })
    return { ...(await loadActor(db, session.id, tokens.personId, clock.now)), requestId: randomUUID() }
  }

  return {
    db,
    databaseUrl,
    config,
    keys,
    parts,
    clock,
    at,
    later,
    places,
    programmeId,
    service,
    person,
    member,
    elder,
    staff,
    proxy,
    plate,
    actorOf,
  }
}
export type World = Awaited<ReturnType<typeof newWorld>>

export type Answer<T = Record<string, unknown>> = { status: number; body: T; headers: Headers }

/** Serves a world over HTTP and asks it as somebody: null asks without a login. */
export async function serveWorld(world: Pick<World, 'parts' | 'db' | 'keys' | 'clock'>) {
  const { newApp } = await import('../../server/app')
  const server = newApp(world.parts).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  atEnd(() => void server.close())
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const sessions = new Map<string, string>()

  /** One session a person, on the phone that is bound; a fresh token each time, as the clock may have leapt. */
  async function tokenOf(personId: string): Promise<string> {
    if (!sessions.has(personId)) {
      const device = await world.db.device.findFirst({ where: { personId, unboundAt: null } })
      const { accessToken } = await startSession(
        world.db,
        world.keys,
        personId,
        { deviceId: device?.deviceId },
        world.clock.now,
      )
      sessions.set(personId, readAccess(accessToken, world.keys, world.clock.now).sessionId)
    }
    return signAccess({ personId, sessionId: sessions.get(personId) as string }, world.keys, world.clock.now)
  }

  async function ask<T = Record<string, never>>(
    who: { personId: string } | null,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Answer<T>> {
    const headers: Record<string, string> = { 'content-type': 'application/json' }
    if (who !== null) headers.authorization = `Bearer ${await tokenOf(who.personId)}`
    const answer = await fetch(`${base}/api/v1${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const isJson = answer.headers.get('content-type')?.includes('json') === true
    return {
      status: answer.status,
      body: (isJson ? await answer.json() : await answer.text()) as T,
      headers: answer.headers,
    }
  }
  /** Whose session ended gets a new one with the next question. */
  const enterAgain = (personId: string) => void sessions.delete(personId)
  return { base, ask, tokenOf, enterAgain }
}

/** The tree in three statements: a test makes a world of its own, so making one must be quick. */
async function addPlaces(db: Db): Promise<Record<PlaceKey, Place>> {
  const places = {} as Record<PlaceKey, Place>
  const levels = { province: 1, city: 2, county: 3, town: 4, village: 5 } as const
  const words = { province: '省', city: '市', county: '区县', town: '镇', village: '村' } as const
  const rows = Object.entries(TREE).map(([key, { name, kind, code, parent }], index) => {
    const above = parent === null ? null : places[parent]
    const id = randomUUID()
    const path = `${above?.path ?? '/'}${index + 1}/`
    const countyId = kind === 'county' ? id : (above?.countyId ?? null)
    places[key as PlaceKey] = { id, path, name, countyId }
    return {
      id,
      no: index + 1,
      countyId,
      validTo: null,
      code,
      name,
      fullName: name,
      kind,
      parentId: above?.id ?? null,
      path,
      validFrom: '2020-01-01',
    }
  })
  await db.regionKind.createMany({
    data: Object.entries(levels).map(([code, level]) => ({ code, name: words[code as keyof typeof words], level })),
  })
  await db.region.createMany({ data: rows })
  await db.regionVersion.createMany({
    data: rows.map(({ id, no: _, countyId: __, validTo: ___, ...version }) => ({
      ...version,
      id: randomUUID(),
      regionId: id,
      recordedAt: new Date(0),
    })),
  })
  return places
}

async function addProgramme(db: Db, county: Place, document: SchemeDocument): Promise<string> {
  const id = randomUUID()
  await db.programme.create({ data: { id, regionId: county.id, code: 'mulin', name: '睦邻互助' } })
  await db.scheme.create({
    data: {
      id: randomUUID(),
      programmeId: id,
      regionId: county.id,
      regionPath: county.path,
      version: 1,
      validFrom: '2026-01-01',
      document: JSON.stringify(document),
      publishedAt: instantOf('2026-01-01', '00:00'),
    },
  })
  return id
}

async function addService(db: Db, county: Place) {
  return db.service.create({
    data: {
      id: randomUUID(),
      code: 'cleaning',
      name: '打扫卫生',
      icon: 'broom',
      plannedSeconds: 3600,
      natures: 'volunteer,mutualAid,dutyPaid',
      trainingNeeded: null,
      tierFromAge: null,
      tierBelowAge: null,
      tasks: JSON.stringify(['扫地', '倒垃圾']),
      sortNo: 10,
      active: true,
      regionId: county.id,
      regionPath: county.path,
    },
  })
}
