-- What PostgreSQL itself refuses, whoever writes: the guards of the books and of what happened. prisma/guards/sqlite.sql says
-- the same for SQLite. A guard speaks as a broken foreign key (23503), so it arrives in the server as P2003 on both.

-- Paths are compared byte by byte, or "all below /1/4/" would not be one range of an index; so are days and months, which are
-- compared a lot and need no language.
DO $$
DECLARE one record;
BEGIN
  FOR one IN
    SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = current_schema() AND column_name IN ('regionPath', 'path', 'day', 'month', 'validFrom', 'validTo', 'endedDay')
  LOOP
    EXECUTE format('ALTER TABLE %I ALTER COLUMN %I TYPE TEXT COLLATE "C"', one.table_name, one.column_name);
  END LOOP;
END $$;

CREATE FUNCTION guard(broken boolean, sentence text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF broken THEN RAISE EXCEPTION '%', sentence USING ERRCODE = '23503'; END IF;
END $$;

-- Append-only: what is written stays; a correction is another row. ---------------------------------------------------------

CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '23503';
END $$;

CREATE TRIGGER ledger_transaction_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_transaction
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER ledger_lot_use_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_lot_use
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER ledger_request_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_request
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER ledger_decision_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_decision
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER confirmation_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON confirmation
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER visit_decision_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON visit_decision
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER order_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON order_event
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER region_version_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON region_version
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER operation_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON operation_log
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER fund_draw_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON fund_draw
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER fund_change_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON fund_change
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER fund_decision_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON fund_decision
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER point_closing_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON point_closing
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER queue_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON queue_event
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER device_key_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON device_key
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER field_check_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON field_check
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
-- One phone is bound to a person at a time.
CREATE UNIQUE INDEX device_bound ON device ("personId") WHERE "unboundAt" IS NULL;
CREATE TRIGGER scheme_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON scheme
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();

-- A database is born demo or live and never changes.
CREATE FUNCTION meta_kind_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM guard(OLD."key" = 'kind', 'meta.kind never changes');
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER meta_kind_stays BEFORE UPDATE OR DELETE ON meta FOR EACH ROW EXECUTE FUNCTION meta_kind_stays();
CREATE TRIGGER meta_no_truncate BEFORE TRUNCATE ON meta FOR EACH STATEMENT EXECUTE FUNCTION append_only();

-- The books. Entries come first, the header last and closes its transaction; the entry's key to the header waits for the
-- commit. So an unbalanced transaction can't be committed, and a closed one can't grow. -------------------------------------

-- One check answers for all rows of a statement, so that it costs little; whatever a planner remembers of a small table, it
-- walks the indexes: what a check costs must not grow with the books.

CREATE FUNCTION ledger_entry_insert() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE why text;
BEGIN
  SELECT sentence INTO why FROM (
    SELECT CASE
      WHEN closed.id IS NOT NULL THEN 'its transaction is closed'
      WHEN a.id IS NULL OR a."programmeId" <> e."programmeId" OR a."stored" <> (e."accountSeq" IS NOT NULL)
        THEN 'the account is of another programme, or derived accounts have no sequence'
      WHEN (e."lotMilliPoints" IS NOT NULL) <> (a."kind" IN ('member', 'pool', 'organisation'))
        THEN 'members, pools and organisations hold lots, and nobody else'
      WHEN e."accountSeq" IS NOT NULL AND e."balanceAfterMilliPoints" IS DISTINCT FROM
        e."amountMilliPoints" + CASE WHEN e."accountSeq" = 1 THEN 0 ELSE before."balanceAfterMilliPoints" END
        THEN 'it does not follow the entry before it'
      END AS sentence
    FROM fresh AS e
      LEFT JOIN ledger_transaction AS closed ON closed.id = e."transactionId"
      LEFT JOIN ledger_account AS a ON a.id = e."accountId"
      LEFT JOIN ledger_entry AS before ON before."accountId" = e."accountId" AND before."accountSeq" = e."accountSeq" - 1
  ) AS checked WHERE sentence IS NOT NULL LIMIT 1;
  PERFORM guard(why IS NOT NULL, 'ledger_entry: ' || why);
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_entry_insert AFTER INSERT ON ledger_entry
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ledger_entry_insert();

CREATE FUNCTION ledger_lot_use_insert() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE why text;
BEGIN
  SELECT sentence INTO why FROM (
    SELECT CASE
      WHEN closed.id IS NOT NULL THEN 'its transaction is closed'
      WHEN user_entry."accountId" IS DISTINCT FROM u."accountId" OR lot."accountId" IS DISTINCT FROM u."accountId"
        OR COALESCE(lot."lotMilliPoints", 0) = 0 THEN 'no such lot in this account'
      WHEN u."leftMilliPoints" IS DISTINCT FROM
        CASE WHEN u."useNo" = 1 THEN lot."lotMilliPoints" ELSE before."leftMilliPoints" END - u."milliPoints"
        THEN 'it does not follow the use before it'
      WHEN u."leftMilliPoints" NOT BETWEEN LEAST(lot."lotMilliPoints", 0) AND GREATEST(lot."lotMilliPoints", 0)
        THEN 'it takes more than is left'
      END AS sentence
    FROM fresh AS u
      LEFT JOIN ledger_transaction AS closed ON closed.id = u."transactionId"
      LEFT JOIN ledger_entry AS user_entry ON user_entry."transactionId" = u."transactionId" AND user_entry."no" = u."no"
      LEFT JOIN ledger_entry AS lot ON lot."transactionId" = u."lotTransactionId" AND lot."no" = u."lotNo"
      LEFT JOIN ledger_lot_use AS before ON before."lotTransactionId" = u."lotTransactionId" AND before."lotNo" = u."lotNo"
        AND before."useNo" = u."useNo" - 1
  ) AS checked WHERE sentence IS NOT NULL LIMIT 1;
  PERFORM guard(why IS NOT NULL, 'ledger_lot_use: ' || why);
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_lot_use_insert AFTER INSERT ON ledger_lot_use
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ledger_lot_use_insert();

CREATE FUNCTION ledger_transaction_insert() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE why text;
BEGIN
  SELECT sentence INTO why FROM (
    SELECT CASE
      WHEN sums.total <> 0 THEN 'its entries do not sum to zero'
      WHEN sums.entries <> h."entryCount" OR sums.own <> h."entryCount" THEN 'entries are missing, or of another programme'
      WHEN sums.astray THEN 'an account does not say what its entries say'
      WHEN sums.unlotted THEN 'lots and their uses do not say what its entries say'
      WHEN h."revision" > 0 AND NOT EXISTS (
        SELECT 1 FROM ledger_transaction AS earlier JOIN ledger_transaction AS reversal ON reversal."reverses" = earlier.id
        WHERE earlier."kind" IN (h."kind", CASE WHEN h."refType" <> 'visit' THEN NULL WHEN h."kind" = 'EARN' THEN 'PAY' WHEN h."kind" = 'PAY' THEN 'EARN' END)
          AND earlier."refType" = h."refType" AND earlier."refId" = h."refId" AND earlier."revision" = h."revision" - 1)
        THEN 'the revision before it is not reversed'
      WHEN h."kind" IN ('MANUAL', 'RESTORE') AND (h."refType" <> 'request' OR NOT EXISTS (
        SELECT 1 FROM ledger_request AS r JOIN ledger_decision AS d ON d."requestId" = r.id
        WHERE r.id = h."refId" AND r."kind" = h."kind" AND r."programmeId" = h."programmeId" AND d."decision" = 'approve'))
        THEN 'two persons must have agreed to it'
      WHEN h."resolves" IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM ledger_transaction AS hold
        WHERE hold.id = h."resolves" AND hold."kind" = 'HOLD' AND hold."programmeId" = h."programmeId"
          AND (SELECT -COALESCE(SUM("amountMilliPoints"), 0) FROM ledger_entry
               WHERE "transactionId" = h.id AND "accountId" = hold."heldAccountId") BETWEEN 0 AND hold."heldMilliPoints")
        THEN 'it resolves no hold, or takes more than was held'
      WHEN h."resolves" IS NOT NULL AND h."kind" <> 'VOID'
        AND h."happenedAt" > (SELECT "heldUntil" FROM ledger_transaction WHERE id = h."resolves")
        THEN 'the hold was over before it was posted'
      WHEN h."reverses" IS NOT NULL AND (
        NOT EXISTS (
          SELECT 1 FROM ledger_transaction AS earlier
          WHERE earlier.id = h."reverses" AND earlier."kind" NOT IN ('REVERSE', 'HOLD', 'VOID')
            AND earlier."programmeId" = h."programmeId" AND earlier."entryCount" = h."entryCount")
        OR EXISTS (
          SELECT 1 FROM ledger_entry AS e
          WHERE e."transactionId" = h."reverses" AND NOT EXISTS (
            SELECT 1 FROM ledger_entry AS n
            WHERE n."transactionId" = h.id AND n."no" = e."no" AND n."accountId" = e."accountId"
              AND n."amountMilliPoints" = -e."amountMilliPoints")))
        THEN 'a reversal negates exactly one transaction that moved points'
      END AS sentence
    FROM fresh AS h CROSS JOIN LATERAL (
      SELECT COUNT(*) AS entries, COUNT(*) FILTER (WHERE e."programmeId" = h."programmeId") AS own,
        COALESCE(SUM(e."amountMilliPoints"), 0) AS total,
        COALESCE(BOOL_OR(a."stored" AND (e."accountSeq" > a."seq"
          OR (e."accountSeq" = a."seq" AND e."balanceAfterMilliPoints" <> a."postedMilliPoints"))), false) AS astray,
        COALESCE(BOOL_OR(e."lotMilliPoints" IS NOT NULL AND e."amountMilliPoints" <> e."lotMilliPoints"
          - (SELECT COALESCE(SUM("milliPoints"), 0) FROM ledger_lot_use AS u
             WHERE u."transactionId" = e."transactionId" AND u."no" = e."no")), false) AS unlotted
      FROM ledger_entry AS e JOIN ledger_account AS a ON a.id = e."accountId" WHERE e."transactionId" = h.id) AS sums
  ) AS checked WHERE sentence IS NOT NULL LIMIT 1;
  PERFORM guard(why IS NOT NULL, 'ledger_transaction: ' || why);
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_transaction_insert AFTER INSERT ON ledger_transaction
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ledger_transaction_insert();

