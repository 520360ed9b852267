// Books that grow in minutes: each account gets a real posting first, and then its history is continued by sets. Balances,
// numbers, times, references, leaves and salts are as posting would have left them, so the audit reads them like any others. The
// guards are off while the sets are written, and on again before anything is measured.
import { isPostgresUrl, type Tx, transact } from '../server/core/db'
import { postEach } from '../server/ledger/post'
import type { Database } from './context'
import { type Books, draftFor } from './ledger'

const PIECE = 500
/** Transactions of an account in one commit. */
const STEPS = 10
const DAY = 86_400_000

/**
 * Lets books grow to so many entries; they have ten thousand accounts, and each transaction two entries.
 *
 * @param grown to how many they were grown before
 */
export async function growBooks(
  { url, db }: Pick<Database, 'url' | 'db'>,
  books: Books,
  entries: number,
  grown = 0,
): Promise<void> {
  for (let from = 0; grown === 0 && from < books.accounts.length; from += PIECE) {
    const drafts = books.accounts.slice(from, from + PIECE).map((accountId) => draftFor(books, accountId))
    await transact(db, (tx) => postEach(tx, drafts, new Date(Date.now() - DAY)))
  }
  const stepsFor = (count: number) => Math.ceil(count / 2 / books.accounts.length)
  const goal = stepsFor(entries)
  for (let each = Math.max(1, stepsFor(grown)); each < goal; each += STEPS) {
    const steps = Math.min(STEPS, goal - each)
    await db.$transaction((tx) => withoutGuards(tx, url, () => continueAll(tx, url, steps)), { timeout: 3_600_000 })
  }
  await expectGuarded(db)
}

export async function withoutGuards(
  tx: Tx,
  url: string,
  work: () => Promise<void>,
  tables: readonly string[] = ['ledger_entry', 'ledger_transaction'],
): Promise<void> {
  if (isPostgresUrl(url)) {
    await tx.$executeRawUnsafe('SET LOCAL session_replication_role = replica')
    return work()
  }
  const guards = await tx.$queryRawUnsafe<{ name: string; sql: string }[]>(
    `SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN (${tables.map((one) => `'${one}'`).join()})`,
  )
  for (const { name } of guards) await tx.$executeRawUnsafe(`DROP TRIGGER "${name}"`)
  await work()
  for (const { sql } of guards) await tx.$executeRawUnsafe(sql)
}

