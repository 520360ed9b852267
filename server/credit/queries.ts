import { REFUSALS, Refusal } from '../../shared/core/refusals'
import { type Day, dayOf } from '../../shared/core/time'
import type { CreditListQuery, ListingListQuery } from '../../shared/credit/input'
import { type CreditInputs, gradeOf } from '../../shared/credit/rules'
import type { CreditDetail, CreditRow, GradeView, ListingView, OwnCredit } from '../../shared/credit/view'
import { APPEAL_STATE_WORDS, COUNTS, gradeWords, LIST_WORDS, LISTING_STATE_WORDS } from '../../shared/credit/words'
import { maskName } from '../../shared/person/rules'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope, mayOver, pathsOf } from '../core/actor'
import { findBy, groupBy, type RowOf } from '../core/bulk'
import type { Keys } from '../core/config'
import { type Db, query, type Reader, underPath } from '../core/db'
import { cursorOf, readCursor, toPage } from '../core/input'
import { openPersons } from '../person/vault'
import { findRegionInScope, regionNames } from '../region/queries'
import { readShown } from '../text/shown'
import { ratingsOf } from '../visit/rate'
import { mayLift, whyNotDecideListing, whyNotDecideListingAppeal } from './policy'
import { ruleOf } from './rule'

type Grade = RowOf<'CreditGrade'>
type Subject = { id: string; subjectId: string; regionId: string }

/** Helpers or bodies of the actor's regions with the grade that holds today. */
export async function listCredit(db: Db, keys: Keys, actor: Actor, asked: CreditListQuery, at: Date) {
  const today = dayOf(at)
  const within =
    asked.regionId === undefined
      ? undefined
      : (await findRegionInScope(db, actor, can('credit.read'), asked.regionId)).path
  const paths = inPaths(actor, within)
  const after = readCursor(asked.cursor, 1)?.[0] ?? ''
  const table =
    asked.kind === 'helper'
      ? `SELECT m."id", m."personId" AS "subjectId", m."regionId", m."regionPath", '' AS "name" FROM member AS m WHERE m."state" <> 'ended'`
      : `SELECT o."id", o."id" AS "subjectId", o."regionId", o."regionPath", o."name" FROM organisation AS o WHERE o."active"`
  const scopes = paths.map((_, place) => `(s."regionPath" >= $${5 + 2 * place} AND s."regionPath" < $${6 + 2 * place})`)
  const rows = await query<
    Subject & { name: string; grade: string | null; milliScore: number | null; day: Day | null }
  >(
    db,
    `SELECT s."id", s."subjectId", s."regionId", s."name", g."grade", g."milliScore", g."day" FROM (${table}) AS s
     LEFT JOIN credit_grade AS g ON g."id" = (
       SELECT l."id" FROM credit_grade AS l WHERE l."subjectId" = s."subjectId" AND l."day" <= $1
       ORDER BY l."day" DESC, l."recordedAt" DESC LIMIT 1)
     WHERE s."id" > $2 AND (${scopes.join(' OR ') || '1 = 0'})
       AND ($4 = '' OR g."grade" = $4 OR ($4 = 'none' AND g."grade" IS NULL)) ORDER BY s."id" LIMIT $3`,
    ...[today, after, asked.limit + 1, asked.grade ?? ''],
    ...paths.flatMap((path) => [underPath(path).gte, underPath(path).lt]),
  )
  const names = await openPersons(db, keys, asked.kind === 'helper' ? rows.map(({ subjectId }) => subjectId) : [])
  const places = await regionNames(
    db,
    rows.map(({ regionId }) => regionId),
  )
  const listed = await listedOn(
    db,
    rows.map(({ subjectId }) => subjectId),
    today,
  )
  const smiles = await ratingsOf(db, asked.kind === 'helper' ? rows.map(({ id }) => id) : [])
  return toPage(
    rows,
    asked.limit,
    (row): CreditRow => ({
      id: row.id,
      name: asked.kind === 'helper' ? maskName(names.get(row.subjectId)?.name ?? '') : row.name,
      regionName: places.get(row.regionId)?.name ?? '',
      ...{ grade: row.grade, gradeWords: gradeWords(row.grade), day: row.day },
      milliScore: row.milliScore === null ? null : Number(row.milliScore),
      listed: listed.get(row.subjectId) ?? null,
      smiles: asked.kind === 'helper' ? smiles(row.id).elder : null,
    }),
    (row) => cursorOf(row.id),
  )
}

