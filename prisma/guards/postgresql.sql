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
CREATE TRIGGER visit_evidence_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON visit_evidence
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

CREATE FUNCTION ledger_entry_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM guard(
    EXISTS (SELECT 1 FROM ledger_transaction WHERE id = NEW."transactionId"),
    'ledger_entry: its transaction is closed');
  PERFORM guard(
    NOT EXISTS (
      SELECT 1 FROM ledger_account
      WHERE id = NEW."accountId" AND "programmeId" = NEW."programmeId" AND "stored" = (NEW."accountSeq" IS NOT NULL)),
    'ledger_entry: the account is of another programme, or derived accounts have no sequence');
  PERFORM guard(
    NEW."accountSeq" IS NOT NULL AND NEW."balanceAfterMilliPoints" IS DISTINCT FROM NEW."amountMilliPoints" + CASE
      WHEN NEW."accountSeq" = 1 THEN 0
      ELSE (SELECT "balanceAfterMilliPoints" FROM ledger_entry
            WHERE "accountId" = NEW."accountId" AND "accountSeq" = NEW."accountSeq" - 1) END,
    'ledger_entry: it does not follow the entry before it');
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_entry_insert BEFORE INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION ledger_entry_insert();

CREATE FUNCTION ledger_transaction_insert() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  entries bigint;
  own_entries bigint;
  total numeric;
BEGIN
  SELECT COUNT(*), COUNT(*) FILTER (WHERE "programmeId" = NEW."programmeId"), COALESCE(SUM("amountMilliPoints"), 0)
    INTO entries, own_entries, total FROM ledger_entry WHERE "transactionId" = NEW.id;
  PERFORM guard(total <> 0, 'ledger_transaction: its entries do not sum to zero');
  PERFORM guard(
    entries <> NEW."entryCount" OR own_entries <> NEW."entryCount",
    'ledger_transaction: entries are missing, or of another programme');

  PERFORM guard(
    EXISTS (
      SELECT 1 FROM ledger_entry AS e JOIN ledger_account AS a ON a.id = e."accountId"
      WHERE e."transactionId" = NEW.id AND a."stored"
        AND (e."accountSeq" > a."seq" OR (e."accountSeq" = a."seq" AND e."balanceAfterMilliPoints" <> a."postedMilliPoints"))),
    'ledger_transaction: an account does not say what its entries say');

  IF NEW."revision" > 0 THEN
    PERFORM guard(
      NOT EXISTS (
        SELECT 1 FROM ledger_transaction AS earlier JOIN ledger_transaction AS reversal ON reversal."reverses" = earlier.id
        WHERE earlier."kind" = NEW."kind" AND earlier."refType" = NEW."refType" AND earlier."refId" = NEW."refId"
          AND earlier."revision" = NEW."revision" - 1),
      'ledger_transaction: the revision before it is not reversed');
  END IF;

  IF NEW."resolves" IS NOT NULL THEN
    PERFORM guard(
      NOT EXISTS (
        SELECT 1 FROM ledger_transaction AS hold
        WHERE hold.id = NEW."resolves" AND hold."kind" = 'HOLD' AND hold."programmeId" = NEW."programmeId"
          AND (SELECT -COALESCE(SUM("amountMilliPoints"), 0) FROM ledger_entry
               WHERE "transactionId" = NEW.id AND "accountId" = hold."heldAccountId") BETWEEN 0 AND hold."heldMilliPoints"),
      'ledger_transaction: it resolves no hold, or takes more than was held');
    PERFORM guard(
      NEW."kind" = 'POST' AND NEW."happenedAt" > (SELECT "heldUntil" FROM ledger_transaction WHERE id = NEW."resolves"),
      'ledger_transaction: the hold was over before it was posted');
  END IF;

  IF NEW."reverses" IS NOT NULL THEN
    PERFORM guard(
      NOT EXISTS (
        SELECT 1 FROM ledger_transaction AS earlier
        WHERE earlier.id = NEW."reverses" AND earlier."kind" NOT IN ('REVERSE', 'HOLD', 'VOID')
          AND earlier."programmeId" = NEW."programmeId" AND earlier."entryCount" = NEW."entryCount")
      OR EXISTS (
        SELECT 1 FROM ledger_entry AS e
        WHERE e."transactionId" = NEW."reverses" AND NOT EXISTS (
          SELECT 1 FROM ledger_entry AS n
          WHERE n."transactionId" = NEW.id AND n."no" = e."no" AND n."accountId" = e."accountId"
            AND n."amountMilliPoints" = -e."amountMilliPoints")),
      'ledger_transaction: a reversal negates exactly one transaction that moved points');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_transaction_insert BEFORE INSERT ON ledger_transaction FOR EACH ROW EXECUTE FUNCTION ledger_transaction_insert();

-- Two visits of one helper that both count can't overlap; one may begin the moment the other ends. ---------------------------
-- btree_gist belongs to PostgreSQL's own contrib modules, and the owner of a database may create it (docs/decisions).

CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE visit ADD CONSTRAINT visit_no_overlap
  EXCLUDE USING gist ("memberId" WITH =, tstzrange("checkInAt", "checkOutAt") WITH &&) WHERE ("counted");

-- Indexes Prisma has no word for. -------------------------------------------------------------------------------------------

-- Coverage of a county and a month is answered by this index alone.
CREATE INDEX visit_elder_coverage ON visit_elder ("countyId", "month", "elderId") INCLUDE ("day", "servedSeconds", "visitId") WHERE "counted";
-- The few whose month has an edge: a home or category that ended, who died or left. Coverage reads them alone.
CREATE INDEX elder_residence_ended ON elder_residence ("validTo", "elderId") WHERE "validTo" IS NOT NULL;
CREATE INDEX elder_category_ended ON elder_category ("validTo", "elderId") WHERE "validTo" IS NOT NULL;
CREATE INDEX elder_ended ON elder ("endedDay", "id") WHERE "endedDay" IS NOT NULL;
-- Few visits are by telephone or video: what is not here was in person.
CREATE INDEX visit_remote ON visit ("countyId", "month", "id") INCLUDE ("channel") WHERE "channel" <> 'inPerson';
-- Eight digits mean one redemption while it is held.
CREATE UNIQUE INDEX redemption_held_code ON redemption ("code") WHERE "state" = 'held';
-- A category is held once at a time.
CREATE UNIQUE INDEX elder_category_open ON elder_category ("elderId", "category") WHERE "validTo" IS NULL;
