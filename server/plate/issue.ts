import { Refusal } from '../../shared/core/refusals'
import { type IssuePlatesInput, issuePlatesInput, type WantedPlate } from '../../shared/plate/input'
import { can } from '../../shared/session/permissions'
import { type Actor, mayOver } from '../core/actor'
import { findBy, insertAll } from '../core/bulk'
import { newCodeId, printedNumber } from '../core/code-tokens'
import type { Keys } from '../core/config'
import { type Db, execute, type Tx } from '../core/db'
import { once } from '../core/once'
import { logOperation, logOperations } from '../core/operation-log'
import { addBatch } from './batch'
import type { Plate } from './queries'
import { findPlateToChange } from './revoke'

type Place = { regionId: string; regionPath: string }
type Row = ReturnType<typeof plateRow>
const REPRINTED = '换新牌'

/**
 * Issues a batch of plates and cards. An elder has one of each kind in force, a bed and a site one: a new one ends the
 * old one, so that a photo of a lost plate opens nothing.
 *
 * @returns ids in the order asked
 */
export async function issuePlates(
  db: Db,
  keys: Keys,
  actor: Actor,
  asked: IssuePlatesInput,
  at: Date,
): Promise<{ ids: string[] }> {
  const input = issuePlatesInput.parse(asked)
  return db.$transaction((tx) =>
    once(tx, { key: input.batchId, personId: actor.personId, verb: 'issuePlates', input, at }, async () => {
      const places = await placesOf(tx, actor, input.plates)
      const rows = input.plates.map((one) =>
        plateRow(keys, actor, one, places.get(ownerOf(one)) as Place, input.batchId, at),
      )
      if (new Set(rows.map(whatFor)).size < rows.length) throw new Refusal('BAD_INPUT', { field: 'plates' })
      await leaveBeds(
        tx,
        rows.flatMap(({ kind, elderId }) => (kind === 'bed' && elderId !== null ? [elderId] : [])),
      )
      await replaceOlder(tx, actor, rows, at)
      await insertAll(tx, 'plate', rows)
      await addBatch(tx, actor, { id: input.batchId, plates: rows }, at)
      await logOperations(
        tx,
        actor,
        rows.map((row) => ({
          at,
          action: 'issue',
          resource: 'plate',
          resourceId: row.id,
          regionPath: row.regionPath,
          after: { kind: row.kind, batchId: row.batchId },
        })),
      )
      return { ids: rows.map((row) => row.id) }
    }),
  )
}

/**
 * Takes a plate out of use and issues another of its kind.
 * @throws Refusal PLATE_STATE when it was replaced or revoked before, ELDER_ENDED
 */
export async function replacePlate(
  db: Db,
  keys: Keys,
  actor: Actor,
  plateId: string,
  input: { batchId: string },
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(
      tx,
      { key: input.batchId, personId: actor.personId, verb: 'replacePlate', input: { plateId, ...input }, at },
      async () => {
        const old = await findPlateToChange(tx, actor, plateId)
        const { regionPath } = old
        if (old.elderId !== null) await placesOf(tx, actor, [{ elderId: old.elderId, kind: 'door' }])
        const row = {
          ...plateRow(keys, actor, old, old, input.batchId, at),
          redemptionPointId: old.redemptionPointId,
        }
        const revoked = await tx.plate.updateMany({
          where: { id: plateId, revokedAt: null },
          data: { revokedAt: at, revokedByPersonId: actor.personId, revokeReason: REPRINTED, replacedById: row.id },
        })
        if (revoked.count === 0) throw new Refusal('PLATE_STATE')
        await tx.plate.create({ data: row })
        await addBatch(tx, actor, { id: input.batchId, plates: [row] }, at)
        await logOperation(tx, actor, {
          at,
          action: 'replace',
          resource: 'plate',
          resourceId: plateId,
          regionPath,
          after: { replacedById: row.id },
        })
        return { id: row.id }
      },
    ),
  )
}

/** Whose it is: the elder's, or the house's the bed or the site belongs to. */
function ownerOf(one: WantedPlate): string {
  return 'organisationId' in one ? one.organisationId : one.elderId
}

/** Of two plates for the same only one is in force. */
function whatFor(row: Pick<Plate, 'kind' | 'elderId' | 'organisationId' | 'label'>): string {
  return row.organisationId === null ? `${row.kind} ${row.elderId}` : `${row.kind} ${row.organisationId} ${row.label}`
}

/**
 * Where they are, by whose they are. Locks the elders and houses until the commit: of two who print for the same door at
 * once the later one's plate is in force.
 */
