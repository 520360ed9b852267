import type { Reader, Tx } from '../core/db'
import { rowsAs } from '../core/rows'
import type { Account, Entry, Written } from './order'

/** What an entry opened and what is left of it. An overdraft is a lot below zero. */
type Lot = { accountId: string; transactionId: string; no: number; seq: number; left: bigint; useNo: number }
type Use = {
  lotTransactionId: string
  lotNo: number
  useNo: number
  transactionId: string
  no: number
  accountId: string
  milliPoints: bigint
  leftMilliPoints: bigint
}
/** The lots of one account that are in memory, the oldest first: all that are open up to `readTo`. */
type Shelf = { lots: Lot[]; readTo: number }
/** What an undone transaction took from lots, by its entry. */
type Taken = Map<string, { lot: Lot; milliPoints: bigint }[]>

/** An entry on an account that holds lots. These are stored: it is numbered and says the balance after it. */
type LotEntry = Entry & { accountSeq: number; balanceAfterMilliPoints: bigint; lotMilliPoints: bigint }
const isOfLots = (entry: Entry): entry is LotEntry => entry.lotMilliPoints !== null

export type Lots = { uses: Use[]; settle: (written: Written) => void }

const keyOf = (transactionId: string, no: number) => `${transactionId}/${no}`
/** So many numbers of a chain are looked through at once. */
const STEP = 256

/**
 * Reads the lots that a list of transactions takes from. `settle` then says of each entry, in order, what it takes from
 * which lot and what it opens: debits take from the oldest, credits first fill an overdraft, what undoes a transaction puts
 * back what that took.
 */
export async function readLots(
  tx: Tx,
  written: readonly Written[],
  accounts: ReadonlyMap<string, Account>,
): Promise<Lots> {
  const lots = new Map<string, Lot>()
  const shelves = new Map<string, Shelf>()
  const undone = await readUndone(tx, written, lots)
  await readNamed(tx, written, lots)
  await readOldest(tx, written, accounts, lots, shelves)
  for (const lot of lots.values()) shelve(shelfOf(shelves, lot.accountId), lot)
  const uses: Use[] = []

  function settleEntry(entry: LotEntry, from: Written['from'][number], undoes: string | undefined): void {
    const account = accounts.get(entry.accountId) as Account
    const shelf = shelfOf(shelves, account.id)
    const took = new Map<Lot, bigint>()
    let rest = entry.amountMilliPoints
    const take = (lot: Lot, milliPoints: bigint) => {
      lot.left -= milliPoints
      rest += milliPoints
      took.set(lot, (took.get(lot) ?? 0n) + milliPoints)
    }
    if (undoes !== undefined) {
      for (const { lot, milliPoints } of undone.get(keyOf(undoes, entry.no)) ?? []) take(lot, -milliPoints)
      const own = lots.get(keyOf(undoes, entry.no))
      if (own !== undefined) take(own, reach(own.left, rest))
    }
    for (const { transactionId, no, milliPoints } of from ?? []) {
      const lot = lots.get(keyOf(transactionId, no))
      if (lot === undefined) throw new Error(`no lot ${transactionId}/${no}`)
      take(lot, milliPoints)
    }
    for (const lot of shelf.lots) {
      if (rest === 0n) break
      take(lot, reach(lot.left, rest))
    }
    if (rest < 0n && entry.balanceAfterMilliPoints >= 0n) throw new Error(`${account.id}: lots do not cover it`)
    entry.lotMilliPoints = rest
    if (rest <= 0n) entry.lotExpiresAt = null
    for (const [lot, milliPoints] of took) use(entry, lot, milliPoints)
    if (rest !== 0n) shelve(shelf, { ...placeOf(entry), seq: entry.accountSeq, left: rest, useNo: 0 })
    account.lotsFrom = firstOpen(shelf, account, entry.accountSeq)
  }

  function use(entry: Entry, lot: Lot, milliPoints: bigint): void {
    if (milliPoints === 0n) return
    lot.useNo += 1
    const { transactionId, no, accountId } = placeOf(entry)
    const of = { lotTransactionId: lot.transactionId, lotNo: lot.no, useNo: lot.useNo }
    uses.push({ ...of, transactionId, no, accountId, milliPoints, leftMilliPoints: lot.left })
  }

  return {
    uses,
    settle: ({ order, entries, from }) => {
      for (const [place, entry] of entries.entries()) if (isOfLots(entry)) settleEntry(entry, from[place], order.undoes)
    },
  }
}

