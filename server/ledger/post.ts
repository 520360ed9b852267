import { Refusal } from '../../shared/core/refusals'
import { isBalanced, type Posting } from '../../shared/ledger/rules'
import { isTaken, type Prisma, type Tx } from '../core/db'
import { idFrom } from '../core/ids'
import { recoveryAccount } from './accounts'

/** A transaction to be written. Its id and its reference are the caller's: the same write twice meets its own first row. */
export type Draft = {
  id: string
  programmeId: string
  kind: string
  refType: string
  refId: string
  revision: number
  happenedAt: Date
  /** the person or job that did it: an id, never a name */
  byId: string
  explanation: unknown
  postings: readonly Posting[]
}

/** A draft with what only holds and reversals have. */
type Order = Draft & {
  held?: { accountId: string; milliPoints: bigint; until: Date }
  resolves?: { id: string; accountId: string; milliPoints: bigint }
  reverses?: string
}

type Held = { programmeId: string; accountId: string; milliPoints: bigint; refType: string; refId: string; until: Date }
type Ask = { id: string; byId: string; happenedAt: Date; explanation: unknown }

/**
 * Moves points: all drafts or none. The only code that changes a balance.
 *
 * @throws Refusal POINTS_NOT_ENOUGH, ALREADY_POSTED, PROGRAMME_MIXED, AMOUNT, UNBALANCED, ACCOUNT_UNKNOWN, ACCOUNT_CLOSED
 */
export async function post(tx: Tx, drafts: readonly Draft[], at: Date): Promise<void> {
  for (const draft of drafts) {
    if (draft.postings.length < 2 || draft.postings.some((one) => one.milliPoints === 0n)) throw new Refusal('AMOUNT')
    if (!isBalanced(draft.postings)) throw new Refusal('UNBALANCED')
  }
  await write(tx, drafts, at)
}

/** Reserves points of an account until an instant: nobody else can spend them, and they haven't moved yet. */
export async function hold(tx: Tx, ask: Ask & Held, at: Date): Promise<void> {
  const { accountId, milliPoints, until, ...rest } = ask
  if (milliPoints <= 0n) throw new Refusal('AMOUNT')
  await write(tx, [{ ...rest, kind: 'HOLD', revision: 0, postings: [], held: { accountId, milliPoints, until } }], at)
}

/**
 * Takes what was held, or less of it; what is left over is free again.
 *
 * @throws Refusal HOLD_RESOLVED, HOLD_EXPIRED, NOT_FOUND, AMOUNT
 */
export async function postHold(
  tx: Tx,
  ask: Ask & { holdId: string; to: string; milliPoints?: bigint },
  at: Date,
): Promise<void> {
  const { holdId, to, milliPoints: asked, ...rest } = ask
  const held = await findHold(tx, holdId)
  const milliPoints = asked ?? held.resolves.milliPoints
  if (milliPoints <= 0n || milliPoints > held.resolves.milliPoints) throw new Refusal('AMOUNT')
  if (ask.happenedAt > held.until) throw new Refusal('HOLD_EXPIRED')
  const postings = [
    { accountId: held.resolves.accountId, milliPoints: -milliPoints },
    { accountId: to, milliPoints },
  ]
  await write(tx, [{ ...rest, ...held.ref, kind: 'POST', postings, resolves: held.resolves }], at)
}

/** Gives back what was held: cancelled, or its time is over. */
export async function voidHold(tx: Tx, ask: Ask & { holdId: string }, at: Date): Promise<void> {
  const { holdId, ...rest } = ask
  const held = await findHold(tx, holdId)
  await write(tx, [{ ...rest, ...held.ref, kind: 'VOID', postings: [], resolves: held.resolves }], at)
}

/**
 * Undoes one transaction by its exact negation, one level deep. Who can't give the points back gets them advanced from his
 * own recovery account first: the reversal stays exact, and what he owes is on the books.
 *
 * @throws Refusal NOT_FOUND, ALREADY_REVERSED, NOT_REVERSIBLE
 */
export async function reverse(
  tx: Tx,
  ask: { id: string; transactionId: string; byId: string; explanation: unknown },
  at: Date,
): Promise<void> {
  const found = await tx.ledgerTransaction.findUnique({
    where: { id: ask.transactionId },
    include: { entries: { orderBy: { no: 'asc' } } },
  })
  if (found === null) throw new Refusal('NOT_FOUND')
  if (found.entries.length === 0 || found.kind === 'REVERSE') throw new Refusal('NOT_REVERSIBLE')
  const { programmeId } = found
  const postings = found.entries.map((one) => ({ accountId: one.accountId, milliPoints: -one.amountMilliPoints }))
  const common = {
    programmeId,
    refType: 'transaction',
    refId: found.id,
    revision: 0,
    happenedAt: at,
    byId: ask.byId,
    explanation: ask.explanation,
  }
  const reversal: Order = { ...common, id: ask.id, kind: 'REVERSE', postings, reverses: found.id }
  const advanced = await advance(tx, programmeId, postings)
  const orders =
    advanced.length === 0
      ? [reversal]
      : [{ ...common, id: idFrom('ADVANCE', found.id), kind: 'ADVANCE', postings: advanced }, reversal]
  await write(tx, orders, at)
}

