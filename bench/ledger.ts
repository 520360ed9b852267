// What the ledger writes a second, beside what PostgreSQL does with the same posting in other ways. All guards, fsync and
// unique references are on everywhere.
import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { joined, type Settled, settled } from '../server/core/batch'
import { type Db, transact } from '../server/core/db'
import { idFrom } from '../server/core/ids'
import { issuanceAccount, openAccounts } from '../server/ledger/accounts'
import { type Draft, postEach } from '../server/ledger/post'
import { Refusal } from '../shared/core/refusals'
import { type Context, closeAll, type Database, newDatabases, newPgbench } from './context'

export type Books = {
  db: Db
  programmeId: string
  issuance: string
  accounts: string[]
  /** what makes the ids of visits; random ones as pgbench's, if it isn't said */
  newId?: () => string
}

const ACCOUNTS = 10_000
const IN_FLIGHT = [8, 32, 256]
const KINDS = ['hot', 'uniform'] as const
type Kind = (typeof KINDS)[number]
const PIECE = 500
const ROUNDS = 2
const SECONDS = 3
/** More connections than this and PostgreSQL only gets slower. */
const CONNECTIONS_MAX = 64

/** Single posts that come at once, joined into lists; one list is at work while the next one gathers. */
export const postOne = joined<Draft, null>({
  work: async (db, drafts) => {
    const outcomes = await transact(db, (tx) => postEach(tx, drafts, new Date()))
    return outcomes.map(
      (whyNot): Settled<null> => (whyNot === null ? settled(null) : { answer: null, refusal: new Refusal(whyNot) }),
    )
  },
  apart: () => [],
  most: 256,
})

export async function measureLedger(context: Context): Promise<void> {
  const { say, size } = context
  const seconds = Math.max(0.5, SECONDS * size)
  const databases = await newDatabases(context, 'books')
  const found = new Map<string, number[]>()
  const note = (key: string, rate: number) => found.set(key, [...(found.get(key) ?? []), rate])
  for (const database of databases) {
    const books = await openBooks(database.db, randomUUID())
    const ways = database.name === 'PostgreSQL' ? await pgbenchWays(context, database, books, seconds) : null
    await measurePosts(books, 32, 'uniform', seconds)
    for (let turn = 0; turn < ROUNDS; turn++) {
      for (const clients of IN_FLIGHT) {
        // In turns, so that a busy moment of the machine hits all alike.
        for (const kind of KINDS) {
          note(`${database.name} post ${clients} ${kind}`, await measurePosts(books, clients, kind, seconds))
          if (ways !== null) note(`function ${clients} ${kind}`, ways.post(clients, kind))
        }
        if (ways !== null) note(`TPC-B ${clients}`, ways.tpcb(clients))
        if (clients === IN_FLIGHT[0]) note(`${database.name} naive`, await measureNaive(books, clients, seconds))
      }
    }
  }
  await closeAll(databases)
  const best = (key: string) => Math.max(0, ...(found.get(key) ?? []))
  say(`Best of ${ROUNDS} rounds of ${seconds} s; hot: one account on every transfer; uniform: 10,000 accounts.\n`)
  say('| database | way | in flight | hot/s | uniform/s |\n|---|---|---|---|---|')
  for (const { name } of databases) {
    for (const clients of IN_FLIGHT)
      say(
        `| ${name} | post | ${clients} | ${best(`${name} post ${clients} hot`)} | ${best(`${name} post ${clients} uniform`)} |`,
      )
    if (name === 'PostgreSQL') {
      for (const clients of IN_FLIGHT)
        say(
          `| ${name} | one SQL function in pgbench | ${Math.min(clients, CONNECTIONS_MAX)} | ${best(`function ${clients} hot`)} | ${best(`function ${clients} uniform`)} |`,
        )
      for (const clients of IN_FLIGHT)
        say(
          `| ${name} | pgbench TPC-B, scale 10 | ${Math.min(clients, CONNECTIONS_MAX)} | – | ${best(`TPC-B ${clients}`)} |`,
        )
    }
    say(`| ${name} | naive Prisma transaction | ${IN_FLIGHT[0]} | ${best(`${name} naive`)} | – |`)
  }
  for (const [kind, asked] of [
    ['hot', 3],
    ['uniform', 1.2],
  ] as const) {
    const share =
      best(`PostgreSQL post 256 ${kind}`) / Math.max(...IN_FLIGHT.map((one) => best(`function ${one} ${kind}`)))
    if (Number.isFinite(share))
      context.aim(`post, 256 in flight, ${kind}: ${asked} × the function at its best`, share.toFixed(2), share >= asked)
  }
}

export async function openBooks(db: Db, programmeId: string): Promise<Books> {
  const issuance = await db.$transaction((tx) => issuanceAccount(tx, programmeId))
  const accounts = Array.from({ length: ACCOUNTS }, () => randomUUID())
  for (let from = 0; from < ACCOUNTS; from += PIECE) {
    const openings = accounts
      .slice(from, from + PIECE)
      .map((id) => ({ id, programmeId, kind: 'member' as const, openedAt: new Date() }))
    await transact(db, (tx) => openAccounts(tx, openings))
  }
  return { db, programmeId, issuance, accounts }
}

export function draftOf(books: Books, kind: Kind): Draft {
  return draftFor(books, books.accounts[kind === 'hot' ? 0 : Math.floor(Math.random() * ACCOUNTS)] as string)
}