function inPaths(actor: Actor, within: string | undefined): string[] {
  const own = pathsOf(actor, can('credit.read'))
  if (within === undefined) return own
  return own.flatMap((path) => (within.startsWith(path) ? [within] : path.startsWith(within) ? [path] : []))
}

async function listedOn(db: Reader, subjectIds: readonly string[], day: Day): Promise<Map<string, 'red' | 'black'>> {
  const rows = (await findBy(db, 'CreditListing', 'subjectId', subjectIds)).filter(
    (one) => ['inForce', 'lifted'].includes(one.state) && one.fromDay <= day && day <= one.untilDay,
  )
  // Both at once: what warns is shown.
  return new Map(
    rows.sort((one) => (one.list === 'black' ? 1 : -1)).map((one) => [one.subjectId, one.list as 'red' | 'black']),
  )
}

/** All grades of one helper or body, the listings, and what elders said. @throws Refusal NOT_FOUND */
export async function findCredit(
  db: Db,
  keys: Keys,
  actor: Actor,
  { kind, id }: { kind: 'helper' | 'organisation'; id: string },
): Promise<CreditDetail> {
  const subject = kind === 'helper' ? await findHelper(db, id) : await findBody(db, id)
  if (subject === null || !mayOver(actor, can('credit.read'), subject.regionPath)) throw new Refusal('NOT_FOUND')
  const names = await openPersons(db, keys, kind === 'helper' ? [subject.subjectId] : [])
  const ratings = await ratingsOf(db, kind === 'helper' ? [id] : [])
  return {
    ...{ id, kind },
    name: kind === 'helper' ? maskName(names.get(subject.subjectId)?.name ?? '') : subject.name,
    regionName: (await regionNames(db, [subject.regionId])).get(subject.regionId)?.name ?? '',
    grades: await gradesOf(db, subject.subjectId),
    listings: await listingsOf(
      db,
      keys,
      actor,
      await db.creditListing.findMany({
        where: { subjectId: subject.subjectId },
        orderBy: { fromDay: 'desc' },
        take: 100,
      }),
    ),
    ratings: ratings(id),
  }
}

async function findHelper(db: Reader, id: string) {
  const member = await db.member.findUnique({ where: { id } })
  return member === null ? null : { ...member, subjectId: member.personId, name: '' }
}

async function findBody(db: Reader, id: string) {
  const body = await db.organisation.findUnique({ where: { id } })
  return body === null ? null : { ...body, subjectId: body.id }
}

/** The own grade of today and the own listings, for the phone. What was only asked for isn't shown before it is decided. */
export async function findOwnCredit(db: Db, keys: Keys, actor: Actor, at: Date): Promise<OwnCredit> {
  const [grade] = (await gradesOf(db, actor.personId)).filter(({ day }) => day <= dayOf(at))
  const rows = await db.creditListing.findMany({
    where: { subjectId: actor.personId, state: { in: ['inForce', 'lifted'] } },
    orderBy: { fromDay: 'desc' },
    take: 20,
  })
  return { grade: grade ?? null, listings: await listingsOf(db, keys, actor, rows) }
}

async function gradesOf(db: Reader, subjectId: string): Promise<GradeView[]> {
  const rows = await query<Grade>(
    db,
    `SELECT * FROM credit_grade WHERE "subjectId" = $1 ORDER BY "day" DESC, "recordedAt" DESC LIMIT 100`,
    subjectId,
  )
  const rules = new Map(
    (await findBy(db, 'CreditRule', 'id', [...new Set(rows.map(({ ruleId }) => ruleId))])).map((one) => [
      one.id,
      ruleOf(one),
    ]),
  )
  return rows.flatMap((row) => {
    const rule = rules.get(row.ruleId)
    if (rule === undefined) return []
    const inputs = JSON.parse(row.inputs) as CreditInputs
    const again = gradeOf(rule.document, inputs, row.size)
    return [
      {
        ...{ grade: row.grade, gradeWords: gradeWords(row.grade), milliScore: row.milliScore, size: row.size },
        ...{ fromDay: row.fromDay, toDay: row.toDay, day: row.day, ruleVersion: rule.version },
        ...{ start: rule.document.start, visits: inputs.visits, seconds: inputs.seconds },
        parts: again.parts.map((part) => ({ ...part, words: COUNTS[part.what].words })),
        reproduced: again.grade === row.grade && again.milliScore === row.milliScore,
      },
    ]
  })
}

