import type { z } from 'zod'
import { Refusal } from '../../shared/core/refusals'
import type { issuePlatesInput } from '../../shared/plate/input'
import { can } from '../../shared/session/permissions'
import { type Actor, mayOver } from '../core/actor'
import { insertAll } from '../core/bulk'
import { newCodeId, printedNumber } from '../core/code-tokens'
import type { Keys } from '../core/config'
import { type Db, Prisma, type Tx } from '../core/db'
import { once } from '../core/once'
import { logOperation, logOperations } from '../core/operation-log'
import type { Plate } from './queries'
import { findPlateToChange } from './revoke'

type Wanted = z.infer<typeof issuePlatesInput>['plates'][number]
type Place = { elderId: string; regionId: string; regionPath: string }
const REPRINTED = '换新牌'

/**
 * Issues a batch of plates and cards. An elder has one of each kind in force: a new one ends the old one, so that a photo
 * of a lost plate opens nothing.
 *
 * @returns ids in the order asked
 */
export async function issuePlates(
  db: Db,
  keys: Keys,
  actor: Actor,
  input: z.infer<typeof issuePlatesInput>,
  at: Date,
): Promise<{ ids: string[] }> {
  return db.$transaction((tx) =>
    once(tx, { key: input.batchId, personId: actor.personId, verb: 'issuePlates', input, at }, async () => {
      const places = await placesOf(tx, actor, input.plates)
      const rows = input.plates.map((one) =>
        plateRow(keys, actor, one.kind, places.get(one.elderId) as Place, input.batchId, at),
      )
      if (new Set(rows.map((row) => `${row.kind}${row.elderId}`)).size < rows.length)
        throw new Refusal('BAD_INPUT', { field: 'plates' })
      await replaceOlder(tx, actor, rows, at)
      await insertAll(tx, 'plate', rows)
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
        const { regionId, regionPath, kind } = old
        if (old.elderId !== null) await placesOf(tx, actor, [{ elderId: old.elderId, kind: 'door' }])
        const row = {
          ...plateRow(keys, actor, kind, { elderId: old.elderId ?? '', regionId, regionPath }, input.batchId, at),
          elderId: old.elderId,
          redemptionPointId: old.redemptionPointId,
        }
        const revoked = await tx.plate.updateMany({
          where: { id: plateId, revokedAt: null },
          data: { revokedAt: at, revokedByPersonId: actor.personId, revokeReason: REPRINTED, replacedById: row.id },
        })
        if (revoked.count === 0) throw new Refusal('PLATE_STATE')
        await tx.plate.create({ data: row })
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

/** Locks the elders until the commit: of two who print for the same door at once the later one's plate is in force. */
async function placesOf(tx: Tx, actor: Actor, plates: readonly Wanted[]): Promise<Map<string, Place>> {
  const ids = [...new Set(plates.map((one) => one.elderId))]
  await tx.$executeRaw`UPDATE elder SET "ownPhone" = "ownPhone" WHERE "id" IN (${Prisma.join(ids)})`
  const elders = await tx.elder.findMany({ where: { id: { in: ids } } })
  for (const id of ids) {
    const elder = elders.find((one) => one.id === id)
    if (elder === undefined || !mayOver(actor, can('plate.keep'), elder.regionPath)) throw new Refusal('NOT_FOUND')
    if (elder.endedDay !== null) throw new Refusal('ELDER_ENDED')
  }
  return new Map(elders.map(({ id, regionId, regionPath }) => [id, { elderId: id, regionId, regionPath }]))
}

/** Every plate of these elders and kinds that was in force ends, and says which one follows it. */
async function replaceOlder(
  tx: Tx,
  actor: Actor,
  rows: readonly Pick<Plate, 'id' | 'kind' | 'elderId'>[],
  at: Date,
): Promise<void> {
  const older = await tx.plate.findMany({
    where: { elderId: { in: rows.flatMap((row) => row.elderId ?? []) }, revokedAt: null },
    select: { id: true, kind: true, elderId: true },
  })
  for (const { id, kind, elderId } of older) {
    const next = rows.find((row) => row.kind === kind && row.elderId === elderId)
    if (next === undefined) continue
    await tx.plate.updateMany({
      where: { id, revokedAt: null },
      data: { revokedAt: at, revokedByPersonId: actor.personId, revokeReason: REPRINTED, replacedById: next.id },
    })
  }
}

function plateRow(keys: Keys, actor: Actor, kind: string, place: Place, batchId: string, at: Date) {
  const id = newCodeId()
  return {
    id,
    kind,
    keyId: keys.code[0].id,
    serial: printedNumber(id),
    ...place,
    batchId,
    issuedAt: at,
    issuedByPersonId: actor.personId,
  }
}
