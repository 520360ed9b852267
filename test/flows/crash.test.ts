import { randomInt, randomUUID } from 'node:crypto'
import { statSync } from 'node:fs'
import { createClient } from '@libsql/client'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { type Db, openDb } from '../../server/core/db'
import { auditLedger } from '../../server/ledger/audit'
import { signCheckpoint } from '../../server/proof/checkpoint'
import { openLogs } from '../../server/proof/logs'
import { startSession } from '../../server/session/start'
import { ACCESS_SECONDS, signAccess } from '../../server/session/tokens'
import { checkInVisits } from '../../server/visit/check-in'
import { checkOutVisits } from '../../server/visit/check-out'
import { addDays, addSeconds, dayOf, instantOf } from '../../shared/core/time'
import { newShop, type Shop } from '../redemption/shop'
import { type History, newHistory, type Operation, type RealServer, send, startServer } from '../support/crash'
import { provider } from '../support/database'
import { times } from '../support/long'
import { startPostgres } from '../support/postgres'
import { newWorld, SIMPLE } from '../support/world'

const PAIRS = 6
const STOCK = 1_000_000
const PRICE = 2000n
/** So long a phone goes on asking, and so long it waits between. */
const ASKING_MS = 120_000
const PAUSE_MS = 1000
/**
 * After so many kills all the books are read from their first row, and the log is signed: no server begins on a log that has lost
 * what was signed. What was asked is looked at after each.
 */
const AUDITED_EVERY = 10
/** So much of the disk is left when it begins: a few requests. */
const ROOM_KILOBYTES = 64
/** A printed plate alone pays as soon as the elder has confirmed: one request, and the books move. */
const PAYS_ON_YES: typeof SIMPLE = {
  ...SIMPLE,
  earn: { ...SIMPLE.earn, postAt: ['never', 'confirmation', 'confirmation', 'confirmation', 'finish'] },
}

async function openShop(databaseUrl?: string): Promise<Shop> {
  const world = await newWorld({ scheme: PAYS_ON_YES, ...(databaseUrl === undefined ? {} : { databaseUrl }) })
  return newShop({ world, left: STOCK, priceMilliPoints: PRICE })
}

/** Of the moment it is needed: on a machine that is busy a round may take longer than a token holds. */
async function withToken({ db, keys }: Shop, one: Operation): Promise<Operation> {
  const at = new Date()
  if (at.getTime() - one.tokenAt.getTime() < (ACCESS_SECONDS / 2) * 1000) return one
  return { ...one, token: (await startSession(db, keys, one.personId, {}, at)).accessToken, tokenAt: at }
}

/** Fresh helpers with points, each with a visit of yesterday that waits for the elder's yes: three requests a pair. */
async function prepare(shop: Shop): Promise<Operation[]> {
  const { db, keys } = shop
  const now = new Date()
  shop.clock.now = now
  const yesterday = addDays(dayOf(now), -1)
  const pairs = []
  for (let count = 0; count < PAIRS; count++) {
    const helper = await shop.richMember(PRICE)
    const elder = await shop.elder({ name: '王秀英' })
    const { code } = await shop.plate(elder.id)
    pairs.push({
      helper,
      elder,
      code,
      visitId: randomUUID(),
      helperToken: signAccess(helper.actor, keys, now),
      elderToken: signAccess(elder.actor, keys, now),
    })
  }
  const asks = pairs.map(({ helper, elder, code, visitId }) => {
    const at = instantOf(yesterday, '09:00')
    const input = {
      id: visitId,
      code,
      elderIds: [elder.id],
      serviceId: shop.service.id,
      deviceAt: at.toISOString(),
    }
    return { actor: helper.actor, at, input }
  })
  const begun = await checkInVisits(db, keys, asks)
  const ended = await checkOutVisits(
    db,
    keys,
    asks.map(({ actor, at, input: { id, code } }) => {
      const end = addSeconds(at, 3600)
      const input = { id: randomUUID(), code, tasksDone: [], deviceAt: end.toISOString() }
      return { actor, visitId: id, at: end, input }
    }),
  )
  expect([...begun, ...ended].filter((one) => one.refusal !== null)).toEqual([])
  return pairs.flatMap(({ helper, elder, code, visitId, helperToken, elderToken }): Operation[] => {
    const newVisit = {
      id: randomUUID(),
      code,
      elderIds: [elder.id],
      serviceId: shop.service.id,
      deviceAt: now.toISOString(),
    }
    const yes = { id: randomUUID(), elderId: elder.id, answer: 'yes', how: 'app' }
    const wish = shop.wish()
    const own = { personId: helper.personId, token: helperToken, tokenAt: now }
    return [
      {
        kind: 'confirm',
        subject: visitId,
        path: `/visits/${visitId}/confirmation`,
        personId: elder.personId,
        token: elderToken,
        tokenAt: now,
        body: yes,
      },
      { ...own, kind: 'begin', subject: newVisit.id, path: '/visits', body: newVisit },
      { ...own, kind: 'redeem', subject: wish.id, path: '/redemptions', body: wish },
    ]
  })
}