-- The log: one leaf after the other, the sealed never changes, a checkpoint stands on leaves that are there. ------------------

CREATE TRIGGER log_leaf_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log_leaf
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER log_tile_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log_tile
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER log_checkpoint_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log_checkpoint
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER log_cosignature_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log_cosignature
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER ledger_audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_audit
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE FUNCTION log_leaf_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM guard(
    NEW."logIndex" > 0
    AND NOT EXISTS (SELECT 1 FROM log_leaf WHERE "regionId" = NEW."regionId" AND "logIndex" = NEW."logIndex" - 1),
    'log_leaf: a gap before it');
  RETURN NEW;
END $$;
CREATE TRIGGER log_leaf_insert BEFORE INSERT ON log_leaf FOR EACH ROW EXECUTE FUNCTION log_leaf_insert();

CREATE FUNCTION log_checkpoint_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM guard(
    NOT EXISTS (SELECT 1 FROM log_leaf WHERE "regionId" = NEW."regionId" AND "logIndex" = NEW."size" - 1),
    'log_checkpoint: the log is shorter');
  RETURN NEW;
END $$;
CREATE TRIGGER log_checkpoint_insert BEFORE INSERT ON log_checkpoint FOR EACH ROW EXECUTE FUNCTION log_checkpoint_insert();

