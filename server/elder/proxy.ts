import { Refusal, refuse } from '../../shared/core/refusals'
import { type Day, dayOf } from '../../shared/core/time'
import { whyNotProxy } from '../../shared/elder/rules'
import type { ProxyScope } from '../../shared/elder/words'
import type { PersonInput } from '../../shared/person/input'
import { can } from '../../shared/session/permissions'
import { type Actor, mayOver } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db } from '../core/db'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { addPerson } from '../person/vault'
import { findElderToChange } from './find'

type ProxyInput = {
  id: string
  relation: string
  scopes: ProxyScope[]
  person: PersonInput
  validFrom: Day
  validTo: Day | null
}

/** Writes a proxy down without an invitation, as a community is brought over that had them before. */
export async function addProxy(
  db: Db,
  keys: Keys,
  actor: Actor,
  elderId: string,
  input: ProxyInput,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(
      tx,
      { key: input.id, personId: actor.personId, verb: 'addProxy', input: { elderId, ...input }, at },
      async () => {
        const { id, relation, validFrom, validTo } = input
        const elder = await findElderToChange(tx, actor, elderId)
        const { personId } = await addPerson(tx, keys, input.person, at)
        const current = await tx.proxy.findMany({ where: { elderId, revokedAt: null } })
        refuse(whyNotProxy(elder, current, { personId, validFrom, validTo }, dayOf(at)))
        const scopes = [...new Set(input.scopes)].sort().join(',')
        await tx.proxy.create({
          data: {
            id,
            elderId,
            personId,
            relation,
            scopes,
            validFrom,
            validTo,
            byPersonId: actor.personId,
            revokedAt: null,
          },
        })
        await logOperation(tx, actor, {
          at,
          action: 'addProxy',
          resource: 'elder',
          resourceId: elderId,
          regionPath: elder.regionPath,
          after: { proxyId: id, scopes, validFrom, validTo },
        })
        return { id: elderId }
      },
    ),
  )
}

/** Stops it: the elder may at any time, and the staff of the village. Stopped twice is stopped. */
export async function revokeProxy(db: Db, actor: Actor, proxyId: string, at: Date): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    const proxy = await tx.proxy.findUnique({ where: { id: proxyId }, include: { elder: true } })
    const mayRevoke =
      proxy !== null &&
      (proxy.elder.personId === actor.personId || mayOver(actor, can('elder.keep'), proxy.elder.regionPath))
    if (!mayRevoke) throw new Refusal('NOT_FOUND')
    const revoked = await tx.proxy.updateMany({ where: { id: proxyId, revokedAt: null }, data: { revokedAt: at } })
    if (revoked.count > 0)
      await logOperation(tx, actor, {
        at,
        action: 'revokeProxy',
        resource: 'elder',
        resourceId: proxy.elderId,
        regionPath: proxy.elder.regionPath,
        after: { proxyId },
      })
    return { id: proxyId }
  })
}
