import { createHash } from 'node:crypto'
import { dayOf } from '../../shared/core/time'
import type { DoorsView } from '../../shared/plate/view'
import { whyNotServe as whyNotDo } from '../../shared/service/rules'
import { whyNotServe } from '../../shared/visit/rules'
import type { Actor } from '../core/actor'
import { findBy, groupBy } from '../core/bulk'
import type { Keys } from '../core/config'
import type { Db } from '../core/db'
import { elderNames } from '../elder/queries'
import { todayOf } from '../order/today'
import { regionNames } from '../region/queries'
import { settingsAt } from '../region/settings'
import { menuOf, servicesAt } from '../service/queries'
import { tokenOfPlate } from './queries'

type Member = NonNullable<Actor['member']>

/**
 * What a helper's phone takes along into a village without a network: of today's doors, by what their codes hash to, what
 * neighbours call who lives there. No address, no number, no code that could be used.
 */
export async function doorsOfToday(db: Db, keys: Keys, actor: Actor, member: Member, at: Date): Promise<DoorsView> {
  const { orders, due } = await todayOf(db, keys, actor, member, at)
  const { offlineDoorsMax } = await settingsAt(db, member.regionPath, dayOf(at))
  const wanted = [...new Set([...orders, ...due].map(({ elderId }) => elderId))].slice(0, offlineDoorsMax)
  const called = await db.elder.findMany({ where: { id: { in: wanted } } })
  const behind = await findBy(
    db,
    'Elder',
    'householdId',
    called.map(({ householdId }) => householdId),
  )
  const elders = behind.filter(
    (elder) => whyNotServe({ ...member, personId: actor.personId }, elder, dayOf(at)) === null,
  )
  const ids = elders.map(({ id }) => id)
  const names = await elderNames(db, keys, ids, dayOf(at))
  const regions = await regionNames(
    db,
    elders.map(({ regionId }) => regionId),
  )
  const plates = (await findBy(db, 'Plate', 'elderId', ids)).filter(({ revokedAt }) => revokedAt === null)
  const platesOf = groupBy(plates, ({ elderId }) => elderId)
  const households = groupBy(elders, ({ householdId }) => householdId)
  const services = menuOf(await servicesAt(db, member.regionPath), null).filter((one) => whyNotDo(member, one) === null)
  return {
    day: dayOf(at),
    services: services.map(({ id, name, icon, tasks }) => ({ id, name, icon, tasks })),
    doors: [...new Set(elders.map(({ householdId }) => householdId))].map((householdId) => {
      const together = households(householdId)
      const order = orders.find(({ elderId }) => together.some(({ id }) => id === elderId))
      return {
        codes: together.flatMap(({ id }) => platesOf(id).flatMap((plate) => codesOf(keys, plate))),
        elders: together.map(({ id }) => ({ id, calledName: names.get(id)?.calledName ?? '' })),
        regionName: regions.get(together[0]?.regionId ?? '')?.name ?? '',
        orderId: order?.id ?? null,
        serviceId: order?.serviceId ?? null,
      }
    }),
  }
}

/** Of the token and of the printed number: what was scanned or typed hashes to one of both. */
function codesOf(keys: Keys, plate: Parameters<typeof tokenOfPlate>[1] & { serial: string }): string[] {
  const token = tokenOfPlate(keys, plate)
  return [...(token === null ? [] : [token]), plate.serial.replaceAll('-', '')].map((code) =>
    createHash('sha256').update(code).digest('hex'),
  )
}