CREATE FUNCTION certificate_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM guard(
    TG_OP <> 'UPDATE'
    OR (NEW."no", NEW."askedId", NEW."kind", NEW."regionId", NEW."regionPath", NEW."countyId", NEW."fromDay", NEW."toDay", NEW."issuedAt", NEW."issuedByPersonId", NEW."leaf", NEW."annex")
      IS DISTINCT FROM
      (OLD."no", OLD."askedId", OLD."kind", OLD."regionId", OLD."regionPath", OLD."countyId", OLD."fromDay", OLD."toDay", OLD."issuedAt", OLD."issuedByPersonId", OLD."leaf", OLD."annex"),
    'certificate: what was issued stays');
  RETURN NEW;
END $$;
CREATE TRIGGER certificate_stays BEFORE UPDATE OR DELETE ON certificate FOR EACH ROW EXECUTE FUNCTION certificate_stays();
CREATE TRIGGER certificate_no_truncate BEFORE TRUNCATE ON certificate FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE FUNCTION ledger_decision_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM guard(
    EXISTS (SELECT 1 FROM ledger_request
            WHERE id = NEW."requestId" AND (NEW."byId" = "askedById" OR NEW."byId" = "beneficiaryId")),
    'ledger_decision: nobody decides what they asked for or gain by');
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_decision_insert BEFORE INSERT ON ledger_decision
  FOR EACH ROW EXECUTE FUNCTION ledger_decision_insert();

