import type { z } from 'zod'
import { Refusal, refuse } from '../../shared/core/refusals'
import { type Day, dayOf } from '../../shared/core/time'
import type { changeRegionInput, closeRegionInput } from '../../shared/region/input'
import { whyNotFrom, whyNotMoveRegion } from '../../shared/region/rules'
import type { Actor } from '../core/actor'
import { type Db, type Tx, underPath } from '../core/db'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { applyVersion } from './apply'
import type { Region } from './queries'
import { forgetSettings } from './settings'
import { findKind, findToKeep, lockTree, refuseTakenCode, versionRow } from './tree'

/**
 * Renames, recodes or moves a region from a day on. Today's change takes effect at once; a later one waits for
 * `applyRegionChanges`. Records keep the path of their day.
 */
export async function changeRegion(
  db: Db,
  actor: Actor,
  regionId: string,
  input: z.infer<typeof changeRegionInput>,
  at: Date,
): Promise<{ id: string }> {
  const outcome = await db.$transaction((tx) =>
    once(
      tx,
      { key: input.id, personId: actor.personId, verb: 'changeRegion', input: { regionId, ...input }, at },
      async () => {
        await lockTree(tx)
        const region = await findToKeep(tx, actor, regionId)
        refuse(whyNotFrom(input.validFrom, dayOf(at)), { field: 'validFrom' })
        await refuseBeforeLaterChange(tx, regionId, input.validFrom)
        const after = await changed(tx, actor, region, input)
        await tx.regionVersion.create({ data: versionRow(regionId, after, input.validFrom, actor.personId, at) })
        if (input.validFrom === dayOf(at)) await applyVersion(tx, regionId, after, at)
        const { code, name, fullName, kind, parentId, path } = region
        await logOperation(tx, actor, {
          at,
          action: 'change',
          resource: 'region',
          resourceId: regionId,
          regionPath: path,
          before: { code, name, fullName, kind, parentId },
          after: { ...after, validFrom: input.validFrom },
        })
        return { id: regionId }
      },
    ),
  )
  forgetSettings(db)
  return outcome
}

/**
 * Ends a region, the day included. Nothing and nobody may be left in it.
 * @throws Refusal REGION_NOT_EMPTY
 */
export async function closeRegion(
  db: Db,
  actor: Actor,
  regionId: string,
  input: z.infer<typeof closeRegionInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    await lockTree(tx)
    const region = await findToKeep(tx, actor, regionId)
    if (region.validTo === input.validTo) return { id: regionId }
    refuse(whyNotFrom(input.validTo, dayOf(at)), { field: 'validTo' })
    if (await holdsAnything(tx, region)) throw new Refusal('REGION_NOT_EMPTY')
    await tx.region.update({ where: { id: regionId }, data: { validTo: input.validTo } })
    await logOperation(tx, actor, {
      at,
      action: 'close',
      resource: 'region',
      resourceId: regionId,
      regionPath: region.path,
      after: { validTo: input.validTo },
    })
    return { id: regionId }
  })
}

async function changed(tx: Tx, actor: Actor, region: Region, input: z.infer<typeof changeRegionInput>) {
  const {
    name = region.name,
    fullName = region.fullName,
    code = region.code,
    kind = region.kind,
    parentId = region.parentId,
  } = input
  if (code !== region.code) await refuseTakenCode(tx, code, region.id)
  const parent = await parentOf(tx, actor, region, parentId)
  if (parent !== null) {
    const [below, above] = [await findKind(tx, kind), await findKind(tx, parent.kind)]
    refuse(whyNotMoveRegion({ path: region.path, kind: below }, { path: parent.path, kind: above }), {
      field: kind === region.kind ? 'parentId' : 'kind',
    })
  }
  return { code, name, fullName, kind, parentId, path: `${parent?.path ?? '/'}${region.no}/` }
}

/** A region stays where it is, or goes to another place of the same keeper. */
async function parentOf(tx: Tx, actor: Actor, region: Region, parentId: string | null): Promise<Region | null> {
  if (parentId === null) return null
  if (parentId === region.parentId) return tx.region.findUniqueOrThrow({ where: { id: parentId } })
  const parent = await findToKeep(tx, actor, parentId)
  if (parent.validTo !== null) throw new Refusal('REGION_UNKNOWN', { field: 'parentId' })
  return parent
}

/** A version says all of a region: one decided for a later day would undo what is put before it now. */
async function refuseBeforeLaterChange(tx: Tx, regionId: string, validFrom: Day): Promise<void> {
  const later = await tx.regionVersion.findFirst({ where: { regionId, validFrom: { gt: validFrom } } })
  if (later !== null) throw new Refusal('DATE_ORDER', { field: 'validFrom', decidedFor: later.validFrom })
}

async function holdsAnything(tx: Tx, region: Region): Promise<boolean> {
  const within = { regionPath: underPath(region.path) }
  const counts = [
    await tx.region.count({ where: { parentId: region.id, validTo: null } }),
    await tx.elder.count({ where: { ...within, endedDay: null } }),
    await tx.member.count({ where: { ...within, state: { not: 'ended' } } }),
    await tx.staffRole.count({ where: { ...within, validTo: null } }),
  ]
  return counts.some((count) => count > 0)
}
