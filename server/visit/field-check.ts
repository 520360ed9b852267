import type { z } from 'zod'
import { Refusal, refuse } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import { maskName } from '../../shared/person/rules'
import { can } from '../../shared/session/permissions'
import type { fieldCheckInput, fieldChecksQuery } from '../../shared/visit/input'
import type { FieldCheckView } from '../../shared/visit/view'
import { whyNotStep } from '../audit/duties'
import { type Actor, inScope, mayOver } from '../core/actor'
import { insertAll } from '../core/bulk'
import type { Keys } from '../core/config'
import { type Db, type Tx, transact } from '../core/db'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { openForPersons, openPersons, sealForPerson } from '../person/vault'
import { findPlate } from '../plate/queries'
import { readDoors } from './elders'
import { judgeEnd, type Offline, readEndKnowledge, recordedAt } from './end'
import { readSettings } from './settings'

type Input = z.infer<typeof fieldCheckInput>
type By = { actor: Actor; at: Date; offline?: Offline | undefined }

/**
 * Staff stood at a door and looked whether all is well: kept with how well it is proved, and nobody earns by it.
 *
 * Where the reviewers work apart it is for who verifies.
 *
 * @throws Refusal PLATE_UNKNOWN, PLATE_KIND, NOT_FOUND outside the actor's regions, REVIEWER_DUTY
 */
export async function checkField(db: Db, keys: Keys, by: By, input: Input): Promise<{ elderId: string }> {
  const { place: _place, ...asked } = input
  const key = { key: input.id, personId: by.actor.personId, verb: 'checkField', input: asked, at: recordedAt(by) }
  return transact(db, (tx) => once(tx, key, () => keepCheck(tx, keys, by, input)))
}

async function keepCheck(tx: Tx, keys: Keys, by: By, input: Input): Promise<{ elderId: string }> {
  const { actor, at, offline } = by
  const found = await findPlate(tx, keys, input.code)
  if (found === null) throw new Refusal('PLATE_UNKNOWN', { field: 'code' })
  const { elderId, regionPath } = found.plate
  if (elderId === null) throw new Refusal('PLATE_KIND', { field: 'code' })
  if (!mayOver(actor, can('visit.keep'), regionPath)) throw new Refusal('NOT_FOUND')
  refuse(await whyNotStep(tx, actor, 'verify', regionPath, at))
  const elder = await tx.elder.findUniqueOrThrow({ where: { id: elderId } })
  const day = { regionPath: elder.regionPath, day: dayOf(at) }
  const settings = (await readSettings(tx, [day]))(day.regionPath, day.day)
  const home = { siteId: null, elders: [elder] }
  const doors = await readDoors(tx, keys, [home])
  const press = { actor, code: input.code, place: input.place, deviceAt: at.toISOString(), at, offline }
  const known = await readEndKnowledge(tx, keys, [press])
  const { arrival, level } = judgeEnd(press, doors(home, settings), 'in', known)
  const { note, result, id } = input
  await insertAll(tx, 'field_check', [
    {
      ...{
        id,
        plateId: found.plate.id,
        elderId,
        regionId: elder.regionId,
        regionPath: elder.regionPath,
        result,
        level,
      },
      noteSealed: note ? await sealForPerson(tx, keys, elder.personId, 'field_check', 'note', note) : null,
      ...{ byPersonId: actor.personId, deviceId: actor.deviceId, at, recordedAt: recordedAt(by) },
      distanceMetres: arrival.distanceMetres === null ? null : Math.round(arrival.distanceMetres),
    },
  ])
  await logOperation(tx, actor, {
    at: recordedAt(by),
    action: 'fieldCheck',
    resource: 'elder',
    resourceId: elderId,
    regionPath: elder.regionPath,
    after: { result },
  })
  return { elderId }
}

/**
 * What was seen at an elder's door lately, the newest first.
 * @throws Refusal NOT_FOUND outside the actor's regions
 */
export async function listFieldChecks(
  db: Db,
  keys: Keys,
  actor: Actor,
  { elderId }: z.infer<typeof fieldChecksQuery>,
): Promise<FieldCheckView[]> {
  const elder = await db.elder.findFirst({ where: { id: elderId, ...inScope(actor, can('visit.read')) } })
  if (elder === null) throw new Refusal('NOT_FOUND')
  const rows = await db.fieldCheck.findMany({
    where: { elderId },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: 20,
  })
  const noted = rows.filter(({ noteSealed }) => noteSealed !== null)
  const notes = await openForPersons(
    db,
    keys,
    noted.map(({ noteSealed }) => ({
      personId: elder.personId,
      table: 'field_check',
      column: 'note',
      sealed: noteSealed as string,
    })),
  )
  const noteOf = new Map(noted.map(({ id }, place) => [id, notes[place] ?? null]))
  const persons = await openPersons(
    db,
    keys,
    rows.map(({ byPersonId }) => byPersonId),
  )
  return rows.map((row) => ({
    id: row.id,
    at: row.at.toISOString(),
    recordedAt: row.recordedAt.toISOString(),
    result: row.result as FieldCheckView['result'],
    level: row.level,
    distanceMetres: row.distanceMetres,
    note: noteOf.get(row.id) ?? null,
    byName: maskName(persons.get(row.byPersonId)?.name ?? ''),
  }))
}
