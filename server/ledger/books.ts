import { monthOf } from '../../shared/core/time'
import { ask, type Driver, dialect } from '../core/driver'
import { findUnkept } from './promises'

/** The first row that breaks a rule of the books. `row` is the table and the id, as a `WHERE` would find it. */
export type Problem = { invariant: string; row: string; sentence: string }
export type AuditReport = {
  transactions: number
  entries: number
  accounts: number
  visits: number
  problem: Problem | null
}

type Tally = Omit<AuditReport, 'problem'>
type OnRows = (rows: number) => void
type Walk = (db: Driver, tally: Tally, onRows: OnRows) => Promise<Problem | null>
/** A bad row as a page's statement answers it. */
type Bad = { row: string; invariant: string; sentence: string }

/** So many rows one statement looks at: the database compares, and answers nothing as long as all is well. */
const PAGE = 5000

type Page = { last: string | null; rows: number | bigint }

/** Pages of a table by its id: from the first id not looked at to the last of the page, both included. */
async function* pagesOf(db: Driver, table: string): AsyncGenerator<{ after: string; last: string; rows: number }> {
  const sql = `
    SELECT MAX("id") AS "last", COUNT(*) AS "rows" FROM (
      SELECT "id" FROM "${table}" WHERE "id" > $1 ORDER BY "id" LIMIT $2) AS page`
  let after = ''
  while (true) {
    // of all rows together: one answer, also where there are none
    const [{ last, rows }] = (await db.query(dialect(db.provider, sql), [after, PAGE])) as [Page]
    if (last === null) return
    yield { after, last, rows: Number(rows) }
    after = last
  }
}

const problemOf = (table: string, bad: Bad | undefined): Problem | null =>
  bad === undefined ? null : { ...bad, row: `${table} ${bad.row}` }

const REFERENCE_INDEX = 'ledger_transaction_kind_refType_refId_revision_key'

/** As long as the unique index over references is there, no row needs to look for its twin. */
async function isReferenceUnique(db: Driver): Promise<boolean> {
  const sql =
    db.provider === 'sqlite'
      ? `SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = $1 AND sql LIKE 'CREATE UNIQUE INDEX%("kind", "refType", "refId", "revision")'`
      : `SELECT 1 FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
         WHERE c.relname = $1 AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indnatts = 4`
  return (await db.query(dialect(db.provider, sql), [REFERENCE_INDEX])).length > 0
}