const placeOf = ({ transactionId, no, accountId }: Entry) => ({ transactionId, no, accountId })

/** How much of a lot an amount takes: a debit from what there is, a credit from what is owed. */
function reach(left: bigint, rest: bigint): bigint {
  if (rest < 0n && left > 0n) return left < -rest ? left : -rest
  if (rest > 0n && left < 0n) return left > -rest ? left : -rest
  return 0n
}

function shelfOf(shelves: Map<string, Shelf>, accountId: string): Shelf {
  const shelf = shelves.get(accountId) ?? { lots: [], readTo: 0 }
  shelves.set(accountId, shelf)
  return shelf
}

/** New lots are the youngest; what is put back may stand anywhere. */
function shelve(shelf: Shelf, lot: Lot): void {
  const place = shelf.lots.findLastIndex((one) => one.seq < lot.seq)
  shelf.lots.splice(place + 1, 0, lot)
}

/** Where to look for the oldest open lot from now on. Where nothing was read, nothing below was closed. */
function firstOpen(shelf: Shelf, account: Account, seq: number): number {
  const open = shelf.lots.find((one) => one.left !== 0n)?.seq
  if (shelf.readTo === 0) return open === undefined ? account.lotsFrom : Math.min(open, account.lotsFrom)
  return Math.min(open ?? seq + 1, shelf.readTo + 1)
}

const PLACE = { transactionId: 'text', no: 'integer' } as const
const WINDOW = { accountId: 'text', first: 'integer', last: 'integer' } as const
type LotRow = {
  accountId: string
  transactionId: string
  no: number | bigint
  seq: number | bigint
  opened: bigint
  left: bigint | null
  useNo: number | bigint | null
}

function add(lots: Map<string, Lot>, row: LotRow): Lot {
  const key = keyOf(row.transactionId, Number(row.no))
  const known = lots.get(key)
  if (known !== undefined) return known
  const { accountId, transactionId } = row
  const lot = {
    accountId,
    transactionId,
    no: Number(row.no),
    seq: Number(row.seq),
    left: BigInt(row.left ?? row.opened),
    useNo: Number(row.useNo ?? 0),
  }
  lots.set(key, lot)
  return lot
}

/** Reads the lots that debits will reach, and those that credits to an overdrawn account fill; no more of them than needed. */
async function readOldest(
  tx: Tx,
  written: readonly Written[],
  accounts: ReadonlyMap<string, Account>,
  lots: Map<string, Lot>,
  shelves: Map<string, Shelf>,
): Promise<void> {
  const wanted = wantedOf(written, accounts)
  while (wanted.size > 0) {
    const windows = [...wanted].map(([accountId, { from }]) => ({ accountId, first: from, last: from + STEP - 1 }))
    const rows = await tx.$queryRaw<LotRow[]>`
      SELECT e."accountId", e."transactionId", e."no", e."accountSeq" AS "seq", e."lotMilliPoints" AS "opened",
        (SELECT u."leftMilliPoints" FROM ledger_lot_use AS u WHERE u."lotTransactionId" = e."transactionId" AND u."lotNo" = e."no"
         ORDER BY u."useNo" DESC LIMIT 1) AS "left",
        (SELECT MAX(u."useNo") FROM ledger_lot_use AS u WHERE u."lotTransactionId" = e."transactionId" AND u."lotNo" = e."no") AS "useNo"
      FROM ${rowsAs(tx, 'w', WINDOW, windows)} JOIN ledger_entry AS e
        ON e."accountId" = w."accountId" AND e."accountSeq" BETWEEN w."first" AND w."last"
      WHERE e."lotMilliPoints" <> 0`
    for (const row of rows) {
      const want = wanted.get(row.accountId) as Want
      const lot = add(lots, row)
      if (lot.left > 0n) want.missing -= lot.left
    }
    for (const [accountId, want] of wanted) {
      want.from += STEP
      shelfOf(shelves, accountId).readTo = Math.min(want.from - 1, want.seq)
      if (want.missing <= 0n || want.from > want.seq) wanted.delete(accountId)
    }
  }
}

type Want = { missing: bigint; from: number; seq: number }

