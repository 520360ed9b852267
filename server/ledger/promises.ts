import { ask, type Driver } from '../core/driver'

export type Unkept = { table: string; row: string; sentence: string }
type Found = { row: string }

/**
 * What points were promised for, what a business was sent for, for whom somebody redeemed, and what was said of a visit: each
 * against the books, and against the operation that was logged with it (the log of operations is under what was signed).
 */
export async function findUnkept(db: Driver): Promise<Unkept | null> {
  for (const [table, sentence, find] of FINDS) {
    const [bad] = await find(db)
    if (bad !== undefined) return { table, row: bad.row, sentence }
  }
  return null
}

/** The promise, its hold and what became of it. */
const unkeptPayments = (db: Driver) => ask<Found>(db)`
  SELECT p."orderId" AS "row" FROM order_payment AS p
  LEFT JOIN ledger_transaction AS h ON h."id" = p."holdId" AND h."kind" = 'HOLD'
  LEFT JOIN person_account AS a ON a."accountId" = p."accountId"
  LEFT JOIN help_order AS q ON q."id" = p."orderId"
  LEFT JOIN operation_log AS o ON o."resource" = 'orderPayment' AND o."resourceId" = p."orderId" AND o."action" = 'promise'
  WHERE h."id" IS NULL OR q."id" IS NULL OR o."id" IS NULL
    OR h."heldAccountId" <> p."accountId" OR h."heldMilliPoints" <> p."heldMilliPoints"
    OR h."programmeId" <> p."programmeId" OR a."personId" <> p."payerPersonId"
    OR (h."refType" = 'order' AND (h."refId" <> p."orderId" OR h."heldUntil" <> p."heldUntil" OR h."happenedAt" <> p."heldAt"))
    OR o."at" <> p."heldAt"
    OR o."after" NOT LIKE '%"relation":"' || p."relation" || '"%'
    OR o."after" NOT LIKE '%"plannedSeconds":' || COALESCE(CAST(p."plannedSeconds" AS TEXT), 'null') || '}'
    OR (p."state" = 'held') <> (NOT EXISTS (SELECT 1 FROM ledger_transaction AS r WHERE r."resolves" = p."holdId"))
    OR (p."state" <> 'paid' AND p."paidMilliPoints" <> 0) OR (p."state" = 'held' AND p."visitId" IS NOT NULL)
    OR (p."state" = 'paid' AND NOT EXISTS (
      SELECT 1 FROM ledger_transaction AS t JOIN ledger_entry AS e ON e."transactionId" = t."id"
      WHERE t."resolves" = p."holdId" AND e."accountId" = p."accountId" AND e."amountMilliPoints" = -p."paidMilliPoints"
        AND NOT EXISTS (SELECT 1 FROM ledger_transaction AS r WHERE r."reverses" = t."id")
        AND ((t."kind" = 'PAY' AND t."refType" = 'visit' AND t."refId" = p."visitId")
          OR (t."kind" = 'POST' AND p."visitId" IS NULL))))
    OR (p."state" = 'freed' AND p."visitId" IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM ledger_transaction AS t WHERE t."resolves" = p."holdId" AND t."kind" = 'PAY' AND t."refId" = p."visitId"))
  ORDER BY p."orderId" LIMIT 1`

const unkeptMarket = (db: Driver) => ask<Found>(db)`
  SELECT m."orderId" AS "row" FROM order_market AS m
  LEFT JOIN operation_log AS o ON o."resource" = 'orderMarket' AND o."resourceId" = m."orderId" AND o."action" = 'market'
  WHERE o."id" IS NULL OR o."personId" <> m."byPersonId" OR o."at" <> m."at"
    OR o."purpose" <> m."provider" OR o."after" <> '{"costFen":' || CAST(m."costFen" AS TEXT) || '}'
  ORDER BY m."orderId" LIMIT 1`

