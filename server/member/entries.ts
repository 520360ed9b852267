import { Refusal } from '../../shared/core/refusals'
import { addDays, type Day, dayOf, monthOf, startOfDay } from '../../shared/core/time'
import type { AccountPageView, AccountView, EntryView, MyPoints, StatementView } from '../../shared/ledger/view'
import { TRANSACTION_WORDS } from '../../shared/ledger/words'
import { maskName } from '../../shared/person/rules'
import type { Explanation } from '../../shared/scheme/document'
import { starsOf } from '../../shared/scheme/gates'
import { rateSentence } from '../../shared/scheme/rules'
import { can } from '../../shared/session/permissions'
import { type Actor, mayOver } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db, Prisma, Reader } from '../core/db'
import { cursorOf, readCursor, toPage } from '../core/input'
import { balanceBefore, balanceOf } from '../ledger/queries'
import { recordsOf } from '../person/former'
import { openPersons } from '../person/vault'
import { programmeOf, schemeOn } from '../scheme/queries'
import { findAccountOfPerson, ownersOf } from './account'
import { expiringSoon } from './giving'

type Page = { limit: number; cursor?: string | undefined }
/** Whose points are looked at: the person, and the place whose programme counts. */
export type PointsOwner = { personId: string; regionPath: string; countyId: string }

/** Oneself as helper or elder, or an elder one redeems for. */
export async function findPointsOwner(db: Reader, actor: Actor, elderId: string | undefined): Promise<PointsOwner> {
  if (elderId === undefined) {
    const home = actor.member ?? actor.elder
    if (home !== null) return { personId: actor.personId, regionPath: home.regionPath, countyId: home.countyId }
  }
  const wanted = elderId ?? actor.proxyOf.find((one) => one.scopes.includes('redeem'))?.elderId
  const may =
    wanted !== undefined &&
    (actor.elder?.id === wanted || actor.proxyOf.some((one) => one.elderId === wanted && one.scopes.includes('redeem')))
  const elder = may ? await db.elder.findUnique({ where: { id: wanted } }) : null
  if (elder === null) throw new Refusal('NOT_FOUND')
  return { personId: elder.personId, regionPath: elder.regionPath, countyId: elder.countyId }
}

/** What there is, what waits, and how it is reckoned here. */
export async function findMyPoints(db: Db, owner: PointsOwner, at: Date): Promise<MyPoints> {
  const today = dayOf(at)
  const programme = await programmeOf(db, owner.countyId)
  const scheme = await schemeOn(db, owner.regionPath, today)
  const accountId = programme === null ? null : await findAccountOfPerson(db, owner.personId, programme.id)
  const served = { memberPersonId: { in: await recordsOf(db, owner.personId) } }
  const counted = { ...served, counted: true }
  const [waiting, month, total, honour] = await Promise.all([
    db.visit.aggregate({
      where: { ...served, awardedMilliPoints: null, state: { in: ['finished', 'confirmed'] } },
      _sum: { expectedMilliPoints: true },
    }),
    db.visit.aggregate({ where: { ...counted, month: monthOf(at) }, _sum: { servedSeconds: true } }),
    db.visit.aggregate({ where: counted, _sum: { servedSeconds: true } }),
    db.visit.aggregate({ where: served, _sum: { honourMilliPoints: true } }),
  ])
  const { postedMilliPoints } = await balanceOf(db, accountId)
  const totalSeconds = total._sum.servedSeconds ?? 0
  return {
    account:
      accountId === null
        ? null
        : await presentAccount(db, accountId, { programmeName: programme?.name ?? '', ownerName: null, closed: false }),
    waitingMilliPoints: (waiting._sum.expectedMilliPoints ?? 0n).toString(),
    monthSeconds: month._sum.servedSeconds ?? 0,
    totalSeconds,
    formula: scheme === null ? '这里还没有积分规则' : rateSentence(scheme.document),
    schemeIsSample: scheme?.document.sample ?? false,
    expiring: accountId === null ? [] : await expiringSoon(db, accountId, scheme, today),
    stars: scheme === null ? 0 : starsOf(scheme.document, totalSeconds, postedMilliPoints),
    honourMilliPoints: (honour._sum.honourMilliPoints ?? 0n).toString(),
  }
}

