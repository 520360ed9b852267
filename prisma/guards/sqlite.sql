-- What SQLite itself refuses, whoever writes: the guards of the books and of what happened. prisma/guards/postgresql.sql says
-- the same for PostgreSQL. RAISE arrives in the server as P2003.

-- Append-only: what is written stays; a correction is another row. ---------------------------------------------------------

CREATE TRIGGER ledger_transaction_no_update BEFORE UPDATE ON ledger_transaction BEGIN SELECT RAISE(ABORT, 'ledger_transaction is append-only'); END;
CREATE TRIGGER ledger_transaction_no_delete BEFORE DELETE ON ledger_transaction BEGIN SELECT RAISE(ABORT, 'ledger_transaction is append-only'); END;
CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'ledger_entry is append-only'); END;
CREATE TRIGGER ledger_entry_no_delete BEFORE DELETE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'ledger_entry is append-only'); END;
CREATE TRIGGER ledger_lot_use_no_update BEFORE UPDATE ON ledger_lot_use BEGIN SELECT RAISE(ABORT, 'ledger_lot_use is append-only'); END;
CREATE TRIGGER ledger_lot_use_no_delete BEFORE DELETE ON ledger_lot_use BEGIN SELECT RAISE(ABORT, 'ledger_lot_use is append-only'); END;
CREATE TRIGGER ledger_request_no_update BEFORE UPDATE ON ledger_request BEGIN SELECT RAISE(ABORT, 'ledger_request is append-only'); END;
CREATE TRIGGER ledger_request_no_delete BEFORE DELETE ON ledger_request BEGIN SELECT RAISE(ABORT, 'ledger_request is append-only'); END;
CREATE TRIGGER ledger_decision_no_update BEFORE UPDATE ON ledger_decision BEGIN SELECT RAISE(ABORT, 'ledger_decision is append-only'); END;
CREATE TRIGGER ledger_decision_no_delete BEFORE DELETE ON ledger_decision BEGIN SELECT RAISE(ABORT, 'ledger_decision is append-only'); END;
CREATE TRIGGER visit_evidence_no_delete BEFORE DELETE ON visit_evidence BEGIN SELECT RAISE(ABORT, 'visit_evidence is append-only'); END;
CREATE TRIGGER confirmation_no_update BEFORE UPDATE ON confirmation BEGIN SELECT RAISE(ABORT, 'confirmation is append-only'); END;
CREATE TRIGGER confirmation_no_delete BEFORE DELETE ON confirmation BEGIN SELECT RAISE(ABORT, 'confirmation is append-only'); END;
CREATE TRIGGER visit_decision_no_update BEFORE UPDATE ON visit_decision BEGIN SELECT RAISE(ABORT, 'visit_decision is append-only'); END;
CREATE TRIGGER visit_decision_no_delete BEFORE DELETE ON visit_decision BEGIN SELECT RAISE(ABORT, 'visit_decision is append-only'); END;
CREATE TRIGGER order_event_no_update BEFORE UPDATE ON order_event BEGIN SELECT RAISE(ABORT, 'order_event is append-only'); END;
CREATE TRIGGER order_event_no_delete BEFORE DELETE ON order_event BEGIN SELECT RAISE(ABORT, 'order_event is append-only'); END;
CREATE TRIGGER region_version_no_update BEFORE UPDATE ON region_version BEGIN SELECT RAISE(ABORT, 'region_version is append-only'); END;
CREATE TRIGGER region_version_no_delete BEFORE DELETE ON region_version BEGIN SELECT RAISE(ABORT, 'region_version is append-only'); END;
CREATE TRIGGER operation_log_no_update BEFORE UPDATE ON operation_log BEGIN SELECT RAISE(ABORT, 'operation_log is append-only'); END;
CREATE TRIGGER operation_log_no_delete BEFORE DELETE ON operation_log BEGIN SELECT RAISE(ABORT, 'operation_log is append-only'); END;
CREATE TRIGGER fund_draw_no_update BEFORE UPDATE ON fund_draw BEGIN SELECT RAISE(ABORT, 'fund_draw is append-only'); END;
CREATE TRIGGER fund_draw_no_delete BEFORE DELETE ON fund_draw BEGIN SELECT RAISE(ABORT, 'fund_draw is append-only'); END;
CREATE TRIGGER fund_change_no_update BEFORE UPDATE ON fund_change BEGIN SELECT RAISE(ABORT, 'fund_change is append-only'); END;
CREATE TRIGGER fund_change_no_delete BEFORE DELETE ON fund_change BEGIN SELECT RAISE(ABORT, 'fund_change is append-only'); END;
CREATE TRIGGER fund_decision_no_update BEFORE UPDATE ON fund_decision BEGIN SELECT RAISE(ABORT, 'fund_decision is append-only'); END;
CREATE TRIGGER fund_decision_no_delete BEFORE DELETE ON fund_decision BEGIN SELECT RAISE(ABORT, 'fund_decision is append-only'); END;
CREATE TRIGGER point_closing_no_update BEFORE UPDATE ON point_closing BEGIN SELECT RAISE(ABORT, 'point_closing is append-only'); END;
CREATE TRIGGER point_closing_no_delete BEFORE DELETE ON point_closing BEGIN SELECT RAISE(ABORT, 'point_closing is append-only'); END;
CREATE TRIGGER queue_event_no_update BEFORE UPDATE ON queue_event BEGIN SELECT RAISE(ABORT, 'queue_event is append-only'); END;
CREATE TRIGGER queue_event_no_delete BEFORE DELETE ON queue_event BEGIN SELECT RAISE(ABORT, 'queue_event is append-only'); END;
CREATE TRIGGER device_key_no_update BEFORE UPDATE ON device_key BEGIN SELECT RAISE(ABORT, 'device_key is append-only'); END;
CREATE TRIGGER device_key_no_delete BEFORE DELETE ON device_key BEGIN SELECT RAISE(ABORT, 'device_key is append-only'); END;
CREATE TRIGGER device_key_no_replace BEFORE INSERT ON device_key
WHEN EXISTS (SELECT 1 FROM device_key WHERE "deviceId" = NEW."deviceId")
BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER field_check_no_update BEFORE UPDATE ON field_check BEGIN SELECT RAISE(ABORT, 'field_check is append-only'); END;
CREATE TRIGGER field_check_no_delete BEFORE DELETE ON field_check BEGIN SELECT RAISE(ABORT, 'field_check is append-only'); END;
CREATE TRIGGER field_check_no_replace BEFORE INSERT ON field_check
WHEN EXISTS (SELECT 1 FROM field_check WHERE id = NEW.id)
BEGIN SELECT RAISE(IGNORE); END;
-- One phone is bound to a person at a time.
CREATE UNIQUE INDEX device_bound ON device ("personId") WHERE "unboundAt" IS NULL;
CREATE TRIGGER scheme_no_update BEFORE UPDATE ON scheme BEGIN SELECT RAISE(ABORT, 'scheme is append-only'); END;
CREATE TRIGGER scheme_no_delete BEFORE DELETE ON scheme BEGIN SELECT RAISE(ABORT, 'scheme is append-only'); END;


