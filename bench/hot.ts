// The verbs of the main job over HTTP, each alone and the day of a visit together, on the real server.
import { type ChildProcess, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { insertAll } from '../server/core/bulk'
import type { Keys } from '../server/core/config'
import { type Db, transact } from '../server/core/db'
import { newDigits } from '../server/core/ids'
import { holdEach } from '../server/ledger/post'
import { holdIdOf } from '../server/redemption/redeem'
import { signAccess } from '../server/session/tokens'
import { addDays, addSeconds, instantOf } from '../shared/core/time'
import { type Database, databaseCpu } from './context'
import { type Measured, type Request, send } from './load'
import type { Order } from './server'
import { addCounty, addPairs, addStaff, type Pair, PLACE } from './village'

const HERE = dirname(fileURLToPath(import.meta.url))
const PRICE = 1000n
/** A folder for a profile of each measurement: where the server's time went. */
const PROFILES = process.env.MULIN_PROFILE

export const VERBS = ['check-in', 'check-out', 'confirm', 'approve', 'fulfil', 'a visit’s day'] as const
export type Verb = (typeof VERBS)[number]
export type MeasuredVerb = Measured & { cpuMs: number; databaseCpuMs: number }
/** One database with its server. Each round of a measurement is a day of its own. */
export type Bench = {
  name: string
  round: (clients: number, requests: number) => Promise<Record<Verb, MeasuredVerb>>
  stop: () => Promise<void>
}

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

  async function round(clients: number, requests: number): Promise<Record<Verb, MeasuredVerb>> {
    const some = pairs.slice(0, requests)
    const visitsOn = (date: string, proved: boolean) => some.map((pair) => visitOf(keys, pair, date, proved))
    const alone = (chains: readonly Request[][], place: number) => chains.map((chain) => [chain[place] as Request])
    const proved = visitsOn(nextDay(), true)
    const checkIn = await measured('check-in', alone(proved, 0), clients)
    const checkOut = await measured('check-out', alone(proved, 1), clients)
    const confirm = await measured('confirm', alone(proved, 2), clients)
    const onPaper = visitsOn(nextDay(), false)
    await order(server, { now: null })
    await send(port, onPaper, 32)
    const approvals = onPaper.map(([begins]) => [approvalOf(keys, auditor, begins as Request)])
    const approve = await measured('approve', approvals, clients)
    const together = await measured('a visit’s day', visitsOn(nextDay(), true), clients)
    const held = await holdOne(db, some, shop, village, programmeId, instantOf(day, '18:00'))
    const handed = held.map((id) => [fulfilmentOf(keys, keeper, id, shop.pointId, instantOf(day, '19:00'))])
    const fulfil = await measured('fulfil', handed, clients)
    return { 'check-in': checkIn, 'check-out': checkOut, confirm, approve, fulfil, 'a visit’s day': together }
  }
  return { name, round, stop: () => stopServer(server) }
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
  const server = fork(join(HERE, 'server.ts'), {
    execArgv: ['--max-semi-space-size=32', '--import', 'tsx'], // as `npm start` and the Dockerfile do
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
