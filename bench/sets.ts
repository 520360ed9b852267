// A county or a whole city written with a handful of statements, on both databases: places, elders one in nine of whom has a
// category, and their visits. The guards are off meanwhile, for what is measured is the reading. Ids follow each other in time,
// as those of the product do; villages enrol one after the other.
import { randomUUID } from 'node:crypto'
import { type Db, isPostgresUrl, type Tx } from '../server/core/db'
import { addStandardRequirements } from '../server/requirement/standard'
import type { Month } from '../shared/core/time'
import type { Database } from './context'
import { withoutGuards } from './grow'

const LONG_AGO = new Date('2026-01-01T00:00:00Z')
const TABLES = ['person', 'member', 'elder', 'elder_residence', 'elder_category', 'elder_exit', 'visit', 'visit_elder']
/** Of those with a category: one in so many has no visit, is in hospital at the end of the month, got it in the month. */
const [UNVISITED, IN_HOSPITAL, NEW] = [10, 100, 50]
const TAGGED = 9
/** Days of a month and hours of a day (UTC) with visits; how many days after the first an elder's second one is. */
const [DAYS, HOURS, DAYS_BETWEEN] = [27, 12, 11]

export type Places = { path: string; counties: { id: string; path: string }[]; villages: number }

/** A province, a city, its counties with towns and villages; each county with the standard requirements. */
export async function addPlaces(db: Db, counties: number, towns: number, villagesEach: number): Promise<Places> {
  const kinds = ['province', 'city', 'county', 'town', 'village']
  await db.regionKind.createMany({ data: kinds.map((code, level) => ({ code, name: code, level: level + 1 })) })
  type Row = { id: string; no: number; path: string; countyId: string | null; kind: string; parentId: string | null }
  const rows: Row[] = []
  const add = (kind: string, above: Row | null): Row => {
    const [id, no] = [randomUUID(), rows.length + 1]
    const countyId = kind === 'county' ? id : (above?.countyId ?? null)
    const row = { id, no, path: `${above?.path ?? '/'}${no}/`, countyId, kind, parentId: above?.id ?? null }
    rows.push(row)
    return row
  }
  const city = add('city', add('province', null))
  const made = Array.from({ length: counties }, () => add('county', city))
  for (const county of made)
    for (let town = 0; town < towns; town++) {
      const own = add('town', county)
      for (let village = 0; village < villagesEach; village++) add('village', own)
    }
  await db.region.createMany({
    data: rows.map((row) => ({
      ...{ ...row, code: `9${row.no}`, name: `地方${row.no}`, fullName: `地方${row.no}` },
      ...{ validFrom: '2020-01-01', validTo: null },
    })),
  })
  for (const { id } of made) await db.$transaction((tx) => addStandardRequirements(tx, id, LONG_AGO))
  return { path: city.path, counties: made, villages: counties * towns * villagesEach }
}

/** Each elder's own numbers, and what both databases call things. */
function words(url: string) {
  const isPostgres = isPostgresUrl(url)
  const hex = (value: string, length: number) =>
    isPostgres ? `lpad(to_hex((${value})::bigint), ${length}, '0')` : `printf('%0${length}x', ${value})`
  /** in the form and the order of a UUID v7 */
  const id = (kind: number, value: string) =>
    `substr(${hex(value, 12)}, 1, 8) || '-' || substr(${hex(value, 12)}, 9) || '-7${kind}00-8000-' || ${hex(`(${value}) * 40503 % 16777216`, 12)}`
  return {
    id,
    series: (from: number, below: number) =>
      isPostgres
        ? `(SELECT i FROM generate_series(${from}::bigint, ${below - 1}) AS i) AS s`
        : `(WITH RECURSIVE n(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i < ${below - 1}) SELECT i FROM n) AS s`,
    day: (month: Month, place: string) =>
      `'${month}-' || ${isPostgres ? `lpad((1 + ${place})::text, 2, '0')` : `printf('%02d', 1 + ${place})`}`,
    clock: (hour: string, minute: string) =>
      `${isPostgres ? `lpad((${hour})::text, 2, '0')` : `printf('%02d', ${hour})`} || ':${minute}:00'`,
    moment: (day: string, clock: string) =>
      isPostgres ? `(${day} || 'T' || ${clock} || 'Z')::timestamptz` : `${day} || 'T' || ${clock} || '.000+00:00'`,
    yes: isPostgres ? 'true' : '1',
    no: isPostgres ? 'false' : '0',
    isTagged: `i % ${TAGGED} = 0`,
  }
}