-- INSERT OR REPLACE deletes without a DELETE trigger: what would replace a row is refused before.
CREATE TRIGGER ledger_request_no_replace BEFORE INSERT ON ledger_request
WHEN EXISTS (SELECT 1 FROM ledger_request WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'ledger_request is append-only'); END;
CREATE TRIGGER ledger_decision_no_replace BEFORE INSERT ON ledger_decision
WHEN EXISTS (SELECT 1 FROM ledger_decision WHERE "requestId" = NEW."requestId")
BEGIN SELECT RAISE(ABORT, 'ledger_decision is append-only'); END;
CREATE TRIGGER ledger_decision_insert BEFORE INSERT ON ledger_decision
WHEN EXISTS (SELECT 1 FROM ledger_request
             WHERE id = NEW."requestId" AND (NEW."byId" = "askedById" OR NEW."byId" = "beneficiaryId"))
BEGIN SELECT RAISE(ABORT, 'ledger_decision: nobody decides what they asked for or gain by'); END;
CREATE TRIGGER visit_evidence_no_replace BEFORE INSERT ON visit_evidence
WHEN EXISTS (SELECT 1 FROM visit_evidence WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'visit_evidence is append-only'); END;
CREATE TRIGGER confirmation_no_replace BEFORE INSERT ON confirmation
WHEN EXISTS (SELECT 1 FROM confirmation WHERE id = NEW.id)
  OR EXISTS (SELECT 1 FROM confirmation WHERE "visitId" = NEW."visitId" AND "revision" = NEW."revision")
BEGIN SELECT RAISE(ABORT, 'confirmation is append-only'); END;
CREATE TRIGGER visit_decision_no_replace BEFORE INSERT ON visit_decision
WHEN EXISTS (SELECT 1 FROM visit_decision WHERE id = NEW.id)
  OR EXISTS (SELECT 1 FROM visit_decision WHERE "visitId" = NEW."visitId" AND "revision" = NEW."revision")
BEGIN SELECT RAISE(ABORT, 'visit_decision is append-only'); END;
CREATE TRIGGER order_event_no_replace BEFORE INSERT ON order_event
WHEN EXISTS (SELECT 1 FROM order_event WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'order_event is append-only'); END;
CREATE TRIGGER region_version_no_replace BEFORE INSERT ON region_version
WHEN EXISTS (SELECT 1 FROM region_version WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'region_version is append-only'); END;
CREATE TRIGGER operation_log_no_replace BEFORE INSERT ON operation_log
WHEN EXISTS (SELECT 1 FROM operation_log WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'operation_log is append-only'); END;
CREATE TRIGGER scheme_no_replace BEFORE INSERT ON scheme
WHEN EXISTS (SELECT 1 FROM scheme WHERE id = NEW.id)
  OR EXISTS (SELECT 1 FROM scheme WHERE "programmeId" = NEW."programmeId" AND "regionId" = NEW."regionId" AND "version" = NEW."version")
BEGIN SELECT RAISE(ABORT, 'scheme is append-only'); END;

-- A database is born demo or live and never changes.
CREATE TRIGGER meta_no_update BEFORE UPDATE ON meta WHEN OLD."key" = 'kind' BEGIN SELECT RAISE(ABORT, 'meta.kind never changes'); END;
CREATE TRIGGER meta_no_delete BEFORE DELETE ON meta WHEN OLD."key" = 'kind' BEGIN SELECT RAISE(ABORT, 'meta.kind never changes'); END;
CREATE TRIGGER meta_no_replace BEFORE INSERT ON meta
WHEN NEW."key" = 'kind' AND EXISTS (SELECT 1 FROM meta WHERE "key" = 'kind')
BEGIN SELECT RAISE(ABORT, 'meta.kind never changes'); END;

-- The books. Entries come first, the header last and closes its transaction; the entry's key to the header waits for the
-- commit. So an unbalanced transaction can't be committed, and a closed one can't grow. -------------------------------------

CREATE TRIGGER ledger_entry_insert BEFORE INSERT ON ledger_entry
BEGIN
  SELECT RAISE(ABORT, 'ledger_entry: its transaction is closed')
  WHERE EXISTS (SELECT 1 FROM ledger_transaction WHERE id = NEW."transactionId");

  SELECT RAISE(ABORT, 'ledger_entry is append-only')
  WHERE EXISTS (SELECT 1 FROM ledger_entry WHERE "transactionId" = NEW."transactionId" AND "no" = NEW."no")
     OR EXISTS (SELECT 1 FROM ledger_entry WHERE "accountId" = NEW."accountId" AND "accountSeq" = NEW."accountSeq");

  SELECT RAISE(ABORT, 'ledger_entry: the account is of another programme, or derived accounts have no sequence')
  WHERE NOT EXISTS (
    SELECT 1 FROM ledger_account
    WHERE id = NEW."accountId" AND "programmeId" = NEW."programmeId" AND "stored" = (NEW."accountSeq" IS NOT NULL));

  SELECT RAISE(ABORT, 'ledger_entry: it does not follow the entry before it')
  WHERE NEW."accountSeq" IS NOT NULL AND NEW."balanceAfterMilliPoints" IS NOT NEW."amountMilliPoints" + CASE
    WHEN NEW."accountSeq" = 1 THEN 0
    ELSE (SELECT "balanceAfterMilliPoints" FROM ledger_entry
          WHERE "accountId" = NEW."accountId" AND "accountSeq" = NEW."accountSeq" - 1) END;

  SELECT RAISE(ABORT, 'ledger_entry: members, pools and organisations hold lots, and nobody else')
  WHERE (NEW."lotMilliPoints" IS NOT NULL)
     <> (SELECT "kind" IN ('member', 'pool', 'organisation') FROM ledger_account WHERE id = NEW."accountId");
END;