const walkTransactions: Walk = async (db, tally, onRows) => {
  const mayHaveTwins = (await isReferenceUnique(db)) ? 0 : 1
  for await (const { after, last, rows } of pagesOf(db, 'ledger_transaction')) {
    const [bad] = await ask<Bad>(db)`
      SELECT * FROM (
        SELECT t."id" AS "row", CASE
          WHEN COALESCE(s."entries", 0) <> t."entryCount" OR COALESCE(s."total", 0) <> 0
            OR s."least" <> t."programmeId" OR s."most" <> t."programmeId" THEN 'I1'
          WHEN CASE WHEN ${mayHaveTwins} = 1 THEN EXISTS (
            SELECT 1 FROM ledger_transaction AS twin
            WHERE twin."kind" = t."kind" AND twin."refType" = t."refType" AND twin."refId" = t."refId"
              AND twin."revision" = t."revision" AND twin."id" <> t."id") ELSE FALSE END THEN 'I9'
          WHEN t."revision" > 0 AND NOT EXISTS (
            SELECT 1 FROM ledger_transaction AS earlier JOIN ledger_transaction AS r ON r."reverses" = earlier."id"
            WHERE earlier."kind" IN (t."kind", CASE WHEN t."refType" <> 'visit' THEN NULL WHEN t."kind" = 'EARN' THEN 'PAY' WHEN t."kind" = 'PAY' THEN 'EARN' END)
              AND earlier."refType" = t."refType" AND earlier."refId" = t."refId"
              AND earlier."revision" = t."revision" - 1) THEN 'I6'
          WHEN t."resolves" IS NOT NULL AND (
            NOT EXISTS (
              SELECT 1 FROM ledger_transaction AS hold
              WHERE hold."id" = t."resolves" AND hold."kind" = 'HOLD'
                AND (t."kind" = 'VOID' OR t."happenedAt" <= hold."heldUntil")
                AND (SELECT COALESCE(-SUM(e."amountMilliPoints"), 0) FROM ledger_entry AS e
                     WHERE e."transactionId" = t."id" AND e."accountId" = hold."heldAccountId")
                  BETWEEN 0 AND hold."heldMilliPoints")
            OR (SELECT COUNT(*) FROM ledger_transaction AS r WHERE r."resolves" = t."resolves") > 1) THEN 'I7'
          WHEN t."reverses" IS NOT NULL AND (
            NOT EXISTS (
              SELECT 1 FROM ledger_transaction AS earlier
              WHERE earlier."id" = t."reverses" AND earlier."kind" NOT IN ('REVERSE', 'HOLD', 'VOID')
                AND earlier."entryCount" = t."entryCount")
            OR EXISTS (
              SELECT 1 FROM ledger_entry AS e
              WHERE e."transactionId" = t."reverses" AND NOT EXISTS (
                SELECT 1 FROM ledger_entry AS n
                WHERE n."transactionId" = t."id" AND n."no" = e."no" AND n."accountId" = e."accountId"
                  AND n."amountMilliPoints" = -e."amountMilliPoints"))) THEN 'I10'
          WHEN (t."kind" IN ('MANUAL', 'RESTORE', 'IMPORT', 'MERGE', 'CLOSE', 'TRANSFER_REGION')
              OR t."refType" IN ('request', 'clearingOut', 'clearingIn'))
            AND NOT (t."kind" = 'GRANT' AND NOT EXISTS (SELECT 1 FROM ledger_decision AS d WHERE d."requestId" = t."refId"))
            AND NOT (t."kind" = 'MERGE' AND t."refType" IN ('personMerge', 'personMergeDebt') AND EXISTS (
              SELECT 1 FROM person_merge AS m WHERE m."id" = t."refId" AND m."state" = 'done'
                AND m."decidedByPersonId" NOT IN (m."askedByPersonId", m."fromPersonId", m."intoPersonId")))
            AND NOT EXISTS (
            SELECT 1 FROM ledger_request AS q JOIN ledger_decision AS d ON d."requestId" = q."id"
            WHERE q."id" = CASE WHEN t."refType" = 'importRow' THEN SUBSTR(t."refId", 1, 36) ELSE t."refId" END
              AND t."refType" IN ('request', 'requestDebt', 'import', 'importRow', 'transferOut', 'transferIn', 'clearingOut', 'clearingIn')
              AND (q."kind" = t."kind" OR (q."kind" = 'CLOSE' AND t."kind" = 'TRANSFER_REGION'))
              AND d."decision" = 'approve' AND d."byId" <> q."askedById"
              AND (q."beneficiaryId" IS NULL OR (q."beneficiaryId" <> d."byId" AND q."beneficiaryId" <> q."askedById"))
              AND (t."refType" <> 'request' OR EXISTS (
                SELECT 1 FROM ledger_entry AS e WHERE e."transactionId" = t."id" AND e."accountId" = q."accountId"
                  AND (q."kind" NOT IN ('MANUAL', 'GRANT') OR (e."amountMilliPoints" = q."milliPoints" AND t."entryCount" = 2))))
              AND NOT EXISTS (
                SELECT 1 FROM ledger_entry AS e JOIN person_account AS o ON o."accountId" = e."accountId"
                WHERE e."transactionId" = t."id" AND e."amountMilliPoints" > 0 AND o."personId" IN (q."askedById", d."byId")))
            THEN 'I11'
          WHEN t."kind" = 'GRANT' AND t."refType" = 'request' AND (t."entryCount" <> 2 OR NOT EXISTS (
            SELECT 1 FROM ledger_request AS q JOIN ledger_entry AS e ON e."accountId" = q."accountId"
            WHERE q."id" = t."refId" AND q."kind" = 'GRANT' AND e."transactionId" = t."id"
              AND e."amountMilliPoints" = q."milliPoints")) THEN 'I11'
          END AS "invariant"
        FROM ledger_transaction AS t LEFT JOIN (
          SELECT "transactionId", COUNT(*) AS "entries", SUM("amountMilliPoints") AS "total",
            MIN("programmeId") AS "least", MAX("programmeId") AS "most"
          FROM ledger_entry WHERE "transactionId" > ${after} AND "transactionId" <= ${last} GROUP BY "transactionId"
        ) AS s ON s."transactionId" = t."id"
        WHERE t."id" > ${after} AND t."id" <= ${last}) AS checked
      WHERE "invariant" IS NOT NULL ORDER BY "row" LIMIT 1`
    tally.transactions += rows
    onRows(rows)
    if (bad !== undefined)
      return problemOf('ledger_transaction', { ...bad, sentence: TRANSACTION_SENTENCES[bad.invariant] ?? '' })
  }
  return null
}