export function draftFor({ programmeId, issuance, newId = randomUUID }: Books, accountId: string): Draft {
  const visitId = newId()
  const id = idFrom('EARN', 'visit', visitId, '0')
  const postings = [
    { accountId: issuance, milliPoints: -13_000n },
    { accountId, milliPoints: 13_000n },
  ]
  const reference = { programmeId, kind: 'EARN', refType: 'visit', refId: visitId, revision: 0 }
  return {
    id,
    ...reference,
    happenedAt: new Date(0),
    byId: 'bench',
    explanation: { formula: '65 分钟 ÷ 5 = 13 分' },
    postings,
  }
}

/** As many clients as are in flight, each of whom asks again when it was answered. */
export async function measurePosts(books: Books, clients: number, kind: Kind, seconds: number): Promise<number> {
  const until = performance.now() + seconds * 1000
  let done = 0
  const began = performance.now()
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (performance.now() < until) {
        await postOne(books.db, draftOf(books, kind))
        done += 1
      }
    }),
  )
  return Math.round((done * 1000) / (performance.now() - began))
}

/** What one would write first: a transaction, a read, two updates, three creates. */
async function measureNaive(
  { db, programmeId, issuance, accounts }: Books,
  clients: number,
  seconds: number,
): Promise<number> {
  const until = performance.now() + seconds * 1000
  let done = 0
  const accountId = accounts[1] as string
  const began = performance.now()
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (performance.now() < until) {
        const id = randomUUID()
        await db.$transaction(async (tx) => {
          const after = await tx.ledgerAccount.update({
            where: { id: accountId },
            data: { postedMilliPoints: { increment: 5n }, seq: { increment: 1 } },
          })
          const entry = { transactionId: id, programmeId }
          await tx.ledgerEntry.create({ data: { ...entry, no: 1, accountId: issuance, amountMilliPoints: -5n } })
          await tx.ledgerEntry.create({
            data: {
              ...{ ...entry, no: 2, accountId, accountSeq: after.seq, amountMilliPoints: 5n, lotMilliPoints: 5n },
              balanceAfterMilliPoints: after.postedMilliPoints,
            },
          })
          const header = { id, programmeId, kind: 'EARN', refType: 'visit', refId: id, revision: 0, entryCount: 2 }
          const when = { happenedAt: new Date(0), recordedAt: new Date(), byId: 'bench', explanation: '{}' }
          await tx.ledgerTransaction.create({ data: { ...header, ...when } })
        })
        done += 1
      }
    }),
  )
  return Math.round((done * 1000) / (performance.now() - began))
}

/** The same posting, with the same tables and guards, as one function that pgbench calls. */
const FUNCTION = `
  CREATE FUNCTION bench_post(place integer) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    tx text := gen_random_uuid()::text;
    account ledger_account%ROWTYPE;
    issuing text;
  BEGIN
    UPDATE ledger_account AS a SET "postedMilliPoints" = "postedMilliPoints" + 13000, "seq" = "seq" + 1
      FROM bench_place AS p WHERE p.place = bench_post.place AND a.id = p.id RETURNING a.* INTO account;
    SELECT issuance INTO issuing FROM bench_place WHERE bench_place.place = bench_post.place;
    INSERT INTO ledger_entry ("transactionId", "no", "programmeId", "accountId", "accountSeq", "amountMilliPoints", "balanceAfterMilliPoints", "lotMilliPoints")
      VALUES (tx, 1, account."programmeId", issuing, NULL, -13000, NULL, NULL),
        (tx, 2, account."programmeId", account.id, account."seq", 13000, account."postedMilliPoints", 13000);
    INSERT INTO ledger_transaction ("id", "programmeId", "kind", "refType", "refId", "revision", "entryCount", "happenedAt", "recordedAt", "byId", "explanation")
      VALUES (tx, account."programmeId", 'EARN', 'visit', tx, 0, 2, now(), now(), 'bench', '{"formula":"65 分钟 ÷ 5 = 13 分"}');
  END $$`

type Ways = { post: (clients: number, kind: Kind) => number; tpcb: (clients: number) => number }

/** pgbench's own TPC-B and the function above, at as many connections as posts are in flight. */
async function pgbenchWays(
  { folder }: Context,
  { url, db }: Database,
  { accounts, issuance }: Books,
  seconds: number,
): Promise<Ways | null> {
  const pgbench = newPgbench(url, Math.max(1, Math.round(seconds)))
  if (pgbench === null) return null
  await db.$executeRawUnsafe(
    'CREATE TABLE bench_place (place integer PRIMARY KEY, id text NOT NULL, issuance text NOT NULL)',
  )
  await db.$executeRaw`
    INSERT INTO bench_place SELECT place, id, ${issuance} FROM unnest(CAST(${accounts} AS text[])) WITH ORDINALITY AS given(id, place)`
  await db.$executeRawUnsafe(FUNCTION)
  const scripts = { hot: join(folder, 'hot.sql'), uniform: join(folder, 'uniform.sql') }
  writeFileSync(scripts.hot, 'SELECT bench_post(1);\n')
  writeFileSync(scripts.uniform, `\\set place random(1, ${ACCOUNTS})\nSELECT bench_post(:place);\n`)
  return {
    post: (clients, kind) => pgbench(Math.min(clients, CONNECTIONS_MAX), '-f', scripts[kind]),
    tpcb: (clients) => pgbench(Math.min(clients, CONNECTIONS_MAX)),
  }
}