CREATE TRIGGER ledger_lot_use_insert BEFORE INSERT ON ledger_lot_use
BEGIN
  SELECT RAISE(ABORT, 'ledger_lot_use: its transaction is closed')
  WHERE EXISTS (SELECT 1 FROM ledger_transaction WHERE id = NEW."transactionId");

  SELECT RAISE(ABORT, 'ledger_lot_use is append-only')
  WHERE EXISTS (SELECT 1 FROM ledger_lot_use
                WHERE "lotTransactionId" = NEW."lotTransactionId" AND "lotNo" = NEW."lotNo" AND "useNo" = NEW."useNo");

  SELECT RAISE(ABORT, 'ledger_lot_use: no such lot in this account')
  WHERE NOT EXISTS (SELECT 1 FROM ledger_entry
                    WHERE "transactionId" = NEW."transactionId" AND "no" = NEW."no" AND "accountId" = NEW."accountId")
     OR NOT EXISTS (SELECT 1 FROM ledger_entry
                    WHERE "transactionId" = NEW."lotTransactionId" AND "no" = NEW."lotNo" AND "accountId" = NEW."accountId"
                      AND COALESCE("lotMilliPoints", 0) <> 0);

  SELECT RAISE(ABORT, 'ledger_lot_use: it does not follow the use before it')
  WHERE NEW."leftMilliPoints" IS NOT CASE
    WHEN NEW."useNo" = 1 THEN (SELECT "lotMilliPoints" FROM ledger_entry
                               WHERE "transactionId" = NEW."lotTransactionId" AND "no" = NEW."lotNo")
    ELSE (SELECT "leftMilliPoints" FROM ledger_lot_use
          WHERE "lotTransactionId" = NEW."lotTransactionId" AND "lotNo" = NEW."lotNo" AND "useNo" = NEW."useNo" - 1)
    END - NEW."milliPoints";

  SELECT RAISE(ABORT, 'ledger_lot_use: it takes more than is left')
  FROM ledger_entry AS lot
  WHERE lot."transactionId" = NEW."lotTransactionId" AND lot."no" = NEW."lotNo"
    AND NEW."leftMilliPoints" NOT BETWEEN MIN(lot."lotMilliPoints", 0) AND MAX(lot."lotMilliPoints", 0);
END;

CREATE TRIGGER ledger_transaction_insert BEFORE INSERT ON ledger_transaction
BEGIN
  SELECT RAISE(ABORT, 'ledger_transaction is append-only')
  WHERE EXISTS (SELECT 1 FROM ledger_transaction WHERE id = NEW.id)
     OR EXISTS (SELECT 1 FROM ledger_transaction WHERE "resolves" = NEW."resolves")
     OR EXISTS (SELECT 1 FROM ledger_transaction WHERE "reverses" = NEW."reverses")
     OR EXISTS (SELECT 1 FROM ledger_transaction WHERE "kind" = NEW."kind" AND "refType" = NEW."refType"
                AND "refId" = NEW."refId" AND "revision" = NEW."revision")
     OR (NEW."kind" IN ('EARN', 'PAY') AND NEW."refType" = 'visit' AND EXISTS (
          SELECT 1 FROM ledger_transaction WHERE "kind" IN ('EARN', 'PAY') AND "refType" = 'visit'
            AND "refId" = NEW."refId" AND "revision" = NEW."revision"));

  SELECT RAISE(ABORT, 'ledger_transaction: its entries do not sum to zero')
  WHERE (SELECT COALESCE(SUM("amountMilliPoints"), 0) FROM ledger_entry WHERE "transactionId" = NEW.id) <> 0;

  SELECT RAISE(ABORT, 'ledger_transaction: entries are missing, or of another programme')
  WHERE (SELECT COUNT(*) FROM ledger_entry WHERE "transactionId" = NEW.id AND "programmeId" = NEW."programmeId") <> NEW."entryCount"
     OR (SELECT COUNT(*) FROM ledger_entry WHERE "transactionId" = NEW.id) <> NEW."entryCount";

  SELECT RAISE(ABORT, 'ledger_transaction: an account does not say what its entries say')
  WHERE EXISTS (
    SELECT 1 FROM ledger_entry AS e JOIN ledger_account AS a ON a.id = e."accountId"
    WHERE e."transactionId" = NEW.id AND a."stored"
      AND (e."accountSeq" > a."seq" OR (e."accountSeq" = a."seq" AND e."balanceAfterMilliPoints" <> a."postedMilliPoints")));

  SELECT RAISE(ABORT, 'ledger_transaction: lots and their uses do not say what its entries say')
  WHERE EXISTS (
    SELECT 1 FROM ledger_entry AS e
    WHERE e."transactionId" = NEW.id AND e."lotMilliPoints" IS NOT NULL AND e."amountMilliPoints" <> e."lotMilliPoints"
      - (SELECT COALESCE(SUM("milliPoints"), 0) FROM ledger_lot_use AS u
         WHERE u."transactionId" = e."transactionId" AND u."no" = e."no"));

  SELECT RAISE(ABORT, 'ledger_transaction: the revision before it is not reversed')
  WHERE NEW."revision" > 0 AND NOT EXISTS (
    SELECT 1 FROM ledger_transaction AS earlier JOIN ledger_transaction AS reversal ON reversal."reverses" = earlier.id
    WHERE earlier."kind" IN (NEW."kind", CASE WHEN NEW."refType" <> 'visit' THEN NULL WHEN NEW."kind" = 'EARN' THEN 'PAY' WHEN NEW."kind" = 'PAY' THEN 'EARN' END)
      AND earlier."refType" = NEW."refType" AND earlier."refId" = NEW."refId" AND earlier."revision" = NEW."revision" - 1);

  SELECT RAISE(ABORT, 'ledger_transaction: two persons must have agreed to it')
  WHERE NEW."kind" IN ('MANUAL', 'RESTORE') AND (NEW."refType" <> 'request' OR NOT EXISTS (
    SELECT 1 FROM ledger_request AS r JOIN ledger_decision AS d ON d."requestId" = r.id
    WHERE r.id = NEW."refId" AND r."kind" = NEW."kind" AND r."programmeId" = NEW."programmeId" AND d."decision" = 'approve'));

  SELECT RAISE(ABORT, 'ledger_transaction: it resolves no hold, or takes more than was held')
  WHERE NEW."resolves" IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM ledger_transaction AS hold
    WHERE hold.id = NEW."resolves" AND hold."kind" = 'HOLD' AND hold."programmeId" = NEW."programmeId"
      AND (SELECT -COALESCE(SUM("amountMilliPoints"), 0) FROM ledger_entry
           WHERE "transactionId" = NEW.id AND "accountId" = hold."heldAccountId") BETWEEN 0 AND hold."heldMilliPoints");

  SELECT RAISE(ABORT, 'ledger_transaction: the hold was over before it was posted')
  WHERE NEW."resolves" IS NOT NULL AND NEW."kind" <> 'VOID' AND NEW."happenedAt" > (SELECT "heldUntil" FROM ledger_transaction WHERE id = NEW."resolves");

  SELECT RAISE(ABORT, 'ledger_transaction: a reversal negates exactly one transaction that moved points')
  WHERE NEW."reverses" IS NOT NULL AND (
    NOT EXISTS (
      SELECT 1 FROM ledger_transaction AS earlier
      WHERE earlier.id = NEW."reverses" AND earlier."kind" NOT IN ('REVERSE', 'HOLD', 'VOID')
        AND earlier."programmeId" = NEW."programmeId" AND earlier."entryCount" = NEW."entryCount")
    OR EXISTS (
      SELECT 1 FROM ledger_entry AS e
      WHERE e."transactionId" = NEW."reverses" AND NOT EXISTS (
        SELECT 1 FROM ledger_entry AS n
        WHERE n."transactionId" = NEW.id AND n."no" = e."no" AND n."accountId" = e."accountId"
          AND n."amountMilliPoints" = -e."amountMilliPoints")));
