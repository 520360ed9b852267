import type { z } from 'zod'
import { Refusal, refuse } from '../../shared/core/refusals'
import { addSeconds, dayOf } from '../../shared/core/time'
import type { Page } from '../../shared/core/view'
import type { askDataInput, dataRequestQuery, decideDataInput, fileDataInput } from '../../shared/person/input'
import { maskName } from '../../shared/person/rules'
import type { DataRequestView } from '../../shared/person/view'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope, mayOver, whyNotProved } from '../core/actor'
import type { RowOf } from '../core/bulk'
import type { Keys } from '../core/config'
import type { Db, Reader, Tx } from '../core/db'
import { cursorOf, readCursor, toPage } from '../core/input'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { regionsOfPath } from '../region/queries'
import { longestSetting } from '../region/settings'
import { destroyKeyOf, erase } from './erase'
import { placeOfPerson } from './place'
import { openForPersons, openPersons, sealForPerson } from './vault'

type Row = RowOf<'DataRequest'>

/** Asks for oneself. */
export async function askForOwn(db: Db, keys: Keys, actor: Actor, input: z.infer<typeof askDataInput>, at: Date) {
  return db.$transaction((tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'askData', input, at }, () =>
      fileRequest(tx, keys, actor, { ...input, personId: actor.personId }, at),
    ),
  )
}

/** Staff write down what somebody without a phone asks for, or the relatives of somebody who died. */
export async function fileForOther(db: Db, keys: Keys, actor: Actor, input: z.infer<typeof fileDataInput>, at: Date) {
  return db.$transaction((tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'fileData', input, at }, async () => {
      const { elderId, ...request } = input
      const elder = await tx.elder.findFirst({ where: { id: elderId, ...inScope(actor, can('dataRequest.keep')) } })
      if (elder === null) throw new Refusal('NOT_FOUND')
      return fileRequest(tx, keys, actor, { ...request, personId: elder.personId }, at)
    }),
  )
}

/** One row, in the caller's transaction. */
export async function fileRequest(
  tx: Tx,
  keys: Keys,
  actor: Actor,
  { id, personId, kind, text }: { id: string; personId: string; kind: DataRequestView['kind']; text: string },
  at: Date,
): Promise<{ id: string }> {
  const regionPath = await placeOfPerson(tx, personId)
  const textSealed = await sealForPerson(tx, keys, personId, 'data_request', 'text', text)
  await tx.dataRequest.create({
    data: {
      ...{ id, personId, askedByPersonId: actor.personId, kind, textSealed, regionPath, state: 'open', askedAt: at },
      ...{ decidedByPersonId: null, decidedAt: null, answer: null },
    },
  })
  await logOperation(tx, actor, {
    at,
    action: 'ask',
    resource: 'dataRequest',
    resourceId: id,
    regionPath,
    after: { kind },
  })
  return { id }
}

/**
 * Answers a request, by somebody else than who wrote it down. One to erase that is done erases.
 *
 * @throws Refusal DATA_TWO_PERSONS, DATA_DECIDED, ERASE_OPEN
 */
export async function decideRequest(
  db: Db,
  actor: Actor,
  requestId: string,
  { outcome, answer }: z.infer<typeof decideDataInput>,
  at: Date,
): Promise<{ id: string }> {
  const erased = await db.$transaction(async (tx) => {
    const row = await tx.dataRequest.findFirst({ where: { id: requestId, ...inScope(actor, can('dataRequest.keep')) } })
    if (row === null) throw new Refusal('NOT_FOUND')
    const erases = row.kind === 'erase' && outcome === 'done'
    if (erases && !mayOver(actor, can('dataRequest.erase'), row.regionPath)) throw new Refusal('NOT_ALLOWED')
    if (erases) refuse(whyNotProved(actor, at))
    if (row.askedByPersonId === actor.personId) throw new Refusal('DATA_TWO_PERSONS')
    const moved = await tx.dataRequest.updateMany({
      where: { id: requestId, state: 'open' },
      data: { state: outcome, answer, decidedAt: at, decidedByPersonId: actor.personId },
    })
    if (moved.count === 0) throw new Refusal('DATA_DECIDED')
    if (erases) await erase(tx, row.personId, at)
    await logOperation(tx, actor, {
      ...{ at, action: erases ? 'erase' : 'answer', resource: 'dataRequest', resourceId: requestId },
      ...{ regionPath: row.regionPath, before: { state: 'open' }, after: { state: outcome, kind: row.kind } },
    })
    return erases ? row.personId : null
  })
  if (erased !== null) await destroyKeyOf(db, erased)
  return { id: requestId }
}

