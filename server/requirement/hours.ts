import { lastDayOf, type Month } from '../../shared/core/time'
import { maskName } from '../../shared/person/rules'
import { requirementSentence } from '../../shared/requirement/rules'
import type { Hours, HoursRow } from '../../shared/requirement/view'
import type { Keys } from '../core/config'
import { type Db, underPath } from '../core/db'
import { elderNames } from '../elder/queries'
import { openPersons } from '../person/vault'
import { settingsAt } from '../region/settings'
import { categoriesIn, shownRequirement } from './elders'
import { type Ground, type Judged, judgeElders, livedHere, maybeListed, readGround, visitsOf } from './judge'
import { countyAround } from './lives'

/** How many elders are judged at a time. */
const CHUNK = 1000
const LEVELS = [0, 1, 2, 3, 4]
const WAITING = ['finished', 'confirmed', 'disputed']
type Line = {
  elderId: string
  counted: boolean
  servedSeconds: number | null
  visit: { state: string; nature: string; level: number | null; memberPersonId: string }
}
type Sums = Omit<HoursRow, 'elderId' | 'maskedName' | 'categories' | 'requirement' | 'helpers' | 'exitKind'>

/**
 * Hours against requirement: each elder of a place in a month, what was owed and what was done; with those who were visited
 * though nothing was owed. A sheet is of a village, or a town at most: for a county it has no rows.
 */
export async function hoursOfVillage(
  db: Db,
  keys: Keys,
  region: { id: string; path: string; name: string },
  month: Month,
): Promise<Hours> {
  const [ground, county, settings] = await Promise.all([
    readGround(db, region.path, month),
    countyAround(db, region.path),
    settingsAt(db, region.path, lastDayOf(month)),
  ])
  const isSheet = county !== null && county.path !== region.path
  const rows = isSheet ? await rowsOf(db, keys, region.path, ground) : []
  return {
    month,
    regionId: region.id,
    regionName: region.name,
    agencyName: settings.agencyName,
    rows,
    total: rows.reduce<Sums>(plus, NOTHING),
  }
}

async function rowsOf(db: Db, keys: Keys, path: string, ground: Ground): Promise<HoursRow[]> {
  const homes = await db.elderResidence.findMany({
    where: {
      AND: [
        { regionPath: underPath(path) },
        livedHere(ground.month),
        { elder: { OR: [maybeListed(ground), { visitElders: { some: visitsOf(ground) } }] } },
      ],
    },
    select: { elderId: true },
    orderBy: [{ regionPath: 'asc' }, { elderId: 'asc' }],
  })
  const ids = [...new Set(homes.map((home) => home.elderId))]
  const rows: HoursRow[] = []
  for (let start = 0; start < ids.length; start += CHUNK)
    rows.push(...(await rowsOfElders(db, keys, path, ground, ids.slice(start, start + CHUNK))))
  return rows
}

async function rowsOfElders(
  db: Db,
  keys: Keys,
  path: string,
  ground: Ground,
  ids: readonly string[],
): Promise<HoursRow[]> {
  const [lines, judged] = await Promise.all([
    db.visitElder
      .findMany({
        where: { elderId: { in: [...ids] }, ...visitsOf(ground) },
        select: {
          elderId: true,
          counted: true,
          servedSeconds: true,
          visit: { select: { state: true, nature: true, level: true, memberPersonId: true } },
        },
      })
      .then(groupBy),
    judgeElders(db, ids, ground),
  ])
  const byId = new Map(judged.map((one) => [one.life.elderId, one]))
  const shown = ids
    .flatMap((id) => byId.get(id) ?? [])
    .filter((one) => isOfPlace(one, path, ground.month, lines.has(one.life.elderId)))
  const names = await elderNames(
    db,
    keys,
    shown.map((one) => one.life.elderId),
  )
  const linesOf = (one: Judged) => lines.get(one.life.elderId) ?? []
  const persons = await openPersons(db, keys, [
    ...new Set(shown.flatMap((one) => linesOf(one).map(({ visit }) => visit.memberPersonId))),
  ])
  const helperOf = (personId: string) => maskName(persons.get(personId)?.name ?? '')
  return shown.map((one) => ({
    ...rowOf(one, names.get(one.life.elderId)?.maskedName ?? '', linesOf(one), ground.month),
    helpers: helpersOf(linesOf(one), helperOf),
  }))
}

/** Listed here by a requirement; or, without one, visited and at home here at the end of the month. */
function isOfPlace({ life, month: judged }: Judged, path: string, month: Month, wasVisited: boolean): boolean {
  if (judged.regionPath !== null) return judged.regionPath.startsWith(path)
  const latest = life.residences
    .filter((home) => home.validFrom <= lastDayOf(month))
    .sort((a, b) => (a.validFrom < b.validFrom ? 1 : -1))[0]
  return wasVisited && latest?.regionPath.startsWith(path) === true
}

function rowOf(
  { life, month: judged }: Judged,
  maskedName: string,
  lines: readonly Line[],
  month: Month,
): Omit<HoursRow, 'helpers'> {
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
    doneVisits: lines.filter((one) => one.visit.state !== 'inProgress').length,
    validVisits: valid.length,
    missingVisits: missing,
    overServed: Math.max(0, valid.length - required),
    validSeconds: seconds(valid),
    returnedVisits: returned.length,
    returnedSeconds: seconds(returned),
    waitingVisits: lines.filter((one) => WAITING.includes(one.visit.state)).length,
    byNature: { volunteer: of('volunteer'), mutualAid: of('mutualAid'), dutyPaid: of('dutyPaid') },
    byLevel: LEVELS.map((level) => seconds(valid.filter((one) => one.visit.level === level))),
    exitKind: judged.exitKind,
  }
}

/** Who gave the valid time, the longest first. */
function helpersOf(lines: readonly Line[], nameOf: (personId: string) => string): HoursRow['helpers'] {
  const given = new Map<string, number>()
  for (const { counted, servedSeconds, visit } of lines)
    if (counted) given.set(visit.memberPersonId, (given.get(visit.memberPersonId) ?? 0) + (servedSeconds ?? 0))
  return [...given]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([personId, sum]) => ({ maskedName: nameOf(personId), seconds: sum }))
}

function seconds(lines: readonly Line[]): number {
  return lines.reduce((sum, one) => sum + (one.servedSeconds ?? 0), 0)
}

const NOTHING: Sums = {
  requiredVisits: 0,
  doneVisits: 0,
  validVisits: 0,
  missingVisits: 0,
  overServed: 0,
  validSeconds: 0,
  returnedVisits: 0,
  returnedSeconds: 0,
  waitingVisits: 0,
  byNature: { volunteer: 0, mutualAid: 0, dutyPaid: 0 },
  byLevel: [0, 0, 0, 0, 0],
}

function plus(sum: Sums, row: Sums): Sums {
  return {
    requiredVisits: sum.requiredVisits + row.requiredVisits,
    doneVisits: sum.doneVisits + row.doneVisits,
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
    byLevel: LEVELS.map((level) => (sum.byLevel[level] ?? 0) + (row.byLevel[level] ?? 0)),
  }
}

function groupBy(lines: readonly Line[]): Map<string, Line[]> {
  const groups = new Map<string, Line[]>()
  for (const line of lines) groups.set(line.elderId, [...(groups.get(line.elderId) ?? []), line])
  return groups
}