END;

-- The log: one leaf after the other, the sealed never changes, a checkpoint stands on leaves that are there. ------------------

CREATE TRIGGER log_leaf_no_update BEFORE UPDATE ON log_leaf BEGIN SELECT RAISE(ABORT, 'log_leaf is append-only'); END;
CREATE TRIGGER log_leaf_no_delete BEFORE DELETE ON log_leaf BEGIN SELECT RAISE(ABORT, 'log_leaf is append-only'); END;
CREATE TRIGGER log_tile_no_update BEFORE UPDATE ON log_tile BEGIN SELECT RAISE(ABORT, 'log_tile is append-only'); END;
CREATE TRIGGER log_tile_no_delete BEFORE DELETE ON log_tile BEGIN SELECT RAISE(ABORT, 'log_tile is append-only'); END;
CREATE TRIGGER log_checkpoint_no_update BEFORE UPDATE ON log_checkpoint BEGIN SELECT RAISE(ABORT, 'log_checkpoint is append-only'); END;
CREATE TRIGGER log_checkpoint_no_delete BEFORE DELETE ON log_checkpoint BEGIN SELECT RAISE(ABORT, 'log_checkpoint is append-only'); END;
CREATE TRIGGER log_cosignature_no_update BEFORE UPDATE ON log_cosignature BEGIN SELECT RAISE(ABORT, 'log_cosignature is append-only'); END;
CREATE TRIGGER log_cosignature_no_delete BEFORE DELETE ON log_cosignature BEGIN SELECT RAISE(ABORT, 'log_cosignature is append-only'); END;
CREATE TRIGGER ledger_audit_no_update BEFORE UPDATE ON ledger_audit BEGIN SELECT RAISE(ABORT, 'ledger_audit is append-only'); END;
CREATE TRIGGER ledger_audit_no_delete BEFORE DELETE ON ledger_audit BEGIN SELECT RAISE(ABORT, 'ledger_audit is append-only'); END;
CREATE TRIGGER log_leaf_insert BEFORE INSERT ON log_leaf
BEGIN
  SELECT RAISE(ABORT, 'log_leaf is append-only')
  WHERE EXISTS (SELECT 1 FROM log_leaf WHERE "regionId" = NEW."regionId" AND "logIndex" = NEW."logIndex")
     OR EXISTS (SELECT 1 FROM log_leaf WHERE "type" = NEW."type" AND "refId" = NEW."refId" AND "revision" = NEW."revision");
  SELECT RAISE(ABORT, 'log_leaf: a gap before it')
  WHERE NEW."logIndex" > 0
    AND NOT EXISTS (SELECT 1 FROM log_leaf WHERE "regionId" = NEW."regionId" AND "logIndex" = NEW."logIndex" - 1);
END;
CREATE TRIGGER log_tile_no_replace BEFORE INSERT ON log_tile
WHEN EXISTS (SELECT 1 FROM log_tile WHERE "regionId" = NEW."regionId" AND "level" = NEW."level" AND "tileNo" = NEW."tileNo")
BEGIN SELECT RAISE(ABORT, 'log_tile is append-only'); END;
CREATE TRIGGER log_checkpoint_insert BEFORE INSERT ON log_checkpoint
BEGIN
  SELECT RAISE(ABORT, 'log_checkpoint is append-only')
  WHERE EXISTS (SELECT 1 FROM log_checkpoint WHERE "regionId" = NEW."regionId" AND "size" = NEW."size");
  SELECT RAISE(ABORT, 'log_checkpoint: the log is shorter')
  WHERE NOT EXISTS (SELECT 1 FROM log_leaf WHERE "regionId" = NEW."regionId" AND "logIndex" = NEW."size" - 1);
END;
CREATE TRIGGER log_cosignature_no_replace BEFORE INSERT ON log_cosignature
WHEN EXISTS (SELECT 1 FROM log_cosignature WHERE "regionId" = NEW."regionId" AND "size" = NEW."size" AND "witness" = NEW."witness")
BEGIN SELECT RAISE(ABORT, 'log_cosignature is append-only'); END;
CREATE TRIGGER certificate_stays BEFORE UPDATE OF "no", "askedId", "kind", "regionId", "regionPath", "countyId", "fromDay", "toDay", "issuedAt", "issuedByPersonId", "leaf", "annex" ON certificate
BEGIN SELECT RAISE(ABORT, 'certificate: what was issued stays'); END;
CREATE TRIGGER certificate_no_delete BEFORE DELETE ON certificate BEGIN SELECT RAISE(ABORT, 'certificate: what was issued stays'); END;
CREATE TRIGGER ledger_audit_no_replace BEFORE INSERT ON ledger_audit
WHEN EXISTS (SELECT 1 FROM ledger_audit WHERE "id" = NEW."id")
BEGIN SELECT RAISE(ABORT, 'ledger_audit is append-only'); END;

-- Two visits of one helper that both count can't overlap; one may begin the moment the other ends. ---------------------------
-- Of those that count, none overlaps another: the last one that began before reaches furthest, and the others needn't be read.