/** Every account's last transaction again, so many times, each after the one before it. */
async function continueAll(tx: Tx, url: string, steps: number): Promise<void> {
  const number = 'last."seq" + step."k"'
  // one after the other, as they would have come: a second apart
  const recorded = isPostgresUrl(url)
    ? `last."recordedAt" + ${'step."k"'} * INTERVAL '1 second'`
    : `strftime('%Y-%m-%dT%H:%M:%f', last."recordedAt", '+' || step."k" || ' seconds') || '+00:00'`
  // ids begin with their time, as the phones' do
  const milliseconds = isPostgresUrl(url)
    ? `to_hex(CAST(extract(epoch FROM ${recorded}) * 1000 AS BIGINT))`
    : `printf('%x', CAST(strftime('%s', ${recorded}) AS INTEGER) * 1000 + CAST(SUBSTR(${recorded}, 21, 3) AS INTEGER))`
  const time = isPostgresUrl(url) ? `lpad(${milliseconds}, 12, '0')` : `SUBSTR('000000000000' || ${milliseconds}, -12)`
  const timed = (other: string) => `SUBSTR(${time}, 1, 8) || '-' || SUBSTR(${time}, 9, 4) || SUBSTR(${other}, 14)`
  const [id, refId] = [timed('last."id"'), timed('t."refId"')]
  const text = (value: string) => `CAST(${value} AS TEXT)`
  const balance = 'last."balance" + step."k" * last."amount"'
  const iso = (at: string) =>
    isPostgresUrl(url)
      ? `to_char((${at}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
      : `REPLACE(${at}, '+00:00', 'Z')`
  const said = (name: string, value: string) => `'"${name}":"' || ${text(value)} || '"'`
  const leaf = [
    ['last."id"', id],
    ['t."refId"', refId],
    [said('balance', 'last."balance"'), said('balance', balance)],
    [said('seq', 'last."seq"'), said('seq', number)],
    [said('recordedAt', iso('last."recordedAt"')), said('recordedAt', iso(recorded))],
  ].reduce((before, [from, to]) => `REPLACE(${before}, ${from}, ${to})`, 't."leaf"')
  const from = `
    WITH RECURSIVE step(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM step WHERE k < ${steps}), last AS (
      SELECT e."transactionId" AS "id", e."accountSeq" AS "seq", e."balanceAfterMilliPoints" AS "balance", e."amountMilliPoints" AS "amount",
        t."recordedAt"
      FROM ledger_account AS a JOIN ledger_entry AS e ON e."accountId" = a."id" AND e."accountSeq" = a."seq"
        JOIN ledger_transaction AS t ON t."id" = e."transactionId"
      WHERE a."kind" = 'member')`
  await tx.$executeRawUnsafe(`
    INSERT INTO ledger_entry ("transactionId", "no", "programmeId", "accountId", "accountSeq", "amountMilliPoints",
      "balanceAfterMilliPoints", "lotMilliPoints", "lotExpiresAt")
    ${from}
    SELECT ${id}, e."no", e."programmeId", e."accountId", CASE WHEN e."accountSeq" IS NOT NULL THEN ${number} END,
      e."amountMilliPoints", CASE WHEN e."accountSeq" IS NOT NULL THEN ${balance} END, e."lotMilliPoints", e."lotExpiresAt"
    FROM last JOIN ledger_entry AS e ON e."transactionId" = last."id" CROSS JOIN step ORDER BY 1, 2`)
  await tx.$executeRawUnsafe(`
    INSERT INTO ledger_transaction ("id", "programmeId", "kind", "refType", "refId", "revision", "entryCount", "happenedAt",
      "recordedAt", "byId", "explanation", "leaf")
    ${from}
    SELECT ${id}, t."programmeId", t."kind", t."refType", ${refId}, t."revision", t."entryCount", t."happenedAt", ${recorded},
      t."byId", t."explanation", ${leaf}
    FROM last JOIN ledger_transaction AS t ON t."id" = last."id" CROSS JOIN step ORDER BY 1`)
  await tx.$executeRawUnsafe(`
    INSERT INTO ledger_salt ("transactionId", "salt")
    ${from} SELECT ${id}, s."salt" FROM last JOIN ledger_salt AS s ON s."transactionId" = last."id" CROSS JOIN step ORDER BY 1`)
  await tx.$executeRawUnsafe(`
    UPDATE ledger_account SET "seq" = "seq" + ${steps}, "postedMilliPoints" = "postedMilliPoints" + ${steps} * (
      SELECT e."amountMilliPoints" FROM ledger_entry AS e
      WHERE e."accountId" = ledger_account."id" AND e."accountSeq" = ledger_account."seq")
    WHERE "kind" = 'member'`)
}

/** A measurement of books that anybody could change would be worth nothing. */
async function expectGuarded(db: Database['db']): Promise<void> {
  const forged = [
    `UPDATE ledger_entry SET "no" = "no" WHERE "accountSeq" = 1`,
    `INSERT INTO ledger_transaction ("id", "programmeId", "kind", "refType", "refId", "revision", "entryCount", "happenedAt", "recordedAt", "byId", "explanation")
     SELECT 'forged', "programmeId", "kind", "refType", 'forged', 0, 2, "happenedAt", "recordedAt", 'forged', '{}' FROM ledger_transaction LIMIT 1`,
  ]
  for (const sql of forged) {
    const refused = await db.$executeRawUnsafe(sql).then(
      () => false,
      () => true,
    )
    if (!refused) throw new Error(`a guard is off: ${sql}`)
  }
}
