import { percentText } from '../../shared/core/amounts'
import type { Month } from '../../shared/core/time'
import { maskName } from '../../shared/person/rules'
import type { HelperHours, HelperRow } from '../../shared/requirement/view'
import type { Keys } from '../core/config'
import { type Db, query, underPath } from '../core/db'
import { openPersons } from '../person/vault'
import { regionNames } from '../region/queries'
import { countyAround } from './lives'

/** One helper, nature, level and state of a month: a few lines for each helper. */
type Sum = {
  memberId: string
  memberPersonId: string
  nature: string
  level: number | null
  state: string
  counted: boolean | number
  visits: bigint
  seconds: bigint | null
}
type Pair = { memberId: string; elderId: string; seconds: bigint }

/**
 * The visits of a month at a place by helper: hours and how they were proved, what was odd, what staff typed in, how much
 * went to one elder. As the sheet by elder it is of a village, or a town at most.
 */
export async function hoursOfHelpers(
  db: Db,
  keys: Keys,
  region: { path: string; name: string },
  month: Month,
): Promise<HelperHours> {
  const county = await countyAround(db, region.path)
  const isSheet = county !== null && county.path !== region.path
  return { month, regionName: region.name, rows: isSheet ? await rowsOf(db, keys, region.path, month) : [] }
}

async function rowsOf(db: Db, keys: Keys, path: string, month: Month): Promise<HelperRow[]> {
  const { gte, lt } = underPath(path)
  const where = `v."regionPath" >= $1 AND v."regionPath" < $2 AND v."month" = $3 AND v."state" <> 'inProgress'`
  const [sums, odd, pairs] = [
    await query<Sum>(
      db,
      `SELECT v."memberId", v."memberPersonId", v."nature", v."level", v."state", v."counted", COUNT(*) AS "visits", SUM(v."servedSeconds") AS "seconds"
       FROM visit AS v WHERE ${where} GROUP BY v."memberId", v."memberPersonId", v."nature", v."level", v."state", v."counted"`,
      ...[gte, lt, month],
    ),
    await query<{ memberId: string; exceptions: bigint }>(
      db,
      `SELECT v."memberId", COUNT(*) AS "exceptions" FROM visit AS v JOIN visit_exception AS e ON e."visitId" = v."id"
       WHERE ${where} AND e."severity" <> 'info' GROUP BY v."memberId"`,
      ...[gte, lt, month],
    ),
    await query<Pair>(
      db,
      `SELECT v."memberId", e."elderId", SUM(v."servedSeconds") AS "seconds" FROM visit AS v JOIN visit_elder AS e ON e."visitId" = v."id"
       WHERE ${where} AND v."counted" GROUP BY v."memberId", e."elderId"`,
      ...[gte, lt, month],
    ),
  ]
  const ids = [...new Set(sums.map((one) => one.memberId))]
  const members = await db.member.findMany({ where: { id: { in: ids } }, select: { id: true, regionId: true } })
  const homeOf = new Map(members.map((one) => [one.id, one.regionId]))
  const regions = await regionNames(db, [...homeOf.values()])
  const persons = await openPersons(db, keys, [...new Set(sums.map((one) => one.memberPersonId))])
  const oddOf = new Map(odd.map((one) => [one.memberId, Number(one.exceptions)]))
  return ids
    .map((memberId) => {
      const own = sums.filter((one) => one.memberId === memberId)
      const regionId = homeOf.get(memberId) ?? ''
      return {
        ...{ memberId, regionId, regionName: regions.get(regionId)?.name ?? '' },
        maskedName: maskName(persons.get(own[0]?.memberPersonId ?? '')?.name ?? ''),
        exceptions: oddOf.get(memberId) ?? 0,
        ...figuresOf(
          own,
          pairs.filter((one) => one.memberId === memberId),
        ),
      }
    })
    .sort((a, b) => b.validSeconds - a.validSeconds || (a.memberId < b.memberId ? -1 : 1))
}

function figuresOf(own: readonly Sum[], pairs: readonly Pair[]) {
  const valid = own.filter(({ counted }) => Boolean(counted))
  const seconds = (list: readonly Sum[]) => list.reduce((sum, one) => sum + Number(one.seconds ?? 0), 0)
  const of = (nature: string) => seconds(valid.filter((one) => one.nature === nature))
  const byLevel = [0, 1, 2, 3, 4].map((level) => seconds(valid.filter((one) => one.level === level)))
  const all = seconds(valid)
  const longest = pairs.reduce((most, one) => Math.max(most, Number(one.seconds)), 0)
  return {
    visits: valid.reduce((sum, one) => sum + Number(one.visits), 0),
    validSeconds: all,
    byNature: { volunteer: of('volunteer'), mutualAid: of('mutualAid'), dutyPaid: of('dutyPaid') },
    byLevel,
    returnedVisits: own.filter((one) => one.state === 'returned').reduce((sum, one) => sum + Number(one.visits), 0),
    manualPercent: percentText(byLevel[0] ?? 0, all),
    topPairPercent: percentText(longest, all),
    elders: pairs.length,
  }
}