CREATE TRIGGER visit_no_overlap_insert BEFORE INSERT ON visit WHEN NEW."counted"
BEGIN
  SELECT RAISE(ABORT, 'visit: another counted visit of the helper overlaps')
  WHERE (
    SELECT other."checkOutAt" FROM visit AS other
    WHERE other."memberId" = NEW."memberId" AND other."counted" AND other.id <> NEW.id AND other."checkInAt" < NEW."checkOutAt"
    ORDER BY other."checkInAt" DESC LIMIT 1) > NEW."checkInAt";
END;
CREATE TRIGGER visit_no_overlap_update BEFORE UPDATE OF "counted", "memberId", "checkInAt", "checkOutAt" ON visit WHEN NEW."counted"
BEGIN
  SELECT RAISE(ABORT, 'visit: another counted visit of the helper overlaps')
  WHERE (
    SELECT other."checkOutAt" FROM visit AS other
    WHERE other."memberId" = NEW."memberId" AND other."counted" AND other.id <> NEW.id AND other."checkInAt" < NEW."checkOutAt"
    ORDER BY other."checkInAt" DESC LIMIT 1) > NEW."checkInAt";
END;

-- Whose homes coverage reads: those of elders who hold or held a category. Derived, so nobody can forget it. -----------------

CREATE TRIGGER elder_category_tags_homes AFTER INSERT ON elder_category
BEGIN
  UPDATE elder_residence SET "tagged" = 1 WHERE "elderId" = NEW."elderId" AND NOT "tagged";
END;
CREATE TRIGGER elder_residence_is_tagged AFTER INSERT ON elder_residence
  WHEN NOT NEW."tagged" AND EXISTS (SELECT 1 FROM elder_category WHERE "elderId" = NEW."elderId")
BEGIN
  UPDATE elder_residence SET "tagged" = 1 WHERE "id" = NEW."id";
END;

-- Indexes Prisma has no word for. -------------------------------------------------------------------------------------------

-- What may be over: asked every night.
CREATE INDEX ledger_lot_over ON ledger_entry ("lotExpiresAt") WHERE "lotExpiresAt" IS NOT NULL;
-- What is held of an account.
CREATE INDEX ledger_hold_account ON ledger_transaction ("heldAccountId") WHERE "heldAccountId" IS NOT NULL;
-- One award of a revision for a visit, whoever pays it: the programme (EARN) or the elder (PAY).
CREATE UNIQUE INDEX ledger_visit_award ON ledger_transaction ("refId", "revision") WHERE "kind" IN ('EARN', 'PAY') AND "refType" = 'visit';
-- Holds whose time may be over.
CREATE INDEX ledger_hold_until ON ledger_transaction ("heldUntil") WHERE "heldUntil" IS NOT NULL;
-- Coverage of a county and a month is answered by this index alone.
CREATE INDEX visit_elder_coverage ON visit_elder ("countyId", "month", "elderId", "day", "servedSeconds", "channel", "nature") WHERE "counted";
-- Homes of those to whom visits may be owed: of a place, or of one elder.
CREATE INDEX elder_residence_tagged ON elder_residence ("regionPath", "elderId", "validFrom", "validTo") WHERE "tagged";
-- The few whose month has an edge: a home or category that ended, who died or left. Coverage reads them alone.
CREATE INDEX elder_residence_ended ON elder_residence ("validTo", "elderId") WHERE "validTo" IS NOT NULL;
CREATE INDEX elder_category_ended ON elder_category ("validTo", "elderId") WHERE "validTo" IS NOT NULL;
CREATE INDEX elder_ended ON elder ("endedDay", "id") WHERE "endedDay" IS NOT NULL;
-- Where a helper is in service now, and what he did that waits for its points: few, however much he did in his life.
CREATE INDEX visit_running ON visit ("memberId") WHERE "state" = 'inProgress';
CREATE INDEX visit_unpaid ON visit ("memberId") WHERE "awardedMilliPoints" IS NULL AND "state" IN ('finished', 'confirmed');
-- Eight digits mean one redemption while it is held.
CREATE UNIQUE INDEX redemption_held_code ON redemption ("code") WHERE "state" = 'held';
-- A category is held once at a time.
CREATE UNIQUE INDEX elder_category_open ON elder_category ("elderId", "category") WHERE "validTo" IS NULL;

-- Money behind redemptions: what a line has drawn is the sum of its draws, and a release gives back exactly what was drawn. ----

CREATE TRIGGER fund_draw_no_replace BEFORE INSERT ON fund_draw
WHEN EXISTS (SELECT 1 FROM fund_draw WHERE id = NEW.id OR ("redemptionId" = NEW."redemptionId" AND "kind" = NEW."kind"))
BEGIN SELECT RAISE(ABORT, 'fund_draw is append-only'); END;
CREATE TRIGGER fund_change_no_replace BEFORE INSERT ON fund_change
WHEN EXISTS (SELECT 1 FROM fund_change WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'fund_change is append-only'); END;
CREATE TRIGGER fund_decision_no_replace BEFORE INSERT ON fund_decision
WHEN EXISTS (SELECT 1 FROM fund_decision WHERE "changeId" = NEW."changeId")
BEGIN SELECT RAISE(ABORT, 'fund_decision is append-only'); END;
CREATE TRIGGER fund_decision_insert BEFORE INSERT ON fund_decision
WHEN EXISTS (SELECT 1 FROM fund_change WHERE id = NEW."changeId" AND "askedById" = NEW."byId")
BEGIN SELECT RAISE(ABORT, 'fund_decision: nobody decides what they asked for'); END;
CREATE TRIGGER fund_draw_release BEFORE INSERT ON fund_draw
WHEN NEW."kind" = 'release' AND NOT EXISTS (
  SELECT 1 FROM fund_draw WHERE "redemptionId" = NEW."redemptionId" AND "kind" = 'draw'
    AND "fundLineId" = NEW."fundLineId" AND "fen" = -NEW."fen")
BEGIN SELECT RAISE(ABORT, 'fund_draw: it releases what was not drawn'); END;
CREATE TRIGGER fund_draw_counts AFTER INSERT ON fund_draw
BEGIN UPDATE fund_line SET "drawnFen" = "drawnFen" + NEW."fen" WHERE id = NEW."fundLineId"; END;

-- What a point is paid: issued once, paid once; and a meal by card once a person, day and meal. ---------------------------------

