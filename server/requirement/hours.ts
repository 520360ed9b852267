import { lastDayOf, type Month } from '../../shared/core/time'
import { requirementSentence } from '../../shared/requirement/rules'
import type { Hours, HoursRow } from '../../shared/requirement/view'
import type { Keys } from '../core/config'
import { type Db, underPath } from '../core/db'
import { elderNames } from '../elder/queries'
import { settingsAt } from '../region/settings'
import { periodDays } from './count'
import { categoriesIn, type Judged, judgeElders, listedIn, shownRequirement } from './elders'
import { findRequirements } from './lives'

/** Printable lists end somewhere: a village has hundreds, a town some thousands. */
const ROWS_MAX = 3000
const WAITING = ['finished', 'confirmed', 'disputed']
type Line = { elderId: string; counted: boolean; servedSeconds: number | null; visit: { state: string; nature: string } }
type Sums = Omit<HoursRow, 'elderId' | 'maskedName' | 'categories' | 'requirement' | 'exitKind'>

/** Hours against requirement: each elder of a place in a month, what was owed and what was done. */
export async function hoursOfVillage(db: Db, keys: Keys, region: { id: string; path: string; name: string }, month: Month): Promise<Hours> {
  const requirements = await findRequirements(db, region.path, periodDays(month))
  const regionPath = underPath(region.path)
  const lines = await db.visitElder.findMany({ where: { regionPath, month }, select: { elderId: true, counted: true, servedSeconds: true, visit: { select: { state: true, nature: true } } } })
  const elders = await db.elder.findMany({ where: { regionPath, OR: [listedIn(requirements, month), { id: { in: [...new Set(lines.map((one) => one.elderId))] } }] }, select: { id: true }, orderBy: [{ regionPath: 'asc' }, { id: 'asc' }], take: ROWS_MAX })
  const ids = elders.map((one) => one.id)
  const [judged, names, settings] = await Promise.all([judgeElders(db, ids, requirements, month), elderNames(db, keys, ids), settingsAt(db, region.path, lastDayOf(month))])
  const byElder = groupBy(lines)
  const rows = judged.map((one): HoursRow => rowOf(one, names.get(one.life.elderId)?.maskedName ?? '', byElder.get(one.life.elderId) ?? [], month))
  return { month, regionId: region.id, regionName: region.name, agencyName: settings.agencyName, rows, total: rows.reduce<Sums>(plus, NOTHING) }
}

function rowOf({ life, month: judged }: Judged, maskedName: string, lines: readonly Line[], month: Month): HoursRow {
  const shown = shownRequirement(judged)
  const valid = lines.filter((one) => one.counted)
  const returned = lines.filter((one) => one.visit.state === 'returned')
  const required = Math.max(0, ...judged.requirements.map((one) => one.periods.length))
  const missing = Math.max(0, ...judged.requirements.map((one) => one.periods.filter((period) => !period.met).length))
  const of = (nature: string) => seconds(valid.filter((one) => one.visit.nature === nature))
  return {
    elderId: life.elderId,
    maskedName,
    categories: categoriesIn(life, month),
    requirement: shown === undefined ? '' : requirementSentence(shown.requirement),
    requiredVisits: required,
    validVisits: valid.length,
    missingVisits: missing,
    overServed: Math.max(0, valid.length - required),
    validSeconds: seconds(valid),
    returnedVisits: returned.length,
    returnedSeconds: seconds(returned),
    waitingVisits: lines.filter((one) => WAITING.includes(one.visit.state)).length,
    byNature: { volunteer: of('volunteer'), mutualAid: of('mutualAid'), dutyPaid: of('dutyPaid') },
    exitKind: judged.exitKind,
  }
}

function seconds(lines: readonly Line[]): number {
  return lines.reduce((sum, one) => sum + (one.servedSeconds ?? 0), 0)
}

const NOTHING: Sums = { requiredVisits: 0, validVisits: 0, missingVisits: 0, overServed: 0, validSeconds: 0, returnedVisits: 0, returnedSeconds: 0, waitingVisits: 0, byNature: { volunteer: 0, mutualAid: 0, dutyPaid: 0 } }

function plus(sum: Sums, row: Sums): Sums {
  return {
    requiredVisits: sum.requiredVisits + row.requiredVisits,
    validVisits: sum.validVisits + row.validVisits,
    missingVisits: sum.missingVisits + row.missingVisits,
    overServed: sum.overServed + row.overServed,
    validSeconds: sum.validSeconds + row.validSeconds,
    returnedVisits: sum.returnedVisits + row.returnedVisits,
    returnedSeconds: sum.returnedSeconds + row.returnedSeconds,
    waitingVisits: sum.waitingVisits + row.waitingVisits,
    byNature: {
      volunteer: sum.byNature.volunteer + row.byNature.volunteer,
      mutualAid: sum.byNature.mutualAid + row.byNature.mutualAid,
      dutyPaid: sum.byNature.dutyPaid + row.byNature.dutyPaid,
    },
  }
}

function groupBy(lines: readonly Line[]): Map<string, Line[]> {
  const groups = new Map<string, Line[]>()
  for (const line of lines) groups.set(line.elderId, [...(groups.get(line.elderId) ?? []), line])
  return groups
}

