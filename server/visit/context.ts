import { isOwnCode, reasonWords } from '../../shared/audit/rules'
import { dayOf } from '../../shared/core/time'
import { ageOn, calledName, maskName } from '../../shared/person/rules'
import type { SchemeDocument } from '../../shared/scheme/document'
import { ownWords } from '../audit/dictionary'
import { type Actor, isSelf } from '../core/actor'
import { findBy } from '../core/bulk'
import type { Keys } from '../core/config'
import { query, type Reader } from '../core/db'
import { type OpenPerson, openNames } from '../person/vault'
import { regionNames } from '../region/queries'
import { schemesById } from '../scheme/queries'
import type { Heard, VisitLine } from './queries'

/** In which capacity somebody looks at a visit: that decides whose name they see, and which words. */
export type Viewer = 'helper' | 'elder' | 'desk'

/** Everything the lines of a list show beside what their rows hold; each kind of thing read with one query. */
export type VisitContext = Around & { actor: Actor; at: Date }
/** The same for whoever looks. */
type Around = {
  personOf: (personId: string) => Named
  serviceOf: (serviceId: string) => { name: string; icon: string; tasks: string }
  regionOf: (regionId: string) => { name: string }
  /** the name of the place where nobody is named; null at a door */
  siteOf: (siteId: string | null) => string | null
  schemeOf: (schemeId: string | null) => SchemeDocument | null
  /** the words of a reason or a resolution, standard or a county's own */
  wordsOf: (code: string) => string
}

type Named = Omit<OpenPerson, 'phone' | 'idNumber'>

const ERASED: Named = { name: '', sex: 'unknown', birthDate: null }

export async function readVisitContext(db: Reader, keys: Keys, visits: readonly VisitLine[]): Promise<Around> {
  const idsOf = (pick: (visit: VisitLine) => string) => visits.map(pick)
  const [persons, found, regions, schemes, sites, own] = await Promise.all([
    openNames(db, keys, visits.flatMap(personsOf)),
    findBy(
      db,
      'Service',
      'id',
      idsOf(({ serviceId }) => serviceId),
    ),
    regionNames(
      db,
      idsOf(({ regionId }) => regionId),
    ),
    schemesById(
      db,
      visits.flatMap(({ schemeId }) => schemeId ?? []),
    ),
    siteNames(db, visits),
    ownWords(db, visits.flatMap(codesOf).filter(isOwnCode)),
  ])
  const services = new Map(found.map((service) => [service.id, service]))
  return {
    personOf: (id) => persons.get(id) ?? ERASED,
    serviceOf: (id) => services.get(id) ?? { name: '', icon: 'question', tasks: '[]' },
    regionOf: (id) => regions.get(id) ?? { name: '' },
    siteOf: (id) => (id === null ? null : (sites.get(id) ?? '')),
    schemeOf: (id) => schemes.get(id ?? '')?.document ?? null,
    wordsOf: (code) => own.get(code) ?? reasonWords(code),
  }
}

/** What the sites of these visits are called; asks nothing where there is none. */
export async function siteNames(
  db: Reader,
  visits: readonly { siteId: string | null }[],
): Promise<ReadonlyMap<string, string>> {
  const ids = visits.flatMap(({ siteId }) => siteId ?? [])
  if (ids.length === 0) return new Map()
  return new Map((await findBy(db, 'Organisation', 'id', ids)).map(({ id, name }) => [id, name]))
}

/** What went on where these visits began, as it stood on the screen there; by visit id. */
export async function activityTitles(
  db: Reader,
  visits: readonly { id: string; siteId: string | null }[],
): Promise<ReadonlyMap<string, string>> {
  const ids = visits.flatMap(({ id, siteId }) => (siteId === null ? [] : [id]))
  if (ids.length === 0) return new Map()
  const rows = await query<{ visitId: string; title: string }>(
    db,
    `SELECT e."visitId", s."title" FROM visit_evidence AS e JOIN rotating_session AS s ON s."id" = e."rotatingSessionId"
     WHERE e."visitId" IN LIST($1) AND e."phase" = 'in' AND s."title" <> ''`,
    ids,
  )
  return new Map(rows.map(({ visitId, title }) => [visitId, title]))
}

export function viewerOf(actor: Actor, visit: VisitLine): Viewer {
  if (isSelf(actor, visit.memberPersonId)) return 'helper'
  const isFamily = visit.elders.some(
    ({ elderId }) => actor.elder?.id === elderId || actor.proxyOf.some((proxy) => proxy.elderId === elderId),
  )
  return isFamily ? 'elder' : 'desk'
}

/** The helper by full name to himself, masked to everybody else. */
export function memberNameOf(visit: VisitLine, context: VisitContext): string {
  const { name } = context.personOf(visit.memberPersonId)
  return isSelf(context.actor, visit.memberPersonId) ? name : maskName(name)
}

/** An elder as neighbours say it to the helper, in full to the family, masked to the desk. */
export function elderNameOf(personId: string, viewer: Viewer, { personOf, at }: VisitContext): string {
  const { name, sex, birthDate } = personOf(personId)
  if (viewer === 'elder') return name
  return viewer === 'desk'
    ? maskName(name)
    : calledName(name, sex, birthDate === null ? null : ageOn(birthDate, dayOf(at)))
}

/** Anybody else who had to do with it: in full to himself, masked to others. */
export function byNameOf(personId: string, { actor, personOf }: VisitContext): string {
  const { name } = personOf(personId)
  return personId === actor.personId ? name : maskName(name)
}

function codesOf({ decisions, exceptions }: VisitLine): string[] {
  return [
    ...decisions.map(({ reasonCode }) => reasonCode),
    ...exceptions.flatMap(({ reasonCode, resolutionCode }) => [reasonCode ?? [], resolutionCode ?? []].flat()),
  ]
}

function personsOf(visit: VisitLine & { heard?: Heard }): string[] {
  return [
    visit.memberPersonId,
    ...visit.elders.map(({ elder }) => elder.personId),
    ...visit.confirmations.map(({ byPersonId }) => byPersonId),
    ...visit.decisions.map(({ byPersonId }) => byPersonId),
    ...(visit.heard?.calls ?? []).map(({ byPersonId }) => byPersonId),
    ...(visit.heard?.corrections ?? []).map(({ byPersonId }) => byPersonId),
    ...(visit.heard?.appeals ?? []).flatMap(({ decidedByPersonId }) => decidedByPersonId ?? []),
    ...(visit.heard?.complaints ?? []).flatMap(({ decidedByPersonId }) => decidedByPersonId ?? []),
  ]
}