const unkeptRedemptions = (db: Driver) => ask<Found>(db)`
  SELECT r."id" AS "row" FROM redemption AS r
  LEFT JOIN operation_log AS o ON o."resource" = 'redemption' AND o."resourceId" = r."id" AND o."action" = 'redeem'
  LEFT JOIN ledger_transaction AS h ON h."kind" = 'HOLD' AND h."refType" = 'redemption' AND h."refId" = r."id" AND h."revision" = 0
  LEFT JOIN ledger_transaction AS e ON e."resolves" = h."id"
  WHERE (h."id" IS NOT NULL AND ((r."state" = 'held') <> (e."id" IS NULL)
      OR (r."state" IN ('fulfilled', 'reversed')) <> (COALESCE(e."kind", '') = 'POST')))
    OR (r."settlementId" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM settlement AS s WHERE s."id" = r."settlementId"))
    OR (r."forPersonId" IS NULL AND (r."forRelation" IS NOT NULL OR o."after" LIKE '%"forPersonId":%'))
    OR (r."forPersonId" IS NOT NULL AND COALESCE(o."after", '') NOT LIKE
      '%"forPersonId":"' || r."forPersonId" || '","forRelation":"' || COALESCE(r."forRelation", '') || '"%')
  ORDER BY r."id" LIMIT 1`

/** Given is what the books gave, and nothing else. */
const unkeptGifts = (db: Driver) => ask<Found>(db)`
  SELECT g."id" AS "row" FROM gift AS g
  LEFT JOIN ledger_transaction AS t ON t."refType" = 'gift' AND t."refId" = g."id" AND t."kind" IN ('GIFT', 'DONATE') AND t."revision" = 0
  WHERE (g."state" = 'done') <> (t."id" IS NOT NULL)
    OR (t."id" IS NOT NULL AND g."milliPoints" <> (
      SELECT -SUM(e."amountMilliPoints") FROM ledger_entry AS e WHERE e."transactionId" = t."id" AND e."amountMilliPoints" < 0))
  ORDER BY g."id" LIMIT 1`

/** Opened by whom, when and about what; frozen as the books say; decided by whom, when and how. */
const unkeptComplaints = (db: Driver) => ask<Found>(db)`
  SELECT c."id" AS "row" FROM complaint AS c
  LEFT JOIN visit AS v ON v."id" = c."visitId"
  LEFT JOIN operation_log AS o ON o."resource" = 'complaint' AND o."resourceId" = c."id" AND o."action" = 'complain'
  LEFT JOIN operation_log AS d ON d."resource" = 'complaint' AND d."resourceId" = c."id" AND d."action" = 'decide'
  LEFT JOIN ledger_transaction AS f ON f."id" = c."freezeId"
  WHERE o."id" IS NULL OR v."id" IS NULL OR v."memberPersonId" <> c."helperPersonId"
    OR o."personId" <> c."openedByPersonId" OR o."at" <> c."openedAt" OR o."regionPath" <> c."regionPath"
    OR o."after" NOT LIKE '%"kind":"' || c."kind" || '"%' OR o."after" NOT LIKE '%"visitId":"' || c."visitId" || '"%'
    OR (c."openVisitId" IS NOT NULL AND c."openVisitId" <> c."visitId")
    OR (c."state" = 'open') <> (d."id" IS NULL)
    OR (c."state" <> 'open' AND (c."decidedByPersonId" <> d."personId" OR c."decidedAt" <> d."at"
      OR COALESCE(d."purpose", '') <> c."reason" OR d."after" NOT LIKE '%"state":"' || c."state" || '"%'))
    OR (c."state" = 'open' AND c."reason" <> '')
    OR (c."freezeId" IS NULL) <> (NOT EXISTS (
      SELECT 1 FROM ledger_transaction AS t WHERE t."kind" = 'FREEZE' AND t."refType" = 'complaint' AND t."refId" = c."id"))
    OR (c."freezeId" IS NOT NULL AND (f."id" IS NULL OR f."refId" <> c."id" OR NOT EXISTS (
      SELECT 1 FROM ledger_entry AS e WHERE e."transactionId" = f."id" AND e."amountMilliPoints" = c."frozenMilliPoints")))
    OR (c."freezeId" IS NULL AND c."frozenMilliPoints" <> 0)
  ORDER BY c."id" LIMIT 1`

const FINDS = [
  ['order_payment', 'it is not what was promised, held and paid', unkeptPayments],
  ['order_market', 'it is not what was written down when a business was sent', unkeptMarket],
  ['redemption', 'it is not for whom it was when it was asked for, or not what became of it', unkeptRedemptions],
  ['gift', 'it is not what was given', unkeptGifts],
  ['complaint', 'it is not what was said, put aside and decided', unkeptComplaints],
] as const
