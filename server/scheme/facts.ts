import { type Day, startOfDay } from '../../shared/core/time'
import { ABILITY_WORDS } from '../../shared/elder/words'
import type { PersonFacts, SchemeDocument, VisitFacts } from '../../shared/scheme/document'
import { ask, type Driver } from '../core/driver'
import { creditsOn } from '../credit/grade'
import { recordsOn } from '../registry/facts'

/** What rules may ask of a visit beyond what is always at hand. */
export type MoreFacts = Omit<VisitFacts, 'servedSeconds' | 'nature' | 'level' | 'day'>
/** The columns of a visit from which more can be found out. */
type Row = {
  id: string
  memberPersonId: string
  serviceId: string
  siteId: string | null
  channel: string
  day: Day
  checkInAt: Date
}
type ServiceFacts = {
  id: string
  code: string
  plannedSeconds: number
  difficulty: number | undefined
  traits: readonly string[]
}

/** Ids asked for with one query. */
const IDS_AT_ONCE = 500

/** Whether a scheme asks more of a visit than its time, nature and evidence. */
export function asksMore({ earn, bonuses }: SchemeDocument): boolean {
  return (
    earn.prices !== undefined ||
    earn.channels !== undefined ||
    earn.when !== undefined ||
    earn.presencePermille !== undefined ||
    earn.coefficients !== undefined ||
    earn.earners !== undefined ||
    earn.minors !== undefined ||
    earn.group !== undefined ||
    bonuses?.organiserMilliPoints !== undefined
  )
}

/** More facts of a few visits, by their ids. */
export async function readMoreFacts(
  driver: Driver,
  visitIds: readonly string[],
  documents: readonly SchemeDocument[],
): Promise<ReadonlyMap<string, MoreFacts>> {
  const facts = new Map<string, MoreFacts>()
  const reader = newFactsReader(driver, documents)
  for (const ids of chunks(visitIds)) {
    const rows = await ask<Row>(driver)`
      SELECT "id", "memberPersonId", "serviceId", "siteId", "channel", "day", "checkInAt" FROM visit WHERE "id" IN LIST(${ids})`
    const factsOf = await reader(rows)
    for (const row of rows) facts.set(row.id, factsOf(row))
  }
  return facts
}

/**
 * Reads facts of one list of visits after the other: services once, each helper when he or she first comes up, elders only
 * where a rule names them. Of a couple behind one door the rules see the elder one, with the categories of both
 * and the ability of the less able. It needs no Prisma: a thread may read them too.
 */
export function newFactsReader(driver: Driver, documents: readonly SchemeDocument[]) {
  const helpers = new Map<string, PersonFacts>()
  const services = new Map<string, ServiceFacts>()
  const asksElders = documents.some(namesElders)
  const asksCredit = documents.some(namesCredit)
  const asksRecords = documents.some(namesRecords)
  return async (visits: readonly Row[]): Promise<(visit: Row) => MoreFacts> => {
    if (services.size === 0) await readServices(driver, services)
    const missing = visits.map(({ memberPersonId }) => memberPersonId).filter((id) => !helpers.has(id))
    for (const ids of chunks([...new Set(missing)])) await readHelpers(driver, ids, helpers)
    const onDays = visits.map(({ memberPersonId, day }) => ({ personId: memberPersonId, day }))
    const creditOf = await creditsOn(driver, asksCredit ? onDays : [])
    const recordsOf = await recordsOn(driver, asksRecords ? onDays : [])
    const helperOf = ({ memberPersonId, day }: Row): PersonFacts | undefined => {
      const helper = helpers.get(memberPersonId)
      if (helper === undefined || (!asksCredit && !asksRecords)) return helper
      return { ...helper, ...recordsOf(memberPersonId, day), credit: creditOf(memberPersonId, day) }
    }
    const elders = asksElders ? await readElders(driver, visits) : new Map<string, PersonFacts>()
    return (visit) => {
      const service = services.get(visit.serviceId)
      return {
        beganSecond: Math.floor((visit.checkInAt.getTime() - startOfDay(visit.day).getTime()) / 1000),
        ...{ plannedSeconds: service?.plannedSeconds, service: service?.code },
        difficulty: service?.difficulty,
        group: service?.traits.includes('group') === true,
        atSite: visit.siteId !== null || service?.traits.includes('atSite') === true,
        organiser: service?.traits.includes('organiser') === true,
        channel: visit.channel as MoreFacts['channel'],
        helper: helperOf(visit),
        elder: elders.get(visit.id),
      }
    }
  }
}