const TRANSACTION_SENTENCES: Record<string, string> = {
  I1: 'its entries are not as many as it says, do not sum to zero, or belong to another programme',
  I6: 'the revision before it is still in force',
  I9: 'another transaction has the same reference',
  I7: 'it resolves no hold, not in time, more than was held, or not alone',
  I10: 'it is not the exact negation of one transaction that moved points',
  I11: 'no two persons agreed to it, or to something else, or one of them gains by it',
}

/** An entry whose transaction does not exist: looked for only where the numbers say there is one. */
const findOrphan: Walk = async (db) => {
  const uneven = await ask<object>(db)`
    SELECT 1 AS "uneven" FROM (SELECT (SELECT COUNT(*) FROM ledger_entry) AS "entries",
      (SELECT COALESCE(SUM("entryCount"), 0) FROM ledger_transaction) AS "said") AS counted
    WHERE "entries" <> "said"`
  if (uneven.length === 0) return null
  const [orphan] = await ask<{ transactionId: string; no: number | bigint }>(db)`
    SELECT e."transactionId", e."no" FROM ledger_entry AS e LEFT JOIN ledger_transaction AS t ON t."id" = e."transactionId"
    WHERE t."id" IS NULL ORDER BY e."transactionId", e."no" LIMIT 1`
  if (orphan === undefined) return null
  const row = `${orphan.transactionId}/${Number(orphan.no)}`
  return problemOf('ledger_entry', { row, invariant: 'I1', sentence: 'its transaction does not exist' })
}

type Link = { accountId: string; seq: number }

/** Every entry of every stored account, one chain after the other. */
const walkChains: Walk = async (db, tally, onRows) => {
  let before: Link = { accountId: '', seq: 0 }
  while (true) {
    const [end] = await ask<{ accountId: string; seq: number | bigint; rows: number | bigint }>(db)`
      SELECT "accountId", "accountSeq" AS "seq", "rows" FROM (
        SELECT "accountId", "accountSeq", ROW_NUMBER() OVER (ORDER BY "accountId", "accountSeq") AS "rows" FROM (
          SELECT "accountId", "accountSeq" FROM ledger_entry
          WHERE "accountSeq" IS NOT NULL AND ("accountId", "accountSeq") > (${before.accountId}, ${before.seq})
          ORDER BY "accountId", "accountSeq" LIMIT ${PAGE}) AS page) AS numbered
      ORDER BY "rows" DESC LIMIT 1`
    if (end === undefined) return null
    const after = { accountId: end.accountId, seq: Number(end.seq) }
    const bad = await findBrokenLink(db, before, after)
    tally.entries += Number(end.rows)
    onRows(Number(end.rows))
    if (bad !== null) return bad
    before = after
  }
}

type BrokenLink = { transactionId: string; no: number | bigint; invariant: string; sentence: string }

