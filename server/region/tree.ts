import { Refusal } from '../../shared/core/refusals'
import { COUNTY_LEVEL, type Kind } from '../../shared/region/rules'
import { can } from '../../shared/session/permissions'
import { type Actor, mayOver } from '../core/actor'
import type { Reader, Tx } from '../core/db'
import { newId } from '../core/ids'
import type { Region } from './queries'

/** Changes of the tree come one after the other: short numbers, codes and paths are read before they are written. */
export async function lockTree(tx: Tx): Promise<void> {
  await tx.$executeRaw`UPDATE region SET "name" = "name" WHERE "parentId" IS NULL`
}

/**
 * A region that is to be changed, or to get something below it.
 * @throws Refusal NOT_FOUND when it isn't there or lies outside
 */
export async function findToKeep(db: Reader, actor: Actor, regionId: string): Promise<Region> {
  const region = await db.region.findUnique({ where: { id: regionId } })
  if (region === null || !mayOver(actor, can('region.keep'), region.path)) throw new Refusal('NOT_FOUND')
  return region
}

/** @throws Refusal REGION_KIND for a kind nobody defined */
export async function findKind(db: Reader, code: string): Promise<Kind> {
  const kind = await db.regionKind.findUnique({ where: { code } })
  if (kind === null) throw new Refusal('REGION_KIND', { field: 'kind' })
  return kind
}

/** Codes are given again to nobody while they are in use. */
export async function refuseTakenCode(db: Reader, code: string, exceptId?: string): Promise<void> {
  const taken = await db.region.findFirst({
    where: { code, validTo: null, ...(exceptId === undefined ? {} : { id: { not: exceptId } }) },
  })
  if (taken !== null) throw new Refusal('REGION_CODE_TAKEN', { field: 'code' })
}

export async function nextNumber(db: Reader): Promise<number> {
  const { _max } = await db.region.aggregate({ _max: { no: true } })
  return (_max.no ?? 0) + 1
}

/** The county a new region belongs to: its parent's, or itself when it is one. */
export function countyOf(
  region: { id: string; level: number },
  parent: { countyId: string | null } | null,
): string | null {
  return parent?.countyId ?? (region.level === COUNTY_LEVEL ? region.id : null)
}

export type VersionOf = Pick<Region, 'code' | 'name' | 'fullName' | 'kind' | 'parentId' | 'path'>

export function versionRow(regionId: string, of: VersionOf, validFrom: string, byPersonId: string | null, at: Date) {
  const { code, name, fullName, kind, parentId, path } = of
  return { id: newId(at), regionId, validFrom, code, name, fullName, kind, parentId, path, byPersonId, recordedAt: at }
}
