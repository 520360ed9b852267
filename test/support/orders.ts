// Somebody asks for help in the world's village.
import { randomUUID } from 'node:crypto'
import type { Actor } from '../../server/core/actor'
import { ask } from '../../server/order/ask'
import { TODAY, type World } from './world'

export const asker = (world: World, elderId: string) => ({
  body: (more: object = {}) => ({
    id: randomUUID(),
    elderId,
    serviceId: world.service.id,
    wantedDay: TODAY,
    wantedTime: 'afternoon',
    ...more,
  }),
  async ask(actor: Actor, more: object = {}) {
    return (await ask(world.db, actor, this.body(more), world.clock.now)).id
  },
})
export const orderOf = (world: World, id: string) =>
  world.db.order.findUniqueOrThrow({ where: { id }, include: { events: { orderBy: { id: 'asc' } } } })
