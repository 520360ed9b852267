import type { z } from 'zod'
import { Refusal, refuse } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import type { askInput } from '../../shared/order/input'
import { staffFromOf, whyNotAsk } from '../../shared/order/rules'
import type { Actor } from '../core/actor'
import type { Db, Tx } from '../core/db'
import { once } from '../core/once'
import { actAsProxy } from '../elder/proxy-acts'
import { settingsAt } from '../region/settings'
import { whyNotServedByScheme } from '../scheme/persons'
import { findServiceAt } from '../service/queries'
import { noteOrder } from './find'
import { bookPayment } from './payment'
import { originOf } from './policy'

type AskInput = z.infer<typeof askInput>

/**
 * Somebody asks for help: the elder, who acts for the elder, or staff.
 * @throws Refusal NOT_FOUND, ELDER_ENDED, ORDER_DAY, ORDER_TOO_MANY, SERVICE_UNKNOWN, and AGE or NOT_SERVED where the rules
 * of the place say whom they serve; by a proxy also PROXY_STOPPED, PROXY_DAILY; where it is asked for points PAY_CLOSED, POINTS_NOT_ENOUGH, and what redeeming throws
 */
export async function ask(db: Db, actor: Actor, input: AskInput, at: Date): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'ask', input, at }, () => write(tx, actor, input, at)),
  )
}

async function write(tx: Tx, actor: Actor, input: AskInput, at: Date): Promise<{ id: string }> {
  const { id, elderId, serviceId, wantedDay, wantedTime, payer } = input
  // Asks of one elder queue up here, or two presses at once would both be the last one allowed.
  await tx.$executeRaw`UPDATE elder SET "householdId" = "householdId" WHERE "id" = ${elderId}`
  const elder = await tx.elder.findUnique({ where: { id: elderId } })
  const origin = elder === null ? null : originOf(actor, elder)
  if (elder === null || origin === null) throw new Refusal('NOT_FOUND')
  if (origin === 'proxy') await actAsProxy(tx, { personId: actor.personId, elderId, kind: 'ask', refId: id, at })
  const { orderOpenMax, orderStaffHours } = await settingsAt(tx, elder.regionPath, dayOf(at))
  const openOrders = await tx.order.count({ where: { elderId, state: { in: ['open', 'accepted'] } } })
  refuse(whyNotAsk({ wantedDay, openOrders, elderEndedDay: elder.endedDay }, dayOf(at), orderOpenMax))
  const service = await findServiceAt(tx, serviceId, elder.regionPath)
  refuse(await whyNotServedByScheme(tx, elder, dayOf(at)), { field: 'elderId' })
  const { regionId, regionPath, countyId } = elder
  await tx.order.create({
    data: {
      id,
      elderId,
      serviceId,
      regionId,
      regionPath,
      countyId,
      wantedDay,
      wantedTime,
      state: 'open',
      origin,
      askedByPersonId: actor.personId,
      createdAt: at,
      staffFrom: staffFromOf(input, at, orderStaffHours),
    },
  })
  if (payer !== undefined) await bookPayment(tx, actor, { id, wantedDay, payer, elder, service }, at)
  await noteOrder(tx, actor, { id, regionPath }, { kind: 'asked', memberId: null }, at)
  return { id }
}