async function findBrokenLink(db: Driver, before: Link, last: Link): Promise<Problem | null> {
  const [bad] = await ask<BrokenLink>(db)`
    SELECT * FROM (
      SELECT e."transactionId", e."no", e."accountId", e."accountSeq", CASE
        WHEN e."accountSeq" <> COALESCE(e."seqBefore", 0) + 1 THEN 'I4'
        WHEN e."balanceAfterMilliPoints" <> COALESCE(e."balanceBefore", 0) + e."amountMilliPoints" THEN 'I4'
        WHEN e."balanceAfterMilliPoints" < a."lowestMilliPoints" THEN 'I2'
        WHEN e."lotMilliPoints" IS NOT NULL AND e."amountMilliPoints" <> e."lotMilliPoints" - COALESCE((
          SELECT SUM(u."milliPoints") FROM ledger_lot_use AS u
          WHERE u."transactionId" = e."transactionId" AND u."no" = e."no"), 0) THEN 'I8'
        WHEN (e."lotMilliPoints" IS NOT NULL) <> (a."kind" IN ('member', 'pool', 'organisation')) THEN 'I8'
        WHEN e."lotMilliPoints" <> 0 AND e."accountSeq" < a."lotsFrom" AND COALESCE((
          SELECT u."leftMilliPoints" FROM ledger_lot_use AS u WHERE u."lotTransactionId" = e."transactionId" AND u."lotNo" = e."no"
          ORDER BY u."useNo" DESC LIMIT 1), e."lotMilliPoints") <> 0 THEN 'I8'
        END AS "invariant"
      FROM (
        SELECT "transactionId", "no", "accountId", "accountSeq", "amountMilliPoints", "balanceAfterMilliPoints", "lotMilliPoints",
          LAG("accountSeq") OVER (PARTITION BY "accountId" ORDER BY "accountSeq") AS "seqBefore",
          LAG("balanceAfterMilliPoints") OVER (PARTITION BY "accountId" ORDER BY "accountSeq") AS "balanceBefore"
        FROM ledger_entry
        WHERE "accountSeq" IS NOT NULL AND ("accountId", "accountSeq") >= (${before.accountId}, ${before.seq})
          AND ("accountId", "accountSeq") <= (${last.accountId}, ${last.seq})) AS e
      JOIN ledger_account AS a ON a."id" = e."accountId"
      WHERE (e."accountId", e."accountSeq") > (${before.accountId}, ${before.seq})) AS checked
    WHERE "invariant" IS NOT NULL ORDER BY "accountId", "accountSeq" LIMIT 1`
  if (bad === undefined) return null
  const row = `${bad.transactionId}/${Number(bad.no)}`
  return problemOf('ledger_entry', { row, invariant: bad.invariant, sentence: LINK_SENTENCES[bad.invariant] ?? '' })
}

const LINK_SENTENCES: Record<string, string> = {
  I2: 'the balance after it is below the limit of its account',
  I4: 'it does not follow the entry before it in its account',
  I8: 'what it opened and took from lots is not its amount, or an open lot is hidden',
}

