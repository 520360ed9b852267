// What the ledger writes a second, beside what PostgreSQL does with the same posting in other ways. All guards, fsync and
// unique references are on everywhere; load and server share the machine, so read the ratios.
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { joined, type Settled, settled } from '../server/core/batch'
import type { Db } from '../server/core/db'
import { issuanceAccount, openAccounts } from '../server/ledger/accounts'
import { auditLedger } from '../server/ledger/audit'
import { type Draft, postEach } from '../server/ledger/post'
import { Refusal } from '../shared/core/refusals'

type Say = (line: string) => void
type Books = { db: Db; programmeId: string; issuance: string; accounts: string[] }

const ACCOUNTS = 10_000
const IN_FLIGHT = [8, 32, 256]
const PIECE = 500

/** Single posts that come at once, joined into lists; one list is at work while the next one gathers. */
const postOne = joined<Draft, null>({
  work: async (db, drafts) => {
    const outcomes = await db.$transaction((tx) => postEach(tx, drafts, new Date()))
    return outcomes.map(
      (whyNot): Settled<null> => (whyNot === null ? settled(null) : { answer: null, refusal: new Refusal(whyNot) }),
    )
  },
  apart: () => [],
  most: 256,
})

/** @param entries how many entries the grown books have */
export async function measureLedger(
  say: Say,
  databases: readonly (readonly [name: string, db: Db, url: string])[],
  seconds: number,
  entries: number,
): Promise<void> {
  say('\n## Posting (one account on every transfer, or 10,000 at random)\n')
  say('| database | way | in flight | accounts | posts/s |\n|---|---|---|---|---|')
  for (const [name, db, url] of databases) {
    const books = await openBooks(db)
    const rounds = url.startsWith('file:') ? [] : await pgbenchWays(url, books, seconds)
    await measurePosts(books, 32, false, seconds)
    for (const isHot of [true, false]) {
      for (const clients of IN_FLIGHT) {
        const rate = await measurePosts(books, clients, isHot, seconds)
        say(`| ${name} | post | ${clients} | ${accountsWord(isHot)} | ${rate} |`)
        // In between, so that a busy moment of the machine hits all alike.
        for (const round of rounds) round(say, name, clients, isHot)
      }
    }
    say(`| ${name} | naive Prisma transaction | 8 | hot | ${await measureNaive(books, 8, seconds)} |`)
    await measureGrowth(say, name, books, seconds, entries)
  }
}

const accountsWord = (isHot: boolean) => (isHot ? 'hot' : 'uniform')

async function openBooks(db: Db): Promise<Books> {
  const programmeId = randomUUID()
  const issuance = await db.$transaction((tx) => issuanceAccount(tx, programmeId))
  const accounts = Array.from({ length: ACCOUNTS }, () => randomUUID())
  for (let from = 0; from < ACCOUNTS; from += PIECE) {
    const openings = accounts
      .slice(from, from + PIECE)
      .map((id) => ({ id, programmeId, kind: 'member' as const, openedAt: new Date() }))
    await db.$transaction((tx) => openAccounts(tx, openings))
  }
  return { db, programmeId, issuance, accounts }
}

function draftOf({ programmeId, issuance, accounts }: Books, isHot: boolean): Draft {
  const id = randomUUID()
  const accountId = accounts[isHot ? 0 : Math.floor(Math.random() * ACCOUNTS)] as string
  const postings = [
    { accountId: issuance, milliPoints: -13_000n },
    { accountId, milliPoints: 13_000n },
  ]
  const reference = { programmeId, kind: 'EARN', refType: 'visit', refId: id, revision: 0 }
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
async function measurePosts(books: Books, clients: number, isHot: boolean, seconds: number): Promise<number> {
  const until = performance.now() + seconds * 1000
  let done = 0
  const began = performance.now()
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (performance.now() < until) {
        await postOne(books.db, draftOf(books, isHot))
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

type Round = (say: Say, name: string, clients: number, isHot: boolean) => void

/** pgbench's own TPC-B and the function above, at as many connections as posts are in flight. */
async function pgbenchWays(url: string, { db, accounts, issuance }: Books, seconds: number): Promise<Round[]> {
  const binary = findPgbench()
  if (binary === undefined) return []
  await db.$executeRawUnsafe(
    'CREATE TABLE bench_place (place integer PRIMARY KEY, id text NOT NULL, issuance text NOT NULL)',
  )
  await db.$executeRaw`
    INSERT INTO bench_place SELECT place, id, ${issuance} FROM unnest(CAST(${accounts} AS text[])) WITH ORDINALITY AS given(id, place)`
  await db.$executeRawUnsafe(FUNCTION)
  const folder = mkdtempSync(join(tmpdir(), 'mulin-pgbench-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const scripts = { hot: join(folder, 'hot.sql'), uniform: join(folder, 'uniform.sql') }
  writeFileSync(scripts.hot, 'SELECT bench_post(1);\n')
  writeFileSync(scripts.uniform, `\\set place random(1, ${ACCOUNTS})\nSELECT bench_post(:place);\n`)
  const run = (...args: string[]) =>
    execFileSync(binary, [...args, url], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  const rateOf = (clients: number, ...args: string[]) =>
    Math.round(
      Number(
        /tps = ([\d.]+)/.exec(
          run('-n', '-M', 'prepared', '-c', String(clients), '-j', '2', '-T', String(seconds), ...args),
        )?.[1] ?? 0,
      ),
    )
  run('-i', '-s', '10', '-q')
  return [
    (say, name, clients, isHot) => {
      const connections = Math.min(clients, 64)
      const rate = rateOf(connections, '-f', isHot ? scripts.hot : scripts.uniform)
      say(`| ${name} | one SQL function in pgbench | ${connections} | ${accountsWord(isHot)} | ${rate} |`)
      if (isHot) say(`| ${name} | pgbench TPC-B | ${connections} | scale 10 | ${rateOf(connections)} |`)
    },
  ]
}

function findPgbench(): string | undefined {
  const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql') : []
  return versions.map((version) => `/usr/lib/postgresql/${version}/bin/pgbench`).find(existsSync)
}

/** Posts on small and on grown books, and how fast the grown ones are audited. */
async function measureGrowth(say: Say, name: string, books: Books, seconds: number, entries: number): Promise<void> {
  const before = await measurePosts(books, 256, false, seconds)
  const small = await books.db.ledgerEntry.count()
  for (let have = small; have < entries; have += 2 * PIECE) {
    const drafts = Array.from({ length: PIECE }, () => draftOf(books, false))
    await books.db.$transaction((tx) => postEach(tx, drafts, new Date()))
  }
  const after = await measurePosts(books, 256, false, seconds)
  say(`| ${name} | post, ${small} entries | 256 | uniform | ${before} |`)
  say(`| ${name} | post, ${await books.db.ledgerEntry.count()} entries | 256 | uniform | ${after} |`)
  const began = performance.now()
  const report = await auditLedger(books.db)
  const took = (performance.now() - began) / 1000
  if (report.problem !== null) throw new Error(`${report.problem.row}: ${report.problem.sentence}`)
  const rows = 2 * report.transactions
  say(`| ${name} | ledger audit | – | ${rows} entries | ${Math.round(rows / took)} entries/s |`)
}
