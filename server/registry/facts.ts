import { addDays, type Day, startOfDay } from '../../shared/core/time'
import { ORGANISATION_KINDS, RECORD_KINDS } from '../../shared/registry/words'
import type { PersonFacts } from '../../shared/scheme/document'
import { ask, type Driver } from '../core/driver'

type Asked = { personId: string; day: Day }
type RecordFacts = Pick<PersonFacts, 'records' | 'bodies' | 'honours' | 'trainingMinutes' | 'contentPercent'>
type Kept = { personId: string; kind: string; day: Day; untilDay: Day | null; seconds: number; body: string | null }
type Said = { personId: string; at: Date; isContent: boolean | number }

/** What was counted of the last year: a rule of a day looks back as far. */
const YEAR_DAYS = 365
/** A call of this much is a smile; credit counts the same. */
const CONTENT_CALL = 4

/**
 * What the registers say of helpers on days, for rules: which kinds of records are in force (an insurance that is over isn't), of
 * which kinds the bodies are whose teams they belong to,
 * honours and training of the year before, and how many of the elders who said anything in that year were content. What an
 * elder says later on changes no earlier day. It needs no Prisma: a thread may read it too.
 */
export async function recordsOn(
  driver: Driver,
  asked: readonly Asked[],
): Promise<(personId: string, day: Day) => RecordFacts> {
  const ids = [...new Set(asked.map(({ personId }) => personId))]
  if (ids.length === 0) return () => ({})
  const days = asked.map(({ day }) => day).sort()
  const [first, last] = [days[0] as Day, days.at(-1) as Day]
  const kept = await ask<Kept>(driver)`
    SELECT m."personId", r."kind", r."day", r."untilDay", r."seconds", o."kind" AS "body"
    FROM member_record r JOIN member m ON m."id" = r."memberId" LEFT JOIN organisation o ON o."id" = r."organisationId"
    WHERE m."personId" IN LIST(${ids}) AND r."withdrawnAt" IS NULL AND r."day" <= ${last}`
  const [from, to] = [startOfDay(addDays(first, -YEAR_DAYS)), startOfDay(last)]
  const faces = await ask<Said>(driver)`
    SELECT m."personId", r."at", (r."face" = 3) AS "isContent"
    FROM visit_rating r JOIN member m ON m."id" = r."memberId"
    WHERE m."personId" IN LIST(${ids}) AND r."how" = 'elder' AND r."at" >= ${from} AND r."at" < ${to}`
  const calls = await ask<Said>(driver)`
    SELECT v."memberPersonId" AS "personId", c."at", (c."satisfaction" >= ${CONTENT_CALL}) AS "isContent"
    FROM visit v JOIN call_back c ON c."visitId" = v."id"
    WHERE v."memberPersonId" IN LIST(${ids}) AND c."satisfaction" IS NOT NULL AND c."at" >= ${from} AND c."at" < ${to}`
  const keptOf = byPerson(kept)
  const saidOf = byPerson([...faces, ...calls])
  return (personId, day) => factsOf(keptOf.get(personId) ?? [], saidOf.get(personId) ?? [], day)
}

function byPerson<Row extends { personId: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const found = new Map<string, Row[]>()
  for (const row of rows) {
    const own = found.get(row.personId)
    if (own === undefined) found.set(row.personId, [row])
    else own.push(row)
  }
  return found
}

function factsOf(kept: readonly Kept[], said: readonly Said[], day: Day): RecordFacts {
  const before = addDays(day, -YEAR_DAYS)
  const [from, to] = [startOfDay(before), startOfDay(day)]
  const inForce = kept.filter((one) => one.day <= day && (one.untilDay === null || day <= one.untilDay))
  const ofYear = kept.filter((one) => one.day > before && one.day <= day)
  const heard = said.filter(({ at }) => at >= from && at < to)
  const content = heard.filter(({ isContent }) => Boolean(isContent)).length
  const trained = ofYear.filter(({ kind }) => kind === 'training').reduce((sum, { seconds }) => sum + seconds, 0)
  return {
    records: RECORD_KINDS.filter((each) => inForce.some(({ kind }) => kind === each)),
    bodies: ORGANISATION_KINDS.filter((each) => inForce.some(({ kind, body }) => kind === 'team' && body === each)),
    honours: ofYear.filter(({ kind }) => kind === 'honour').length,
    trainingMinutes: Math.floor(trained / 60),
    contentPercent: heard.length === 0 ? undefined : Math.floor((content * 100) / heard.length),
  }
}
