import type { z } from 'zod'
import { Refusal } from '../../shared/core/refusals'
import type { FundTerms, fundChangeListQuery, fundListQuery, fundPlacesQuery } from '../../shared/fund/input'
import type { FundChangeView, FundLineView, FundPlacesView } from '../../shared/fund/view'
import { maskName } from '../../shared/person/rules'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope, mayOver, pathsOf } from '../core/actor'
import type { RowOf } from '../core/bulk'
import type { Keys } from '../core/config'
import { type Db, type Prisma, type Reader, underPath } from '../core/db'
import { cursorOf, readCursor, toPage } from '../core/input'
import { openPersons } from '../person/vault'
import { findRegionInScope, numbersOf, pathsAbove, type Region, regionsOfPath } from '../region/queries'
import { yearOf } from './draw'
import { mayKeep } from './policy'

type Line = RowOf<'FundLine'>

/** Lines of the actor's regions, and of those above that pay for people there too; the widest region first. */
export async function listFundLines(
  db: Db,
  actor: Actor,
  query: z.infer<typeof fundListQuery>,
  at: Date,
): Promise<FundLineView[]> {
  const paths =
    query.regionId === undefined
      ? pathsOf(actor, can('fund.read'))
      : [(await findRegionInScope(db, actor, can('fund.read'), query.regionId)).path]
  const lines = await db.fundLine.findMany({
    where: {
      year: query.year ?? yearOf(at),
      OR: [
        { regionPath: { in: [...new Set(paths.flatMap(pathsAbove))] } },
        ...paths.map((path) => ({ regionPath: underPath(path) })),
      ],
    },
    orderBy: [{ regionPath: 'asc' }, { priority: 'asc' }, { id: 'asc' }],
  })
  return showLines(db, actor, lines)
}

/** @throws Refusal NOT_FOUND for a line that neither lies in the actor's regions nor pays for people there */
export async function findFundLine(db: Db, actor: Actor, lineId: string): Promise<FundLineView> {
  const [view] = await showLines(db, actor, [await findSeen(db, actor, lineId)])
  return view as FundLineView
}

async function findSeen(db: Reader, actor: Actor, lineId: string): Promise<Line> {
  const line = await db.fundLine.findUnique({ where: { id: lineId } })
  const isAbove = line !== null && pathsOf(actor, can('fund.read')).some((path) => path.startsWith(line.regionPath))
  if (line === null || !(isAbove || mayOver(actor, can('fund.read'), line.regionPath))) throw new Refusal('NOT_FOUND')
  return line
}

async function showLines(db: Reader, actor: Actor, lines: readonly Line[]): Promise<FundLineView[]> {
  const ids = lines.map((one) => one.id)
  const [regions, kinds, products, waiting, paid] = await Promise.all([
    db.region.findMany({ where: { id: { in: [...new Set(lines.map((one) => one.regionId))] } } }),
    db.regionKind.findMany(),
    namesOfProducts(
      db,
      lines.flatMap((one) => listOf(one.productIds)),
    ),
    db.fundChange.findMany({
      where: { fundLineId: { in: ids }, decision: { is: null } },
      select: { fundLineId: true },
    }),
    db.redemption.groupBy({
      by: ['fundLineId'],
      where: { fundLineId: { in: ids }, state: 'fulfilled' },
      _sum: { costFen: true },
    }),
  ])
  return lines.map((line) => {
    const region = regions.find((one) => one.id === line.regionId)
    return {
      id: line.id,
      regionId: line.regionId,
      regionName: region?.name ?? '',
      levelWord: kinds.find((one) => one.code === region?.kind)?.name ?? '',
      year: line.year,
      name: line.name,
      source: line.source,
      kinds: listOf(line.kinds),
      productIds: listOf(line.productIds),
      productNames: listOf(line.productIds).map((id) => products.get(id) ?? ''),
      priority: line.priority,
      active: line.active,
      budgetFen: String(line.budgetFen),
      drawnFen: String(line.drawnFen),
      leftFen: String(line.budgetFen - line.drawnFen),
      paidFen: String(paid.find((one) => one.fundLineId === line.id)?._sum.costFen ?? 0),
      waiting: waiting.some((one) => one.fundLineId === line.id),
      mayChange: region !== undefined && mayKeep(actor, region),
    }
  })
}

const listOf = (text: string) => (text === '' ? [] : text.split(','))

async function namesOfProducts(db: Reader, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const found = await db.product.findMany({
    where: { id: { in: [...new Set(ids)] } },
    select: { id: true, name: true },
  })
  return new Map(found.map(({ id, name }) => [id, name]))
}

