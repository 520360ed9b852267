import { copyWith } from '../../shared/core/copy'
import { Refusal } from '../../shared/core/refusals'
import { holdsLots, isStored, MILLI_POINTS_MAX } from '../../shared/ledger/rules'
import { inOrder, Prisma, type Tx } from '../core/db'
import { idFrom, newSalt } from '../core/ids'
import { insertRowsOf, isPostgres, rowsAs } from '../core/rows'
import { openAccounts } from './accounts'
import { byTransaction, commitmentsOf, type LotUse, leafOf } from './leaf'
import { type Lots, readLots } from './lots'
import { type Account, accountsIn, type Order, recoveryIdOf, type WhyNot, type Written } from './order'

/**
 * Writes a list of orders, in their order, each on top of those before it. A refused one leaves no trace and takes nobody
 * with it. The accounts are locked first, in the order of their ids, so that no two writers wait for each other; what is
 * known already is asked once they are, so that a twin that was faster is seen; then all is judged in memory and written
 * with one statement a table: counters, entries, uses of lots, and the headers last, whose guards check the whole.
 *
 * @returns why each was refused, or null
 */
export async function write(tx: Tx, orders: readonly Order[], at: Date): Promise<WhyNot[]> {
  if (orders.length === 0) return []
  const [accounts, known] = await inOrder(
    tx,
    () => lockAccounts(tx, orders),
    () => findKnown(tx, orders),
  )
  const written: Written[] = []
  const outcomes = orders.map((order) => {
    const whyNot = judge(order, accounts, known, at)
    if (whyNot !== null) return whyNot
    for (const one of [...advanceFor(order, accounts), order]) written.push(settle(one, accounts, known))
    return null
  })
  if (written.length === 0) return outcomes
  const lots = await readLots(tx, written, accounts)
  for (const one of written) lots.settle(one)
  await insert(tx, written, [...accounts.values()], lots, at)
  return outcomes
}

async function insert(tx: Tx, written: readonly Written[], accounts: readonly Account[], lots: Lots, at: Date) {
  const touched = new Set(written.flatMap(({ order }) => accountsIn(order)))
  const counted = accounts.filter((one) => one.stored && touched.has(one.id))
  const opened = counted.filter((one) => one.isNew)
  await openAccounts(
    tx,
    opened.map(({ id, programmeId, kind }) => ({ id, programmeId, kind, openedAt: at })),
  )
  const entries = written.flatMap((one) => one.entries)
  const usesOf = byTransaction(lots.uses)
  const salted = written.map((one) => ({ ...one, salt: newSalt() }))
  const salts = salted.map(({ order, salt }) => ({ transactionId: order.id, salt }))
  const headers = salted.map((one) => headerOf(one, usesOf.get(one.order.id) ?? [], at))
  const skipTaken = true
  const [, , , headersWritten, saltsWritten] = await inOrder(
    tx,
    () => updateCounters(tx, counted),
    () => insertRowsOf(tx, 'ledger_entry', ENTRY, entries),
    () => insertRowsOf(tx, 'ledger_lot_use', USE, lots.uses),
    () => insertRowsOf(tx, 'ledger_transaction', HEADER, headers, { skipTaken }),
    () => insertRowsOf(tx, 'ledger_salt', SALT, salts, { skipTaken }),
  )
  if (headersWritten < headers.length || saltsWritten < salts.length) throw new Refusal('ALREADY_POSTED')
}

export const ENTRY = {
  transactionId: 'text',
  no: 'integer',
  programmeId: 'text',
  accountId: 'text',
  accountSeq: 'integer',
  amountMilliPoints: 'bigint',
  balanceAfterMilliPoints: 'bigint',
  lotMilliPoints: 'bigint',
  lotExpiresAt: 'instant',
} as const
export const USE = {
  lotTransactionId: 'text',
  lotNo: 'integer',
  useNo: 'integer',
  transactionId: 'text',
  no: 'integer',
  accountId: 'text',
  milliPoints: 'bigint',
  leftMilliPoints: 'bigint',
} as const
export const HEADER = {
  id: 'text',
  programmeId: 'text',
  kind: 'text',
  refType: 'text',
  refId: 'text',
  revision: 'integer',
  happenedAt: 'instant',
  byId: 'text',
  entryCount: 'integer',
  heldAccountId: 'text',
  heldMilliPoints: 'bigint',
  heldUntil: 'instant',
  resolves: 'text',
  reverses: 'text',
  recordedAt: 'instant',
  explanation: 'text',
  leaf: 'text',
} as const
export const SALT = { transactionId: 'text', salt: 'text' } as const

