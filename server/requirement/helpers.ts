import { percentText } from '../../shared/core/amounts'
import type { Month } from '../../shared/core/time'
import { maskName } from '../../shared/person/rules'
import type { HelperHours, HelperRow } from '../../shared/requirement/view'
import type { Keys } from '../core/config'
import { type Db, query, underPath } from '../core/db'
import { helperRecords } from '../person/former'
import { openPersons } from '../person/vault'
import { regionNames } from '../region/queries'
import { countyAround } from './lives'

/** One helper, nature, level and state of a month: a few lines for each helper. */
type Sum = {
  memberId: string
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
      `SELECT v."memberId", v."nature", v."level", v."state", v."counted", COUNT(*) AS "visits", SUM(v."servedSeconds") AS "seconds"
       FROM visit AS v WHERE ${where} GROUP BY v."memberId", v."nature", v."level", v."state", v."counted"`,
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
  // one human is one line, also under a record that was merged into another
  const records = await helperRecords(db, [...new Set(sums.map((one) => one.memberId))])
  const found = await db.member.findMany({
    where: { id: { in: records.all } },
    select: { id: true, regionId: true, personId: true },
  })
  const members = found.filter(({ id, personId }) => records.ownerOf(id) === personId)
  const personOf = new Map(members.map(({ id, personId }) => [id, personId]))
  const ids = [...personOf.keys()]
  const isOf = (memberId: string) => (one: { memberId: string }) =>
    records.ownerOf(one.memberId) === personOf.get(memberId)
  const homeOf = new Map(members.map((one) => [one.id, one.regionId]))
  const regions = await regionNames(db, [...homeOf.values()])
  const persons = await openPersons(db, keys, [...personOf.values()])
  return ids
    .map((memberId) => {
      const own = sums.filter(isOf(memberId))
      const regionId = homeOf.get(memberId) ?? ''
      return {
        ...{ memberId, regionId, regionName: regions.get(regionId)?.name ?? '' },
        maskedName: maskName(persons.get(personOf.get(memberId) ?? '')?.name ?? ''),
        exceptions: odd.filter(isOf(memberId)).reduce((sum, one) => sum + Number(one.exceptions), 0),
        ...figuresOf(own, byElder(pairs.filter(isOf(memberId)))),
      }
    })
    .sort((a, b) => b.validSeconds - a.validSeconds || (a.memberId < b.memberId ? -1 : 1))
}

/** Two records of one helper may have been with one elder. */
function byElder(pairs: readonly Pair[]): Pair[] {
  const sums = new Map<string, Pair>()
  for (const one of pairs) {
    const before = sums.get(one.elderId)
    sums.set(one.elderId, before === undefined ? one : { ...one, seconds: before.seconds + BigInt(one.seconds) })
  }
  return [...sums.values()]
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
