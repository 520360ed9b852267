import { availableOf } from '../../shared/ledger/rules'
import type { Db, Prisma } from '../core/db'

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
type Walk = (db: Db, tally: Tally, onRow: () => void) => Promise<Problem | null>
type Transaction = Prisma.LedgerTransactionGetPayload<{ include: { entries: true } }>

const PAGE = 500
const bad = (invariant: string, row: string, sentence: string): Problem => ({ invariant, row, sentence })

/**
 * Recomputes the books from their rows and believes no counter: I1 entries sum to zero · I2 nobody below the limit, at any
 * point of the chain · I3 counters are the sums of entries and open holds · I4 chains without gap or fork · I6 one award a
 * visit · I7 a hold resolves once, in time · I10 reversals negate exactly. Reads page by page; stops at the first bad row.
 *
 * @param onRow is called once for each row that was read, for a progress bar
 */
export async function auditLedger(db: Db, onRow: () => void = () => {}): Promise<AuditReport> {
  const tally: Tally = { transactions: 0, entries: 0, accounts: 0, visits: 0 }
  for (const walk of [walkTransactions, walkChains, walkAccounts, walkVisits]) {
    const problem = await walk(db, tally, onRow)
    if (problem !== null) return { ...tally, problem }
  }
  return { ...tally, problem: null }
}

const walkTransactions: Walk = async (db, tally, onRow) => {
  const orphan = await findOrphan(db)
  if (orphan !== null)
    return bad('I1', `ledger_entry ${orphan.transactionId}/${orphan.no}`, 'its transaction does not exist')
  for await (const page of pages((after) =>
    db.ledgerTransaction.findMany({
      where: after,
      include: { entries: { orderBy: { no: 'asc' } } },
      orderBy: { id: 'asc' },
      take: PAGE,
    }),
  )) {
    const others = await findOthers(db, page)
    for (const one of page) {
      tally.transactions += 1
      onRow()
      const problem =
        whyUnbalanced(one) ??
        whyWrongRevision(one, others) ??
        whyWrongResolution(one, others) ??
        whyWrongReversal(one, others)
      if (problem !== null) return bad(problem[0], `ledger_transaction ${one.id}`, problem[1])
    }
  }
  return null
}

type Why = [invariant: string, sentence: string] | null

function whyUnbalanced({ entries, entryCount, programmeId }: Transaction): Why {
  if (entries.length !== entryCount) return ['I1', `it has ${entries.length} entries and says ${entryCount}`]
  if (entries.some((one) => one.programmeId !== programmeId)) return ['I1', 'an entry belongs to another programme']
  const sum = entries.reduce((total, one) => total + one.amountMilliPoints, 0n)
  return sum === 0n ? null : ['I1', `its entries sum to ${sum}`]
}

function whyWrongRevision(one: Transaction, others: Others): Why {
  if (one.revision === 0) return null
  const earlier = others.sameReference(one).find((other) => other.revision === one.revision - 1)
  if (earlier !== undefined && others.isReversed(earlier.id)) return null
  return ['I6', `revision ${one.revision} is in force beside revision ${one.revision - 1}`]
}

function whyWrongResolution(one: Transaction, others: Others): Why {
  if (one.resolves === null) return null
  const hold = others.byId(one.resolves)
  if (hold?.kind !== 'HOLD' || hold.heldMilliPoints === null || hold.heldUntil === null)
    return ['I7', `it resolves ${one.resolves}, which is no hold`]
  if (others.resolversOf(hold.id) > 1) return ['I7', `the hold ${hold.id} is resolved more than once`]
  if (one.kind === 'POST' && one.happenedAt > hold.heldUntil)
    return ['I7', `the hold ${hold.id} was over at ${hold.heldUntil.toISOString()}`]
  const taken = one.entries
    .filter((entry) => entry.accountId === hold.heldAccountId)
    .reduce((sum, entry) => sum - entry.amountMilliPoints, 0n)
  return taken < 0n || taken > hold.heldMilliPoints ? ['I7', `it takes ${taken} of ${hold.heldMilliPoints} held`] : null
}

function whyWrongReversal(one: Transaction, others: Others): Why {
  if (one.reverses === null) return null
  const earlier = others.byId(one.reverses)
  if (earlier === undefined || ['REVERSE', 'HOLD', 'VOID'].includes(earlier.kind))
    return ['I10', `it reverses ${one.reverses}, which can't be reversed`]
  const isNegation =
    earlier.entries.length === one.entries.length &&
    earlier.entries.every((entry, place) => {
      const negated = one.entries[place]
      return negated?.accountId === entry.accountId && negated.amountMilliPoints === -entry.amountMilliPoints
    })
  return isNegation ? null : ['I10', `it is not the negation of ${earlier.id}`]
}

