import { copyWith } from '../../shared/core/copy'
import { Refusal } from '../../shared/core/refusals'
import { dayOf, holdsOn } from '../../shared/core/time'
import type { Role } from '../../shared/session/view'
import type { Actor } from '../core/actor'
import { joined, type Settled, settled } from '../core/batch'
import { findBy, groupBy, type RowOf } from '../core/bulk'
import { type Db, query, type Reader, readTogether } from '../core/db'
import type { Authenticate } from '../core/http'
import type { Parts } from '../core/route'
import { readAccess } from './tokens'

/** A revoked session or an ended role works at most this much longer, on every process: under five seconds with the asking. */
const CACHE_MS = 4_000
const CACHE_SIZE = 10_000

/** Turns an access token into the actor: the session must still live, roles and facets are those of today. */
export function newAuthenticate({
  db,
  config,
}: Pick<Parts, 'db' | 'config'>): Authenticate & { forget(sessionId: string): void } {
  const cache = new Map<string, { actor: Actor; until: number }>()
  const authenticate = async (token: string, requestId: string, at: Date): Promise<Actor> => {
    const { sessionId, personId } = readAccess(token, config.keys, at)
    const known = cache.get(sessionId)
    if (known !== undefined && known.until > at.getTime() && known.until <= at.getTime() + CACHE_MS)
      return copyWith(known.actor, { requestId })
    const actor = await loadActor(db, sessionId, personId, at)
    if (cache.size >= CACHE_SIZE) cache.clear()
    cache.set(sessionId, { actor, until: knownUntil(actor, at) })
    return copyWith(actor, { requestId })
  }
  return Object.assign(authenticate, { forget: (sessionId: string) => void cache.delete(sessionId) })
}

/** A post lent for a time ends at its second, not some seconds after. */
function knownUntil({ roles }: Actor, at: Date): number {
  const ends = roles.flatMap(({ standsInFor }) => (standsInFor === undefined ? [] : [standsInFor.until.getTime()]))
  return Math.min(at.getTime() + CACHE_MS, ...ends)
}

type LoadAsk = { sessionId: string; personId: string; at: Date }

/** @throws Refusal SESSION_ENDED */
export function loadActor(db: Db, sessionId: string, personId: string, at: Date): Promise<Actor> {
  return loadOne(db, { sessionId, personId, at })
}

/** Most who come haven't come in the last seconds: those who come together are looked up together. */
const loadOne = joined<LoadAsk, Actor>({ apart: () => [], work: loadActors, writers: 2 })

/** A session, whether its person is there still, and what of the rest there is to look up. */
type Found = RowOf<'Session'> & { disabledAt: Date | null } & Record<keyof typeof FACETS, unknown>

/** What somebody may be, each with its own rows: most are one of these. */
const FACETS = {
  isMember: 'FROM member AS f WHERE f."personId" = s."personId"',
  isElder: 'FROM elder AS f WHERE f."personId" = s."personId"',
  isStaff: 'FROM staff_role AS f WHERE f."personId" = s."personId"',
  standsIn: 'FROM delegation AS f WHERE f."toPersonId" = s."personId" AND f."endedAt" IS NULL',
  isProxy: 'FROM proxy AS f WHERE f."personId" = s."personId" AND f."revokedAt" IS NULL',
  isMerged: 'FROM person AS f WHERE f."mergedInto" = s."personId"',
} as const
const WHICH = Object.entries(FACETS).map(([name, rows]) => `EXISTS (SELECT 1 ${rows}) AS "${name}"`)

function loadActors(db: Db, asks: readonly LoadAsk[]): Promise<Settled<Actor>[]> {
  return readTogether(db, (reader) => readActors(reader, asks))
}

