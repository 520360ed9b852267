// The verbs of the main job over HTTP, each alone and the day of a visit together, on the real server.
import { type ChildProcess, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { insertAll } from '../server/core/bulk'
import type { Keys } from '../server/core/config'
import { type Db, transact } from '../server/core/db'
import { newDigits } from '../server/core/ids'
import { holdEach } from '../server/ledger/post'
import { holdIdOf } from '../server/redemption/redeem'
import { signAccess } from '../server/session/tokens'
import { addDays, addSeconds, instantOf } from '../shared/core/time'
import { bundleServer } from '../tools/bundle.mjs'
import { type Database, databaseCpu } from './context'
import { type Measured, type Request, send } from './load'
import type { Order } from './server'
import { addCounty, addPairs, addStaff, type Pair, PLACE } from './village'

const PRICE = 1000n
/** A folder for a profile of each measurement: where the server's time went. */
const PROFILES = process.env.MULIN_PROFILE

const OF_A_VISIT = ['check-in', 'check-out', 'confirm'] as const
export const VERBS = [...OF_A_VISIT, 'approve', 'fulfil', 'a visit’s day'] as const
export type Verb = (typeof VERBS)[number]
export type MeasuredVerb = Measured & { cpuMs: number; databaseCpuMs: number }
/** One database with its server. Each round of a measurement is a day of its own. */
export type Bench = {
  name: string
  /** Begins, ends and confirms so many visits; answers how the last of these went. */
  warm: (clients: number, visits: number) => Promise<MeasuredVerb>
  round: (clients: number, counts: Counts) => Promise<Record<Verb, MeasuredVerb>>
  stop: () => Promise<void>
}
/** How many visits of pairs begin, end and are confirmed, on as many days as that takes, and how many of every other verb. */
export type Counts = { visits: number; others: number }

export async function openBench(database: Database, keys: Keys, people: number): Promise<Bench> {
  const { name, db, url } = database
  const { villages, serviceId, programmeId } = await addCounty(db, 1, 1)
  const village = villages[0] as (typeof villages)[number]
  const pairs = await addPairs(db, keys, people, village, serviceId)
  const shop = await addShop(db, village, programmeId)
  const auditor = await addStaff(db, keys, village, { role: 'townAuditor', redemptionPointId: null })
  const keeper = await addStaff(db, keys, village, { role: 'redemptionPoint', redemptionPointId: shop.pointId })
  const { server, port } = await startServer(url)
  let day = '2027-01-01'
  // A list has one day, as in life; every other day, so that no pair meets too often in a month.
  const nextDay = () => {
    day = addDays(day, 2)
    return day
  }

  /** What the server's processor did for it, beside what the clients saw: that doesn't depend on who else is at work. */
  async function measured(verb: Verb, chains: readonly Request[][], clients: number): Promise<MeasuredVerb> {
    const times = new Set(chains.flat().map(({ at }) => at.toISOString()))
    await order(server, { now: times.size === 1 ? ([...times][0] as string) : null })
    if (PROFILES !== undefined) await order(server, 'profile')
    const [before, databaseBefore] = [await cpuOf(server), await databaseCpu(database)]
    const seen = await send(port, chains, clients)
    const cpuMs = ((await cpuOf(server)) - before) / seen.times.length
    const databaseCpuMs = ((await databaseCpu(database)) - databaseBefore) / seen.times.length
    if (PROFILES !== undefined)
      await order(server, { profileInto: join(PROFILES, `${name} ${verb} ${clients}.cpuprofile`) })
    return { ...seen, cpuMs, databaseCpuMs }
  }

  const visitsOn = (some: readonly Pair[], date: string, proved: boolean) =>
    some.map((pair) => visitOf(keys, pair, date, proved))

  /** The three verbs of a visit, each by itself: of all pairs on one day, then of all on another. */
  async function visit(clients: number, visits: number): Promise<Record<(typeof OF_A_VISIT)[number], MeasuredVerb>> {
    const days: MeasuredVerb[][] = []
    for (let left = visits; left > 0; left -= pairs.length) {
      const chains = visitsOn(pairs.slice(0, left), nextDay(), true)
      const day: MeasuredVerb[] = []
      for (const [place, verb] of OF_A_VISIT.entries())
        day.push(
          await measured(
            verb,
            chains.map((chain) => [chain[place] as Request]),
            clients,
          ),
        )
      days.push(day)
    }
    const of = (place: number) => together(days.map((day) => day[place] as MeasuredVerb))
    return { 'check-in': of(0), 'check-out': of(1), confirm: of(2) }
  }

  async function round(clients: number, counts: Counts): Promise<Record<Verb, MeasuredVerb>> {
    const alone = await visit(clients, counts.visits)
    const some = pairs.slice(0, counts.others)
    const onPaper = visitsOn(some, nextDay(), false)
    await order(server, { now: null })
    await send(port, onPaper, 32)
    const approvals = onPaper.map(([begins]) => [approvalOf(keys, auditor, begins as Request)])
    const approve = await measured('approve', approvals, clients)
    const wholeDay = await measured('a visit’s day', visitsOn(some, nextDay(), true), clients)
    const held = await holdOne(db, some, shop, village, programmeId, instantOf(day, '18:00'))
    const handed = held.map((id) => [fulfilmentOf(keys, keeper, id, shop.pointId, instantOf(day, '19:00'))])
    const fulfil = await measured('fulfil', handed, clients)
    return { ...alone, approve, fulfil, 'a visit’s day': wholeDay }
  }
  const warm = async (clients: number, visits: number) => (await visit(clients, visits)).confirm
  return { name, warm, round, stop: () => stopServer(server) }
}

/** Measurements one after the other as one. */
function together(parts: readonly MeasuredVerb[]): MeasuredVerb {
  const times = parts.flatMap((one) => one.times)
  const sum = (of: (one: MeasuredVerb) => number) => parts.reduce((all, one) => all + of(one), 0)
  const perRequest = (of: (one: MeasuredVerb) => number) => sum((one) => of(one) * one.times.length) / times.length
  return {
    times,
    requestsPerSecond: times.length / sum((one) => one.times.length / one.requestsPerSecond),
    refused: sum(({ refused }) => refused),
    cpuMs: perRequest(({ cpuMs }) => cpuMs),
    databaseCpuMs: perRequest(({ databaseCpuMs }) => databaseCpuMs),
  }
}

type Who = { personId: string; sessionId: string }

/** Check-in, check-out and the elder's yes. Proved by plate, phone and place it is paid then; else it waits for the audit. */
function visitOf(keys: Keys, pair: Pair, day: string, isProved: boolean): Request[] {
  const id = randomUUID()
  const begins = instantOf(day, '09:00')
  const ends = addSeconds(begins, 3900)
  const answers = addSeconds(ends, 600)
  const proof = isProved ? { code: pair.code, place: PLACE } : {}
  const helper = { personId: pair.helperPersonId, sessionId: pair.helperSession }
  const elder = { personId: pair.elderPersonId, sessionId: pair.elderSession }
  return [
    requestOf(keys, helper, begins, '/visits', {
      id,
      code: pair.code,
      elderIds: [pair.elderId],
      serviceId: pair.serviceId,
      ...(isProved ? { place: PLACE } : {}),
      deviceAt: begins.toISOString(),
    }),
    requestOf(keys, helper, ends, `/visits/${id}/check-out`, {
      id: randomUUID(),
      ...proof,
      tasksDone: [],
      deviceAt: ends.toISOString(),
    }),
    requestOf(keys, elder, answers, `/visits/${id}/confirmation`, {
      id: randomUUID(),
      elderId: pair.elderId,
      answer: 'yes',
      how: 'app',
    }),
  ]
}

function approvalOf(keys: Keys, auditor: Who, { body, at }: Request): Request {
  const { id } = body as { id: string }
  const decision = { id: randomUUID(), visitIds: [id], decision: 'approve', reasonCode: 'allGood' }
  return requestOf(keys, auditor, addSeconds(at, 36_000), '/audit/decisions', decision)
}

function fulfilmentOf(keys: Keys, keeper: Who, redemptionId: string, pointId: string, at: Date): Request {
  return requestOf(keys, keeper, at, `/redemptions/${redemptionId}/fulfilment`, { id: randomUUID(), pointId })
}

function requestOf(keys: Keys, who: Who, at: Date, path: string, body: object): Request {
  return { path, token: signAccess(who, keys, at), at, body }
}

type Shop = { pointId: string; productId: string }
type Village = { id: string; path: string }

async function addShop(db: Db, village: Village, programmeId: string): Promise<Shop> {
  const [pointId, productId] = [randomUUID(), randomUUID()]
  const place = { regionId: village.id, regionPath: village.path, active: true }
  await db.redemptionPoint.create({
    data: { id: pointId, name: '兑换点', address: '一号', phone: '', openingHours: '', ...place },
  })
  await db.product.create({
    data: {
      id: productId,
      name: '鸡蛋',
      icon: 'egg',
      kind: 'goods',
      description: '',
      priceMilliPoints: PRICE,
      costFen: 100,
      holdHours: 48,
      programmeId,
      ...place,
    },
  })
  return { pointId, productId }
}

/** What each helper holds of his points for one piece, ready to be fetched. */
async function holdOne(
  db: Db,
  pairs: readonly Pair[],
  { pointId, productId }: Shop,
  village: Village,
  programmeId: string,
  at: Date,
): Promise<string[]> {
  const accounts = await db.personAccount.findMany({ where: { programmeId } })
  const accountOf = new Map(accounts.map(({ personId, accountId }) => [personId, accountId]))
  const expiresAt = addSeconds(at, 172_800)
  const rows = pairs.map(({ helperPersonId }) => ({
    id: randomUUID(),
    personId: helperPersonId,
    accountId: accountOf.get(helperPersonId) as string,
    programmeId,
    productId,
    pointId,
    regionId: village.id,
    regionPath: village.path,
    priceMilliPoints: PRICE,
    costFen: 100,
    state: 'held',
    code: newDigits(8),
    heldAt: at,
    expiresAt,
    byPersonId: helperPersonId,
  }))
  await transact(db, async (tx) => {
    await insertAll(tx, 'redemption', rows)
    const holds = rows.map(({ id, accountId, personId }) => ({
      id: holdIdOf(id),
      programmeId,
      accountId,
      milliPoints: PRICE,
      refType: 'redemption',
      refId: id,
      until: expiresAt,
      byId: personId,
      happenedAt: at,
      explanation: { productId },
    }))
    await holdEach(tx, holds, at)
  })
  return rows.map(({ id }) => id)
}

async function startServer(url: string): Promise<{ server: ChildProcess; port: number }> {
  const server = fork(await bundleServer('bench/server.ts', 'bench'), {
    execArgv: ['--max-semi-space-size=64', '--enable-source-maps'], // as `npm start` and the Dockerfile do
    env: { ...process.env, NODE_ENV: 'test', DATABASE_URL: url },
  })
  const { port } = await new Promise<{ port: number }>((resolve) =>
    server.once('message', (message) => resolve(message as { port: number })),
  )
  return { server, port }
}

/** Milliseconds of processor time so far. */
async function cpuOf(server: ChildProcess): Promise<number> {
  const { cpu } = (await order(server, 'cpu')) as { cpu: NodeJS.CpuUsage }
  return (cpu.user + cpu.system) / 1000
}

function order(server: ChildProcess, what: Order): Promise<unknown> {
  return new Promise((resolve) => {
    server.once('message', resolve)
    server.send(what)
  })
}

function stopServer(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    server.once('exit', () => resolve())
    server.disconnect()
  })
}