/** The uses of each lot are a chain too, and never more than the lot. */
const walkLots: Walk = async (db) => {
  let before = { lot: '', no: 0 }
  while (true) {
    const [end] = await ask<{ lot: string; no: number | bigint }>(db)`
      SELECT "lot", "no" FROM (
        SELECT "lotTransactionId" AS "lot", "lotNo" AS "no" FROM ledger_lot_use
        WHERE ("lotTransactionId", "lotNo") > (${before.lot}, ${before.no})
        ORDER BY "lotTransactionId", "lotNo", "useNo" LIMIT ${PAGE}) AS page
      ORDER BY "lot" DESC, "no" DESC LIMIT 1`
    if (end === undefined) return null
    const [bad] = await ask<Bad>(db)`
      SELECT "lotTransactionId" || '/' || "lotNo" || '/' || "useNo" AS "row", 'I8' AS "invariant", '' AS "sentence" FROM (
        SELECT u.*, lot."lotMilliPoints" AS "opened", lot."accountId" AS "owner",
          LAG(u."useNo") OVER (PARTITION BY u."lotTransactionId", u."lotNo" ORDER BY u."useNo") AS "useBefore",
          LAG(u."leftMilliPoints") OVER (PARTITION BY u."lotTransactionId", u."lotNo" ORDER BY u."useNo") AS "leftBefore"
        FROM ledger_lot_use AS u LEFT JOIN ledger_entry AS lot ON lot."transactionId" = u."lotTransactionId" AND lot."no" = u."lotNo"
        WHERE (u."lotTransactionId", u."lotNo") > (${before.lot}, ${before.no})
          AND (u."lotTransactionId", u."lotNo") <= (${end.lot}, ${Number(end.no)})) AS u
      WHERE "opened" IS NULL OR "owner" <> "accountId" OR "useNo" <> COALESCE("useBefore", 0) + 1
        OR "leftMilliPoints" <> COALESCE("leftBefore", "opened") - "milliPoints"
        OR ("leftMilliPoints" > 0 AND "opened" < 0) OR ("leftMilliPoints" < 0 AND "opened" > 0) OR ABS("leftMilliPoints") > ABS("opened")
        OR NOT EXISTS (SELECT 1 FROM ledger_entry AS e
                       WHERE e."transactionId" = u."transactionId" AND e."no" = u."no" AND e."accountId" = u."accountId")
      ORDER BY "lotTransactionId", "lotNo", "useNo" LIMIT 1`
    if (bad !== undefined)
      return problemOf('ledger_lot_use', {
        ...bad,
        sentence: 'it does not follow the use before it, or takes more than is left',
      })
    before = { lot: end.lot, no: Number(end.no) }
  }
}

/** Counters against the end of the chain and against holds that nothing has resolved yet. */
const walkAccounts: Walk = async (db, tally, onRows) => {
  for await (const { after, last, rows } of pagesOf(db, 'ledger_account')) {
    const [bad] = await ask<Bad>(db)`
      SELECT * FROM (
        SELECT a."id" AS "row", CASE
          WHEN a."stored" AND a."postedMilliPoints" <> CASE WHEN a."seq" = 0 THEN 0 ELSE COALESCE((
            SELECT e."balanceAfterMilliPoints" FROM ledger_entry AS e
            WHERE e."accountId" = a."id" AND e."accountSeq" = a."seq"), a."postedMilliPoints" - 1) END THEN 'I3'
          WHEN EXISTS (SELECT 1 FROM ledger_entry AS e WHERE e."accountId" = a."id" AND e."accountSeq" > a."seq") THEN 'I4'
          WHEN a."pendingMilliPoints" <> COALESCE((
            SELECT SUM(h."heldMilliPoints") FROM ledger_transaction AS h
            WHERE h."heldAccountId" = a."id" AND NOT EXISTS (
              SELECT 1 FROM ledger_transaction AS r WHERE r."resolves" = h."id")), 0) THEN 'I3'
          WHEN a."postedMilliPoints" - a."pendingMilliPoints" < a."lowestMilliPoints" THEN 'I2'
          END AS "invariant"
        FROM ledger_account AS a WHERE a."id" > ${after} AND a."id" <= ${last}) AS checked
      WHERE "invariant" IS NOT NULL ORDER BY "row" LIMIT 1`
    tally.accounts += rows
    onRows(rows)
    if (bad !== undefined)
      return problemOf('ledger_account', { ...bad, sentence: ACCOUNT_SENTENCES[bad.invariant] ?? '' })
  }
  return null
}

const ACCOUNT_SENTENCES: Record<string, string> = {
  I2: 'its available balance is below its limit',
  I3: 'what it says is posted or held is not what its entries or its open holds say',
  I4: 'it says fewer entries than it has',
}