async function placesOf(tx: Tx, actor: Actor, plates: readonly WantedPlate[]): Promise<Map<string, Place>> {
  const elderIds = [...new Set(plates.flatMap((one) => ('elderId' in one ? (one.elderId ?? []) : [])))]
  const houseIds = [...new Set(plates.flatMap((one) => ('organisationId' in one ? [one.organisationId] : [])))]
  await execute(tx, `UPDATE organisation SET "active" = "active" WHERE "id" IN LIST($1)`, houseIds)
  await execute(tx, `UPDATE elder SET "ownPhone" = "ownPhone" WHERE "id" IN LIST($1)`, elderIds)
  const elders = await tx.elder.findMany({ where: { id: { in: elderIds } } })
  const houses = await tx.organisation.findMany({ where: { id: { in: houseIds } } })
  for (const id of elderIds) {
    const elder = elders.find((one) => one.id === id)
    if (elder === undefined || !mayOver(actor, can('plate.keep'), elder.regionPath)) throw new Refusal('NOT_FOUND')
    if (elder.endedDay !== null) throw new Refusal('ELDER_ENDED')
  }
  for (const id of houseIds) {
    const house = houses.find((one) => one.id === id)
    if (house === undefined || !mayOver(actor, can('plate.keep'), house.regionPath)) throw new Refusal('NOT_FOUND')
    if (!house.active) throw new Refusal('ORGANISATION_UNKNOWN')
  }
  return new Map([...elders, ...houses].map(({ id, regionId, regionPath }) => [id, { regionId, regionPath }]))
}

/**
 * Another elder lies in the bed now, or nobody. One elder lies in one bed.
 * @throws Refusal NOT_FOUND, PLATE_KIND, PLATE_STATE, ELDER_ENDED
 */
export async function setBedElder(
  db: Db,
  actor: Actor,
  plateId: string,
  elderId: string | null,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    const plate = await findPlateToChange(tx, actor, plateId)
    if (plate.kind !== 'bed') throw new Refusal('PLATE_KIND')
    if (plate.revokedAt !== null) throw new Refusal('PLATE_STATE')
    if (plate.elderId === elderId) return { id: plateId }
    if (elderId !== null) {
      await placesOf(tx, actor, [{ kind: 'door', elderId }])
      await leaveBeds(tx, [elderId])
    }
    await tx.plate.update({ where: { id: plateId }, data: { elderId } })
    await logOperation(tx, actor, {
      ...{ at, action: 'setBed', resource: 'plate', resourceId: plateId, regionPath: plate.regionPath },
      before: { elderId: plate.elderId },
      after: { elderId },
    })
    return { id: plateId }
  })
}

async function leaveBeds(tx: Tx, elderIds: readonly string[]): Promise<void> {
  if (elderIds.length === 0) return
  await tx.plate.updateMany({
    where: { kind: 'bed', elderId: { in: [...elderIds] }, revokedAt: null },
    data: { elderId: null },
  })
}

/** Every plate in force for the same door, card, bed or site ends, and says which one follows it. */
async function replaceOlder(tx: Tx, actor: Actor, rows: readonly Row[], at: Date): Promise<void> {
  const elderIds = rows.flatMap(({ elderId, organisationId }) => (organisationId === null ? (elderId ?? []) : []))
  const houseIds = rows.flatMap(({ organisationId }) => organisationId ?? [])
  const older = [
    ...(await findBy(tx, 'Plate', 'elderId', elderIds)),
    ...(await findBy(tx, 'Plate', 'organisationId', houseIds)),
  ].filter(({ revokedAt }) => revokedAt === null)
  for (const old of older) {
    const next = rows.find((row) => whatFor(row) === whatFor(old))
    if (next === undefined) continue
    await tx.plate.updateMany({
      where: { id: old.id, revokedAt: null },
      data: { revokedAt: at, revokedByPersonId: actor.personId, revokeReason: REPRINTED, replacedById: next.id },
    })
  }
}

/** What it hangs on, whether it is wanted anew or takes the place of another. */
type Hanging = { kind: string; elderId?: string | null; organisationId?: string | null; label?: string }

function plateRow(keys: Keys, actor: Actor, one: Hanging, place: Place, batchId: string, at: Date) {
  const id = newCodeId()
  return {
    id,
    kind: one.kind,
    keyId: keys.code[0].id,
    serial: printedNumber(id),
    elderId: one.elderId ?? null,
    organisationId: one.organisationId ?? null,
    label: one.label ?? '',
    regionId: place.regionId,
    regionPath: place.regionPath,
    batchId,
    issuedAt: at,
    issuedByPersonId: actor.personId,
  }
}
