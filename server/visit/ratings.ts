import type { z } from 'zod'
import { maskName } from '../../shared/person/rules'
import { can } from '../../shared/session/permissions'
import type { ratingListQuery } from '../../shared/visit/input'
import { LOW_CALL, LOW_FACE, type RatingHow } from '../../shared/visit/said'
import type { RatingSums, RatingView } from '../../shared/visit/view'
import { visitNumber } from '../../shared/visit/words'
import { type Actor, inScope } from '../core/actor'
import { findBy } from '../core/bulk'
import type { Keys } from '../core/config'
import { Prisma, type Reader } from '../core/db'
import { cursorOf, readCursor, toPage } from '../core/input'
import { elderNames } from '../elder/queries'
import { openPersons } from '../person/vault'
import { findRegionInScope, regionNames } from '../region/queries'

const { empty, join, sql } = Prisma
type Query = z.output<typeof ratingListQuery>
type Row = {
  id: string
  visitId: string
  elderId: string
  memberId: string
  regionId: string
  day: string
  how: RatingHow
  score: number
}

/** What was said of visits: the elder's face, that of who acts for the elder, and the score of a call-back; the latest first. */
export async function listRatings(
  db: Reader,
  keys: Keys,
  actor: Actor,
  query: Query,
): Promise<{ items: RatingView[]; next: string | null }> {
  const [day = '', id = ''] = readCursor(query.cursor, 2) ?? []
  const beyond = day === '' ? empty : sql`WHERE q."day" < ${day} OR (q."day" = ${day} AND q."id" > ${id})`
  const rows = await db.$queryRaw<Row[]>`
    SELECT * FROM (${await saidSql(db, actor, query)}) AS q ${beyond} ORDER BY q."day" DESC, q."id" LIMIT ${query.limit + 1}`
  const elders = await elderNames(
    db,
    keys,
    rows.map((one) => one.elderId),
  )
  const members = new Map(
    (await findBy(db, 'Member', 'id', [...new Set(rows.map((one) => one.memberId))])).map((one) => [
      one.id,
      one.personId,
    ]),
  )
  const persons = await openPersons(db, keys, [...members.values()])
  const places = await regionNames(
    db,
    rows.map((one) => one.regionId),
  )
  return toPage(
    rows,
    query.limit,
    (one): RatingView => ({
      ...{ id: one.id, visitId: one.visitId, memberId: one.memberId, elderId: one.elderId, how: one.how, day: one.day },
      score: Number(one.score),
      visitNumber: visitNumber(one.visitId, one.day),
      memberName: maskName(persons.get(members.get(one.memberId) ?? '')?.name ?? ''),
      elderName: elders.get(one.elderId)?.maskedName ?? '',
      regionId: one.regionId,
      regionName: places.get(one.regionId)?.name ?? '',
    }),
    (one) => cursorOf(one.day, one.id),
  )
}

/** How often each face and each score was given, of all that the list shows. */
export async function sumRatings(db: Reader, actor: Actor, query: Query): Promise<RatingSums> {
  const rows = await db.$queryRaw<{ how: RatingHow; score: number; times: bigint }[]>`
    SELECT q."how", q."score", COUNT(*) AS "times" FROM (${await saidSql(db, actor, query)}) AS q
    GROUP BY q."how", q."score" ORDER BY q."how", q."score" DESC`
  return rows.map(({ how, score, times }) => ({ how, score: Number(score), times: Number(times) }))
}

async function saidSql(
  db: Reader,
  actor: Actor,
  { regionId, memberId, how, low, from, to }: Query,
): Promise<Prisma.Sql> {
  const within = regionId === undefined ? undefined : await findRegionInScope(db, actor, can('visit.read'), regionId)
  const paths = inScope(actor, can('visit.read'), within?.path).OR.map(({ regionPath }) => regionPath)
  const here = sql`(${join(
    paths.map(({ gte, lt }) => sql`(v."regionPath" >= ${gte} AND v."regionPath" < ${lt})`),
    ' OR ',
  )})`
  const asked = sql`${here}
    ${memberId === undefined ? empty : sql`AND v."memberId" = ${memberId}`}
    ${from === undefined ? empty : sql`AND v."day" >= ${from}`}
    ${to === undefined ? empty : sql`AND v."day" <= ${to}`}`
  const face = how === 'elder' || how === 'proxy' ? sql`AND r."how" = ${how}` : empty
  const visit = sql`v."memberId", v."regionId", v."day"`
  const faces = sql`
    SELECT r."id", r."visitId", r."elderId", ${visit}, r."how", r."face" AS "score"
    FROM visit_rating AS r JOIN visit AS v ON v."id" = r."visitId"
    WHERE ${asked} ${face} ${low === undefined ? empty : sql`AND r."face" <= ${LOW_FACE}`}`
  const calls = sql`
    SELECT c."id", c."visitId", c."elderId", ${visit}, 'call' AS "how", c."satisfaction" AS "score"
    FROM call_back AS c JOIN visit AS v ON v."id" = c."visitId"
    WHERE ${asked} AND c."satisfaction" IS NOT NULL ${low === undefined ? empty : sql`AND c."satisfaction" <= ${LOW_CALL}`}`
  if (how === undefined) return sql`${faces} UNION ALL ${calls}`
  return how === 'call' ? calls : faces
}
