import type { z } from 'zod'
import { Refusal } from '../../shared/core/refusals'
import type { Page } from '../../shared/core/view'
import type { PlateView } from '../../shared/elder/view'
import { maskName } from '../../shared/person/rules'
import type { plateListQuery } from '../../shared/plate/input'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope, mayOver } from '../core/actor'
import { findBy } from '../core/bulk'
import type { Keys } from '../core/config'
import type { Db, Prisma, Reader } from '../core/db'
import { cursorOf, readCursor, toPage } from '../core/input'
import { elderNames } from '../elder/queries'
import { findRegionInScope, regionNames } from '../region/queries'
import { presentPlate } from './present'
import type { Plate } from './queries'

/** Plates of the actor's regions, the newest first. */
export async function listPlates(
  db: Reader,
  keys: Keys,
  actor: Actor,
  query: z.infer<typeof plateListQuery>,
): Promise<Page<PlateView>> {
  const within =
    query.regionId === undefined
      ? undefined
      : (await findRegionInScope(db, actor, can('plate.read'), query.regionId)).path
  const after = readCursor(query.cursor, 2)
  const where: Prisma.PlateWhereInput[] = [inScope(actor, can('plate.read'), within)]
  if (query.batchId !== undefined) where.push({ batchId: query.batchId })
  if (query.state !== undefined) where.push({ revokedAt: query.state === 'inForce' ? null : { not: null } })
  if (after !== null) where.push(olderThan(after))
  const rows = await db.plate.findMany({
    where: { AND: where },
    orderBy: [{ issuedAt: 'desc' }, { id: 'asc' }],
    take: query.limit + 1,
  })
  const shown = await presentPlates(db, keys, rows.slice(0, query.limit))
  return toPage(
    rows,
    query.limit,
    (row) => shown.get(row.id) as PlateView,
    (row) => cursorOf(row.issuedAt.getTime(), row.id),
  )
}

/** @throws Refusal NOT_FOUND outside the actor's regions */
export async function findPlateViews(
  db: Db,
  keys: Keys,
  actor: Actor,
  plateIds: readonly string[],
): Promise<PlateView[]> {
  const rows = await db.plate.findMany({ where: { id: { in: [...plateIds] } } })
  const shown = await presentPlates(
    db,
    keys,
    rows.filter((row) => mayOver(actor, can('plate.read'), row.regionPath)),
  )
  return plateIds.map((id) => {
    const view = shown.get(id)
    if (view === undefined) throw new Refusal('NOT_FOUND')
    return view
  })
}

/** Views by id, names and places with one query each. */
export async function presentPlates(db: Reader, keys: Keys, plates: readonly Plate[]): Promise<Map<string, PlateView>> {
  const names = await elderNames(
    db,
    keys,
    plates.flatMap((one) => one.elderId ?? []),
  )
  const regions = await regionNames(
    db,
    plates.map((one) => one.regionId),
  )
  const houseIds = plates.map((one) => one.organisationId)
  const houses = new Map((await findBy(db, 'Organisation', 'id', houseIds)).map(({ id, name }) => [id, name]))
  const nameOf = (elderId: string | null) => (elderId === null ? null : maskName(names.get(elderId)?.name ?? ''))
  return new Map(
    plates.map((one) => {
      const regionName = regions.get(one.regionId)?.name ?? ''
      const organisationName = houses.get(one.organisationId ?? '') ?? null
      return [one.id, presentPlate(one, { elderMaskedName: nameOf(one.elderId), organisationName, regionName })]
    }),
  )
}

function olderThan([issuedAt, id]: string[]): Prisma.PlateWhereInput {
  const at = new Date(Number(issuedAt))
  if (Number.isNaN(at.getTime())) throw new Refusal('BAD_INPUT', { field: 'cursor' })
  return { OR: [{ issuedAt: { lt: at } }, { issuedAt: at, id: { gt: id as string } }] }
}