/** What I asked for, the newest first. */
export async function myRequests(db: Db, keys: Keys, actor: { personId: string }): Promise<DataRequestView[]> {
  const rows = await db.dataRequest.findMany({
    where: { personId: actor.personId },
    orderBy: [{ askedAt: 'desc' }, { id: 'desc' }],
    take: 50,
  })
  return presentRequests(db, keys, rows)
}

/** Those of the actor's regions, the newest first. */
export async function listRequests(
  db: Db,
  keys: Keys,
  actor: Actor,
  query: z.output<typeof dataRequestQuery>,
): Promise<Page<DataRequestView>> {
  const after = readCursor(query.cursor, 2)
  const rows = await db.dataRequest.findMany({
    where: {
      AND: [
        inScope(actor, can('dataRequest.read')),
        query.state === undefined ? {} : { state: query.state },
        after === null
          ? {}
          : {
              OR: [
                { askedAt: { lt: new Date(after[0] as string) } },
                { askedAt: new Date(after[0] as string), id: { lt: after[1] as string } },
              ],
            },
      ],
    },
    orderBy: [{ askedAt: 'desc' }, { id: 'desc' }],
    take: query.limit + 1,
  })
  const shown = await presentRequests(db, keys, rows.slice(0, query.limit))
  const views = new Map(shown.map((one) => [one.id, one]))
  return toPage(
    rows,
    query.limit,
    (row) => views.get(row.id) as DataRequestView,
    (row) => cursorOf(row.askedAt.toISOString(), row.id),
  )
}

/** What was said goes after a while; that it was asked and how it ended stays. */
export async function forgetRequests(db: Db, at: Date): Promise<number> {
  const requestKeepDays = await longestSetting(db, 'requestKeepDays', dayOf(at))
  const { count } = await db.dataRequest.updateMany({
    where: { decidedAt: { lt: addSeconds(at, -requestKeepDays * 86_400) }, textSealed: { not: '' } },
    data: { textSealed: '' },
  })
  return count
}

async function presentRequests(db: Reader, keys: Keys, rows: readonly Row[]): Promise<DataRequestView[]> {
  const persons = await openPersons(
    db,
    keys,
    rows.map((one) => one.personId),
  )
  const said = rows.filter((one) => one.textSealed !== '')
  const opened = await openForPersons(
    db,
    keys,
    said.map(({ personId, textSealed }) => ({ personId, table: 'data_request', column: 'text', sealed: textSealed })),
  )
  const texts = new Map(said.map((one, place) => [one.id, opened[place]]))
  const places = new Map<string, string>()
  for (const path of new Set(rows.map((one) => one.regionPath)))
    places.set(path, (await regionsOfPath(db, path)).at(-1)?.name ?? '')
  return rows.map((row) => ({
    id: row.id,
    personId: row.personId,
    maskedName: maskName(persons.get(row.personId)?.name ?? ''),
    kind: row.kind as DataRequestView['kind'],
    text: texts.get(row.id) ?? '',
    state: row.state as DataRequestView['state'],
    askedAt: row.askedAt.toISOString(),
    bySelf: row.askedByPersonId === row.personId,
    decidedAt: row.decidedAt?.toISOString() ?? null,
    answer: row.answer,
    regionName: places.get(row.regionPath) ?? '',
  }))
}