-- Two visits of one helper that both count can't overlap; one may begin the moment the other ends. ---------------------------
-- btree_gist belongs to PostgreSQL's own contrib modules, and the owner of a database may create it (docs/decisions).

CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE visit ADD CONSTRAINT visit_no_overlap
  EXCLUDE USING gist ("memberId" WITH =, tstzrange("checkInAt", "checkOutAt") WITH &&) WHERE ("counted");

-- Whose homes coverage reads: those of elders who hold or held a category. Derived, so nobody can forget it. -----------------

CREATE FUNCTION elder_category_tags_homes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE elder_residence SET "tagged" = true
    WHERE NOT "tagged" AND "elderId" IN (SELECT "elderId" FROM added);
  RETURN NULL;
END $$;
CREATE TRIGGER elder_category_tags_homes AFTER INSERT ON elder_category REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION elder_category_tags_homes();

CREATE FUNCTION elder_residence_is_tagged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."tagged" := NEW."tagged" OR EXISTS (SELECT 1 FROM elder_category WHERE "elderId" = NEW."elderId");
  RETURN NEW;
END $$;
CREATE TRIGGER elder_residence_is_tagged BEFORE INSERT ON elder_residence FOR EACH ROW EXECUTE FUNCTION elder_residence_is_tagged();

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
CREATE INDEX visit_elder_coverage ON visit_elder ("countyId", "month", "elderId") INCLUDE ("day", "servedSeconds", "channel", "nature") WHERE "counted";
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

CREATE FUNCTION fund_draw_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM guard(
    NEW."kind" = 'release' AND NOT EXISTS (
      SELECT 1 FROM fund_draw WHERE "redemptionId" = NEW."redemptionId" AND "kind" = 'draw'
        AND "fundLineId" = NEW."fundLineId" AND "fen" = -NEW."fen"),
    'fund_draw: it releases what was not drawn');
  UPDATE fund_line SET "drawnFen" = "drawnFen" + NEW."fen" WHERE id = NEW."fundLineId";
  RETURN NEW;
END $$;
CREATE TRIGGER fund_draw_insert BEFORE INSERT ON fund_draw FOR EACH ROW EXECUTE FUNCTION fund_draw_insert();

CREATE FUNCTION fund_decision_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM guard(
    EXISTS (SELECT 1 FROM fund_change WHERE id = NEW."changeId" AND "askedById" = NEW."byId"),
    'fund_decision: nobody decides what they asked for');
  RETURN NEW;