async function readActors(db: Reader, asks: readonly LoadAsk[]): Promise<Settled<Actor>[]> {
  const sessions = await query<Found>(
    db,
    `SELECT s.*, p."disabledAt", ${WHICH.join(', ')} FROM session AS s JOIN person AS p ON p."id" = s."personId"
     WHERE s."id" IN LIST($1)`,
    asks.map(({ sessionId }) => sessionId),
  )
  const sessionOf = new Map(sessions.map((session) => [session.id, session]))
  const idsOf = (facet: keyof typeof FACETS) => sessions.flatMap((one) => (one[facet] ? [one.personId] : []))
  const [members, elders, staff, lentPosts, proxies, former] = await Promise.all([
    findBy(db, 'Member', 'personId', idsOf('isMember')),
    findBy(db, 'Elder', 'personId', idsOf('isElder')),
    findBy(db, 'StaffRole', 'personId', idsOf('isStaff')),
    lentTo(db, idsOf('standsIn')),
    proxiesOfPersons(db, idsOf('isProxy')),
    formerOfPersons(db, idsOf('isMerged')),
  ])
  const memberOf = new Map(members.map((one) => [one.personId, one]))
  const elderOf = new Map(elders.map((one) => [one.personId, one]))
  const rolesOf = groupBy(staff, ({ personId }) => personId)
  const lent = groupBy(lentPosts, ({ toPersonId }) => toPersonId)
  const proxiesOf = groupBy(proxies, ({ personId }) => personId)
  const formerOf = groupBy(former, ({ mergedInto }) => mergedInto)
  return asks.map(({ sessionId, personId, at }): Settled<Actor> => {
    const session = sessionOf.get(sessionId)
    if (session === undefined || session.personId !== personId || !lives(session, at))
      return { answer: null, refusal: new Refusal('SESSION_ENDED') }
    const today = dayOf(at)
    return settled({
      personId,
      sessionId,
      deviceId: session.deviceId,
      how: session.how as Actor['how'],
      provedAt: session.provedAt,
      roles: [
        ...rolesOf(personId)
          .filter((one) => holdsOn(one, today))
          .map(powerOf),
        ...lent(personId)
          .filter((one) => one.fromAt <= at && at < one.untilAt && holdsOn(one, today))
          .map((one) => ({ ...powerOf(one), standsInFor: { personId: one.personId, until: one.untilAt } })),
      ],
      member: memberFacet(memberOf.get(personId)),
      elder: elderFacet(elderOf.get(personId)),
      proxyOf: proxiesOf(personId)
        .filter((one) => holdsOn(one, today))
        .map(({ elderId, scopes, regionPath }) => ({ elderId, scopes: scopes.split(','), regionPath })),
      formerIds: formerOf(personId).map(({ id }) => id),
      requestId: '',
    })
  })
}

type Lent = RowOf<'StaffRole'> & { toPersonId: string; fromAt: Date; untilAt: Date }

/** Posts of others that these persons do for a time. A person whose account is off lends nothing. */
async function lentTo(db: Reader, personIds: readonly string[]): Promise<Lent[]> {
  if (personIds.length === 0) return []
  return query<Lent>(
    db,
    `SELECT r.*, d."toPersonId", d."fromAt", d."untilAt" FROM delegation AS d
     JOIN staff_role AS r ON r."id" = d."staffRoleId" JOIN person AS p ON p."id" = r."personId"
     WHERE d."toPersonId" IN LIST($1) AND d."endedAt" IS NULL AND p."disabledAt" IS NULL`,
    personIds,
  )
}

/** Records of the same human that became one with these. */
async function formerOfPersons(
  db: Reader,
  personIds: readonly string[],
): Promise<{ id: string; mergedInto: string }[]> {
  if (personIds.length === 0) return []
  return query(db, `SELECT "id", "mergedInto" FROM person WHERE "mergedInto" IN LIST($1)`, personIds)
}

type Acts = RowOf<'Proxy'> & { regionPath: string }

/** For whom these persons act. */
async function proxiesOfPersons(db: Reader, personIds: readonly string[]): Promise<Acts[]> {
  if (personIds.length === 0) return []
  return query<Acts>(
    db,
    `SELECT p.*, e."regionPath" FROM proxy AS p JOIN elder AS e ON e."id" = p."elderId"
     WHERE p."personId" IN LIST($1) AND p."revokedAt" IS NULL AND e."endedDay" IS NULL`,
    personIds,
  )
}

function lives(session: RowOf<'Session'> & { disabledAt: Date | null }, at: Date): boolean {
  return session.revokedAt === null && session.expiresAt > at && session.disabledAt === null
}

function powerOf({ role, regionId, regionPath, redemptionPointId, duty }: RowOf<'StaffRole'>) {
  return { role: role as Role, regionId, regionPath, redemptionPointId, duty }
}

export function memberFacet(member: RowOf<'Member'> | undefined): Actor['member'] {
  if (member === undefined || member.state === 'ended') return null
  const { id, kind, state, regionId, regionPath, countyId, trainings } = member
  return {
    id,
    kind: kind as 'volunteer' | 'neighbourHelper',
    state,
    regionId,
    regionPath,
    countyId,
    trainings: trainings === '' ? [] : trainings.split(','),
  }
}

function elderFacet(elder: RowOf<'Elder'> | undefined): Actor['elder'] {
  if (elder === undefined || elder.endedDay !== null) return null
  return { id: elder.id, regionId: elder.regionId, regionPath: elder.regionPath, countyId: elder.countyId }
}