function wantedOf(written: readonly Written[], accounts: ReadonlyMap<string, Account>): Map<string, Want> {
  const wanted = new Map<string, Want>()
  const begins = new Map<string, number>()
  for (const entry of written.flatMap((one) => one.entries).filter(isOfLots)) {
    const account = accounts.get(entry.accountId) as Account
    const posted = entry.balanceAfterMilliPoints - entry.amountMilliPoints
    const begin = begins.get(account.id) ?? entry.accountSeq - 1
    begins.set(account.id, begin)
    if (entry.amountMilliPoints > 0n && posted >= 0n) continue
    const want = wanted.get(account.id) ?? { missing: 0n, from: account.lotsFrom, seq: begin }
    // An overdraft may stand anywhere: all is read.
    want.missing += posted < 0n ? 2n ** 62n : -entry.amountMilliPoints
    wanted.set(account.id, want)
  }
  for (const [id, want] of wanted) if (want.from > want.seq) wanted.delete(id)
  return wanted
}

/** The lots that were named, to be taken from whatever stands before them. */
async function readNamed(tx: Tx, written: readonly Written[], lots: Map<string, Lot>): Promise<void> {
  const named = written.flatMap((one) => one.from.flatMap((from) => from ?? []))
  if (named.length === 0) return
  const rows = await tx.$queryRaw<LotRow[]>`
    SELECT e."accountId", e."transactionId", e."no", e."accountSeq" AS "seq", e."lotMilliPoints" AS "opened",
      (SELECT u."leftMilliPoints" FROM ledger_lot_use AS u WHERE u."lotTransactionId" = e."transactionId" AND u."lotNo" = e."no"
       ORDER BY u."useNo" DESC LIMIT 1) AS "left",
      (SELECT MAX(u."useNo") FROM ledger_lot_use AS u WHERE u."lotTransactionId" = e."transactionId" AND u."lotNo" = e."no") AS "useNo"
    FROM ${rowsAs(tx, 'n', PLACE, named)} JOIN ledger_entry AS e ON e."transactionId" = n."transactionId" AND e."no" = n."no"
    WHERE e."lotMilliPoints" <> 0`
  for (const row of rows) add(lots, row)
}

/** What the undone transactions took and what they opened. */
async function readUndone(tx: Tx, written: readonly Written[], lots: Map<string, Lot>): Promise<Taken> {
  const undone = written.flatMap(({ order }) => (order.undoes === undefined ? [] : [{ transactionId: order.undoes }]))
  const taken: Taken = new Map()
  if (undone.length === 0) return taken
  const rows = await tx.$queryRaw<
    (LotRow & { byTransactionId: string; byNo: number | bigint; taken: bigint | null })[]
  >`
    WITH touched AS (
      SELECT e."transactionId" AS "byTransactionId", e."no" AS "byNo", e."transactionId", e."no", NULL AS "taken"
      FROM ${rowsAs(tx, 'd', { transactionId: 'text' }, undone)} JOIN ledger_entry AS e ON e."transactionId" = d."transactionId"
      WHERE e."lotMilliPoints" <> 0
      UNION ALL
      SELECT u."transactionId", u."no", u."lotTransactionId", u."lotNo", u."milliPoints"
      FROM ${rowsAs(tx, 'd', { transactionId: 'text' }, undone)} JOIN ledger_lot_use AS u ON u."transactionId" = d."transactionId")
    SELECT t."byTransactionId", t."byNo", t."taken", e."accountId", e."transactionId", e."no", e."accountSeq" AS "seq",
      e."lotMilliPoints" AS "opened",
      (SELECT u."leftMilliPoints" FROM ledger_lot_use AS u WHERE u."lotTransactionId" = e."transactionId" AND u."lotNo" = e."no"
       ORDER BY u."useNo" DESC LIMIT 1) AS "left",
      (SELECT MAX(u."useNo") FROM ledger_lot_use AS u WHERE u."lotTransactionId" = e."transactionId" AND u."lotNo" = e."no") AS "useNo"
    FROM touched AS t JOIN ledger_entry AS e ON e."transactionId" = t."transactionId" AND e."no" = t."no"`
  for (const row of rows) {
    const lot = add(lots, row)
    if (row.taken === null) continue
    const key = keyOf(row.byTransactionId, Number(row.byNo))
    taken.set(key, [...(taken.get(key) ?? []), { lot, milliPoints: BigInt(row.taken) }])
  }
  return taken
}

export type OpenLot = { transactionId: string; no: number; milliPoints: bigint; expiresAt: Date | null }

