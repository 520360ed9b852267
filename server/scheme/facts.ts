import { type Day, startOfDay } from '../../shared/core/time'
import { ABILITY_WORDS } from '../../shared/elder/words'
import type { PersonFacts, SchemeDocument, VisitFacts } from '../../shared/scheme/document'
import { driverOf, type Reader } from '../core/db'
import { creditsOn } from '../credit/grade'
import { abilityOn } from '../elder/assess'

/** What rules may ask of a visit beyond what is always at hand. */
export type MoreFacts = Omit<VisitFacts, 'servedSeconds' | 'nature' | 'level' | 'day'>
/** The columns of a visit from which more can be found out. */
const FACT_COLUMNS = {
  id: true,
  memberPersonId: true,
  serviceId: true,
  channel: true,
  day: true,
  checkInAt: true,
} as const
type Row = { id: string; memberPersonId: string; serviceId: string; channel: string; day: Day; checkInAt: Date }

const SERVICE_COLUMNS = { id: true, code: true, plannedSeconds: true, difficulty: true, traits: true } as const
type ServiceFacts = { code: string; plannedSeconds: number; difficulty: number | null; traits: string }

/** Ids asked for with one query: far below what either database takes. */
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
  db: Reader,
  visitIds: readonly string[],
  documents: readonly SchemeDocument[],
): Promise<ReadonlyMap<string, MoreFacts>> {
  const facts = new Map<string, MoreFacts>()
  const reader = newFactsReader(db, documents)
  for (const ids of chunks(visitIds)) {
    const rows = await db.visit.findMany({ where: { id: { in: ids } }, select: FACT_COLUMNS })
    const factsOf = await reader(rows)
    for (const row of rows) facts.set(row.id, factsOf(row))
  }
  return facts
}

/**
 * Reads facts of one list of visits after the other: services once, each helper when he or she first comes up, elders only
 * where a rule names them. Of a couple behind one door the rules see the elder one, with the categories of both
 * and the ability of the less able.
 */
export function newFactsReader(db: Reader, documents: readonly SchemeDocument[]) {
  const helpers = new Map<string, PersonFacts>()
  const services = new Map<string, ServiceFacts>()
  const asksElders = documents.some(namesElders)
  const asksCredit = documents.some(namesCredit)
  return async (visits: readonly Row[]): Promise<(visit: Row) => MoreFacts> => {
    if (services.size === 0)
      for (const one of await db.service.findMany({ select: SERVICE_COLUMNS })) services.set(one.id, one)
    const missing = visits.map(({ memberPersonId }) => memberPersonId).filter((id) => !helpers.has(id))
    for (const ids of chunks([...new Set(missing)])) await readHelpers(db, ids, helpers)
    const asked = asksCredit ? visits.map(({ memberPersonId, day }) => ({ personId: memberPersonId, day })) : []
    const creditOf = await creditsOn(driverOf(db), asked)
    const helperOf = ({ memberPersonId, day }: Row): PersonFacts | undefined => {
      const helper = helpers.get(memberPersonId)
      return asksCredit && helper !== undefined ? { ...helper, credit: creditOf(memberPersonId, day) } : helper
    }
    const elders = asksElders ? await readElders(db, visits) : new Map<string, PersonFacts>()
    return (visit) => {
      const service = services.get(visit.serviceId)
      const traits = service?.traits.split(',') ?? []
      return {
        beganSecond: Math.floor((visit.checkInAt.getTime() - startOfDay(visit.day).getTime()) / 1000),
        ...{ plannedSeconds: service?.plannedSeconds, service: service?.code },
        difficulty: service?.difficulty ?? undefined,
        ...{ group: traits.includes('group'), atSite: traits.includes('atSite') },
        organiser: traits.includes('organiser'),
        channel: visit.channel as MoreFacts['channel'],
        helper: helperOf(visit),
        elder: elders.get(visit.id),
      }
    }
  }
}

async function readHelpers(db: Reader, personIds: readonly string[], into: Map<string, PersonFacts>): Promise<void> {
  const rows = await db.person.findMany({
    where: { id: { in: [...personIds] } },
    select: { id: true, birthDate: true, sex: true, member: { select: { kind: true, trainings: true } } },
  })
  for (const { id, birthDate, sex, member } of rows)
    into.set(id, {
      birthDate: birthDate ?? undefined,
      sex: sex === 'male' || sex === 'female' ? sex : undefined,
      kind: member?.kind as PersonFacts['kind'],
      tags: member?.trainings.split(',').filter((one) => one !== ''),
    })
}

async function readElders(db: Reader, visits: readonly Row[]): Promise<Map<string, PersonFacts>> {
  const found = new Map<string, PersonFacts>()
  const dayOfVisit = new Map(visits.map(({ id, day }) => [id, day]))
  for (const ids of chunks([...dayOfVisit.keys()])) {
    const rows = await db.visitElder.findMany({
      where: { visitId: { in: ids } },
      select: {
        visitId: true,
        elder: {
          select: {
            id: true,
            person: { select: { birthDate: true } },
            categories: { select: { category: true, validFrom: true, validTo: true } },
          },
        },
      },
    })
    const abilityOf = await abilities(
      db,
      rows.map(({ visitId, elder }) => ({ elderId: elder.id, day: dayOfVisit.get(visitId) ?? '' })),
    )
    for (const { visitId, elder } of rows) {
      const day = dayOfVisit.get(visitId) ?? ''
      const held = elder.categories
        .filter(({ validFrom, validTo }) => validFrom <= day && (validTo === null || day <= validTo))
        .map(({ category }) => category)
      const before = found.get(visitId)
      found.set(visitId, {
        birthDate: earlier(before?.birthDate, elder.person.birthDate ?? undefined),
        categories: [...new Set([...(before?.categories ?? []), ...held])],
        ability: lessAble(before?.ability, abilityOf(elder.id, day)),
      })
    }
  }
  return found
}

/** The last assessment of each elder until the day of the visit. */
async function abilities(db: Reader, asked: readonly { elderId: string; day: Day }[]) {
  const found = new Map<string, string>()
  for (const day of new Set(asked.map((one) => one.day))) {
    const ids = asked.filter((one) => one.day === day).map(({ elderId }) => elderId)
    for (const [elderId, level] of await abilityOn(db, ids, day)) found.set(`${elderId} ${day}`, level)
  }
  return (elderId: string, day: Day): string | undefined => found.get(`${elderId} ${day}`)
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