/** Elders of all villages there are with their helpers, and one month of visits. @returns the service of all visits */
export async function fillElders(
  database: Pick<Database, 'url' | 'db'>,
  elders: number,
  month: Month,
): Promise<string> {
  const { url } = database
  const { id, series, moment, yes, no, isTagged } = words(url)
  const serviceId = await addService(database.db)
  const place = 'v."id", v."path", v."countyId"'
  const people = `${series(0, elders)} JOIN bench_village AS v ON v."turn" = i * (SELECT COUNT(*) FROM bench_village) / ${elders}`
  const since = `'2026-01-01'`
  const at = moment(since, `'00:00:00'`)
  const hospital = `${isTagged} AND i / ${TAGGED} % ${IN_HOSPITAL} = 7`
  const helper = `(SELECT ${id(7, '0')})`
  await inSets(database, TABLES, [
    // a helper of each village: person and member have one id
    `INSERT INTO person ("id", "nameSealed", "nameInitials", "identityKind", "sex", "createdAt")
       SELECT ${id(7, 'v."turn"')}, 'x', 'x', 'none', 'female', ${at} FROM bench_village AS v`,
    `INSERT INTO member ("id", "personId", "kind", "regionId", "regionPath", "countyId", "state", "trainings", "joinedDay")
       SELECT ${id(7, 'v."turn"')}, ${id(7, 'v."turn"')}, 'volunteer', ${place}, 'active', '', ${since} FROM bench_village AS v`,
    `INSERT INTO person ("id", "nameSealed", "nameInitials", "identityKind", "sex", "createdAt")
       SELECT ${id(1, 'i')}, 'x', 'x', 'none', 'female', ${at} FROM ${series(0, elders)}`,
    `INSERT INTO elder ("id", "personId", "regionId", "regionPath", "countyId", "householdId", "addressSealed", "ownPhone", "joinedDay")
       SELECT ${id(2, 'i')}, ${id(1, 'i')}, ${place}, ${id(2, 'i')}, 'x', ${yes}, ${since} FROM ${people}`,
    `INSERT INTO elder_residence ("id", "elderId", "validFrom", "regionId", "regionPath", "addressSealed", "tagged")
       SELECT ${id(3, 'i')}, ${id(2, 'i')}, ${since}, v."id", v."path", 'x', CASE WHEN ${isTagged} THEN ${yes} ELSE ${no} END FROM ${people}`,
    `INSERT INTO elder_category ("id", "elderId", "category", "validFrom", "byPersonId", "recordedAt")
       SELECT ${id(4, 'i')}, ${id(2, 'i')}, CASE WHEN i % 5 = 0 THEN 'disabled' ELSE 'livingAlone' END,
         CASE WHEN i / ${TAGGED} % ${NEW} = 3 THEN '${month}-10' ELSE ${since} END, ${helper}, ${at} FROM ${series(0, elders)} WHERE ${isTagged}`,
    `INSERT INTO elder_exit ("id", "elderId", "kind", "validFrom", "reason", "approvedByPersonId", "recordedAt")
       SELECT ${id(5, 'i')}, ${id(2, 'i')}, 'hospital', '${month}-20', '', ${helper}, ${at} FROM ${series(0, elders)} WHERE ${hospital}`,
  ])
  await fillVisits(database, elders, month, serviceId)
  return serviceId
}