/** An account is closed by the transaction that emptied it or by two persons who agreed, at that instant; and then it is. */
const findUnagreed: Walk = async (db) => {
  const [bad] = await ask<Bad>(db)`
    SELECT a."id" AS "row", 'I11' AS "invariant", 'it is closed, and nobody agreed to it at that time' AS "sentence"
    FROM ledger_account AS a
    WHERE a."closedAt" IS NOT NULL
      AND NOT EXISTS (
        SELECT 1 FROM ledger_entry AS e JOIN ledger_transaction AS t ON t."id" = e."transactionId"
        WHERE e."accountId" = a."id" AND e."accountSeq" = a."seq" AND t."kind" IN ('CLOSE', 'MERGE')
          AND t."recordedAt" = a."closedAt")
      AND NOT EXISTS (
        SELECT 1 FROM ledger_request AS q JOIN ledger_decision AS d ON d."requestId" = q."id"
        WHERE q."accountId" = a."id" AND q."kind" = 'CLOSE' AND d."decision" = 'approve' AND d."at" = a."closedAt")
      AND NOT EXISTS (
        SELECT 1 FROM person_merge AS m JOIN person_account AS o ON o."personId" = m."fromPersonId"
        WHERE o."accountId" = a."id" AND m."state" = 'done' AND m."decidedAt" = a."closedAt")
    ORDER BY a."id" LIMIT 1`
  if (bad !== undefined) return problemOf('ledger_account', bad)
  const [open] = await ask<Bad>(db)`
    SELECT "row", 'I11' AS "invariant", 'it was closed, and is open' AS "sentence" FROM (
      SELECT a."id" AS "row" FROM ledger_request AS q JOIN ledger_decision AS d ON d."requestId" = q."id"
      JOIN ledger_account AS a ON a."id" = q."accountId"
      WHERE q."kind" = 'CLOSE' AND d."decision" = 'approve' AND a."closedAt" IS NULL
      UNION ALL
      SELECT a."id" FROM ledger_transaction AS t JOIN ledger_entry AS e ON e."transactionId" = t."id" AND e."no" = 1
      JOIN ledger_account AS a ON a."id" = e."accountId"
      WHERE t."kind" = 'CLOSE' AND a."closedAt" IS NULL) AS reopened
    ORDER BY "row" LIMIT 1`
  return problemOf('ledger_account', open)
}

/**
 * What was answered is written, what was written was answered. Only answers that are still remembered can be asked; those of
 * books that came with an archive are not, so nothing before the first of them is.
 */
const findUnanswered: Walk = async (db) => {
  const [bad] = await ask<Bad>(db)`
    SELECT i."key" AS "row", 'I9' AS "invariant", 'it was answered, and what it was asked for is not in the books' AS "sentence"
    FROM idempotency AS i
    WHERE i."answer" = ''
      OR (i."verb" = 'redeem' AND NOT EXISTS (
        SELECT 1 FROM ledger_transaction AS t
        WHERE t."kind" = 'HOLD' AND t."refType" = 'redemption' AND t."refId" = SUBSTR(i."key", 8)))
      OR (i."verb" = 'requestPoints' AND NOT EXISTS (SELECT 1 FROM ledger_request AS q WHERE q."id" = SUBSTR(i."key", 15)))
      OR (i."verb" = 'requestImport' AND NOT EXISTS (SELECT 1 FROM ledger_request AS q WHERE q."id" = SUBSTR(i."key", 15)))
      OR (i."verb" = 'decideRequest' AND NOT EXISTS (
        SELECT 1 FROM ledger_decision AS d WHERE d."requestId" = SUBSTR(i."key", 15, 36)))
    ORDER BY i."key" LIMIT 1`
  if (bad !== undefined) return problemOf('idempotency', bad)
  const [mute] = await ask<Bad>(db)`
    SELECT t."id" AS "row", 'I9' AS "invariant", 'nobody asked for it' AS "sentence" FROM ledger_transaction AS t
    WHERE t."kind" = 'HOLD' AND t."refType" = 'redemption'
      AND t."recordedAt" >= (SELECT MIN("recordedAt") FROM idempotency WHERE "verb" = 'redeem')
      AND NOT EXISTS (SELECT 1 FROM idempotency AS i WHERE i."key" = 'redeem:' || t."refId")
    ORDER BY t."id" LIMIT 1`
  return problemOf('ledger_transaction', mute)
}