/** How often each operation is in the database: every table it writes must say the same. */
async function findDone(db: Db, operations: readonly Operation[]): Promise<Map<string, number>> {
  const of = (kind: Operation['kind']) => operations.filter((one) => one.kind === kind).map((one) => one.subject)
  const [begun, confirmed, redeemed] = [of('begin'), of('confirm'), of('redeem')]
  const visits = await db.visit.findMany({
    where: { id: { in: [...begun, ...confirmed] } },
    select: { id: true, state: true },
  })
  const evidence = await db.visitEvidence.findMany({
    where: { visitId: { in: begun }, phase: 'in' },
    select: { visitId: true },
  })
  const answers = await db.confirmation.findMany({ where: { visitId: { in: confirmed } }, select: { visitId: true } })
  const redemptions = await db.redemption.findMany({ where: { id: { in: redeemed } }, select: { id: true } })
  const moved = await db.ledgerTransaction.findMany({
    where: { kind: { in: ['EARN', 'HOLD'] }, refId: { in: [...confirmed, ...redeemed] } },
    select: { refId: true },
  })
  const counted = (ids: readonly string[], found: readonly string[]) =>
    ids.map((id) => [id, found.filter((one) => one === id).length] as const)
  const ids = (rows: readonly { id: string }[]) => rows.map((row) => row.id)
  const visitIds = (rows: readonly { visitId: string }[]) => rows.map((row) => row.visitId)
  const refIds = moved.map((row) => row.refId)
  expect(counted(begun, visitIds(evidence))).toEqual(counted(begun, ids(visits)))
  expect(counted(confirmed, refIds)).toEqual(counted(confirmed, visitIds(answers)))
  expect(counted(redeemed, refIds)).toEqual(counted(redeemed, ids(redemptions)))
  const states = new Map(visits.map(({ id, state }) => [id, state]))
  const yes = new Set(visitIds(answers))
  expect(confirmed.map((id) => [id, states.get(id)])).toEqual(
    confirmed.map((id) => [id, yes.has(id) ? 'confirmed' : 'finished']),
  )
  return new Map([
    ...counted(begun, ids(visits)),
    ...counted(confirmed, visitIds(answers)),
    ...counted(redeemed, ids(redemptions)),
  ])
}

/** Nothing that was answered is missing, and nothing is there twice. */
async function check(db: Db, shop: Shop, operations: readonly Operation[], history: History): Promise<void> {
  const answered = history.answered()
  const done = await findDone(db, operations)
  for (const { kind, subject } of operations) {
    const times = done.get(subject) ?? 0
    if (answered.has(subject)) expect([kind, subject, times]).toEqual([kind, subject, 1])
    else expect(times).toBeLessThanOrEqual(1)
  }
  const { left } = await db.productStock.findFirstOrThrow({ where: { productId: shop.productId } })
  expect(left).toBe(STOCK - (await db.redemption.count()))
}

/** The books are right, from their first row; the log goes on from what was signed before. */
async function expectRight({ db, config }: Shop): Promise<void> {
  expect((await auditLedger(db)).problem).toBeNull()
  for (const log of await openLogs(db, config.log))
    expect(await signCheckpoint(db, config.log, log, new Date())).not.toBeNull()
}

/**
 * Sends again what got an answer and what got none: each is done, once, and says the same as the first time. A server that has
 * just begun, or whose database has, may say that it is busy: then it is asked again, which is safe, as is shown here.
 */
