import { clockOf, dayOf } from '../../shared/core/time'
import { type Actor, DESK, homePathOf } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db } from '../core/db'
import { newId } from '../core/ids'
import { logOperation } from '../core/operation-log'
import type { File } from '../core/route'
import { type Sheet, sheetFile } from '../core/sheet'
import { openPersons } from '../person/vault'

type By = { db: Db; keys: Keys; actor: Actor; at: Date }

/** Who took it and when, for whoever finds it lying about. */
export async function markOf(db: Db, keys: Keys, { personId }: Actor, at: Date): Promise<string> {
  const name = (await openPersons(db, keys, [personId])).get(personId)?.name ?? ''
  return `${name} ${dayOf(at)} ${clockOf(at)} 导出，仅限工作使用`
}

/** A list to take along: marked with who took it, and noted in the log. */
export async function exportFile(
  { db, keys, actor, at }: By,
  asked: Sheet | Promise<Sheet>,
  format: 'csv' | 'xlsx',
): Promise<File> {
  const sheet = await asked
  await db.$transaction((tx) =>
    logOperation(tx, actor, {
      ...{ at, action: 'export', resource: 'list', resourceId: newId(at) },
      regionPath: homePathOf(actor, [...DESK, 'redemptionPoint']),
      after: { title: sheet.name, format },
    }),
  )
  return sheetFile(sheet, format, await markOf(db, keys, actor, at))
}