/** What was restored of an expiry, by however many requests, is at most what it took. */
const findOverRestored: Walk = async (db) => {
  const [bad] = await ask<Bad>(db)`
    SELECT x."id" AS "row", 'I11' AS "invariant", 'more of it was restored than it took' AS "sentence" FROM (
      SELECT q."transactionId" AS "id", SUM(e."amountMilliPoints") AS "restored"
      FROM ledger_request AS q
        JOIN ledger_transaction AS t ON t."kind" = 'RESTORE' AND t."refType" = 'request' AND t."refId" = q."id"
        JOIN ledger_entry AS e ON e."transactionId" = t."id" AND e."amountMilliPoints" > 0
      WHERE q."kind" = 'RESTORE' GROUP BY q."transactionId") AS x
    WHERE x."restored" > (
      SELECT COALESCE(-SUM(e."amountMilliPoints"), 0) FROM ledger_entry AS e
      WHERE e."transactionId" = x."id" AND e."amountMilliPoints" < 0)
    ORDER BY x."id" LIMIT 1`
  return problemOf('ledger_transaction', bad)
}

/** What counties owe each other sums to zero; and nothing that began in an earlier month is still waiting. */
const findUnsettled =
  (at: Date | undefined): Walk =>
  async (db) => {
    const owed = await ask<object>(db)`
      SELECT "owed" FROM (SELECT SUM("postedMilliPoints") AS "owed" FROM ledger_account WHERE "kind" = 'clearing') AS clearing
      WHERE "owed" <> 0`
    const [first] = await ask<{ id: string; since: Date | null }>(db)`
      SELECT a."id", (SELECT t."recordedAt" FROM ledger_entry AS e JOIN ledger_transaction AS t ON t."id" = e."transactionId"
        WHERE e."accountId" = a."id" AND e."accountSeq" = 1 + COALESCE((
          SELECT MAX(z."accountSeq") FROM ledger_entry AS z
          WHERE z."accountId" = a."id" AND z."balanceAfterMilliPoints" = 0), 0)) AS "since"
      FROM ledger_account AS a WHERE a."kind" IN ('clearing', 'suspense') AND a."postedMilliPoints" <> 0
      ORDER BY "since", a."id" LIMIT 1`
    const bad = (sentence: string) => problemOf('ledger_account', { row: first?.id ?? '', invariant: 'I12', sentence })
    if (owed.length > 0) return bad('the clearing accounts do not sum to zero')
    if (at === undefined || first?.since == null) return null
    const isOver = monthOf(new Date(first.since)) < monthOf(at)
    return isOver ? bad('it was not settled at the end of its month') : null
  }

/** The money behind redemptions: no counter is believed, and no redemption costs a line more or less than it says. */
const findMispaid: Walk = async (db) => {
  const [line] = await ask<{ id: string }>(db)`
    SELECT l."id" FROM fund_line AS l
    LEFT JOIN (SELECT "fundLineId", SUM("fen") AS "fen" FROM fund_draw GROUP BY "fundLineId") AS d ON d."fundLineId" = l."id"
    WHERE l."drawnFen" <> COALESCE(d."fen", 0) ORDER BY l."id" LIMIT 1`
  if (line !== undefined)
    return problemOf('fund_line', { row: line.id, invariant: 'F1', sentence: 'it has not drawn what its draws say' })
  const [redemption] = await ask<{ id: string }>(db)`
    SELECT r."id" FROM redemption AS r
    LEFT JOIN (SELECT "redemptionId", SUM("fen") AS "fen" FROM fund_draw GROUP BY "redemptionId") AS d ON d."redemptionId" = r."id"
    WHERE COALESCE(d."fen", 0) <>
      CASE WHEN r."state" IN ('held', 'fulfilled') AND r."fundLineId" IS NOT NULL THEN r."costFen" ELSE 0 END
    ORDER BY r."id" LIMIT 1`
  return redemption === undefined
    ? null
    : problemOf('redemption', { row: redemption.id, invariant: 'F1', sentence: 'it has not drawn what it costs' })
}