CREATE TRIGGER queue_event_no_replace BEFORE INSERT ON queue_event
WHEN EXISTS (SELECT 1 FROM queue_event WHERE id = NEW.id OR ("chainId" = NEW."chainId" AND "seq" = NEW."seq"))
BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER point_closing_no_replace BEFORE INSERT ON point_closing
WHEN EXISTS (SELECT 1 FROM point_closing WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'point_closing is append-only'); END;
CREATE TRIGGER settlement_stays BEFORE UPDATE ON settlement
WHEN OLD."paidAt" IS NOT NULL OR NEW."id" <> OLD."id" OR NEW."pointId" <> OLD."pointId" OR NEW."programmeId" <> OLD."programmeId"
  OR NEW."month" <> OLD."month" OR NEW."pieces" <> OLD."pieces" OR NEW."milliPoints" <> OLD."milliPoints"
  OR NEW."costFen" <> OLD."costFen" OR NEW."issuedAt" <> OLD."issuedAt" OR NEW."issuedByPersonId" <> OLD."issuedByPersonId"
BEGIN SELECT RAISE(ABORT, 'settlement: what was issued stays, and is paid once'); END;
CREATE TRIGGER settlement_no_delete BEFORE DELETE ON settlement BEGIN SELECT RAISE(ABORT, 'settlement: what was issued stays'); END;
CREATE UNIQUE INDEX redemption_meal ON redemption ("personId", "mealDay", "mealTime") WHERE "state" = 'fulfilled' AND "mealDay" IS NOT NULL;

-- What somebody has not read yet: few, and counted on every home page. ------------------------------------------------------------

CREATE INDEX notice_unread ON notice ("personId") WHERE "readAt" IS NULL;
-- Coverage: of whom something changed that a judged month depends on. Derived, so nobody can forget it. -------------------------

CREATE TRIGGER visit_elder_stale_insert AFTER INSERT ON visit_elder WHEN NEW."counted"
BEGIN INSERT INTO coverage_stale ("id", "elderId") VALUES (lower(hex(randomblob(16))), NEW."elderId"); END;
CREATE TRIGGER visit_elder_stale_update AFTER UPDATE ON visit_elder
WHEN OLD."counted" <> NEW."counted" OR (NEW."counted" AND (OLD."servedSeconds" <> NEW."servedSeconds" OR OLD."day" <> NEW."day" OR OLD."channel" <> NEW."channel" OR OLD."nature" <> NEW."nature"))
BEGIN INSERT INTO coverage_stale ("id", "elderId") VALUES (lower(hex(randomblob(16))), NEW."elderId"); END;
CREATE TRIGGER visit_elder_stale_delete AFTER DELETE ON visit_elder WHEN OLD."counted"
BEGIN INSERT INTO coverage_stale ("id", "elderId") VALUES (lower(hex(randomblob(16))), OLD."elderId"); END;
CREATE TRIGGER elder_category_stale_insert AFTER INSERT ON elder_category
BEGIN INSERT INTO coverage_stale ("id", "elderId") VALUES (lower(hex(randomblob(16))), NEW."elderId"); END;
CREATE TRIGGER elder_category_stale_update AFTER UPDATE ON elder_category
BEGIN INSERT INTO coverage_stale ("id", "elderId") VALUES (lower(hex(randomblob(16))), NEW."elderId"); END;
CREATE TRIGGER elder_category_stale_delete AFTER DELETE ON elder_category
BEGIN INSERT INTO coverage_stale ("id", "elderId") VALUES (lower(hex(randomblob(16))), OLD."elderId"); END;
CREATE TRIGGER elder_residence_stale_insert AFTER INSERT ON elder_residence WHEN NEW."tagged"
BEGIN INSERT INTO coverage_stale ("id", "elderId") VALUES (lower(hex(randomblob(16))), NEW."elderId"); END;
CREATE TRIGGER elder_residence_stale_update AFTER UPDATE ON elder_residence WHEN NEW."tagged"
BEGIN INSERT INTO coverage_stale ("id", "elderId") VALUES (lower(hex(randomblob(16))), NEW."elderId"); END;
CREATE TRIGGER elder_residence_stale_delete AFTER DELETE ON elder_residence WHEN OLD."tagged"
BEGIN INSERT INTO coverage_stale ("id", "elderId") VALUES (lower(hex(randomblob(16))), OLD."elderId"); END;
CREATE TRIGGER elder_exit_stale_insert AFTER INSERT ON elder_exit
BEGIN INSERT INTO coverage_stale ("id", "elderId") VALUES (lower(hex(randomblob(16))), NEW."elderId"); END;
CREATE TRIGGER elder_exit_stale_update AFTER UPDATE ON elder_exit
BEGIN INSERT INTO coverage_stale ("id", "elderId") VALUES (lower(hex(randomblob(16))), NEW."elderId"); END;
CREATE TRIGGER elder_exit_stale_delete AFTER DELETE ON elder_exit
BEGIN INSERT INTO coverage_stale ("id", "elderId") VALUES (lower(hex(randomblob(16))), OLD."elderId"); END;
CREATE TRIGGER elder_event_stale_insert AFTER INSERT ON elder_event
BEGIN INSERT INTO coverage_stale ("id", "elderId") VALUES (lower(hex(randomblob(16))), NEW."elderId"); END;
CREATE TRIGGER elder_stale_update AFTER UPDATE OF "endedDay" ON elder WHEN OLD."endedDay" IS NOT NEW."endedDay"
BEGIN INSERT INTO coverage_stale ("id", "elderId") VALUES (lower(hex(randomblob(16))), NEW."id"); END;
-- Other rules: every month is judged again, whole.
CREATE TRIGGER requirement_stale_insert AFTER INSERT ON requirement BEGIN DELETE FROM coverage_roll; END;
CREATE TRIGGER requirement_stale_update AFTER UPDATE ON requirement BEGIN DELETE FROM coverage_roll; END;
CREATE TRIGGER requirement_stale_delete AFTER DELETE ON requirement BEGIN DELETE FROM coverage_roll; END;

-- Assessments and events stay as they were written. ---------------------------------------------------------------------------

CREATE TRIGGER assessment_no_update BEFORE UPDATE ON assessment BEGIN SELECT RAISE(ABORT, 'assessment is append-only'); END;
CREATE TRIGGER assessment_no_delete BEFORE DELETE ON assessment BEGIN SELECT RAISE(ABORT, 'assessment is append-only'); END;
CREATE TRIGGER assessment_no_replace BEFORE INSERT ON assessment
WHEN EXISTS (SELECT 1 FROM assessment WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'assessment is append-only'); END;
CREATE TRIGGER elder_event_no_delete BEFORE DELETE ON elder_event BEGIN SELECT RAISE(ABORT, 'elder_event is append-only'); END;
CREATE TRIGGER elder_event_no_replace BEFORE INSERT ON elder_event
WHEN EXISTS (SELECT 1 FROM elder_event WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'elder_event is append-only'); END;