type ListingRow = Awaited<ReturnType<Db['creditListing']['findUniqueOrThrow']>>

/** Listings of the actor's regions: to decide, in force, and what was. */
export async function listListings(db: Db, keys: Keys, actor: Actor, asked: ListingListQuery) {
  const within =
    asked.regionId === undefined
      ? undefined
      : (await findRegionInScope(db, actor, can('credit.read'), asked.regionId)).path
  const [fromDay = '', lastId = ''] = readCursor(asked.cursor, 2) ?? []
  const states = { open: ['proposed'], inForce: ['inForce'], past: ['refused', 'lifted'] }[asked.show]
  const rows = await db.creditListing.findMany({
    where: {
      AND: [
        inScope(actor, can('credit.read'), within),
        { state: { in: states } },
        fromDay === '' ? {} : { OR: [{ fromDay: { lt: fromDay } }, { fromDay, id: { lt: lastId } }] },
      ],
    },
    orderBy: [{ fromDay: 'desc' }, { id: 'desc' }],
    take: asked.limit + 1,
  })
  const views = new Map((await listingsOf(db, keys, actor, rows)).map((one) => [one.id, one]))
  return toPage(
    rows,
    asked.limit,
    (row) => views.get(row.id) as ListingView,
    (row) => cursorOf(row.fromDay, row.id),
  )
}

async function listingsOf(db: Reader, keys: Keys, actor: Actor, rows: readonly ListingRow[]): Promise<ListingView[]> {
  const ids = rows.map(({ subjectId }) => subjectId)
  const members = new Map((await findBy(db, 'Member', 'personId', ids)).map((one) => [one.personId, one]))
  const bodies = new Map((await findBy(db, 'Organisation', 'id', ids)).map((one) => [one.id, one]))
  const persons = await openPersons(
    db,
    keys,
    [
      ...new Set([...members.keys(), ...rows.flatMap((one) => [one.proposedByPersonId, one.decidedByPersonId ?? ''])]),
    ].filter((one) => one !== ''),
  )
  const places = await regionNames(db, [...[...members.values(), ...bodies.values()].map(({ regionId }) => regionId)])
  const appeals = await findBy(
    db,
    'CreditAppeal',
    'listingId',
    rows.map(({ id }) => id),
  )
  const shownText = await readShown(
    db,
    appeals.map(({ id }) => id),
  )
  const appealsOf = groupBy(
    appeals.sort((one, other) => one.at.getTime() - other.at.getTime()),
    ({ listingId }) => listingId,
  )
  const nameOf = (personId: string) => maskName(persons.get(personId)?.name ?? '')
  return rows.map((row) => {
    const member = members.get(row.subjectId)
    const body = bodies.get(row.subjectId)
    const whyNot = row.state === 'proposed' ? whyNotDecideListing(actor, row) : 'CREDIT_DECIDED'
    return {
      ...{
        id: row.id,
        list: row.list as ListingView['list'],
        reason: row.reason,
        fromDay: row.fromDay,
        untilDay: row.untilDay,
      },
      ...{ kind: row.subjectKind as ListingView['kind'], memberId: member?.id ?? null },
      listWords: LIST_WORDS[row.list as ListingView['list']],
      name: body?.name ?? nameOf(row.subjectId),
      regionName: places.get(member?.regionId ?? body?.regionId ?? '')?.name ?? '',
      state: row.state as ListingView['state'],
      stateWords: LISTING_STATE_WORDS[row.state as ListingView['state']],
      proposedByName: nameOf(row.proposedByPersonId),
      decidedByName: row.decidedByPersonId === null ? null : nameOf(row.decidedByPersonId),
      ...{ decisionNote: row.decisionNote, liftedReason: row.liftedReason },
      whyNotDecide: whyNot === null ? null : REFUSALS[whyNot][1],
      mayLift: mayLift(actor, row),
      appeals: appealsOf(row.id).map((one) => {
        const reason = whyNotDecideListingAppeal(actor, row, one)
        const state = one.state as keyof typeof APPEAL_STATE_WORDS
        return {
          ...{
            id: one.id,
            text: shownText(one.id, one.text),
            at: one.at.toISOString(),
            decisionNote: one.decisionNote,
            state,
          },
          stateWords: APPEAL_STATE_WORDS[state],
          whyNot: reason === null ? null : REFUSALS[reason][1],
        }
      }),
    }
  })
}
