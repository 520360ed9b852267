import type { z } from 'zod'
import { Refusal, type RefusalCode } from '../../shared/core/refusals'
import { type Day, dayOf, holdsOn } from '../../shared/core/time'
import type { Page } from '../../shared/core/view'
import type { proxyActsQuery } from '../../shared/elder/input'
import type { ProxyAct } from '../../shared/elder/view'
import type { ProxyScope } from '../../shared/elder/words'
import { maskName } from '../../shared/person/rules'
import { can } from '../../shared/session/permissions'
import { type Actor, mayOver } from '../core/actor'
import { findBy, insertAll, type RowOf } from '../core/bulk'
import type { Keys } from '../core/config'
import { type Db, driverOf, query, type Tx } from '../core/db'
import { newId } from '../core/ids'
import { cursorOf, readCursor, toPage } from '../core/input'
import { openPersons } from '../person/vault'
import { settingsAt } from '../region/settings'

/** Something somebody is about to do for an elder. */
export type Acting = { personId: string; elderId: string; kind: ProxyScope; refId: string; at: Date }
type Row = RowOf<'Proxy'> & { regionPath: string }

/** Judges what proxies do in one commit, in the order asked, and writes down what was done. */
export type ProxyDesk = {
  /** Null: it is counted. */
  whyNot(acting: Acting): RefusalCode | null
  write(): Promise<void>
}

/**
 * Locks who acts for these elders until the commit, so that two presses at once aren't both the last of the day, and so
 * that nothing is done any more after the elder stopped it, whatever a session still remembers.
 */
export async function openProxyDesk(
  tx: Tx,
  asked: readonly Pick<Acting, 'personId' | 'elderId' | 'at'>[],
): Promise<ProxyDesk> {
  const proxies = await lockProxies(tx, asked)
  const days = [...new Set(asked.map(({ at }) => dayOf(at)))]
  const done = await countDone(
    tx,
    proxies.map(({ id }) => id),
    days,
  )
  const most = new Map<string, number>()
  for (const { regionPath } of proxies)
    for (const day of days) most.set(`${regionPath} ${day}`, (await settingsAt(tx, regionPath, day)).proxyActsMax)
  const rows: RowOf<'ProxyAct'>[] = []
  return {
    whyNot: ({ personId, elderId, kind, refId, at }) => {
      const day = dayOf(at)
      const proxy = proxies.find((one) => mayAct(one, { personId, elderId }, kind, day))
      if (proxy === undefined) return 'PROXY_STOPPED'
      const { id: proxyId, regionPath } = proxy
      const before = done.get(`${proxyId} ${day}`) ?? 0
      if (before >= (most.get(`${regionPath} ${day}`) ?? 0)) return 'PROXY_DAILY'
      done.set(`${proxyId} ${day}`, before + 1)
      rows.push({ id: newId(at), proxyId, elderId, personId, kind, refId, regionPath, day, at })
      return null
    },
    write: () => insertAll(tx, 'proxy_act', rows),
  }
}

/** One act in a commit of another verb. @throws Refusal PROXY_STOPPED, PROXY_DAILY */
export async function actAsProxy(tx: Tx, acting: Acting): Promise<void> {
  const desk = await openProxyDesk(tx, [acting])
  const reason = desk.whyNot(acting)
  if (reason !== null) throw new Refusal(reason)
  await desk.write()
}

function mayAct(proxy: Row, of: { personId: string; elderId: string }, kind: ProxyScope, day: Day): boolean {
  return (
    proxy.personId === of.personId &&
    proxy.elderId === of.elderId &&
    holdsOn(proxy, day) &&
    proxy.scopes.split(',').includes(kind)
  )
}

async function lockProxies(tx: Tx, asked: readonly Pick<Acting, 'personId' | 'elderId'>[]): Promise<Row[]> {
  const alone = driverOf(tx).provider === 'sqlite'
  return query<Row>(
    tx,
    `SELECT p.*, e."regionPath" FROM proxy AS p JOIN elder AS e ON e."id" = p."elderId"
     WHERE p."personId" IN LIST($1) AND p."elderId" IN LIST($2) AND p."revokedAt" IS NULL
     ORDER BY p."id"${alone ? '' : ' FOR NO KEY UPDATE OF p'}`,
    [...new Set(asked.map(({ personId }) => personId))],
    [...new Set(asked.map(({ elderId }) => elderId))],
  )
}

async function countDone(tx: Tx, proxyIds: readonly string[], days: readonly Day[]): Promise<Map<string, number>> {
  if (proxyIds.length === 0) return new Map()
  const rows = await query<{ proxyId: string; day: string; count: number | bigint }>(
    tx,
    `SELECT "proxyId", "day", count(*) AS "count" FROM proxy_act
     WHERE "proxyId" IN LIST($1) AND "day" IN LIST($2) GROUP BY "proxyId", "day"`,
    [...proxyIds],
    [...days],
  )
  return new Map(rows.map(({ proxyId, day, count }) => [`${proxyId} ${day}`, Number(count)]))
}

/**
 * What proxies did for an elder, the latest first: for the elder, for who acts for the elder now, and for the desk, which
 * sees names masked.
 *
 * @throws Refusal NOT_FOUND
 */
export async function listProxyActs(
  db: Db,
  keys: Keys,
  actor: Actor,
  elderId: string,
  query: z.infer<typeof proxyActsQuery>,
): Promise<Page<ProxyAct>> {
  const elder = await db.elder.findUnique({ where: { id: elderId } })
  const isOwn = actor.elder?.id === elderId || actor.proxyOf.some((one) => one.elderId === elderId)
  if (elder === null || !(isOwn || mayOver(actor, can('elder.read'), elder.regionPath))) throw new Refusal('NOT_FOUND')
  const after = readCursor(query.cursor, 1)
  const rows = await db.proxyAct.findMany({
    where: { elderId, ...(after === null ? {} : { id: { lt: after[0] as string } }) },
    orderBy: { id: 'desc' },
    take: query.limit + 1,
  })
  const relations = new Map(
    (
      await findBy(
        db,
        'Proxy',
        'id',
        rows.map(({ proxyId }) => proxyId),
      )
    ).map((one) => [one.id, one.relation]),
  )
  const persons = await openPersons(db, keys, [elder.personId, ...rows.map(({ personId }) => personId)])
  const nameOf = (personId: string) => {
    const name = persons.get(personId)?.name ?? ''
    return isOwn ? name : maskName(name)
  }
  return toPage(
    rows,
    query.limit,
    ({ id, at, kind, refId, proxyId, personId }): ProxyAct => ({
      ...{ id, refId, at: at.toISOString(), kind: kind as ProxyScope },
      proxyName: nameOf(personId),
      relation: relations.get(proxyId) ?? '',
      elderName: nameOf(elder.personId),
    }),
    ({ id }) => cursorOf(id),
  )
}