-- Reports: what was signed stays, down to the elders behind its figures. --------------------------------------------------------

CREATE TRIGGER report_stays BEFORE UPDATE ON report WHEN OLD."state" = 'signed'
BEGIN SELECT RAISE(ABORT, 'report: what was signed stays'); END;
CREATE TRIGGER report_no_delete BEFORE DELETE ON report WHEN OLD."state" = 'signed'
BEGIN SELECT RAISE(ABORT, 'report: what was signed stays'); END;
CREATE TRIGGER report_elder_insert BEFORE INSERT ON report_elder
WHEN EXISTS (SELECT 1 FROM report WHERE id = NEW."reportId" AND "state" = 'signed')
BEGIN SELECT RAISE(ABORT, 'report_elder: what was signed stays'); END;
CREATE TRIGGER report_elder_stays BEFORE UPDATE ON report_elder
BEGIN SELECT RAISE(ABORT, 'report_elder: nothing in it changes'); END;
CREATE TRIGGER report_elder_no_delete BEFORE DELETE ON report_elder
WHEN EXISTS (SELECT 1 FROM report WHERE id = OLD."reportId" AND "state" = 'signed')
BEGIN SELECT RAISE(ABORT, 'report_elder: what was signed stays'); END;

-- How elders were asked and what helpers said stays as it was. -----------------------------------------------------------------

CREATE TRIGGER call_back_no_delete BEFORE DELETE ON call_back BEGIN SELECT RAISE(ABORT, 'call_back is append-only'); END;
CREATE TRIGGER call_back_no_replace BEFORE INSERT ON call_back
WHEN EXISTS (SELECT 1 FROM call_back WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'call_back is append-only'); END;
CREATE TRIGGER helper_note_no_delete BEFORE DELETE ON helper_note BEGIN SELECT RAISE(ABORT, 'helper_note is append-only'); END;
CREATE TRIGGER helper_note_no_replace BEFORE INSERT ON helper_note
WHEN EXISTS (SELECT 1 FROM helper_note WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'helper_note is append-only'); END;
CREATE TRIGGER end_correction_no_update BEFORE UPDATE ON end_correction BEGIN SELECT RAISE(ABORT, 'end_correction is append-only'); END;
CREATE TRIGGER end_correction_no_delete BEFORE DELETE ON end_correction BEGIN SELECT RAISE(ABORT, 'end_correction is append-only'); END;
CREATE TRIGGER end_correction_no_replace BEFORE INSERT ON end_correction
WHEN EXISTS (SELECT 1 FROM end_correction WHERE "visitId" = NEW."visitId" OR id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'end_correction is append-only'); END;
CREATE TRIGGER paper_picture_no_delete BEFORE DELETE ON paper_picture BEGIN SELECT RAISE(ABORT, 'paper_picture is append-only'); END;
CREATE TRIGGER paper_picture_no_replace BEFORE INSERT ON paper_picture
WHEN EXISTS (SELECT 1 FROM paper_picture WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'paper_picture is append-only'); END;
-- The desk: a first approval stays; what was frozen and drawn stays, and a finding is written once. -------------------------------

CREATE TRIGGER first_approval_no_update BEFORE UPDATE ON first_approval BEGIN SELECT RAISE(ABORT, 'first_approval is append-only'); END;
CREATE TRIGGER first_approval_no_delete BEFORE DELETE ON first_approval BEGIN SELECT RAISE(ABORT, 'first_approval is append-only'); END;
CREATE TRIGGER spot_check_stays BEFORE UPDATE ON spot_check
WHEN OLD."seed" IS NOT NULL OR NEW."list" <> OLD."list" OR NEW."listHash" <> OLD."listHash" OR NEW."percent" <> OLD."percent" OR NEW."seedFrom" <> OLD."seedFrom"
BEGIN SELECT RAISE(ABORT, 'spot_check: what was frozen and drawn stays'); END;
CREATE TRIGGER spot_check_no_delete BEFORE DELETE ON spot_check BEGIN SELECT RAISE(ABORT, 'spot_check: what was frozen and drawn stays'); END;
CREATE TRIGGER spot_item_stays BEFORE UPDATE ON spot_item
WHEN OLD."finding" IS NOT NULL OR NEW."visitId" <> OLD."visitId" OR NEW."inspectorPersonId" <> OLD."inspectorPersonId"
BEGIN SELECT RAISE(ABORT, 'spot_item: a finding is written once'); END;
CREATE TRIGGER spot_item_no_delete BEFORE DELETE ON spot_item BEGIN SELECT RAISE(ABORT, 'spot_item: a finding is written once'); END;

-- How an end was proved stays; where the phone was is forgotten after its time, and that only. ------------------------------

CREATE TRIGGER visit_evidence_no_update BEFORE UPDATE ON visit_evidence
WHEN OLD."placeSealed" IS NULL OR NEW."placeSealed" IS NOT NULL OR NEW."placeHmac" IS NOT NULL
  OR NEW."id" IS NOT OLD."id" OR NEW."visitId" IS NOT OLD."visitId" OR NEW."phase" IS NOT OLD."phase"
  OR NEW."at" IS NOT OLD."at" OR NEW."recordedAt" IS NOT OLD."recordedAt" OR NEW."method" IS NOT OLD."method"
  OR NEW."plateId" IS NOT OLD."plateId" OR NEW."rotatingSessionId" IS NOT OLD."rotatingSessionId"
  OR NEW."level" IS NOT OLD."level" OR NEW."deviceId" IS NOT OLD."deviceId"
  OR NEW."boundDevice" IS NOT OLD."boundDevice" OR NEW."placeDatum" IS NOT OLD."placeDatum"
  OR NEW."distanceMetres" IS NOT OLD."distanceMetres" OR NEW."accuracyMetres" IS NOT OLD."accuracyMetres"
BEGIN SELECT RAISE(ABORT, 'visit_evidence is append-only'); END;

-- What a proxy did stays. ----------------------------------------------------------------------------------------------

CREATE TRIGGER proxy_act_no_update BEFORE UPDATE ON proxy_act BEGIN SELECT RAISE(ABORT, 'proxy_act is append-only'); END;
CREATE TRIGGER proxy_act_no_delete BEFORE DELETE ON proxy_act BEGIN SELECT RAISE(ABORT, 'proxy_act is append-only'); END;
CREATE TRIGGER proxy_act_no_replace BEFORE INSERT ON proxy_act
WHEN EXISTS (SELECT 1 FROM proxy_act WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'proxy_act is append-only'); END;