/** Entries of one's own account; nothing before the first point. */
export async function listMyEntries(
  db: Db,
  owner: PointsOwner,
  page: Page,
): Promise<{ items: EntryView[]; next: string | null }> {
  const programme = await programmeOf(db, owner.countyId)
  const accountId = programme === null ? null : await findAccountOfPerson(db, owner.personId, programme.id)
  return accountId === null ? { items: [], next: null } : listEntries(db, accountId, page)
}

/** An account the desk may see: whoever it belongs to lives in its regions; a system account for who keeps the county. */
export async function findAccount(db: Db, keys: Keys, actor: Actor, accountId: string): Promise<AccountView> {
  const account = await db.ledgerAccount.findUnique({ where: { id: accountId } })
  if (account === null) throw new Refusal('NOT_FOUND')
  const programme = await db.programme.findUniqueOrThrow({ where: { id: account.programmeId } })
  const personId = (await ownersOf(db, [accountId])).get(accountId)
  const paths =
    personId === undefined ? await pathsOfProgramme(db, programme.regionId) : await pathsOfPerson(db, personId)
  if (!paths.some((path) => mayOver(actor, can('points.read'), path))) throw new Refusal('NOT_FOUND')
  const ownerName =
    personId === undefined ? null : maskName((await openPersons(db, keys, [personId])).get(personId)?.name ?? '')
  return presentAccount(db, accountId, { programmeName: programme.name, ownerName, closed: account.closedAt !== null })
}

/** The same with what is soon over, for the page of the desk. */
export async function findAccountPage(
  db: Db,
  keys: Keys,
  actor: Actor,
  accountId: string,
  at: Date,
): Promise<AccountPageView> {
  const account = await findAccount(db, keys, actor, accountId)
  const personId = (await ownersOf(db, [accountId])).get(accountId)
  const [path] = personId === undefined ? [] : await pathsOfPerson(db, personId)
  const scheme = path === undefined ? null : await schemeOn(db, path, dayOf(at))
  return { ...account, expiring: await expiringSoon(db, accountId, scheme, dayOf(at)) }
}

export async function pathsOfProgramme(db: Reader, regionId: string): Promise<string[]> {
  return [(await db.region.findUniqueOrThrow({ where: { id: regionId } })).path]
}

export async function pathsOfPerson(db: Reader, personId: string): Promise<string[]> {
  const [member, elder] = await Promise.all([
    db.member.findUnique({ where: { personId } }),
    db.elder.findUnique({ where: { personId } }),
  ])
  return [member?.regionPath, elder?.regionPath].filter((path): path is string => path !== undefined)
}

async function presentAccount(
  db: Reader,
  accountId: string,
  about: Pick<AccountView, 'programmeName' | 'ownerName' | 'closed'>,
): Promise<AccountView> {
  const { kind } = await db.ledgerAccount.findUniqueOrThrow({ where: { id: accountId }, select: { kind: true } })
  const balance = await balanceOf(db, accountId)
  return {
    id: accountId,
    kind,
    ...about,
    postedMilliPoints: balance.postedMilliPoints.toString(),
    heldMilliPoints: balance.heldMilliPoints.toString(),
    availableMilliPoints: balance.availableMilliPoints.toString(),
  }
}

/** The newest first; an account's own sequence has no gap, so it is the cursor. */
export async function listEntries(
  db: Db,
  accountId: string,
  { limit, cursor }: Page,
): Promise<{ items: EntryView[]; next: string | null }> {
  const before = readCursor(cursor, 1)
  const rows = await db.ledgerEntry.findMany({
    where: { accountId, accountSeq: before === null ? { not: null } : { lt: Number(before[0]) } },
    include: { transaction: true },
    orderBy: { accountSeq: 'desc' },
    take: limit + 1,
  })
  const show = await presenterOf(db, rows)
  return toPage(rows, limit, show, (row) => cursorOf(row.accountSeq ?? 0))
}

