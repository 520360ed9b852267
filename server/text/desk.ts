import type { z } from 'zod'
import { Refusal } from '../../shared/core/refusals'
import type { Page } from '../../shared/core/view'
import { maskName } from '../../shared/person/rules'
import { can } from '../../shared/session/permissions'
import type { decideTextInput, TextListQuery } from '../../shared/text/input'
import type { TextView } from '../../shared/text/view'
import { TEXT_REASON_WORDS, TEXT_STATE_WORDS, TEXT_WORDS, type TextKind, type TextState } from '../../shared/text/words'
import { type Actor, inScope, isSelf } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db } from '../core/db'
import { cursorOf, readCursor, readMoment, toPage } from '../core/input'
import { logOperation } from '../core/operation-log'
import { openNames } from '../person/vault'
import { findRegionInScope, regionsOfPath } from '../region/queries'
import { readTexts } from './places'

const LOOKED_AT = ['review', 'hidden']

/** What WeChat hid or did not judge, the newest first; and what staff have decided since. */
export async function listTexts(db: Db, keys: Keys, actor: Actor, query: TextListQuery): Promise<Page<TextView>> {
  const within =
    query.regionId === undefined
      ? undefined
      : (await findRegionInScope(db, actor, can('text.judge'), query.regionId)).path
  const cursor = readCursor(query.cursor, 2)
  const before = cursor === null ? null : { at: readMoment(cursor[0]), id: cursor[1] as string }
  const rows = await db.textCheck.findMany({
    where: {
      AND: [
        inScope(actor, can('text.judge'), within),
        query.state === 'open' ? { state: { in: LOOKED_AT }, decidedAt: null } : { decidedAt: { not: null } },
        before === null
          ? {}
          : { OR: [{ createdAt: { lt: before.at } }, { createdAt: before.at, id: { lt: before.id } }] },
      ],
    },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: query.limit + 1,
  })
  const texts = await readTexts(db, rows)
  const persons = await openNames(
    db,
    keys,
    rows.flatMap((one) => [one.byPersonId, ...(one.decidedByPersonId === null ? [] : [one.decidedByPersonId])]),
  )
  const nameOf = (personId: string) => maskName(persons.get(personId)?.name ?? '')
  const places = new Map<string, string>()
  for (const path of new Set(rows.map((one) => one.regionPath)))
    places.set(path, (await regionsOfPath(db, path)).at(-1)?.name ?? '')
  return toPage(
    rows,
    query.limit,
    (row): TextView => ({
      ...{ id: row.id, kind: row.kind as TextKind, kindWord: TEXT_WORDS[row.kind as TextKind] },
      ...{ text: texts.get(row.id) ?? '', byName: nameOf(row.byPersonId) },
      regionName: places.get(row.regionPath) ?? '',
      ...{ state: row.state as TextState, stateWord: TEXT_STATE_WORDS[row.state as TextState] },
      reasonWord: TEXT_REASON_WORDS[row.reason ?? ''] ?? '',
      at: row.createdAt.toISOString(),
      decidedByName: row.decidedByPersonId === null ? null : nameOf(row.decidedByPersonId),
      decidedAt: row.decidedAt?.toISOString() ?? null,
      mayDecide: row.decidedAt === null && !isSelf(actor, row.byPersonId),
    }),
    (row) => cursorOf(row.createdAt.toISOString(), row.id),
  )
}

/**
 * Staff say whether others may read it. Whoever wrote it does not.
 * @throws Refusal NOT_FOUND, REQUEST_OWN, TEXT_DECIDED
 */
export async function decideText(
  db: Db,
  actor: Actor,
  id: string,
  { outcome }: z.infer<typeof decideTextInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    const row = await tx.textCheck.findFirst({ where: { id, ...inScope(actor, can('text.judge')) } })
    if (row === null) throw new Refusal('NOT_FOUND')
    if (isSelf(actor, row.byPersonId)) throw new Refusal('REQUEST_OWN')
    const state = outcome === 'show' ? 'fine' : 'hidden'
    const { count } = await tx.textCheck.updateMany({
      where: { id, createdAt: row.createdAt, state: { in: LOOKED_AT }, decidedAt: null },
      data: { state, decidedByPersonId: actor.personId, decidedAt: at },
    })
    if (count === 0) throw new Refusal('TEXT_DECIDED')
    const about = { at, action: outcome === 'show' ? 'showText' : 'hideText', resource: 'text', resourceId: id }
    await logOperation(tx, actor, {
      ...about,
      regionPath: row.regionPath,
      before: { state: row.state },
      after: { state, kind: row.kind },
    })
    return { id }
  })
}
