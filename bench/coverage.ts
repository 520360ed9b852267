// Coverage of a month: of a county on both databases, added up and from live rows; of a city of 1.2 million on PostgreSQL from live
// rows, written with a handful of statements and the guards off, for what is measured is the reading.
import { randomUUID } from 'node:crypto'
import { type Db, query } from '../server/core/db'
import { countLive } from '../server/requirement/count'
import { coverage } from '../server/requirement/coverage'
import { coverageDrift, rollMonth } from '../server/requirement/rollup'
import { addStandardRequirements } from '../server/requirement/standard'
import {
  analyze,
  type Context,
  closeAll,
  type Database,
  databaseCpu,
  medianOf,
  newDatabases,
  newPostgres,
  ownCpu,
  thousands,
} from './context'
import { addCounty, addElders } from './village'

const MONTH = '2026-10'
const TURNS = 5
const LONG_AGO = new Date('2026-01-01T00:00:00Z')
/** Xuzhou: 11 counties, 186 towns, 2,812 villages. */
const [COUNTIES, TOWNS, VILLAGES] = [11, 17, 15]
/** Elders of a city for one of the county that the option names. */
const TIMES = 1_200_000 / 171_000

export async function measureCoverage(context: Context): Promise<void> {
  const { say, elders } = context
  say(
    `A county of ${thousands(elders)} elders; median of ${TURNS} by the clock, in brackets the processor time of one.\n`,
  )
  say('| database | visits | from live rows ms | added up ms |\n|---|---|---|---|')
  const databases = await newDatabases(context, 'coverage')
  for (const one of databases) await measureCounty(context, one)
  await closeAll(databases)
  await measureCity(context)
}

async function measureCounty({ say, aim, elders }: Context, database: Database): Promise<void> {
  const { db, name } = database
  const { county, villages, serviceId } = await addCounty(db, 16, 45)
  const { visits } = await addElders(db, villages, serviceId, elders, MONTH)
  await analyze(database)
  const live = await timed(database, () => countLive(db, county.path, MONTH))
  await rollMonth(db, { countyId: county.id, path: county.path }, MONTH, new Date('2026-10-31T15:00:00Z'))
  await db.coverageStale.deleteMany()
  await analyze(database)
  if ((await coverageDrift(db, county.path, MONTH))?.length !== 0)
    throw new Error('the judged month is not the live one')
  const region = { id: county.id, path: county.path, name: '县', kind: 'county' }
  const board = await timed(database, () => coverage(db, region, MONTH))
  say(`| ${name} | ${thousands(visits)} | ${wordsOf(live)} | ${wordsOf(board)} |`)
  aim(`${name}: coverage of a county, 100 ms`, `${wordsOf(board)} ms`, board.ms < 100)
  aim(`${name}: coverage of a county from live rows, 100 ms`, `${wordsOf(live)} ms`, live.ms < 100)
}

async function measureCity(context: Context): Promise<void> {
  const { say, aim } = context
  const elders = Math.round(context.elders * TIMES)
  const database = await newPostgres(context)
  const { db } = database
  const city = await addCity(db)
  const begun = performance.now()
  await fillCity(db, elders)
  await analyze(database)
  const filled = (performance.now() - begun) / 1000
  const [{ visits } = { visits: 0n }] = await query<{ visits: bigint }>(
    db,
    'SELECT COUNT(*) AS "visits" FROM visit_elder',
  )
  const counted = await countLive(db, city.path, MONTH)
  const due = [...counted.values()].reduce((sum, one) => sum + one.due, 0)
  const live = await timed(database, () => countLive(db, city.path, MONTH))
  say(
    `\nA city of ${thousands(elders)} elders in ${COUNTIES} counties, ${thousands(due)} of them due, ${thousands(Number(visits))} visits of the month; written in ${filled.toFixed(0)} s. From live rows on PostgreSQL: ${wordsOf(live)} ms.`,
  )
  aim('PostgreSQL: coverage of a city of 1.2 million from live rows, 1 s', `${wordsOf(live)} ms`, live.ms < 1000)
  await closeAll([database])
}

type Timed = { ms: number; cpu: number }
const wordsOf = ({ ms, cpu }: Timed) => `${ms.toFixed(0)} (${cpu.toFixed(0)})`

/** By the clock, and by the processor: the clock of a busy machine says more about the others. */
async function timed(database: Database, work: () => unknown): Promise<Timed> {
  const cpuOf = async () => ownCpu() + (await databaseCpu(database))
  await work()
  const before = await cpuOf()
  const ms = await medianOf(TURNS, work)
  return { ms, cpu: ((await cpuOf()) - before) / TURNS }
}

