import { Refusal } from '../../shared/core/refusals'
import { dayOf, firstDayOf, monthOf, nextMonth, startOfDay } from '../../shared/core/time'
import { coverOf } from '../../shared/fund/rules'
import type { FundCoverView } from '../../shared/fund/view'
import { can } from '../../shared/session/permissions'
import { type Actor, mayOver } from '../core/actor'
import { type Db, type Reader, underPath } from '../core/db'
import { pathsAbove, type Region } from '../region/queries'
import { settingsAt } from '../region/settings'
import { programmeOf } from '../scheme/queries'
import { yearOf } from './draw'

/** What people could spend: what is reserved already is promised money, and counts as drawn. */
const SPENDABLE = ['member', 'pool', 'organisation', 'frozen']

/**
 * Whether the money of a county covers the points that are out: points × cost of a point ÷ what is left. Asked for a place
 * below, it answers for its county, which owns the programme.
 *
 * @throws Refusal NOT_FOUND outside the actor's regions, NO_SCHEME above counties and where no programme is
 */
export async function findFundCover(db: Db, actor: Actor, regionId: string, at: Date): Promise<FundCoverView> {
  const county = await findCounty(db, actor, regionId)
  const programme = await programmeOf(db, county.id)
  if (programme === null) throw new Refusal('NO_SCHEME')
  const year = yearOf(at)
  const [own, above, settings, outstandingMilliPoints] = await Promise.all([
    moneyOf(db, { year, regionPath: underPath(county.path) }),
    moneyOf(db, { year, regionPath: { in: pathsAbove(county.path).filter((path) => path !== county.path) } }),
    settingsAt(db, county.path, dayOf(at)),
    outstandingOf(db, programme.id),
  ])
  const ofCatalogue = settings.pointCostFen === 0 ? await costInCatalogue(db, programme.id) : 0
  const costFen = settings.pointCostFen === 0 ? ofCatalogue : settings.pointCostFen
  const leftFen = own.budgetFen - own.drawnFen
  const { liabilityFen, ceilingMilliPoints, usedPermille, state } = coverOf({
    outstandingMilliPoints,
    costFen,
    leftFen,
    ceilingPercent: settings.issueCeilingPercent,
    warnPercent: settings.issueWarnPercent,
  })
  return {
    regionId: county.id,
    regionName: county.name,
    year,
    budgetFen: String(own.budgetFen),
    drawnFen: String(own.drawnFen),
    leftFen: String(leftFen),
    sharedFen: String(above.budgetFen - above.drawnFen),
    outstandingMilliPoints: String(outstandingMilliPoints),
    costFen,
    costFrom: settings.pointCostFen > 0 ? 'setting' : costFen > 0 ? 'catalogue' : 'none',
    liabilityFen: String(liabilityFen),
    ceilingMilliPoints: ceilingMilliPoints === null ? null : String(ceilingMilliPoints),
    usedPermille,
    warnPercent: settings.issueWarnPercent,
    state,
    months: await drawnByMonth(db, county.path, at),
  }
}

async function findCounty(db: Reader, actor: Actor, regionId: string): Promise<Region> {
  const region = await db.region.findUnique({ where: { id: regionId } })
  if (region === null || !mayOver(actor, can('fund.read'), region.path)) throw new Refusal('NOT_FOUND')
  if (region.countyId === null) throw new Refusal('NO_SCHEME')
  return db.region.findUniqueOrThrow({ where: { id: region.countyId } })
}

type Where = { year: number; regionPath: { gte: string; lt: string } | { in: string[] } }

async function moneyOf(db: Reader, where: Where): Promise<{ budgetFen: bigint; drawnFen: bigint }> {
  const { _sum } = await db.fundLine.aggregate({
    where: { ...where, active: true },
    _sum: { budgetFen: true, drawnFen: true },
  })
  return { budgetFen: _sum.budgetFen ?? 0n, drawnFen: _sum.drawnFen ?? 0n }
}

async function outstandingOf(db: Reader, programmeId: string): Promise<bigint> {
  const { _sum } = await db.ledgerAccount.aggregate({
    where: { programmeId, kind: { in: SPENDABLE } },
    _sum: { postedMilliPoints: true, pendingMilliPoints: true },
  })
  return (_sum.postedMilliPoints ?? 0n) - (_sum.pendingMilliPoints ?? 0n)
}

/** What a point costs on average in what is offered, rounded up. */
async function costInCatalogue(db: Reader, programmeId: string): Promise<number> {
  const { _sum } = await db.product.aggregate({
    where: { programmeId, active: true },
    _sum: { costFen: true, priceMilliPoints: true },
  })
  const price = _sum.priceMilliPoints ?? 0n
  return price === 0n ? 0 : Number((BigInt(_sum.costFen ?? 0) * 1000n + price - 1n) / price)
}

/** Net of what was given back, month by month up to this one. */
async function drawnByMonth(db: Reader, path: string, at: Date): Promise<{ month: string; drawnFen: string }[]> {
  const months: { month: string; drawnFen: string }[] = []
  for (let month = `${yearOf(at)}-01`; month <= monthOf(at); month = nextMonth(month)) {
    const { _sum } = await db.fundDraw.aggregate({
      where: {
        line: { year: yearOf(at), regionPath: underPath(path) },
        at: { gte: startOfDay(firstDayOf(month)), lt: startOfDay(firstDayOf(nextMonth(month))) },
      },
      _sum: { fen: true },
    })
    months.push({ month, drawnFen: String(_sum.fen ?? 0) })
  }
  return months
}
