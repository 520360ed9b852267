import type { z } from 'zod'
import { dayOf } from '../../shared/core/time'
import { isUnattended, type OrderState } from '../../shared/order/rules'
import type { orderDetailView, orderView } from '../../shared/order/view'
import { ageOn, calledName, maskName } from '../../shared/person/rules'
import type { Actor } from '../core/actor'
import type { OpenPerson } from '../person/vault'
import { isOwnElder } from './policy'

type Line = {
  id: string
  elderId: string
  elder: { personId: string }
  serviceId: string
  regionId: string
  wantedDay: string
  wantedTime: string
  state: string
  origin: string
  memberId: string | null
  createdAt: Date
  staffFrom: Date
  payment: { state: string; heldMilliPoints: bigint; paidMilliPoints: bigint } | null
  market: { provider: string } | null
}
type Event = { kind: string; byPersonId: string; memberId: string | null; reason: string | null; at: Date }

export type OrderContext = {
  actor: Actor
  at: Date
  personOf: (personId: string) => OpenPerson
  personOfMember: (memberId: string) => string
  serviceOf: (serviceId: string) => { name: string; icon: string; plannedSeconds: number }
  regionNameOf: (regionId: string) => string
}

export function presentOrder(order: Line, context: OrderContext): z.input<typeof orderView> {
  const service = context.serviceOf(order.serviceId)
  return {
    id: order.id,
    elderId: order.elderId,
    elderName: elderNameOf(order, context),
    regionId: order.regionId,
    regionName: context.regionNameOf(order.regionId),
    serviceId: order.serviceId,
    serviceName: service.name,
    serviceIcon: service.icon,
    plannedSeconds: service.plannedSeconds,
    wantedDay: order.wantedDay,
    wantedTime: order.wantedTime,
    state: order.state as OrderState,
    origin: order.origin as 'elder' | 'proxy' | 'staff',
    memberId: order.memberId,
    memberName: memberNameOf(order.memberId, context),
    createdAt: order.createdAt.toISOString(),
    unattended: isUnattended(order, context.at),
    payment:
      order.payment === null
        ? null
        : {
            state: order.payment.state as 'held' | 'paid' | 'freed',
            heldMilliPoints: order.payment.heldMilliPoints.toString(),
            paidMilliPoints: order.payment.paidMilliPoints.toString(),
          },
    marketProvider: order.market?.provider ?? null,
  }
}

export function presentOrderDetail(
  order: Line & { events: readonly Event[] },
  context: OrderContext,
): z.input<typeof orderDetailView> {
  return {
    ...presentOrder(order, context),
    events: order.events.map(({ kind, byPersonId, memberId, reason, at }) => ({
      kind,
      byName: nameOf(byPersonId, context),
      memberName: memberNameOf(memberId, context),
      reason,
      at: at.toISOString(),
    })),
  }
}

/** As neighbours say it to who will go there, in full to the family, masked to everybody else. */
function elderNameOf({ elderId, elder, memberId }: Line, { actor, personOf, at }: OrderContext): string {
  const { name, sex, birthDate } = personOf(elder.personId)
  if (isOwnElder(actor, elderId)) return name
  const isGoing = memberId !== null && memberId === actor.member?.id
  return isGoing ? calledName(name, sex, birthDate === null ? null : ageOn(birthDate, dayOf(at))) : maskName(name)
}

function memberNameOf(memberId: string | null, context: OrderContext): string | null {
  return memberId === null ? null : nameOf(context.personOfMember(memberId), context)
}

/** In full to oneself, masked to others. */
function nameOf(personId: string, { actor, personOf }: OrderContext): string {
  const { name } = personOf(personId)
  return personId === actor.personId ? name : maskName(name)
}