/** The one place where a header is made. */
function headerOf({ order, entries, salt }: Written & { salt: string }, uses: readonly LotUse[], at: Date) {
  const { id, programmeId, kind, refType, refId, revision, happenedAt, byId, held, resolves, reverses } = order
  const header = {
    id,
    programmeId,
    kind,
    refType,
    refId,
    revision,
    happenedAt,
    byId,
    entryCount: order.postings.length,
    heldAccountId: held?.accountId ?? null,
    heldMilliPoints: held?.milliPoints ?? null,
    heldUntil: held?.until ?? null,
    resolves: resolves?.id ?? null,
    reverses: reverses ?? null,
    recordedAt: at,
    explanation: JSON.stringify(order.explanation),
  }
  return copyWith(header, { leaf: leafOf(copyWith(header, { entries }), uses, commitmentsOf(header, salt)) })
}

const COUNTERS = { id: 'text', posted: 'bigint', pending: 'bigint', seq: 'integer', lotsFrom: 'integer' } as const

async function updateCounters(tx: Tx, accounts: readonly Account[]): Promise<void> {
  const rows = accounts.map((one) => ({
    id: one.id,
    posted: one.postedMilliPoints,
    pending: one.pendingMilliPoints,
    seq: one.seq,
    lotsFrom: one.lotsFrom,
  }))
  await tx.$executeRaw`
    UPDATE ledger_account AS a
    SET "postedMilliPoints" = n."posted", "pendingMilliPoints" = n."pending", "seq" = n."seq", "lotsFrom" = n."lotsFrom"
    FROM ${rowsAs(tx, 'n', COUNTERS, rows)} WHERE a."id" = n."id"`
}

const ID = { id: 'text' } as const
const ACCOUNT = Prisma.raw(
  '"id", "programmeId", "kind", "stored", "postedMilliPoints", "pendingMilliPoints", "lowestMilliPoints", "seq", "lotsFrom", "closedAt"',
)

async function lockAccounts(tx: Tx, orders: readonly Order[]): Promise<Map<string, Account>> {
  const advances = orders.flatMap((order) => mayAdvance(order).map((id) => ({ id, order })))
  const accounts = await lock(tx, [...new Set([...orders.flatMap(accountsIn), ...advances.map(({ id }) => id)])])
  // Whoever opened one of these in the meantime held the account beside it, and is through now.
  const missing = advances.filter(({ id }) => !accounts.has(id))
  const opened = await lock(
    tx,
    missing.map(({ id }) => id),
  )
  for (const { id, order } of missing) accounts.set(id, opened.get(id) ?? newRecovery(id, order))
  return accounts
}

/** Reads accounts; on PostgreSQL the stored ones stay locked, and on SQLite nobody else writes. */
export async function lock(tx: Tx, ids: readonly string[]): Promise<Map<string, Account>> {
  if (ids.length === 0) return new Map()
  const wanted = Prisma.sql`SELECT "id" FROM ${rowsAs(
    tx,
    'wanted',
    ID,
    ids.map((id) => ({ id })),
  )}`
  const rows = isPostgres(tx)
    ? await tx.$queryRaw<Row[]>`
        WITH locked AS (
          SELECT ${ACCOUNT} FROM ledger_account WHERE "id" IN (${wanted}) AND "stored" ORDER BY "id" FOR NO KEY UPDATE)
        SELECT * FROM locked UNION ALL SELECT ${ACCOUNT} FROM ledger_account WHERE "id" IN (${wanted}) AND NOT "stored"`
    : await tx.$queryRaw<Row[]>`SELECT ${ACCOUNT} FROM ledger_account WHERE "id" IN (${wanted})`
  return new Map(rows.map((row) => [row.id, accountFrom(row)]))
}

type Row = Omit<Account, 'isClosed' | 'isNew'> & { closedAt: unknown }

function accountFrom(row: Row): Account {
  const { id, programmeId, kind } = row
  return {
    id,
    programmeId,
    kind,
    stored: Boolean(row.stored),
    postedMilliPoints: BigInt(row.postedMilliPoints),
    pendingMilliPoints: BigInt(row.pendingMilliPoints),
    lowestMilliPoints: row.lowestMilliPoints === null ? null : BigInt(row.lowestMilliPoints),
    seq: Number(row.seq),
    lotsFrom: Number(row.lotsFrom),
    isClosed: row.closedAt !== null,
    isNew: false,
  }
}

function newRecovery(id: string, { programmeId }: Order): Account {
  const [postedMilliPoints, pendingMilliPoints] = [0n, 0n]
  const empty = { postedMilliPoints, pendingMilliPoints, lowestMilliPoints: null, seq: 0, lotsFrom: 1 }
  return { ...empty, id, programmeId, kind: 'recovery', stored: true, isClosed: false, isNew: true }
}

/** The recovery accounts an order might need. */
function mayAdvance({ mayOwe, postings }: Order): string[] {
  const debits = postings.filter((one) => mayOwe === true && one.milliPoints < 0n)
  return debits.map((one) => recoveryIdOf(one.accountId))
}