END $$;
CREATE TRIGGER fund_decision_insert BEFORE INSERT ON fund_decision
  FOR EACH ROW EXECUTE FUNCTION fund_decision_insert();

-- What a point is paid: issued once, paid once; and a meal by card once a person, day and meal. ---------------------------------

CREATE FUNCTION settlement_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM guard(
    TG_OP = 'DELETE' OR OLD."paidAt" IS NOT NULL
    OR (NEW."id", NEW."pointId", NEW."programmeId", NEW."month", NEW."pieces", NEW."milliPoints", NEW."costFen", NEW."issuedAt", NEW."issuedByPersonId")
      IS DISTINCT FROM
      (OLD."id", OLD."pointId", OLD."programmeId", OLD."month", OLD."pieces", OLD."milliPoints", OLD."costFen", OLD."issuedAt", OLD."issuedByPersonId"),
    'settlement: what was issued stays, and is paid once');
  RETURN NEW;
END $$;
CREATE TRIGGER settlement_stays BEFORE UPDATE OR DELETE ON settlement FOR EACH ROW EXECUTE FUNCTION settlement_stays();
CREATE TRIGGER settlement_no_truncate BEFORE TRUNCATE ON settlement FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE UNIQUE INDEX redemption_meal ON redemption ("personId", "mealDay", "mealTime") WHERE "state" = 'fulfilled' AND "mealDay" IS NOT NULL;

-- What somebody has not read yet: few, and counted on every home page. ------------------------------------------------------------

CREATE INDEX notice_unread ON notice ("personId") WHERE "readAt" IS NULL;
-- The persons' keys: a schema of their own, backed up by itself (pg_dump --schema=keystore), so that no backup alone tells a name.

CREATE SCHEMA keystore;
CREATE TABLE keystore.person_key ("personId" TEXT NOT NULL PRIMARY KEY, "kekId" TEXT NOT NULL, "wrapped" TEXT NOT NULL);
CREATE INDEX person_key_kek ON keystore.person_key ("kekId");
-- Coverage: of whom something changed that a judged month depends on. Derived, so nobody can forget it. -------------------------

CREATE FUNCTION stale_elder() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO coverage_stale ("id", "elderId")
    VALUES (gen_random_uuid()::text, CASE WHEN TG_OP = 'DELETE' THEN OLD."elderId" ELSE NEW."elderId" END);
  RETURN NULL;
END $$;
CREATE TRIGGER visit_elder_stale_insert AFTER INSERT ON visit_elder FOR EACH ROW WHEN (NEW."counted") EXECUTE FUNCTION stale_elder();
CREATE TRIGGER visit_elder_stale_update AFTER UPDATE ON visit_elder FOR EACH ROW
  WHEN (OLD."counted" <> NEW."counted" OR (NEW."counted" AND (OLD."servedSeconds", OLD."day", OLD."channel", OLD."nature")
    IS DISTINCT FROM (NEW."servedSeconds", NEW."day", NEW."channel", NEW."nature")))
  EXECUTE FUNCTION stale_elder();
CREATE TRIGGER visit_elder_stale_delete AFTER DELETE ON visit_elder FOR EACH ROW WHEN (OLD."counted") EXECUTE FUNCTION stale_elder();
CREATE TRIGGER elder_category_stale AFTER INSERT OR UPDATE OR DELETE ON elder_category FOR EACH ROW EXECUTE FUNCTION stale_elder();
CREATE TRIGGER elder_residence_stale_insert AFTER INSERT OR UPDATE ON elder_residence FOR EACH ROW WHEN (NEW."tagged") EXECUTE FUNCTION stale_elder();
CREATE TRIGGER elder_residence_stale_delete AFTER DELETE ON elder_residence FOR EACH ROW WHEN (OLD."tagged") EXECUTE FUNCTION stale_elder();
CREATE TRIGGER elder_exit_stale AFTER INSERT OR UPDATE OR DELETE ON elder_exit FOR EACH ROW EXECUTE FUNCTION stale_elder();
CREATE TRIGGER elder_event_stale AFTER INSERT ON elder_event FOR EACH ROW EXECUTE FUNCTION stale_elder();

