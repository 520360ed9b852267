import type { z } from 'zod'
import { addSeconds } from '../../shared/core/time'
import type { messageListQuery } from '../../shared/message/input'
import { outsideOf } from '../../shared/message/kinds'
import type { MessageCounts, MessageView } from '../../shared/message/view'
import { MESSAGE_REASON_WORDS, NOTICE_KIND_WORDS } from '../../shared/message/words'
import { maskName } from '../../shared/person/rules'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db } from '../core/db'
import { cursorOf, readCursor, toPage } from '../core/input'
import type { Parts } from '../core/route'
import { openPersons } from '../person/vault'
import { findRegionInScope, regionsOfPath } from '../region/queries'

const DAY_SECONDS = 86_400

/** The queue of the actor's regions, the newest first. */
export async function listMessages(
  db: Db,
  keys: Keys,
  actor: Actor,
  query: z.infer<typeof messageListQuery>,
): Promise<{ items: MessageView[]; next: string | null }> {
  const before = readCursor(query.cursor, 2)
  const createdAt = new Date(before?.[0] ?? 0)
  const rows = await db.message.findMany({
    where: {
      AND: [
        await scopeOf(db, actor, query.regionId),
        query.state === undefined ? {} : { state: query.state },
        query.kind === undefined ? {} : { kind: query.kind },
        before === null
          ? {}
          : { OR: [{ createdAt: { lt: createdAt } }, { createdAt, id: { lt: before[1] as string } }] },
      ],
    },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: query.limit + 1,
  })
  const persons = await openPersons(
    db,
    keys,
    rows.map((one) => one.personId),
  )
  const places = new Map<string, string>()
  for (const path of new Set(rows.map((one) => one.regionPath)))
    places.set(path, (await regionsOfPath(db, path)).at(-1)?.name ?? '')
  return toPage(
    rows,
    query.limit,
    (row): MessageView => ({
      ...{ id: row.id, kind: row.kind, tries: row.tries },
      kindWords: NOTICE_KIND_WORDS[row.kind] ?? outsideOf(row.kind).words,
      maskedName: maskName(persons.get(row.personId)?.name ?? ''),
      regionName: places.get(row.regionPath) ?? '',
      state: row.state as MessageView['state'],
      channel: row.channel as MessageView['channel'],
      reasonWords: row.reason === null ? null : (MESSAGE_REASON_WORDS[row.reason] ?? row.reason),
      ...{ createdAt: row.createdAt.toISOString(), dueAt: row.dueAt.toISOString() },
      doneAt: row.doneAt?.toISOString() ?? null,
    }),
    (row) => cursorOf(row.createdAt.toISOString(), row.id),
  )
}

/** How the queue stands: what waits, and what became of the last day's. */
export async function countMessages(
  { db, wechat, sms }: Parts,
  actor: Actor,
  regionId: string | undefined,
  at: Date,
): Promise<MessageCounts> {
  const scope = await scopeOf(db, actor, regionId)
  const groups = await db.message.groupBy({
    by: ['state'],
    where: { AND: [scope, { OR: [{ doneAt: null }, { doneAt: { gte: addSeconds(at, -DAY_SECONDS) } }] }] },
    _count: true,
  })
  const of = (...states: string[]) =>
    groups.filter((one) => states.includes(one.state)).reduce((sum, one) => sum + one._count, 0)
  return {
    ...{ waiting: of('waiting', 'sending'), sent: of('sent'), unclear: of('unclear'), dropped: of('dropped') },
    ...{ wechat: wechat !== null, sms: sms !== null },
  }
}

async function scopeOf(db: Db, actor: Actor, regionId: string | undefined) {
  const within =
    regionId === undefined ? undefined : (await findRegionInScope(db, actor, can('message.read'), regionId)).path
  return inScope(actor, can('message.read'), within)
}
