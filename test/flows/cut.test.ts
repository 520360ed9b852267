import { randomUUID } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { openDb } from '../../server/core/db'
import { auditLedger } from '../../server/ledger/audit'
import { newShop } from '../redemption/shop'
import { provider } from '../support/database'
import { type Cut, startProxy } from '../support/proxy'
import { serveWorld } from '../support/world'

/** A file has no wire. */
const onWire = test.runIf(provider() === 'postgresql')

onWire.each<[string, Cut, number]>([
  ['before the commit arrives: nothing is done', 'before', 0],
  ['while its answer is on the way: it is done, and nobody knows', 'after', 1],
])(
  'the connection is cut %s; the same request again gets one answer and is done once',
  async (_, where, doneAtOnce) => {
    const shop = await newShop({ left: 5, priceMilliPoints: 2000n })
    const helper = await shop.richMember(8000n)
    const elder = await shop.elder()
    const { code } = await shop.plate(elder.id)
    const proxy = await startProxy(shop.databaseUrl)
    onTestFinished(proxy.stop)
    const wired = openDb(proxy.url, { connections: 3 })
    onTestFinished(async () => wired.$disconnect())
    const { ask } = await serveWorld({ ...shop, parts: { ...shop.parts, db: wired } })
    const newVisit = {
      id: randomUUID(),
      code,
      elderIds: [elder.id],
      serviceId: shop.service.id,
      deviceAt: shop.clock.now.toISOString(),
    }
    const wish = shop.wish()
    const requests = [
      { path: '/redemptions', body: wish, count: () => shop.db.redemption.count({ where: { id: wish.id } }) },
      { path: '/visits', body: newVisit, count: () => shop.db.visit.count({ where: { id: newVisit.id } }) },
    ]
    await ask(helper.actor, 'GET', '/me') // the session is known: the next commit is the request's own
    for (const { path, body, count } of requests) {
      proxy.cutNext(where)
      const cut = await ask<{ code: string }>(helper.actor, 'POST', path, body)
      expect([path, cut.status >= 500]).toEqual([path, true])
      expect([path, await count()]).toEqual([path, doneAtOnce])
      const again = await ask<{ id: string }>(helper.actor, 'POST', path, body)
      const once = await ask<{ id: string }>(helper.actor, 'POST', path, body)
      expect([again.status, again.body.id, once.body]).toEqual([again.status, body.id, again.body])
      expect(again.status).toBeLessThan(300)
      expect([path, await count()]).toEqual([path, 1])
    }
    expect(proxy.cuts()).toBe(2)
    expect(await shop.left()).toBe(4)
    expect((await auditLedger(shop.db)).problem).toBeNull()
  },
  120_000,
)