/** What was promised, sent for, redeemed for somebody and complained of is what was logged and booked. */
const walkPromises: Walk = async (db) => {
  const unkept = await findUnkept(db)
  if (unkept === null) return null
  const { table, row, sentence } = unkept
  return problemOf(table, { row, invariant: 'F2', sentence })
}

/** A visit says what it was awarded; the books must say the same, once. Zero needs a reason. */
const walkVisits: Walk = async (db, tally, onRows) => {
  for await (const { after, last, rows } of pagesOf(db, 'visit')) {
    const [bad] = await ask<Bad & { said: bigint | null; given: bigint | null; awards: number | bigint }>(db)`
      SELECT * FROM (
        SELECT v."id" AS "row", 'I6' AS "invariant", COALESCE(v."awardedMilliPoints", 0) + v."pooledMilliPoints" AS "said", w."given", COALESCE(w."awards", 0) AS "awards", CASE
          WHEN w."awards" > 1 THEN 'many'
          WHEN COALESCE(w."given", 0) <> COALESCE(v."awardedMilliPoints", 0) + v."pooledMilliPoints" THEN 'other'
          WHEN v."state" = 'approved' AND COALESCE(w."given", 0) = 0 AND v."explanation" IS NULL THEN 'mute'
          END AS "sentence"
        FROM visit AS v LEFT JOIN (
          SELECT t."refId", COUNT(DISTINCT t."id") AS "awards", CAST(SUM(e."amountMilliPoints") AS BIGINT) AS "given"
          FROM ledger_transaction AS t JOIN ledger_entry AS e ON e."transactionId" = t."id" AND e."amountMilliPoints" > 0
          WHERE t."kind" IN ('EARN', 'PAY') AND t."refType" = 'visit' AND t."refId" > ${after} AND t."refId" <= ${last}
            AND NOT EXISTS (SELECT 1 FROM ledger_transaction AS r WHERE r."reverses" = t."id")
          GROUP BY t."refId") AS w ON w."refId" = v."id"
        WHERE v."id" > ${after} AND v."id" <= ${last}) AS checked
      WHERE "sentence" IS NOT NULL ORDER BY "row" LIMIT 1`
    tally.visits += rows
    onRows(rows)
    if (bad !== undefined) {
      const sentences: Record<string, string> = {
        many: `it has ${Number(bad.awards)} awards in force`,
        other: `it says it was awarded ${BigInt(bad.said ?? 0)}, the books say ${BigInt(bad.given ?? 0)}`,
        mute: 'it was approved, awarded nothing, and has no reason why',
      }
      return { invariant: 'I6', row: `visit ${bad.row}`, sentence: sentences[bad.sentence] ?? '' }
    }
  }
  return null
}

const WALKS: readonly ((at: Date | undefined) => Walk)[] = [
  () => walkTransactions,
  () => findOrphan,
  () => walkChains,
  () => walkLots,
  () => walkAccounts,
  () => findUnagreed,
  () => findUnanswered,
  () => findOverRestored,
  findUnsettled,
  () => walkVisits,
  () => findMispaid,
  () => walkPromises,
]
/** Two parts that take about as long as each other: who has two threads looks at both at once. */
export const BOOK_PARTS = [
  [0, 2],
  [2, WALKS.length],
] as const

/** The walks of a part, one after the other; stops at the first bad row. */
export async function auditBooks(
  db: Driver,
  onRows: OnRows,
  at: Date | undefined,
  [from, to]: readonly [number, number] = [0, WALKS.length],
): Promise<AuditReport> {
  const tally: Tally = { transactions: 0, entries: 0, accounts: 0, visits: 0 }
  for (const walk of WALKS.slice(from, to)) {
    const problem = await walk(at)(db, tally, onRows)
    if (problem !== null) return { ...tally, problem }
  }
  return { ...tally, problem: null }
}
