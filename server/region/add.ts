import type { z } from 'zod'
import { Refusal, refuse } from '../../shared/core/refusals'
import type { addRegionInput } from '../../shared/region/input'
import { whyNotBelow } from '../../shared/region/rules'
import { can } from '../../shared/session/permissions'
import { type Actor, pathsOf } from '../core/actor'
import type { Db, Tx } from '../core/db'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { takenAs } from '../core/taken'
import { countyOf, findKind, findToKeep, lockTree, nextNumber, refuseTakenCode, versionRow } from './tree'

/** Adds a region below one of the actor's own. The day it begins may lie behind: it only says since when it exists. */
export async function addRegion(
  db: Db,
  actor: Actor,
  input: z.infer<typeof addRegionInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'addRegion', input, at }, async () => {
      await lockTree(tx)
      const { id, parentId, kind, code, name, fullName, validFrom } = input
      const parent = await findToKeep(tx, actor, parentId)
      if (parent.validTo !== null) throw new Refusal('REGION_UNKNOWN', { field: 'parentId' })
      const { level } = await findKindBelow(tx, kind, parent.kind)
      await refuseTakenCode(tx, code)
      const no = await nextNumber(tx)
      const row = { code, name, fullName, kind, parentId, path: `${parent.path}${no}/` }
      await tx.region.create({
        data: { id, no, ...row, countyId: countyOf({ id, level }, parent), validFrom, validTo: null },
      })
      await tx.regionVersion.create({ data: versionRow(id, row, validFrom, actor.personId, at) })
      await logOperation(tx, actor, {
        at,
        action: 'add',
        resource: 'region',
        resourceId: id,
        regionPath: row.path,
        after: row,
      })
      return { id }
    }),
  )
}

async function findKindBelow(tx: Tx, code: string, parentCode: string) {
  const kind = await findKind(tx, code)
  refuse(whyNotBelow(kind, await findKind(tx, parentCode)), { field: 'kind' })
  return kind
}

/**
 * Adds a kind of place: kinds are data.
 * @throws Refusal REGION_CODE_TAKEN
 */
export async function addRegionKind(
  db: Db,
  actor: Actor,
  input: { code: string; name: string; level: number },
  at: Date,
): Promise<{ code: string }> {
  const known = await db.regionKind.findUnique({ where: { code: input.code } })
  if (known !== null && (known.name !== input.name || known.level !== input.level))
    throw new Refusal('REGION_CODE_TAKEN', { field: 'code' })
  if (known !== null) return { code: known.code }
  return takenAs('REGION_CODE_TAKEN', { field: 'code' }, () =>
    db.$transaction(async (tx) => {
      const { code } = await tx.regionKind.create({ data: input })
      const regionPath = pathsOf(actor, can('region.govern'))[0] ?? '/'
      await logOperation(tx, actor, {
        at,
        action: 'add',
        resource: 'regionKind',
        resourceId: code,
        regionPath,
        after: input,
      })
      return { code }
    }),
  )
}
