import { Refusal } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import type { Role } from '../../shared/session/view'
import type { Actor } from '../core/actor'
import type { Db } from '../core/db'
import type { Authenticate } from '../core/http'
import type { Parts } from '../core/route'
import { readAccess } from './tokens'

/** A revoked session or an ended role works at most this much longer, on every process. */
const CACHE_MS = 5_000
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
      return { ...known.actor, requestId }
    const actor = await loadActor(db, sessionId, personId, at)
    if (cache.size >= CACHE_SIZE) cache.clear()
    cache.set(sessionId, { actor, until: at.getTime() + CACHE_MS })
    return { ...actor, requestId }
  }
  return Object.assign(authenticate, { forget: (sessionId: string) => void cache.delete(sessionId) })
}

/** @throws Refusal SESSION_ENDED */
export async function loadActor(db: Db, sessionId: string, personId: string, at: Date): Promise<Actor> {
  const today = dayOf(at)
  const inForce = { validFrom: { lte: today }, OR: [{ validTo: null }, { validTo: { gte: today } }] }
  const session = await db.session.findUnique({
    where: { id: sessionId },
    include: {
      person: {
        include: {
          member: true,
          elder: true,
          staffRoles: { where: inForce },
          proxies: { where: { ...inForce, revokedAt: null, elder: { endedDay: null } }, include: { elder: true } },
        },
      },
    },
  })
  if (
    session === null ||
    session.personId !== personId ||
    session.revokedAt !== null ||
    session.expiresAt <= at ||
    session.person.disabledAt !== null
  )
    throw new Refusal('SESSION_ENDED')
  const { member, elder, staffRoles, proxies } = session.person
  return {
    personId,
    sessionId,
    deviceId: session.deviceId,
    roles: staffRoles.map(({ role, regionId, regionPath, redemptionPointId }) => ({
      role: role as Role,
      regionId,
      regionPath,
      redemptionPointId,
    })),
    member:
      member === null || member.state === 'ended'
        ? null
        : {
            id: member.id,
            kind: member.kind as 'volunteer' | 'neighbourHelper',
            state: member.state,
            regionId: member.regionId,
            regionPath: member.regionPath,
            countyId: member.countyId,
            trainings: member.trainings === '' ? [] : member.trainings.split(','),
          },
    elder:
      elder === null || elder.endedDay !== null
        ? null
        : { id: elder.id, regionId: elder.regionId, regionPath: elder.regionPath, countyId: elder.countyId },
    proxyOf: proxies.map((one) => ({
      elderId: one.elderId,
      scopes: one.scopes.split(','),
      regionPath: one.elder.regionPath,
    })),
    requestId: '',
  }
}