/** The days' entries, the oldest first, with what there was before the first and after the last day. */
export async function statementOf(
  db: Db,
  accountId: string,
  { from, to, limit, cursor }: Page & { from: Day; to: Day },
): Promise<StatementView> {
  if (to < from) throw new Refusal('DATE_ORDER', { field: 'to' })
  const [begins, ends] = [startOfDay(from), startOfDay(addDays(to, 1))]
  const after = readCursor(cursor, 1)
  const rows = await db.ledgerEntry.findMany({
    where: {
      accountId,
      accountSeq: after === null ? { not: null } : { gt: Number(after[0]) },
      transaction: { recordedAt: { gte: begins, lt: ends } },
    },
    include: { transaction: true },
    orderBy: { accountSeq: 'asc' },
    take: limit + 1,
  })
  const show = await presenterOf(db, rows)
  return {
    openingMilliPoints: (await balanceBefore(db, accountId, begins)).toString(),
    closingMilliPoints: (await balanceBefore(db, accountId, ends)).toString(),
    ...toPage(rows, limit, show, (row) => cursorOf(row.accountSeq ?? 0)),
  }
}

/** A statement of one's own account; nothing before the first point. */
export async function myStatement(
  db: Db,
  owner: PointsOwner,
  span: Page & { from: Day; to: Day },
): Promise<StatementView> {
  const programme = await programmeOf(db, owner.countyId)
  const accountId = programme === null ? null : await findAccountOfPerson(db, owner.personId, programme.id)
  if (accountId !== null) return statementOf(db, accountId, span)
  return { openingMilliPoints: '0', closingMilliPoints: '0', items: [], next: null }
}

type EntryRow = Prisma.LedgerEntryGetPayload<{ include: { transaction: true } }>

async function presenterOf(db: Reader, rows: readonly EntryRow[]): Promise<(row: EntryRow) => EntryView> {
  const titles = await titlesOf(
    db,
    rows.map((one) => one.transaction),
  )
  return ({ transaction, ...row }) => ({
    transactionId: transaction.id,
    no: row.no,
    kind: transaction.kind,
    kindWord: TRANSACTION_WORDS[transaction.kind] ?? transaction.kind,
    title: titles.get(transaction.id) ?? TRANSACTION_WORDS[transaction.kind] ?? transaction.kind,
    formula: formulaOf(transaction.explanation),
    amountMilliPoints: row.amountMilliPoints.toString(),
    balanceAfterMilliPoints: row.balanceAfterMilliPoints?.toString() ?? null,
    happenedAt: transaction.happenedAt.toISOString(),
    recordedAt: transaction.recordedAt.toISOString(),
    refType: transaction.refType,
    refId: transaction.refId,
  })
}

/** 65 分钟 ÷ 5 = 13 分, as the scheme wrote it; null where the kind has no formula. */
export function formulaOf(explanation: string): string | null {
  const read = JSON.parse(explanation) as Partial<Explanation> | null
  return typeof read?.formula === 'string' && read.formula !== '' ? read.formula : null
}

/** What people call it: the service of the visit, the thing that was redeemed. */
async function titlesOf(
  db: Reader,
  transactions: readonly { id: string; refType: string; refId: string; kind: string }[],
): Promise<Map<string, string>> {
  const idsOf = (refType: string) => transactions.filter((one) => one.refType === refType).map((one) => one.refId)
  const visits = await db.visit.findMany({
    where: { id: { in: idsOf('visit') } },
    select: { id: true, serviceId: true },
  })
  const services = await db.service.findMany({
    where: { id: { in: visits.map((one) => one.serviceId) } },
    select: { id: true, name: true },
  })
  const redemptions = await db.redemption.findMany({
    where: { id: { in: idsOf('redemption') } },
    select: { id: true, productId: true },
  })
  const products = await db.product.findMany({
    where: { id: { in: redemptions.map((one) => one.productId) } },
    select: { id: true, name: true },
  })
  const nameOf = new Map([...services, ...products].map((one) => [one.id, one.name]))
  const byRef = new Map([
    ...visits.map((one) => [one.id, nameOf.get(one.serviceId)] as const),
    ...redemptions.map((one) => [one.id, nameOf.get(one.productId)] as const),
  ])
  return new Map(
    transactions.flatMap((one) => {
      const name = byRef.get(one.refId)
      return name === undefined ? [] : [[one.id, name] as const]
    }),
  )
}
