import { addDays, startOfDay } from '../../shared/core/time'
import type { TransactionView } from '../../shared/ledger/view'
import { TRANSACTION_WORDS } from '../../shared/ledger/words'
import { maskName } from '../../shared/person/rules'
import { can } from '../../shared/session/permissions'
import { type Actor, NOWHERE, pathsOf } from '../core/actor'
import type { Keys } from '../core/config'
import { type Db, type Prisma, underPath } from '../core/db'
import { cursorOf, readCursor, toPage } from '../core/input'
import { openPersons } from '../person/vault'
import { findRegionInScope } from '../region/queries'
import { ownersOf } from './account'
import { formulaOf } from './entries'

type Query = {
  limit: number
  cursor?: string | undefined
  from?: string | undefined
  to?: string | undefined
  kind?: string | undefined
  regionId?: string | undefined
}

/**
 * The journal of a region, the newest first: transactions that move points of helpers who live there. Who keeps the whole
 * county sees all of its programme.
 */
export async function listTransactions(
  db: Db,
  keys: Keys,
  actor: Actor,
  query: Query,
): Promise<{ items: TransactionView[]; next: string | null }> {
  const within =
    query.regionId === undefined ? null : (await findRegionInScope(db, actor, can('points.read'), query.regionId)).path
  const paths = within === null ? pathsOf(actor, can('points.read')) : [within]
  const before = readCursor(query.cursor, 2)
  const rows = await db.ledgerTransaction.findMany({
    where: {
      AND: [
        await moving(db, paths),
        query.kind === undefined ? {} : { kind: query.kind },
        query.from === undefined ? {} : { recordedAt: { gte: startOfDay(query.from) } },
        query.to === undefined ? {} : { recordedAt: { lt: startOfDay(addDays(query.to, 1)) } },
        before === null
          ? {}
          : {
              OR: [
                { recordedAt: { lt: new Date(before[0] as string) } },
                { recordedAt: new Date(before[0] as string), id: { lt: before[1] as string } },
              ],
            },
      ],
    },
    include: { entries: { include: { account: { select: { kind: true } } }, orderBy: { no: 'asc' } } },
    orderBy: [{ recordedAt: 'desc' }, { id: 'desc' }],
    take: query.limit + 1,
  })
  const setAside = await readSetAside(db, rows)
  const owners = await ownersOf(
    db,
    rows.flatMap((row) => [setAside(row)?.accountId ?? '', ...row.entries.map((entry) => entry.accountId)]),
  )
  const persons = await openPersons(db, keys, [...new Set(owners.values())])
  const ownerName = (accountId: string) => {
    const personId = owners.get(accountId)
    return personId === undefined ? null : maskName(persons.get(personId)?.name ?? '')
  }
  const presentSetAside = (one: SetAside | null) =>
    one === null
      ? null
      : { accountId: one.accountId, ownerName: ownerName(one.accountId), milliPoints: one.milliPoints.toString() }
  return toPage(
    rows,
    query.limit,
    (row): TransactionView => ({
      id: row.id,
      kind: row.kind,
      kindWord: TRANSACTION_WORDS[row.kind] ?? row.kind,
      refType: row.refType,
      refId: row.refId,
      happenedAt: row.happenedAt.toISOString(),
      recordedAt: row.recordedAt.toISOString(),
      formula: formulaOf(row.explanation),
      reverses: row.reverses,
      entries: row.entries.map((entry) => ({
        accountId: entry.accountId,
        accountKind: entry.account.kind,
        ownerName: ownerName(entry.accountId),
        amountMilliPoints: entry.amountMilliPoints.toString(),
      })),
      setAside: presentSetAside(setAside(row)),
    }),
    (row) => cursorOf(row.recordedAt.toISOString(), row.id),
  )
}

type Hold = { heldAccountId: string | null; heldMilliPoints: bigint | null }
type Row = Hold & { resolves: string | null; entries: readonly unknown[] }
type SetAside = { accountId: string; milliPoints: bigint }

/** What a hold sets aside, and what sets free whoever lets go of one. Who takes it moves it, and has entries. */
async function readSetAside(db: Db, rows: readonly Row[]): Promise<(row: Row) => SetAside | null> {
  const resolvedBy = ({ resolves, entries }: Row) => (entries.length > 0 ? null : resolves)
  const holds = await db.ledgerTransaction.findMany({
    where: { id: { in: rows.flatMap((row) => resolvedBy(row) ?? []) } },
    select: { id: true, heldAccountId: true, heldMilliPoints: true },
  })
  const known = new Map(holds.map((one) => [one.id, one]))
  return (row) => setAsideBy(row, 1n) ?? setAsideBy(known.get(resolvedBy(row) ?? ''), -1n)
}

function setAsideBy(hold: Hold | undefined, sign: 1n | -1n): SetAside | null {
  if (hold === undefined || hold.heldAccountId === null || hold.heldMilliPoints === null) return null
  return { accountId: hold.heldAccountId, milliPoints: sign * hold.heldMilliPoints }
}

/** A county and what is above it: by programme. Below: by the accounts of who lives there. */
async function moving(db: Db, paths: readonly string[]): Promise<Prisma.LedgerTransactionWhereInput> {
  const programmes = await db.programme.findMany()
  const regions = await db.region.findMany({
    where: { id: { in: programmes.map((one) => one.regionId) } },
    select: { id: true, path: true },
  })
  const whole = programmes.filter((one) =>
    paths.some((path) => regions.find((region) => region.id === one.regionId)?.path.startsWith(path)),
  )
  const inside = await accountsBelow(db, paths)
  return {
    OR: [
      { programmeId: { in: whole.map((one) => one.id) } },
      { heldAccountId: { in: inside } },
      { entries: { some: { accountId: { in: inside } } } },
    ],
  }
}

async function accountsBelow(db: Db, paths: readonly string[]): Promise<string[]> {
  const below = { OR: [NOWHERE, ...paths.map((path) => ({ regionPath: underPath(path) }))] }
  const [members, elders] = await Promise.all([
    db.member.findMany({ where: below, select: { personId: true } }),
    db.elder.findMany({ where: below, select: { personId: true } }),
  ])
  const accounts = await db.personAccount.findMany({
    where: { personId: { in: [...members, ...elders].map((one) => one.personId) } },
    select: { accountId: true },
  })
  return accounts.map((one) => one.accountId)
}