/** What was asked for and what became of it; the newest first. */
export async function listFundChanges(
  db: Db,
  keys: Keys,
  actor: Actor,
  query: z.infer<typeof fundChangeListQuery>,
): Promise<{ items: FundChangeView[]; next: string | null }> {
  const within =
    query.regionId === undefined
      ? undefined
      : (await findRegionInScope(db, actor, can('fund.read'), query.regionId)).path
  const where: Prisma.FundChangeWhereInput[] = [inScope(actor, can('fund.read'), within)]
  if (query.state === 'waiting') where.push({ decision: { is: null } })
  if (query.state === 'decided') where.push({ decision: { isNot: null } })
  const after = readCursor(query.cursor, 2)
  if (after !== null) {
    const askedAt = new Date(after[0] as string)
    where.push({ OR: [{ askedAt: { lt: askedAt } }, { askedAt, id: { lt: after[1] as string } }] })
  }
  const rows = await db.fundChange.findMany({
    where: { AND: where },
    include: { decision: true },
    orderBy: [{ askedAt: 'desc' }, { id: 'desc' }],
    take: query.limit + 1,
  })
  const lines = await db.fundLine.findMany({ where: { id: { in: [...new Set(rows.map((one) => one.fundLineId))] } } })
  const shownLines = new Map((await showLines(db, actor, lines)).map((one) => [one.id, one]))
  const terms = new Map(rows.map((one) => [one.id, JSON.parse(one.terms) as FundTerms]))
  const products = await namesOfProducts(
    db,
    [...terms.values()].flatMap((one) => one.productIds),
  )
  const names = await openPersons(
    db,
    keys,
    rows.flatMap((one) => [one.askedById, ...(one.decision === null ? [] : [one.decision.byId])]),
  )
  const nameOf = (personId: string) => maskName(names.get(personId)?.name ?? '')
  return toPage(
    rows,
    query.limit,
    (row) => {
      const line = shownLines.get(row.fundLineId) as FundLineView
      const asked = terms.get(row.id) as FundTerms
      const { decision } = row
      return {
        id: row.id,
        fundLineId: row.fundLineId,
        regionId: line.regionId,
        regionName: line.regionName,
        year: line.year,
        lineName: line.name,
        // what a decided change replaced is gone; the log of operations has it
        before: decision === null && row.id !== row.fundLineId ? termsOf(line) : null,
        terms: { ...asked, productNames: asked.productIds.map((id) => products.get(id) ?? '') },
        reason: row.reason,
        askedByName: nameOf(row.askedById),
        askedAt: row.askedAt.toISOString(),
        state: decision === null ? 'waiting' : decision.decision === 'approve' ? 'approved' : 'rejected',
        decidedByName: decision === null ? null : nameOf(decision.byId),
        decidedAt: decision?.at.toISOString() ?? null,
        decisionReason: decision?.reason ?? '',
        mayDecide: decision === null && line.mayChange && row.askedById !== actor.personId,
      }
    },
    (row) => cursorOf(row.askedAt.toISOString(), row.id),
  )
}

function termsOf({ name, source, kinds, productIds, productNames, priority, active, budgetFen }: FundLineView) {
  return { name, source, kinds, productIds, productNames, priority, active, budgetFen }
}

type Part = { regionPath: string; state: string; count: number; fen: number; milliPoints: bigint }

/**
 * What went where of a line: one level below a region, within the actor's own. From the last level on, the redemptions
 * themselves are listed (`/redemptions?fundLineId=`).
 */
export async function findFundPlaces(
  db: Db,
  actor: Actor,
  lineId: string,
  query: z.infer<typeof fundPlacesQuery>,
  at: Date,
): Promise<FundPlacesView> {
  const line = await findSeen(db, actor, lineId)
  const region = await db.region.findUnique({ where: { id: query.regionId ?? line.regionId } })
  if (region === null || !region.path.startsWith(line.regionPath) || !isSeen(actor, region))
    throw new Refusal('NOT_FOUND')
  const parts = (await partsOf(db, line.id)).filter((one) => mayOver(actor, can('fund.read'), one.regionPath))
  const children = await db.region.findMany({ where: { parentId: region.id }, orderBy: { code: 'asc' } })
  const grandchildren = await db.region.groupBy({
    by: ['parentId'],
    where: { parentId: { in: children.map((one) => one.id) } },
    _count: { id: true },
  })
  const [view] = await showLines(db, actor, [line])
  const trail = await regionsOfPath(db, region.path)
  return {
    regionId: region.id,
    regionName: region.name,
    line: view as FundLineView,
    own: mayOver(actor, can('fund.read'), region.path),
    trail: trail.filter((one) => one.path.startsWith(line.regionPath)).map(({ id, name }) => ({ id, name })),
    places: children
      .filter((child) => isSeen(actor, child) && (child.validTo === null || child.validTo >= `${yearOf(at)}-01-01`))
      .map((child) => ({
        regionId: child.id,
        regionName: child.name,
        ...sumOf(parts.filter((one) => numbersOf(one.regionPath).includes(child.no))),
        hasPlaces: grandchildren.some((one) => one.parentId === child.id),
      })),
  }
}

/** In the actor's regions, or on the way to them. */
function isSeen(actor: Actor, region: Region): boolean {
  return pathsOf(actor, can('fund.read')).some((path) => path.startsWith(region.path) || region.path.startsWith(path))
}

/** A region that moved keeps its number, so what was redeemed at its old place is still found in it. */
async function partsOf(db: Reader, fundLineId: string): Promise<Part[]> {
  const rows = await db.redemption.groupBy({
    by: ['regionPath', 'state'],
    where: { fundLineId, state: { in: ['held', 'fulfilled'] } },
    _count: { id: true },
    _sum: { costFen: true, priceMilliPoints: true },
  })
  return rows.map(({ regionPath, state, _count, _sum }) => ({
    regionPath,
    state,
    count: _count.id,
    fen: _sum.costFen ?? 0,
    milliPoints: _sum.priceMilliPoints ?? 0n,
  }))
}

function sumOf(parts: readonly Part[]) {
  const fenOf = (state: string) => parts.reduce((sum, one) => sum + (one.state === state ? one.fen : 0), 0)
  return {
    count: parts.reduce((sum, one) => sum + one.count, 0),
    promisedFen: String(fenOf('held')),
    paidFen: String(fenOf('fulfilled')),
    milliPoints: String(parts.reduce((sum, one) => sum + one.milliPoints, 0n)),
  }
}