CREATE FUNCTION stale_ended_elder() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO coverage_stale ("id", "elderId") VALUES (gen_random_uuid()::text, NEW."id");
  RETURN NULL;
END $$;
CREATE TRIGGER elder_stale_update AFTER UPDATE OF "endedDay" ON elder FOR EACH ROW
  WHEN (OLD."endedDay" IS DISTINCT FROM NEW."endedDay") EXECUTE FUNCTION stale_ended_elder();

-- Other rules: every month is judged again, whole.
CREATE FUNCTION stale_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM coverage_roll;
  RETURN NULL;
END $$;
CREATE TRIGGER requirement_stale AFTER INSERT OR UPDATE OR DELETE ON requirement FOR EACH STATEMENT EXECUTE FUNCTION stale_rules();

-- Assessments and events stay as they were written. ---------------------------------------------------------------------------

CREATE TRIGGER assessment_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON assessment
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();


-- Reports: what was signed stays, down to the elders behind its figures. --------------------------------------------------------

CREATE FUNCTION report_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM guard(OLD."state" = 'signed', 'report: what was signed stays');
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER report_stays BEFORE UPDATE OR DELETE ON report FOR EACH ROW EXECUTE FUNCTION report_stays();
CREATE TRIGGER report_no_truncate BEFORE TRUNCATE ON report FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE FUNCTION report_elder_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM guard(TG_OP = 'UPDATE', 'report_elder: nothing in it changes');
  PERFORM guard(
    EXISTS (SELECT 1 FROM report WHERE id = COALESCE(NEW."reportId", OLD."reportId") AND "state" = 'signed'),
    'report_elder: what was signed stays');
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER report_elder_stays BEFORE INSERT OR UPDATE OR DELETE ON report_elder
  FOR EACH ROW EXECUTE FUNCTION report_elder_stays();
CREATE TRIGGER report_elder_no_truncate BEFORE TRUNCATE ON report_elder FOR EACH STATEMENT EXECUTE FUNCTION append_only();

-- How elders were asked and what helpers said stays as it was. -----------------------------------------------------------------

CREATE TRIGGER end_correction_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON end_correction
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER paper_picture_stays BEFORE DELETE OR TRUNCATE ON paper_picture
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
-- The desk: a first approval stays; what was frozen and drawn stays, and a finding is written once. -------------------------------

CREATE TRIGGER first_approval_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON first_approval
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE FUNCTION spot_check_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM guard(TG_OP = 'DELETE', 'spot_check: what was frozen and drawn stays');
  PERFORM guard(OLD."seed" IS NOT NULL OR NEW."list" <> OLD."list" OR NEW."listHash" <> OLD."listHash" OR NEW."percent" <> OLD."percent"
    OR NEW."seedFrom" <> OLD."seedFrom", 'spot_check: what was frozen and drawn stays');
  RETURN NEW;
END $$;
CREATE TRIGGER spot_check_stays BEFORE UPDATE OR DELETE ON spot_check FOR EACH ROW EXECUTE FUNCTION spot_check_stays();
CREATE FUNCTION spot_item_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM guard(TG_OP = 'DELETE', 'spot_item: a finding is written once');
  PERFORM guard(OLD."finding" IS NOT NULL OR NEW."visitId" <> OLD."visitId" OR NEW."inspectorPersonId" <> OLD."inspectorPersonId",
    'spot_item: a finding is written once');
  RETURN NEW;
END $$;
CREATE TRIGGER spot_item_stays BEFORE UPDATE OR DELETE ON spot_item FOR EACH ROW EXECUTE FUNCTION spot_item_stays();

-- How an end was proved stays; where the phone was is forgotten after its time, and that only. ------------------------------