type Others = Awaited<ReturnType<typeof findOthers>>

/** What the transactions of a page refer to, and what refers to those. */
async function findOthers(db: Db, page: readonly Transaction[]) {
  const referred = page.flatMap((one) => [one.resolves, one.reverses].filter((id) => id !== null))
  const revised = page.filter((one) => one.revision > 0)
  const include = { entries: { orderBy: { no: 'asc' } } } as const
  const byReference = await db.ledgerTransaction.findMany({
    where: { OR: revised.map(({ kind, refType, refId }) => ({ kind, refType, refId })) },
    include,
  })
  const byId = await db.ledgerTransaction.findMany({ where: { id: { in: referred } }, include })
  const reversals = await db.ledgerTransaction.findMany({
    where: { reverses: { in: byReference.map((one) => one.id) } },
    select: { reverses: true },
  })
  const resolvers = await db.ledgerTransaction.findMany({
    where: { resolves: { in: byId.map((one) => one.id) } },
    select: { resolves: true },
  })
  const known = new Map(byId.map((one) => [one.id, one]))
  return {
    byId: (id: string) => known.get(id),
    sameReference: (one: Transaction) =>
      byReference.filter(
        (other) => other.kind === one.kind && other.refType === one.refType && other.refId === one.refId,
      ),
    isReversed: (id: string) => reversals.some((one) => one.reverses === id),
    resolversOf: (id: string) => resolvers.filter((one) => one.resolves === id).length,
  }
}

async function findOrphan(db: Db) {
  const [orphan] = await db.$queryRaw<{ transactionId: string; no: number | bigint }[]>`
    SELECT e."transactionId", e."no" FROM ledger_entry AS e LEFT JOIN ledger_transaction AS t ON t."id" = e."transactionId"
    WHERE t."id" IS NULL ORDER BY e."transactionId", e."no" LIMIT 1`
  return orphan ?? null
}

/** Where a chain has got to. */
type Link = { accountId: string; accountSeq: number; balance: bigint }

/** Every entry of every stored account, one chain after the other. */
const walkChains: Walk = async (db, tally, onRow) => {
  const lowest = new Map(
    (
      await db.ledgerAccount.findMany({
        where: { lowestMilliPoints: { not: null } },
        select: { id: true, lowestMilliPoints: true },
      })
    ).map((one) => [one.id, one.lowestMilliPoints as bigint]),
  )
  let before: Link | null = null
  while (true) {
    const after: Prisma.LedgerEntryWhereInput =
      before === null
        ? {}
        : {
            OR: [
              { accountId: { gt: before.accountId } },
              { accountId: before.accountId, accountSeq: { gt: before.accountSeq } },
            ],
          }
    const page = await db.ledgerEntry.findMany({
      where: { AND: [{ accountSeq: { not: null } }, after] },
      orderBy: [{ accountId: 'asc' }, { accountSeq: 'asc' }],
      take: PAGE,
    })
    for (const one of page) {
      tally.entries += 1
      onRow()
      const previous: Link =
        before?.accountId === one.accountId ? before : { accountId: one.accountId, accountSeq: 0, balance: 0n }
      const next: Link = {
        accountId: one.accountId,
        accountSeq: previous.accountSeq + 1,
        balance: previous.balance + one.amountMilliPoints,
      }
      const row = `ledger_entry ${one.transactionId}/${one.no}`
      if (one.accountSeq !== next.accountSeq)
        return bad('I4', row, `it is number ${one.accountSeq} of its account and should be ${next.accountSeq}`)
      if (one.balanceAfterMilliPoints !== next.balance)
        return bad('I4', row, `the balance after it is ${one.balanceAfterMilliPoints} and should be ${next.balance}`)
      if (next.balance < (lowest.get(one.accountId) ?? next.balance))
        return bad('I2', row, `the balance after it, ${next.balance}, is below the limit`)
      before = next
    }
    if (page.length < PAGE) return null
  }
}