/** The city's places, each county with the standard requirements. */
async function addCity(db: Db): Promise<{ path: string }> {
  const kinds = ['province', 'city', 'county', 'town', 'village']
  await db.regionKind.createMany({ data: kinds.map((code, level) => ({ code, name: code, level: level + 1 })) })
  const rows: {
    id: string
    no: number
    path: string
    countyId: string | null
    kind: string
    parentId: string | null
  }[] = []
  const add = (kind: string, above: (typeof rows)[number] | null) => {
    const [id, no] = [randomUUID(), rows.length + 1]
    const countyId = kind === 'county' ? id : (above?.countyId ?? null)
    const row = { id, no, path: `${above?.path ?? '/'}${no}/`, countyId, kind, parentId: above?.id ?? null }
    rows.push(row)
    return row
  }
  const city = add('city', add('province', null))
  const counties = Array.from({ length: COUNTIES }, () => add('county', city))
  for (const county of counties)
    for (let town = 0; town < TOWNS; town++) {
      const own = add('town', county)
      for (let village = 0; village < VILLAGES; village++) add('village', own)
    }
  await db.region.createMany({
    data: rows.map((row) => ({
      ...{ ...row, code: `9${row.no}`, name: `地方${row.no}`, fullName: `地方${row.no}` },
      ...{ validFrom: '2020-01-01', validTo: null },
    })),
  })
  for (const { id } of counties) await db.$transaction((tx) => addStandardRequirements(tx, id, LONG_AGO))
  return city
}

/** One elder in nine has a category, one of ten of these had no visit, the others two. */
async function fillCity(db: Db, elders: number): Promise<void> {
  const uuid = (what: string) => `md5('${what}' || i)::uuid::text`
  const place = 'v."id" AS "regionId", v."path" AS "regionPath", v."countyId"'
  const people = `generate_series(0, ${elders - 1}) AS i JOIN village AS v ON v."turn" = i % v."many"`
  const tagged = `${people} WHERE i / v."many" % 9 = 0`
  const day = `to_char(DATE '${MONTH}-01' + ((i + n * 11) % 27)::int, 'YYYY-MM-DD')`
  const visited = `${people}, generate_series(0, 1) AS n WHERE i / v."many" % 9 = 0 AND i / v."many" % 90 <> 0`
  const helper = randomUUID()
  const statements = [
    `SET LOCAL session_replication_role = replica`,
    `SET LOCAL synchronous_commit = off`,
    `CREATE TEMPORARY TABLE village ON COMMIT DROP AS
       SELECT "id", "path", "countyId", ROW_NUMBER() OVER (ORDER BY "no") - 1 AS "turn", COUNT(*) OVER () AS "many" FROM region WHERE "kind" = 'village'`,
    `INSERT INTO person ("id", "nameSealed", "nameInitials", "identityKind", "sex", "createdAt")
       SELECT ${uuid('p')}, 'x', 'x', 'none', 'female', '2026-01-01' FROM generate_series(0, ${elders - 1}) AS i`,
    `INSERT INTO elder ("id", "personId", "regionId", "regionPath", "countyId", "householdId", "addressSealed", "ownPhone", "joinedDay")
       SELECT ${uuid('e')}, ${uuid('p')}, ${place}, ${uuid('e')}, 'x', true, '2026-01-01' FROM ${people}`,
    `INSERT INTO elder_residence ("id", "elderId", "validFrom", "regionId", "regionPath", "addressSealed", "tagged")
       SELECT ${uuid('r')}, ${uuid('e')}, '2026-01-01', v."id", v."path", 'x', i / v."many" % 9 = 0 FROM ${people}`,
    `INSERT INTO elder_category ("id", "elderId", "category", "validFrom", "byPersonId", "recordedAt")
       SELECT ${uuid('c')}, ${uuid('e')}, CASE WHEN i % 5 = 0 THEN 'disabled' ELSE 'livingAlone' END, '2026-01-01', '${helper}', '2026-01-01' FROM ${tagged}`,
    `INSERT INTO visit ("id", "memberId", "memberPersonId", "serviceId", "regionId", "regionPath", "countyId", "channel", "nature", "state",
         "checkInAt", "checkOutAt", "recordedAt", "day", "month", "servedSeconds", "counted", "level", "closedBy", "tasksDone", "flag")
       SELECT ${uuid("v' || n || '")}, '${helper}', '${helper}', '${helper}', ${place}, 'inPerson', 'volunteer', 'confirmed',
         (${day} || 'T02:00:00Z')::timestamptz, (${day} || 'T03:00:00Z')::timestamptz, '2026-01-01', ${day}, '${MONTH}', 3600, false, 2, 'helper', '[]', 'clean' FROM ${visited}`,
    `INSERT INTO visit_elder ("visitId", "elderId", "regionId", "regionPath", "countyId", "day", "month", "channel", "nature", "servedSeconds", "counted")
       SELECT ${uuid("v' || n || '")}, ${uuid('e')}, ${place}, ${day}, '${MONTH}', 'inPerson', 'volunteer', 3600, true FROM ${visited}`,
  ]
  await db.$transaction(
    async (tx) => {
      for (const sql of statements) await tx.$executeRawUnsafe(sql)
    },
    { timeout: 1_800_000, maxWait: 60_000 },
  )
}