/** What must be advanced so that these postings can be paid; locks all accounts they touch, so that it stays true. */
async function advance(tx: Tx, programmeId: string, postings: readonly Posting[]): Promise<Posting[]> {
  const advanced: Posting[] = []
  for (const { accountId, milliPoints } of inOrder(postings)) {
    const [account] = await tx.$queryRaw<{ missing: bigint | null }[]>`
      UPDATE ledger_account SET "seq" = "seq" WHERE "id" = ${accountId} AND "stored"
      RETURNING "lowestMilliPoints" - ("postedMilliPoints" - "pendingMilliPoints" + ${milliPoints}) AS "missing"`
    const missing = BigInt(account?.missing ?? 0)
    if (missing <= 0n) continue
    const recovery = await recoveryAccount(tx, { id: accountId, programmeId })
    advanced.push({ accountId: recovery, milliPoints: -missing }, { accountId, milliPoints: missing })
  }
  return advanced
}

async function findHold(tx: Tx, holdId: string) {
  const found = await tx.ledgerTransaction.findUnique({ where: { id: holdId } })
  if (found === null || found.heldAccountId === null || found.heldMilliPoints === null || found.heldUntil === null)
    throw new Refusal('NOT_FOUND')
  const { programmeId, refType, refId, revision } = found
  return {
    ref: { programmeId, refType, refId, revision },
    resolves: { id: holdId, accountId: found.heldAccountId, milliPoints: found.heldMilliPoints },
    until: found.heldUntil,
  }
}

/**
 * Accounts first, one after the other in the order of their ids (no two writers wait for each other), each by one UPDATE that
 * compares as it sets; then the entries, then the headers, whose guard checks the whole in the database.
 */
async function write(tx: Tx, orders: readonly Order[], at: Date): Promise<void> {
  if (orders.length === 0) return
  const accounts = await findAccounts(tx, orders)
  const changes = changesOf(orders)
  const balances = new Map<string, Balance>()
  for (const change of inOrder([...changes.values()])) {
    if (accounts.get(change.accountId)?.stored === false) continue
    balances.set(change.accountId, await apply(tx, change, orders))
  }
  await refuseKnown(tx, orders)
  try {
    const entries = orders.flatMap((order) => entriesOf(order, balances))
    if (entries.length > 0) await tx.ledgerEntry.createMany({ data: entries })
    await tx.ledgerTransaction.createMany({ data: orders.map((order) => headerOf(order, at)) })
  } catch (error) {
    throw isTaken(error) ? new Refusal('ALREADY_POSTED') : error
  }
}

async function findAccounts(tx: Tx, orders: readonly Order[]): Promise<Map<string, { stored: boolean }>> {
  const ids = [...new Set(orders.flatMap((order) => accountsIn(order)))]
  const found = await tx.ledgerAccount.findMany({
    where: { id: { in: ids } },
    select: { id: true, programmeId: true, stored: true, closedAt: true },
  })
  const accounts = new Map(found.map((one) => [one.id, one]))
  for (const order of orders) {
    for (const accountId of accountsIn(order)) {
      const account = accounts.get(accountId)
      if (account === undefined) throw new Refusal('ACCOUNT_UNKNOWN')
      if (account.programmeId !== order.programmeId) throw new Refusal('PROGRAMME_MIXED')
      if (account.closedAt !== null) throw new Refusal('ACCOUNT_CLOSED')
      if (order.held !== undefined && !account.stored) throw new Error('a derived account has nothing to hold')
    }
  }
  return accounts
}

function accountsIn({ postings, held, resolves }: Order): string[] {
  return [...postings, held, resolves].flatMap((one) => (one === undefined ? [] : [one.accountId]))
}

/** What one account goes through in a list of orders. `dip` is the lowest its available balance gets on the way, from 0. */
type Change = { accountId: string; posted: bigint; pending: bigint; entries: number; dip: bigint }
/** The running end of an account's chain. */
type Balance = { posted: bigint; seq: number }

function changesOf(orders: readonly Order[]): Map<string, Change> {
  const changes = new Map<string, Change>()
  const change = (accountId: string, posted: bigint, pending: bigint, entries: number) => {
    const old = changes.get(accountId) ?? { accountId, posted: 0n, pending: 0n, entries: 0, dip: 0n }
    const next = { ...old, posted: old.posted + posted, pending: old.pending + pending, entries: old.entries + entries }
    const available = next.posted - next.pending
    changes.set(accountId, { ...next, dip: available < old.dip ? available : old.dip })
  }
  for (const { postings, held, resolves } of orders) {
    if (resolves !== undefined) change(resolves.accountId, 0n, -resolves.milliPoints, 0)
    if (held !== undefined) change(held.accountId, 0n, held.milliPoints, 0)
    for (const one of postings) change(one.accountId, one.milliPoints, 0n, 1)
  }
  return changes
}