/** Counters against the sums of entries and of holds that nothing has resolved yet. */
const walkAccounts: Walk = async (db, tally, onRow) => {
  const open = await db.$queryRaw<{ accountId: string; held: bigint }[]>`
    SELECT h."heldAccountId" AS "accountId", CAST(SUM(h."heldMilliPoints") AS BIGINT) AS "held" FROM ledger_transaction AS h
    WHERE h."kind" = 'HOLD' AND NOT EXISTS (SELECT 1 FROM ledger_transaction AS r WHERE r."resolves" = h."id") GROUP BY h."heldAccountId"`
  const held = new Map(open.map((one) => [one.accountId, BigInt(one.held)]))
  for await (const page of pages((after) =>
    db.ledgerAccount.findMany({ where: after, orderBy: { id: 'asc' }, take: PAGE }),
  )) {
    const sums = await db.ledgerEntry.groupBy({
      by: ['accountId'],
      where: { accountId: { in: page.map((one) => one.id) }, accountSeq: { not: null } },
      _sum: { amountMilliPoints: true },
      _count: true,
    })
    const found = new Map(
      sums.map((one) => [one.accountId, { posted: one._sum.amountMilliPoints ?? 0n, seq: one._count }]),
    )
    for (const one of page) {
      tally.accounts += 1
      onRow()
      const { posted, seq } = found.get(one.id) ?? { posted: 0n, seq: 0 }
      const pending = held.get(one.id) ?? 0n
      const row = `ledger_account ${one.id}`
      if (one.postedMilliPoints !== posted)
        return bad('I3', row, `it says ${one.postedMilliPoints}, its entries sum to ${posted}`)
      if (one.pendingMilliPoints !== pending)
        return bad('I3', row, `it says ${one.pendingMilliPoints} held, its open holds sum to ${pending}`)
      if (one.seq !== seq) return bad('I4', row, `it says ${one.seq} entries and has ${seq}`)
      if (one.lowestMilliPoints !== null && availableOf(one) < one.lowestMilliPoints)
        return bad('I2', row, `its available balance ${availableOf(one)} is below its limit`)
    }
  }
  return null
}

/** A visit says what it was awarded; the books must say the same, once. Zero needs a reason. */
const walkVisits: Walk = async (db, tally, onRow) => {
  const select = { id: true, state: true, awardedMilliPoints: true, explanation: true } as const
  for await (const page of pages((after) =>
    db.visit.findMany({ where: after, select, orderBy: { id: 'asc' }, take: PAGE }),
  )) {
    const awards = await findAwards(
      db,
      page.map((one) => one.id),
    )
    for (const one of page) {
      tally.visits += 1
      onRow()
      const inForce = awards.get(one.id) ?? []
      const row = `visit ${one.id}`
      if (inForce.length > 1) return bad('I6', row, `it has ${inForce.length} awards in force`)
      const [posted = 0n] = inForce
      const said = one.awardedMilliPoints ?? 0n
      if (posted !== said) return bad('I6', row, `it says it was awarded ${said}, the books say ${posted}`)
      if (one.state === 'approved' && posted === 0n && one.explanation === null)
        return bad('I6', row, 'it was approved, awarded nothing, and has no reason why')
    }
  }
  return null
}

/** The awards in force of visits: what left issuance by an EARN that nothing reversed. */
async function findAwards(db: Db, visitIds: readonly string[]): Promise<Map<string, bigint[]>> {
  const earned = await db.ledgerTransaction.findMany({
    where: { kind: { in: ['EARN', 'PAY'] }, refType: 'visit', refId: { in: [...visitIds] } },
    include: { entries: true },
  })
  const reversals = await db.ledgerTransaction.findMany({
    where: { reverses: { in: earned.map((one) => one.id) } },
    select: { reverses: true },
  })
  const reversed = new Set(reversals.map((one) => one.reverses))
  const awards = new Map<string, bigint[]>()
  for (const one of earned.filter(({ id }) => !reversed.has(id))) {
    const given = one.entries
      .filter((entry) => entry.amountMilliPoints > 0n)
      .reduce((sum, entry) => sum + entry.amountMilliPoints, 0n)
    awards.set(one.refId, [...(awards.get(one.refId) ?? []), given])
  }
  return awards
}

/** All rows of a query in pages by id. */
async function* pages<Row extends { id: string }>(
  read: (after: { id?: { gt: string } }) => Promise<Row[]>,
): AsyncGenerator<Row[]> {
  let last: string | undefined
  while (true) {
    const page = await read(last === undefined ? {} : { id: { gt: last } })
    if (page.length > 0) yield page
    if (page.length < PAGE) return
    last = page.at(-1)?.id
  }
}