async function addService(db: Db): Promise<string> {
  const id = randomUUID()
  const village = await db.region.findFirstOrThrow({ where: { kind: 'village' } })
  await db.service.create({
    data: {
      ...{ id, code: 'cleaning', name: '打扫卫生', icon: 'broom', plannedSeconds: 3600, natures: 'volunteer' },
      ...{ regionId: village.id, regionPath: village.path, trainingNeeded: null, tierFromAge: null },
      ...{ tierBelowAge: null, tasks: '[]', sortNo: 1, active: true },
    },
  })
  return id
}

/** Two visits of the month for each elder with a category, but for one in ten; a helper is in one place at a time. */
export async function fillVisits(
  database: Pick<Database, 'url' | 'db'>,
  elders: number,
  month: Month,
  serviceId: string,
  most = 1e9,
): Promise<void> {
  const { id, series, day: dayIn, clock, moment, yes, isTagged } = words(database.url)
  const place = 'v."id" AS "regionId", v."path" AS "regionPath", v."countyId"'
  const day = dayIn(month, `(i + n * ${DAYS_BETWEEN}) % ${DAYS}`)
  // of a village, elders of the same day come at different hours
  const hour = `i / ${DAYS} % ${HOURS}`
  const number = `${Number(month.replace('-', ''))}00000000 + i * 2 + n`
  const visited = `${series(0, elders)} JOIN bench_village AS v ON v."turn" = i * (SELECT COUNT(*) FROM bench_village) / ${elders}
    CROSS JOIN (SELECT 0 AS n UNION ALL SELECT 1 AS n) AS t WHERE ${isTagged} AND i / ${TAGGED} % ${UNVISITED} <> 0 AND i < ${most}`
  const helper = id(7, 'v."turn"')
  await inSets(
    database,
    ['visit', 'visit_elder'],
    [
      `INSERT INTO visit ("id", "memberId", "memberPersonId", "serviceId", "regionId", "regionPath", "countyId", "channel", "nature", "state",
         "checkInAt", "checkOutAt", "recordedAt", "day", "month", "servedSeconds", "counted", "level", "closedBy", "tasksDone", "flag", "awardedMilliPoints")
       SELECT ${id(6, number)}, ${helper}, ${helper}, '${serviceId}', ${place}, 'inPerson', 'volunteer', 'confirmed',
         ${moment(day, clock(hour, '00'))}, ${moment(day, clock(hour, '50'))}, ${moment(day, clock(hour, '50'))}, ${day}, '${month}', 3000, ${yes}, 2, 'helper', '[]', 'clean', 10000 FROM ${visited}`,
      `INSERT INTO visit_elder ("visitId", "elderId", "regionId", "regionPath", "countyId", "day", "month", "channel", "nature", "servedSeconds", "counted")
       SELECT ${id(6, number)}, ${id(2, 'i')}, ${place}, ${day}, '${month}', 'inPerson', 'volunteer', 3000, ${yes} FROM ${visited}`,
    ],
  )
}

async function inSets(
  { url, db }: Pick<Database, 'url' | 'db'>,
  tables: readonly string[],
  statements: readonly string[],
) {
  await db.$executeRawUnsafe('DROP TABLE IF EXISTS bench_village')
  await db.$executeRawUnsafe(`CREATE TABLE bench_village AS SELECT "id", "path", "countyId",
    ROW_NUMBER() OVER (ORDER BY "no") - 1 AS "turn" FROM region WHERE "kind" = 'village'`)
  await db.$executeRawUnsafe('CREATE INDEX bench_village_turn ON bench_village ("turn")')
  for (const sql of statements)
    await db.$transaction(
      (tx: Tx) => withoutGuards(tx, url, async () => void (await tx.$executeRawUnsafe(sql)), tables),
      {
        timeout: 3_600_000,
        maxWait: 60_000,
      },
    )
}