/** Changes one account's counters if its limit allows it. Answers the end of its chain before these orders. */
async function apply(tx: Tx, change: Change, orders: readonly Order[]): Promise<Balance> {
  const [after] = await tx.$queryRaw<{ posted: bigint; seq: number | bigint }[]>`
    UPDATE ledger_account
    SET "postedMilliPoints" = "postedMilliPoints" + ${change.posted}, "pendingMilliPoints" = "pendingMilliPoints" + ${change.pending}, "seq" = "seq" + ${change.entries}
    WHERE "id" = ${change.accountId} AND "closedAt" IS NULL AND "pendingMilliPoints" + ${change.pending} >= 0
      AND ("lowestMilliPoints" IS NULL OR "postedMilliPoints" - "pendingMilliPoints" + ${change.dip} >= "lowestMilliPoints")
    RETURNING "postedMilliPoints" AS "posted", "seq"`
  if (after !== undefined)
    return { posted: BigInt(after.posted) - change.posted, seq: Number(after.seq) - change.entries }
  await refuseKnown(tx, orders)
  throw new Refusal('POINTS_NOT_ENOUGH')
}

/** Refuses what is on the books already. Asked once the accounts are locked: a twin that was faster is visible then. */
async function refuseKnown(tx: Tx, orders: readonly Order[]): Promise<void> {
  const known = await findKnown(tx, orders)
  for (const { resolves, reverses } of orders) {
    if (resolves !== undefined && known.some((one) => one.resolves === resolves.id)) throw new Refusal('HOLD_RESOLVED')
    if (reverses !== undefined && known.some((one) => one.reverses === reverses)) throw new Refusal('ALREADY_REVERSED')
  }
  for (const order of orders) {
    const same = known.filter(
      (one) =>
        one.id === order.id || (one.kind === order.kind && one.refType === order.refType && one.refId === order.refId),
    )
    if (same.some((one) => one.id === order.id || one.revision >= order.revision)) throw new Refusal('ALREADY_POSTED')
    const earlier = same.find((one) => one.revision === order.revision - 1)
    if (order.revision > 0 && !(await isReversed(tx, earlier?.id))) throw new Refusal('ALREADY_POSTED')
  }
}

/** What the books hold under the ids and references of these orders, found by unique keys only. */
async function findKnown(tx: Tx, orders: readonly Order[]) {
  const sorts = [...new Map(orders.map(({ kind, refType }) => [`${kind} ${refType}`, { kind, refType }])).values()]
  const resolves = orders.flatMap((order) => (order.resolves === undefined ? [] : [order.resolves.id]))
  const reverses = orders.flatMap((order) => (order.reverses === undefined ? [] : [order.reverses]))
  return tx.ledgerTransaction.findMany({
    where: {
      OR: [
        { id: { in: orders.map((order) => order.id) } },
        ...sorts.map(({ kind, refType }) => ({
          kind,
          refType,
          refId: {
            in: orders.filter((order) => order.kind === kind && order.refType === refType).map((order) => order.refId),
          },
        })),
        ...(resolves.length === 0 ? [] : [{ resolves: { in: resolves } }]),
        ...(reverses.length === 0 ? [] : [{ reverses: { in: reverses } }]),
      ],
    },
    select: { id: true, kind: true, refType: true, refId: true, revision: true, resolves: true, reverses: true },
  })
}

async function isReversed(tx: Tx, transactionId: string | undefined): Promise<boolean> {
  if (transactionId === undefined) return false
  return (await tx.ledgerTransaction.findUnique({ where: { reverses: transactionId }, select: { id: true } })) !== null
}

/** Numbers the entries of an order and continues the chains of its stored accounts, in place. */
function entriesOf(order: Order, balances: Map<string, Balance>): Prisma.LedgerEntryCreateManyInput[] {
  return order.postings.map(({ accountId, milliPoints }, place) => {
    const before = balances.get(accountId)
    const after = before === undefined ? null : { posted: before.posted + milliPoints, seq: before.seq + 1 }
    if (after !== null) balances.set(accountId, after)
    return {
      transactionId: order.id,
      no: place + 1,
      programmeId: order.programmeId,
      accountId,
      accountSeq: after?.seq ?? null,
      amountMilliPoints: milliPoints,
      balanceAfterMilliPoints: after?.posted ?? null,
    }
  })
}

function headerOf(order: Order, at: Date): Prisma.LedgerTransactionCreateManyInput {
  const { id, programmeId, kind, refType, refId, revision, happenedAt, byId, held, resolves, reverses } = order
  return {
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
}

function inOrder<T extends { accountId: string }>(changes: readonly T[]): T[] {
  return [...changes].sort((one, other) => (one.accountId < other.accountId ? -1 : 1))
}