async function readServices(driver: Driver, into: Map<string, ServiceFacts>): Promise<void> {
  type Service = { id: string; code: string; plannedSeconds: number; difficulty: number | null; traits: string }
  const rows = await ask<Service>(driver)`SELECT "id", "code", "plannedSeconds", "difficulty", "traits" FROM service`
  for (const { difficulty, traits, ...service } of rows)
    into.set(service.id, { ...service, difficulty: difficulty ?? undefined, traits: traits.split(',') })
}

async function readHelpers(driver: Driver, personIds: string[], into: Map<string, PersonFacts>): Promise<void> {
  type Helper = { id: string; birthDate: Day | null; sex: string | null; kind: string | null; trainings: string | null }
  const rows = await ask<Helper>(driver)`
    SELECT p."id", p."birthDate", p."sex", m."kind", m."trainings"
    FROM person p LEFT JOIN member m ON m."personId" = p."id" WHERE p."id" IN LIST(${personIds})`
  for (const { id, birthDate, sex, kind, trainings } of rows)
    into.set(id, {
      birthDate: birthDate ?? undefined,
      sex: sex === 'male' || sex === 'female' ? sex : undefined,
      kind: (kind ?? undefined) as PersonFacts['kind'],
      tags: trainings?.split(',').filter((one) => one !== ''),
    })
}

async function readElders(driver: Driver, visits: readonly Row[]): Promise<Map<string, PersonFacts>> {
  const found = new Map<string, PersonFacts>()
  for (const ids of chunks(visits.map(({ id }) => id))) {
    type Served = { visitId: string; elderId: string; birthDate: Day | null; ability: string | null }
    // The last assessment of each until the day of the visit.
    const served = await ask<Served>(driver)`
      SELECT ve."visitId", ve."elderId", p."birthDate",
        (SELECT a."level" FROM assessment a WHERE a."elderId" = ve."elderId" AND a."assessedDay" <= ve."day"
         ORDER BY a."assessedDay" DESC, a."recordedAt" DESC LIMIT 1) AS "ability"
      FROM visit_elder ve JOIN elder e ON e."id" = ve."elderId" JOIN person p ON p."id" = e."personId"
      WHERE ve."visitId" IN LIST(${ids})`
    const held = await ask<{ visitId: string; category: string }>(driver)`
      SELECT ve."visitId", c."category" FROM visit_elder ve JOIN elder_category c ON c."elderId" = ve."elderId"
        AND c."validFrom" <= ve."day" AND (c."validTo" IS NULL OR ve."day" <= c."validTo")
      WHERE ve."visitId" IN LIST(${ids})`
    for (const { visitId, birthDate, ability } of served) {
      const before = found.get(visitId)
      found.set(visitId, {
        birthDate: earlier(before?.birthDate, birthDate ?? undefined),
        categories: [],
        ability: lessAble(before?.ability, ability ?? undefined),
      })
    }
    for (const { visitId, category } of held) {
      const elder = found.get(visitId)
      if (elder !== undefined) elder.categories = [...new Set([...(elder.categories ?? []), category])]
    }
  }
  return found
}

function lessAble(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b
  const levels = Object.keys(ABILITY_WORDS)
  return levels.indexOf(a) > levels.indexOf(b) ? a : b
}

function earlier(a: Day | undefined, b: Day | undefined): Day | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return a < b ? a : b
}

function namesElders({ earn }: SchemeDocument): boolean {
  return names({ earn }, /elder|老人/)
}

function namesCredit({ earn }: SchemeDocument): boolean {
  return names({ earn }, /credit|信用/i)
}

function namesRecords({ earn }: SchemeDocument): boolean {
  return names(
    { earn },
    /helper(Records|Bodies|Honours|TrainingMinutes|ContentPercent)|有效登记|所在队伍|近一年|满意百分比/,
  )
}

function names({ earn }: Pick<SchemeDocument, 'earn'>, word: RegExp): boolean {
  return [earn.when, ...(earn.coefficients ?? []).map(({ when }) => when)].some(
    (text) => text !== undefined && word.test(text),
  )
}

function chunks(ids: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / IDS_AT_ONCE) }, (_, place) =>
    ids.slice(place * IDS_AT_ONCE, (place + 1) * IDS_AT_ONCE),
  )
}