async function sendAgain(
  shop: Shop,
  server: RealServer,
  operations: readonly Operation[],
  history: History,
): Promise<void> {
  const before = history.answered()
  const askUntilAnswered = async (one: Operation) => {
    const until = Date.now() + ASKING_MS
    const heard: string[] = []
    let id: string | null = null
    while (id === null) {
      id = await send(server.base, history, await withToken(shop, one), (why) => heard.push(why))
      if (id !== null || Date.now() > until) break
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
    if (heard.length > 0) console.log(`asked again: ${heard.join('\n')}`)
    if (id === null) console.log(server.output())
    expect([one.kind, id]).toEqual([one.kind, before.get(one.subject) ?? one.subject])
  }
  await Promise.all(operations.map(askUntilAnswered))
}

test(
  'killed again and again in the middle of it: what was answered is there once, what was not is there at most once',
  async () => {
    const seed = Number(process.env.MULIN_SEED ?? randomInt(2 ** 31))
    const kills = times(2, 1000)
    console.log(`crash loop: ${kills} kills, MULIN_SEED=${seed}`)
    const random = randomFrom(seed)
    const own = provider() === 'postgresql' ? await startPostgres({ fsync: true }) : null
    if (own !== null) onTestFinished(() => own.stop())
    const shop = await openShop(await own?.freshDatabase())
    const { databaseUrl } = shop
    const { keyFile } = shop.config.log
    const history = newHistory()
    const db = openDb(databaseUrl)
    onTestFinished(() => db.$disconnect())
    let server: RealServer | null = null
    let before: Operation[] = []
    let inTheMiddle = 0
    for (let kill = 0; kill < kills; kill++) {
      const operations = await prepare(shop)
      server ??= await startServer(databaseUrl, { keyFile })
      const { base } = server
      // what the one before was asked, answered or not, is asked of the one that follows
      await sendAgain(shop, server, before, history)
      const killAfter = 1 + Math.floor(random() * (operations.length - 2))
      // PostgreSQL itself falls every second time, under a server that lives on and is asked again
      const fall = own !== null && kill % 2 === 1 ? own.crash : server.kill
      let answers = 0
      let falling: Promise<void> | null = null
      await Promise.all(
        operations.map(async (one) => {
          await new Promise((resolve) => setTimeout(resolve, random() * 60))
          if ((await send(base, history, one)) !== null) answers += 1
          if (answers >= killAfter) falling ??= fall()
        }),
      )
      // a machine that is too busy to answer so many in time leaves nothing to interrupt: then it falls behind them
      if (falling !== null) inTheMiddle += 1
      await (falling ?? fall())
      if (fall === server.kill) server = null
      else await server.ready()
      await check(db, shop, [...before, ...operations], history)
      before = operations
      if ((kill + 1) % AUDITED_EVERY !== 0) continue
      await expectRight(shop)
      console.log(`${new Date().toISOString()} ${kill + 1} kills`)
    }
    server ??= await startServer(databaseUrl, { keyFile })
    await sendAgain(shop, server, before, history)
    expect(history.answered().size).toBe(before.length * kills)
    await check(db, shop, before, history)
    await expectRight(shop)
    console.log(`${kills} kills, ${inTheMiddle} of them with requests under way`)
    expect(inTheMiddle).toBeGreaterThan(kills / 2)
  },
  600_000 + times(0, 1000) * 300_000, // a busy machine takes minutes for each
)

// On PostgreSQL the disk is the database's own: what the server sees of it is a statement that fails, as when it falls above.
const onFile = test.runIf(provider() === 'sqlite')
onFile(
  'on a full disk a write is refused whole; with room again everything goes on',
  async () => {
    const shop = await openShop()
    const operations: Operation[] = []
    const history = newHistory()
    const { db, databaseUrl } = shop
    const file = databaseUrl.slice('file:'.length)
    const bytes = statSync(file).size + statSync(`${file}-wal`).size
    const full = await startServer(databaseUrl, { fileKilobytes: Math.ceil(bytes / 1024) + ROOM_KILOBYTES })
    for (let round = 0; round < 40 && history.answered().size === operations.length; round++) {
      const more = await prepare(shop)
      operations.push(...more)
      await Promise.all(more.map((one) => send(full.base, history, one)))
    }
    expect(history.answered().size).toBeLessThan(operations.length)
    await full.kill()
    await check(db, shop, operations, history)
    await expectRight(shop)
    const roomy = await startServer(databaseUrl, { keyFile: shop.config.log.keyFile })
    await sendAgain(shop, roomy, operations, history)
    await check(db, shop, operations, history)
    await expectRight(shop)
  },
  300_000,
)

test('another process that holds the lock is waited for', async () => {
  const shop = await openShop()
  const operations = await prepare(shop)
  const history = newHistory()
  const server = await startServer(shop.databaseUrl)
  const release = await holdLock(shop.databaseUrl)
  const sent = operations.map((one) => send(server.base, history, one))
  await new Promise((resolve) => setTimeout(resolve, 1500))
  expect(history.answered().size).toBe(0)
  await release()
  await Promise.all(sent)
  await sendAgain(shop, server, operations, history)
  expect(history.answered().size).toBe(operations.length)
  await check(shop.db, shop, operations, history)
  await expectRight(shop)
}, 300_000)

/** What a second process may hold: the file's one write lock, or the table that everything here writes. Answers what lets go. */
async function holdLock(databaseUrl: string): Promise<() => Promise<void>> {
  if (provider() === 'sqlite') {
    const other = createClient({ url: databaseUrl, timeout: 5000 } as never)
    await other.execute('BEGIN IMMEDIATE')
    return async () => {
      await other.execute('COMMIT')
      other.close()
    }
  }
  const other = new pg.Client({ connectionString: databaseUrl })
  await other.connect()
  await other.query('BEGIN')
  await other.query('LOCK TABLE idempotency IN EXCLUSIVE MODE')
  return async () => {
    await other.query('COMMIT')
    await other.end()
  }
}

/** Mulberry32: the same seed kills at the same moments. */
function randomFrom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
}