/** The open lots of an account, the oldest first. */
export async function openLotsOf(db: Reader, accountId: string): Promise<OpenLot[]> {
  const rows = await db.$queryRaw<
    { transactionId: string; no: number | bigint; left: bigint; expiresAt: Date | null }[]
  >`
    SELECT * FROM (
      SELECT e."transactionId", e."no", e."accountSeq", e."lotExpiresAt" AS "expiresAt", COALESCE((
        SELECT u."leftMilliPoints" FROM ledger_lot_use AS u WHERE u."lotTransactionId" = e."transactionId" AND u."lotNo" = e."no"
        ORDER BY u."useNo" DESC LIMIT 1), e."lotMilliPoints") AS "left"
      FROM ledger_entry AS e JOIN ledger_account AS a ON a."id" = e."accountId"
      WHERE e."accountId" = ${accountId} AND e."accountSeq" >= a."lotsFrom") AS lot
    WHERE lot."left" <> 0 ORDER BY lot."accountSeq"`
  return rows.map(({ transactionId, no, left, expiresAt }) => ({
    ...{ transactionId, no: Number(no), milliPoints: BigInt(left) },
    expiresAt: expiresAt === null ? null : new Date(expiresAt),
  }))
}

/** The oldest lots up to an amount: what a debit of it will take. */
export function firstOf<Lot extends { milliPoints: bigint }>(lots: readonly Lot[], milliPoints: bigint): Lot[] {
  let rest = milliPoints
  return lots.flatMap((lot) => {
    if (rest <= 0n || lot.milliPoints <= 0n) return []
    const taken = lot.milliPoints < rest ? lot.milliPoints : rest
    rest -= taken
    return [{ ...lot, milliPoints: taken }]
  })
}

/** The open lots of an account that are over before an instant, the soonest first. */
export async function expiringLots(
  db: Reader,
  accountId: string,
  before: Date,
): Promise<{ expiresAt: Date; milliPoints: bigint }[]> {
  const lots = await openLotsOf(db, accountId)
  return lots
    .flatMap(({ expiresAt, milliPoints }) =>
      expiresAt !== null && expiresAt <= before ? [{ expiresAt, milliPoints }] : [],
    )
    .sort((a, b) => a.expiresAt.getTime() - b.expiresAt.getTime())
}

/** Points of one account that are over at one instant. */
export type LotOver = { accountId: string; expiresAt: Date; milliPoints: bigint }

/**
 * What is over in a span of time, of the accounts behind `after` in the order of their ids.
 *
 * @returns what each account loses at each instant, and the last account that was looked at, or null when all were
 */
export async function lotsOverIn(
  db: Reader,
  span: { after: Date; upTo: Date },
  after: string,
  accounts: number,
): Promise<{ over: LotOver[]; last: string | null }> {
  const due = await db.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT a."id" FROM ledger_entry AS e JOIN ledger_account AS a ON a."id" = e."accountId"
    WHERE e."lotExpiresAt" > ${span.after} AND e."lotExpiresAt" <= ${span.upTo} AND e."accountSeq" >= a."lotsFrom"
      AND a."closedAt" IS NULL AND a."postedMilliPoints" > 0 AND a."id" > ${after}
    ORDER BY a."id" LIMIT ${accounts}`
  const rows = await db.$queryRaw<{ accountId: string; expiresAt: Date; left: bigint | number }[]>`
    SELECT * FROM (
      SELECT e."accountId", e."lotExpiresAt" AS "expiresAt", COALESCE((
        SELECT u."leftMilliPoints" FROM ledger_lot_use AS u WHERE u."lotTransactionId" = e."transactionId" AND u."lotNo" = e."no"
        ORDER BY u."useNo" DESC LIMIT 1), e."lotMilliPoints") AS "left"
      FROM ${rowsAs(db, 'wanted', { id: 'text' }, due)} JOIN ledger_account AS a ON a."id" = wanted."id"
      JOIN ledger_entry AS e ON e."accountId" = a."id" AND e."accountSeq" >= a."lotsFrom"
      WHERE e."lotExpiresAt" > ${span.after} AND e."lotExpiresAt" <= ${span.upTo}) AS lot
    WHERE lot."left" > 0`
  const over = rows.map(({ accountId, expiresAt, left }) => ({
    ...{ accountId, expiresAt: new Date(expiresAt), milliPoints: BigInt(left) },
  }))
  return { over, last: due[accounts - 1]?.id ?? null }
}