CREATE FUNCTION visit_evidence_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE forgettable text[] := ARRAY['placeSealed', 'placeHmac'];
BEGIN
  PERFORM guard(
    OLD."placeSealed" IS NULL OR NEW."placeSealed" IS NOT NULL OR NEW."placeHmac" IS NOT NULL
      OR to_jsonb(NEW) - forgettable <> to_jsonb(OLD) - forgettable,
    'visit_evidence is append-only');
  RETURN NEW;
END $$;
CREATE TRIGGER visit_evidence_forgets BEFORE UPDATE ON visit_evidence
  FOR EACH ROW EXECUTE FUNCTION visit_evidence_guard();
CREATE TRIGGER visit_evidence_stays BEFORE DELETE OR TRUNCATE ON visit_evidence
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();

-- What a proxy did stays. ----------------------------------------------------------------------------------------------

CREATE TRIGGER proxy_act_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON proxy_act
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();

-- Credit: rules, grades and ratings stay as they were written. --------------------------------------------------------------------

CREATE TRIGGER credit_rule_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON credit_rule
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER credit_grade_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON credit_grade
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER visit_rating_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON visit_rating
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER credit_listing_no_delete BEFORE DELETE OR TRUNCATE ON credit_listing
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER credit_appeal_no_delete BEFORE DELETE OR TRUNCATE ON credit_appeal
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();

-- Care: a pair is open once; what was declared for an area stays. ---------------------------------------------------------------

CREATE UNIQUE INDEX pairing_open ON pairing ("elderId", "memberId") WHERE "endedDay" IS NULL;
CREATE TRIGGER area_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON area_event
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();

-- Visits to a site, for the staff who confirm them: few among all.
CREATE INDEX visit_site ON visit ("regionPath", "checkInAt") WHERE "siteId" IS NOT NULL;

-- A photograph is forgotten after its time; what it was, by its hash, stays. -------------------------------------------

CREATE FUNCTION paper_picture_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM guard(
    OLD."sealed" IS NULL OR NEW."sealed" IS NOT NULL OR to_jsonb(NEW) - 'sealed' <> to_jsonb(OLD) - 'sealed',
    'paper_picture is append-only');
  RETURN NEW;
END $$;
CREATE TRIGGER paper_picture_forgets BEFORE UPDATE ON paper_picture
  FOR EACH ROW EXECUTE FUNCTION paper_picture_guard();

-- Records that were merged into another: few, and asked for with every helper. ------------------------------------------------
CREATE INDEX person_merged ON person ("mergedInto") WHERE "mergedInto" IS NOT NULL;

-- What somebody wrote beside a record is forgotten after its time, and that only. ----------------------------------------------

CREATE FUNCTION note_forgets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM guard(coalesce(OLD."note", '') = '' OR coalesce(NEW."note", '') <> '' OR to_jsonb(NEW) - 'note' <> to_jsonb(OLD) - 'note',
    TG_TABLE_NAME || ' is append-only');
  RETURN NEW;
END $$;
CREATE TRIGGER call_back_forgets BEFORE UPDATE ON call_back FOR EACH ROW EXECUTE FUNCTION note_forgets();
CREATE TRIGGER call_back_stays BEFORE DELETE OR TRUNCATE ON call_back FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER helper_note_forgets BEFORE UPDATE ON helper_note FOR EACH ROW EXECUTE FUNCTION note_forgets();
CREATE TRIGGER helper_note_stays BEFORE DELETE OR TRUNCATE ON helper_note FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER elder_event_forgets BEFORE UPDATE ON elder_event FOR EACH ROW EXECUTE FUNCTION note_forgets();
CREATE TRIGGER elder_event_stays BEFORE DELETE OR TRUNCATE ON elder_event FOR EACH STATEMENT EXECUTE FUNCTION append_only();

-- Texts that are hidden are few among all that were checked.
CREATE INDEX text_check_hidden ON text_check ("id") WHERE "state" = 'hidden';
