import type { z } from 'zod'
import { addDays, startOfDay } from '../../shared/core/time'
import { maskName } from '../../shared/person/rules'
import type { operationListQuery } from '../../shared/report/input'
import type { operationPage } from '../../shared/report/view'
import { can } from '../../shared/session/permissions'
import type { Role } from '../../shared/session/view'
import { ROLE_WORDS } from '../../shared/session/words'
import { type Actor, inScope } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db } from '../core/db'
import { cursorOf, readCursor, toPage } from '../core/input'
import { openPersons } from '../person/vault'
import { findRegionInScope, regionsOfPath } from '../region/queries'

/** Who did what, newest first: writes and looks at personal data, over the actor's regions. */
export async function listOperations(
  db: Db,
  keys: Keys,
  actor: Actor,
  query: z.output<typeof operationListQuery>,
): Promise<z.input<typeof operationPage>> {
  const within =
    query.regionId === undefined
      ? undefined
      : (await findRegionInScope(db, actor, can('operation.read'), query.regionId)).path
  const after = readCursor(query.cursor, 2)
  const rows = await db.operationLog.findMany({
    where: {
      AND: [
        inScope(actor, can('operation.read'), within),
        query.from === undefined ? {} : { at: { gte: startOfDay(query.from) } },
        query.to === undefined ? {} : { at: { lt: startOfDay(addDays(query.to, 1)) } },
        query.resource === undefined ? {} : { resource: query.resource },
        query.action === undefined ? {} : { action: query.action },
        query.q === undefined || query.q === ''
          ? {}
          : { OR: [{ resourceId: query.q }, { purpose: { contains: query.q } }] },
        after === null
          ? {}
          : {
              OR: [
                { at: { lt: new Date(after[0] as string) } },
                { at: new Date(after[0] as string), id: { lt: after[1] as string } },
              ],
            },
      ],
    },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: query.limit + 1,
  })
  const persons = await openPersons(
    db,
    keys,
    rows.flatMap((one) => [one.personId, ...one.role.split(',').flatMap((role) => role.split('@')[1] ?? [])]),
  )
  const nameOf = (personId: string) => maskName(persons.get(personId)?.name ?? '')
  const places = new Map<string, string>()
  for (const path of new Set(rows.map((one) => one.regionPath)))
    places.set(path, (await regionsOfPath(db, path)).at(-1)?.name ?? '')
  return toPage(
    rows,
    query.limit,
    (row) => ({
      id: row.id,
      at: row.at.toISOString(),
      byName: row.role === 'clock' ? '系统' : nameOf(row.personId),
      roleWord: row.role
        .split(',')
        .map((one) => roleWordOf(one, nameOf))
        .join('、'),
      action: row.action,
      resource: row.resource,
      resourceId: row.resourceId,
      regionName: places.get(row.regionPath) ?? '',
      purpose: row.purpose,
      before: row.before,
      after: row.after,
    }),
    (row) => cursorOf(row.at.toISOString(), row.id),
  )
}

/** `townStaff@person`: a post of somebody else's. */
function roleWordOf(text: string, nameOf: (personId: string) => string): string {
  const [role = '', owner] = text.split('@')
  const word = ROLE_WORDS[role as Role] ?? FACET_WORDS[role] ?? role
  return owner === undefined ? word : `${word}（代${nameOf(owner)}）`
}

const FACET_WORDS: Record<string, string> = {
  volunteer: '志愿者',
  neighbourHelper: '睦邻互助员',
  elder: '老人',
  proxy: '亲友代办',
  clock: '到时自动',
  none: '没有岗位',
}