/** What the books hold under the ids and references of a list of orders; grows with each that is settled. */
type Known = {
  ids: Set<string>
  resolved: Set<string>
  reversed: Set<string>
  /** by reference: the transaction of each revision */
  revisions: Map<string, Map<number, string>>
}

const ASKED = {
  id: 'text',
  kind: 'text',
  otherKind: 'text',
  refType: 'text',
  refId: 'text',
  resolves: 'text',
  reverses: 'text',
} as const
type KnownRow = {
  id: string
  kind: string
  refType: string
  refId: string
  revision: number | bigint
  resolves: string | null
  reverses: string | null
  reversedBy: string | null
}

/** By unique keys only. CROSS JOIN: SQLite begins at what was asked. */
async function findKnown(tx: Tx, orders: readonly Order[]): Promise<Known> {
  const asked = rowsAs(
    tx,
    'o',
    ASKED,
    orders.map(({ id, kind, refType, refId, resolves, reverses }) => ({
      id,
      kind,
      otherKind: isAward({ kind, refType }) ? (kind === 'EARN' ? 'PAY' : 'EARN') : null,
      refType,
      refId,
      resolves: resolves?.id ?? null,
      reverses: reverses ?? null,
    })),
  )
  const rows = await tx.$queryRaw<KnownRow[]>`
    WITH asked AS (SELECT * FROM ${asked}), found AS (
      SELECT t."id" FROM asked AS o CROSS JOIN ledger_transaction AS t WHERE t."id" = o."id"
      UNION SELECT t."id" FROM asked AS o CROSS JOIN ledger_transaction AS t
        WHERE t."kind" = o."kind" AND t."refType" = o."refType" AND t."refId" = o."refId"
      UNION SELECT t."id" FROM asked AS o CROSS JOIN ledger_transaction AS t
        WHERE t."kind" = o."otherKind" AND t."refType" = o."refType" AND t."refId" = o."refId"
      UNION SELECT t."id" FROM asked AS o CROSS JOIN ledger_transaction AS t WHERE t."resolves" = o."resolves"
      UNION SELECT t."id" FROM asked AS o CROSS JOIN ledger_transaction AS t WHERE t."reverses" = o."reverses")
    SELECT t."id", t."kind", t."refType", t."refId", t."revision", t."resolves", t."reverses",
      (SELECT r."id" FROM ledger_transaction AS r WHERE r."reverses" = t."id") AS "reversedBy"
    FROM found CROSS JOIN ledger_transaction AS t WHERE t."id" = found."id"`
  const known: Known = { ids: new Set(), resolved: new Set(), reversed: new Set(), revisions: new Map() }
  for (const row of rows) {
    remember(known, { ...row, revision: Number(row.revision) })
    if (row.reversedBy !== null) known.reversed.add(row.id)
  }
  return known
}

type Named = { id: string; kind: string; refType: string; refId: string; revision: number }

function remember(known: Known, one: Named & { resolves: string | null; reverses: string | null }): void {
  known.ids.add(one.id)
  if (one.resolves !== null) known.resolved.add(one.resolves)
  if (one.reverses !== null) known.reversed.add(one.reverses)
  revisionsOf(known, one).set(one.revision, one.id)
}

function revisionsOf(known: Known, one: Omit<Named, 'id' | 'revision'>): Map<number, string> {
  const revisions = known.revisions.get(referenceOf(one)) ?? new Map<number, string>()
  known.revisions.set(referenceOf(one), revisions)
  return revisions
}

const referenceOf = ({ kind, refType, refId }: Omit<Named, 'id' | 'revision'>) =>
  `${isAward({ kind, refType }) ? 'award' : kind}|${refType}|${refId}`

/** A visit is paid by the programme or by the elder, not by both: they share their revisions. */
const isAward = ({ kind, refType }: Pick<Named, 'kind' | 'refType'>) =>
  refType === 'visit' && (kind === 'EARN' || kind === 'PAY')

function judge(order: Order, accounts: ReadonlyMap<string, Account>, known: Known, at: Date): WhyNot {
  if ([order.held, ...order.postings].some((one) => one !== undefined && isTooMuch(one.milliPoints))) return 'AMOUNT'
  if (order.happenedAt > at) return 'CLOCK_WENT_BACK'
  return whyNotAccounts(order, accounts) ?? whyKnown(order, known) ?? whyNotCovered(order, accounts)
}

const isTooMuch = (milliPoints: bigint) => milliPoints > MILLI_POINTS_MAX || milliPoints < -MILLI_POINTS_MAX