-- Credit: rules, grades and ratings stay as they were written. --------------------------------------------------------------------

CREATE TRIGGER credit_rule_no_update BEFORE UPDATE ON credit_rule BEGIN SELECT RAISE(ABORT, 'credit_rule is append-only'); END;
CREATE TRIGGER credit_rule_no_delete BEFORE DELETE ON credit_rule BEGIN SELECT RAISE(ABORT, 'credit_rule is append-only'); END;
CREATE TRIGGER credit_rule_no_replace BEFORE INSERT ON credit_rule
WHEN EXISTS (SELECT 1 FROM credit_rule WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'credit_rule is append-only'); END;
CREATE TRIGGER credit_grade_no_update BEFORE UPDATE ON credit_grade BEGIN SELECT RAISE(ABORT, 'credit_grade is append-only'); END;
CREATE TRIGGER credit_grade_no_delete BEFORE DELETE ON credit_grade BEGIN SELECT RAISE(ABORT, 'credit_grade is append-only'); END;
CREATE TRIGGER credit_grade_no_replace BEFORE INSERT ON credit_grade
WHEN EXISTS (SELECT 1 FROM credit_grade WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'credit_grade is append-only'); END;
CREATE TRIGGER visit_rating_no_update BEFORE UPDATE ON visit_rating BEGIN SELECT RAISE(ABORT, 'visit_rating is append-only'); END;
CREATE TRIGGER visit_rating_no_delete BEFORE DELETE ON visit_rating BEGIN SELECT RAISE(ABORT, 'visit_rating is append-only'); END;
CREATE TRIGGER visit_rating_no_replace BEFORE INSERT ON visit_rating
WHEN EXISTS (SELECT 1 FROM visit_rating WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'visit_rating is append-only'); END;
CREATE TRIGGER credit_listing_no_delete BEFORE DELETE ON credit_listing BEGIN SELECT RAISE(ABORT, 'credit_listing: what was listed stays'); END;
CREATE TRIGGER credit_appeal_no_delete BEFORE DELETE ON credit_appeal BEGIN SELECT RAISE(ABORT, 'credit_appeal: what was said stays'); END;

-- Care: a pair is open once; what was declared for an area stays. ---------------------------------------------------------------

CREATE UNIQUE INDEX pairing_open ON pairing ("elderId", "memberId") WHERE "endedDay" IS NULL;
CREATE TRIGGER area_event_no_update BEFORE UPDATE ON area_event BEGIN SELECT RAISE(ABORT, 'area_event is append-only'); END;
CREATE TRIGGER area_event_no_delete BEFORE DELETE ON area_event BEGIN SELECT RAISE(ABORT, 'area_event is append-only'); END;
CREATE TRIGGER area_event_no_replace BEFORE INSERT ON area_event
WHEN EXISTS (SELECT 1 FROM area_event WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'area_event is append-only'); END;

-- Visits to a site, for the staff who confirm them: few among all.
CREATE INDEX visit_site ON visit ("regionPath", "checkInAt") WHERE "siteId" IS NOT NULL;

-- A photograph is forgotten after its time; what it was, by its hash, stays. -------------------------------------------

CREATE TRIGGER paper_picture_no_update BEFORE UPDATE ON paper_picture
WHEN OLD."sealed" IS NULL OR NEW."sealed" IS NOT NULL
  OR NEW."id" IS NOT OLD."id" OR NEW."batchId" IS NOT OLD."batchId" OR NEW."hash" IS NOT OLD."hash" OR NEW."at" IS NOT OLD."at"
  OR NEW."sealedForPersonId" IS NOT OLD."sealedForPersonId" OR NEW."width" IS NOT OLD."width"
  OR NEW."height" IS NOT OLD."height" OR NEW."byteLength" IS NOT OLD."byteLength"
BEGIN SELECT RAISE(ABORT, 'paper_picture is append-only'); END;

-- Records that were merged into another: few, and asked for with every helper. ------------------------------------------------
CREATE INDEX person_merged ON person ("mergedInto") WHERE "mergedInto" IS NOT NULL;

-- What somebody wrote beside a record is forgotten after its time, and that only. ----------------------------------------------

CREATE TRIGGER call_back_no_update BEFORE UPDATE ON call_back
WHEN coalesce(OLD."note", '') = '' OR coalesce(NEW."note", '') <> ''
  OR NEW."id" IS NOT OLD."id" OR NEW."visitId" IS NOT OLD."visitId" OR NEW."elderId" IS NOT OLD."elderId"
  OR NEW."regionPath" IS NOT OLD."regionPath" OR NEW."reached" IS NOT OLD."reached" OR NEW."answer" IS NOT OLD."answer"
  OR NEW."satisfaction" IS NOT OLD."satisfaction" OR NEW."nextAt" IS NOT OLD."nextAt" OR NEW."byPersonId" IS NOT OLD."byPersonId"
  OR NEW."at" IS NOT OLD."at"
BEGIN SELECT RAISE(ABORT, 'call_back is append-only'); END;
CREATE TRIGGER helper_note_no_update BEFORE UPDATE ON helper_note
WHEN coalesce(OLD."note", '') = '' OR coalesce(NEW."note", '') <> ''
  OR NEW."id" IS NOT OLD."id" OR NEW."visitId" IS NOT OLD."visitId" OR NEW."code" IS NOT OLD."code"
  OR NEW."reasonCode" IS NOT OLD."reasonCode" OR NEW."claimedEndAt" IS NOT OLD."claimedEndAt" OR NEW."byPersonId" IS NOT OLD."byPersonId"
  OR NEW."at" IS NOT OLD."at"
BEGIN SELECT RAISE(ABORT, 'helper_note is append-only'); END;
CREATE TRIGGER elder_event_no_update BEFORE UPDATE ON elder_event
WHEN coalesce(OLD."note", '') = '' OR coalesce(NEW."note", '') <> ''
  OR NEW."id" IS NOT OLD."id" OR NEW."elderId" IS NOT OLD."elderId" OR NEW."kind" IS NOT OLD."kind"
  OR NEW."happenedAt" IS NOT OLD."happenedAt" OR NEW."day" IS NOT OLD."day" OR NEW."areaEventId" IS NOT OLD."areaEventId"
  OR NEW."byPersonId" IS NOT OLD."byPersonId" OR NEW."recordedAt" IS NOT OLD."recordedAt"
BEGIN SELECT RAISE(ABORT, 'elder_event is append-only'); END;

-- Texts that are hidden are few among all that were checked.
CREATE INDEX text_check_hidden ON text_check ("id") WHERE "state" = 'hidden';
