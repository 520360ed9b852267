import type { z } from 'zod'
import { addDays, startOfDay } from '../../shared/core/time'
import { maskName } from '../../shared/person/rules'
import type { operationListQuery } from '../../shared/report/input'
import type { operationPage } from '../../shared/report/view'
import type { Role } from '../../shared/session/view'
import { ROLE_WORDS } from '../../shared/session/words'
import { type Actor, inScope } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db } from '../core/db'
import { cursorOf, readCursor, toPage } from '../core/input'
import { openPersons } from '../person/vault'
import { findRegionInScope, regionsOfPath } from '../region/queries'

export const OPERATION_READERS: readonly Role[] = ['townStaff', 'countyAdmin', 'auditor']

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
      : (await findRegionInScope(db, actor, OPERATION_READERS, query.regionId)).path
  const after = readCursor(query.cursor, 2)
  const rows = await db.operationLog.findMany({
    where: {
      AND: [
        inScope(actor, OPERATION_READERS, within),
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
    rows.map((one) => one.personId),
  )
  const places = new Map<string, string>()
  for (const path of new Set(rows.map((one) => one.regionPath)))
    places.set(path, (await regionsOfPath(db, path)).at(-1)?.name ?? '')
  return toPage(
    rows,
    query.limit,
    (row) => ({
      id: row.id,
      at: row.at.toISOString(),
      byName: row.role === 'clock' ? '系统' : maskName(persons.get(row.personId)?.name ?? ''),
      roleWord: row.role
        .split(',')
        .map((one) => ROLE_WORDS[one as Role] ?? FACET_WORDS[one] ?? one)
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

const FACET_WORDS: Record<string, string> = {
  volunteer: '志愿者',
  neighbourHelper: '睦邻互助员',
  elder: '老人',
  proxy: '亲友代办',
  clock: '到时自动',
}