function whyNotAccounts(order: Order, accounts: ReadonlyMap<string, Account>): WhyNot {
  for (const accountId of accountsIn(order)) {
    const account = accounts.get(accountId)
    if (account === undefined) return 'ACCOUNT_UNKNOWN'
    if (account.programmeId !== order.programmeId) return 'PROGRAMME_MIXED'
    if (account.isClosed) return 'ACCOUNT_CLOSED'
    if (!account.stored && accountId === order.held?.accountId) throw new Error('a derived account has nothing to hold')
  }
  return null
}

function whyKnown(order: Order, known: Known): WhyNot {
  if (order.resolves !== undefined && known.resolved.has(order.resolves.id)) return 'HOLD_RESOLVED'
  if (order.reverses !== undefined && known.reversed.has(order.reverses)) return 'ALREADY_REVERSED'
  const revisions = revisionsOf(known, order)
  const isLater = [...revisions.keys()].some((revision) => revision >= order.revision)
  if (known.ids.has(order.id) || isLater) return 'ALREADY_POSTED'
  if (order.revision === 0) return null
  return known.reversed.has(revisions.get(order.revision - 1) ?? '') ? null : 'ALREADY_POSTED'
}

function whyNotCovered(order: Order, accounts: ReadonlyMap<string, Account>): WhyNot {
  if (order.mayOwe === true) return null
  return [...shortfallsOf(order, accounts).values()].some((missing) => missing > 0n) ? 'POINTS_NOT_ENOUGH' : null
}

/** How far each account with a limit falls below it on the way through an order: at most 0 where it doesn't. */
function shortfallsOf(order: Order, accounts: ReadonlyMap<string, Account>): Map<string, bigint> {
  const available = new Map<string, bigint>()
  const shortfalls = new Map<string, bigint>()
  const change = (accountId: string, milliPoints: bigint) => {
    const account = accountAt(accounts, accountId)
    if (account.lowestMilliPoints === null) return
    const before = available.get(accountId) ?? account.postedMilliPoints - account.pendingMilliPoints
    available.set(accountId, before + milliPoints)
    const missing = account.lowestMilliPoints - before - milliPoints
    const worst = shortfalls.get(accountId)
    if (worst === undefined || missing > worst) shortfalls.set(accountId, missing)
  }
  if (order.resolves !== undefined) change(order.resolves.accountId, order.resolves.milliPoints)
  if (order.held !== undefined) change(order.held.accountId, -order.held.milliPoints)
  for (const { accountId, milliPoints } of order.postings) change(accountId, milliPoints)
  return shortfalls
}

/** What must be advanced, each from his own recovery account, so that an order can be paid. */
function advanceFor(order: Order, accounts: ReadonlyMap<string, Account>): Order[] {
  if (order.mayOwe !== true) return []
  const postings = [...shortfallsOf(order, accounts)]
    .filter(([, missing]) => missing > 0n)
    .flatMap(([accountId, missing]) => [
      { accountId: recoveryIdOf(accountId), milliPoints: -missing },
      { accountId, milliPoints: missing },
    ])
  if (postings.length === 0) return []
  const { programmeId, refType, refId, revision, happenedAt, byId, explanation } = order
  const common = { programmeId, refType, refId, revision, happenedAt, byId, explanation }
  return [{ ...common, id: idFrom('ADVANCE', refId), kind: 'ADVANCE', postings }]
}

/** Moves the counters and numbers the entries: what comes after it in the list is judged on top of it. */
function settle(order: Order, accounts: ReadonlyMap<string, Account>, known: Known): Written {
  const { id, programmeId, resolves, held, reverses } = order
  if (resolves !== undefined) accountAt(accounts, resolves.accountId).pendingMilliPoints -= resolves.milliPoints
  if (held !== undefined) accountAt(accounts, held.accountId).pendingMilliPoints += held.milliPoints
  remember(known, { ...order, resolves: resolves?.id ?? null, reverses: reverses ?? null })
  const entries = order.postings.map(({ accountId, milliPoints, expiresAt }, place) => {
    const account = accountAt(accounts, accountId)
    if (account.stored) {
      account.postedMilliPoints += milliPoints
      account.seq += 1
    }
    return {
      transactionId: id,
      no: place + 1,
      programmeId,
      accountId,
      accountSeq: account.stored ? account.seq : null,
      amountMilliPoints: milliPoints,
      balanceAfterMilliPoints: account.stored ? account.postedMilliPoints : null,
      lotMilliPoints: holdsLots(account.kind) ? milliPoints : null,
      lotExpiresAt: holdsLots(account.kind) ? (expiresAt ?? null) : null,
    }
  })
  return { order, entries, from: order.postings.map((one) => one.from) }
}

function accountAt(accounts: ReadonlyMap<string, Account>, id: string): Account {
  const account = accounts.get(id)
  if (account === undefined || account.stored !== isStored(account.kind)) throw new Error(`no account ${id}`)
  return account
}
