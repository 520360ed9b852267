import type { z } from 'zod'
import { Refusal } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import type { AddOrganisationInput, changeOrganisationInput, organisationListQuery } from '../../shared/registry/input'
import type { OrganisationView } from '../../shared/registry/view'
import type { Need, OrganisationKind } from '../../shared/registry/words'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope } from '../core/actor'
import { insertAll } from '../core/bulk'
import type { Db, Reader, Tx } from '../core/db'
import { cursorOf, readCursor, toPage } from '../core/input'
import { once } from '../core/once'
import { logOperation, logOperations } from '../core/operation-log'
import { findPlaceInScope, findRegionInScope, regionNames } from '../region/queries'
import { queueAgain, queueTexts } from '../text/queue'
import { pointsOfOrganisations } from './points'

type Place = { id: string; path: string; countyId: string }

/** @throws Refusal NAME_TAKEN, and those of `findPlaceInScope` */
export async function addOrganisation(
  db: Db,
  actor: Actor,
  input: AddOrganisationInput,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'addOrganisation', input, at }, async () => {
      const place = await findPlaceInScope(tx, actor, can('registry.keep'), input.regionId, dayOf(at))
      await putOrganisations(tx, actor, [{ input, place, source: 'desk', externalNo: null }], at)
      return { id: input.id }
    }),
  )
}

type Put = {
  input: Omit<AddOrganisationInput, 'regionId'>
  place: Place
  source: 'desk' | 'import'
  externalNo: string | null
}

/** The same for a list inside somebody's transaction. @throws Refusal NAME_TAKEN */
export async function putOrganisations(tx: Tx, actor: Actor, puts: readonly Put[], at: Date): Promise<void> {
  await insertAll(
    tx,
    'organisation',
    puts.map(({ input: { needs, ...fields }, place, source, externalNo }) => ({
      ...fields,
      ...{ needs: needs.join(','), regionId: place.id, regionPath: place.path, countyId: place.countyId },
      ...{ source, externalNo, byPersonId: actor.personId, recordedAt: at },
    })),
    'NAME_TAKEN',
    { field: 'name' },
  )
  await queueTexts(
    tx,
    puts.map(({ input: { id }, place }) => ({
      ...{ id, kind: 'organisation', byPersonId: actor.personId, regionPath: place.path },
    })),
    at,
  )
  await logOperations(
    tx,
    actor,
    puts.map(({ input: { id, kind, name }, place }) => ({
      ...{ at, action: 'add', resource: 'organisation', resourceId: id, regionPath: place.path },
      after: { kind, name },
    })),
  )
}

/** @throws Refusal NOT_FOUND, NAME_TAKEN */
export async function changeOrganisation(
  db: Db,
  actor: Actor,
  id: string,
  { needs, ...fields }: z.output<typeof changeOrganisationInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    const before = await tx.organisation.findFirst({ where: { id, ...inScope(actor, can('registry.keep')) } })
    if (before === null) throw new Refusal('NOT_FOUND')
    const { regionId, regionPath } = before
    const twin = await tx.organisation.findFirst({
      where: { regionId, kind: fields.kind, name: fields.name, id: { not: id } },
    })
    if (twin !== null) throw new Refusal('NAME_TAKEN', { field: 'name' })
    await tx.organisation.update({ where: { id }, data: { ...fields, needs: needs.join(',') } })
    if (before.name !== fields.name)
      await queueAgain(tx, { id, kind: 'organisation', byPersonId: actor.personId, regionPath }, at)
    await logOperation(tx, actor, {
      ...{ at, action: 'change', resource: 'organisation', resourceId: id, regionPath },
      before: { name: before.name, active: before.active },
      after: { name: fields.name, active: fields.active },
    })
    return { id }
  })
}

type Row = Awaited<ReturnType<Db['organisation']['findUniqueOrThrow']>>

/** Places and bodies of the actor's regions, village by village. */
export async function listOrganisations(db: Db, actor: Actor, query: z.output<typeof organisationListQuery>) {
  const within =
    query.regionId === undefined ? undefined : await findRegionInScope(db, actor, can('registry.read'), query.regionId)
  const cursor = readCursor(query.cursor, 3)
  const [path = '', name = '', id = ''] = cursor ?? []
  const rows = await db.organisation.findMany({
    where: {
      AND: [
        inScope(actor, can('registry.read'), within?.path),
        query.kind === undefined ? {} : { kind: query.kind },
        query.active === undefined ? {} : { active: query.active === '1' },
        cursor === null
          ? {}
          : {
              OR: [
                { regionPath: { gt: path } },
                { regionPath: path, name: { gt: name } },
                { regionPath: path, name, id: { gt: id } },
              ],
            },
      ],
    },
    orderBy: [{ regionPath: 'asc' }, { name: 'asc' }, { id: 'asc' }],
    take: query.limit + 1,
  })
  const views = new Map((await presentOrganisations(db, rows)).map((one) => [one.id, one]))
  return toPage(
    rows,
    query.limit,
    (row) => views.get(row.id) as OrganisationView,
    (row) => cursorOf(row.regionPath, row.name, row.id),
  )
}

export async function showOrganisation(db: Reader, id: string): Promise<OrganisationView> {
  const [view] = await presentOrganisations(db, [await db.organisation.findUniqueOrThrow({ where: { id } })])
  return view as OrganisationView
}

async function presentOrganisations(db: Reader, rows: readonly Row[]): Promise<OrganisationView[]> {
  const places = await regionNames(
    db,
    rows.map((one) => one.regionId),
  )
  const teams = await db.memberRecord.groupBy({
    by: ['organisationId'],
    where: { organisationId: { in: rows.map((one) => one.id) }, kind: 'team', withdrawnAt: null, untilDay: null },
    _count: true,
  })
  const pointsOf = await pointsOfOrganisations(db, rows)
  const sizes = new Map(teams.map((one) => [one.organisationId, one._count]))
  return rows.map(({ regionPath: _, countyId: __, byPersonId: ___, recordedAt: ____, ...one }) => ({
    ...one,
    kind: one.kind as OrganisationKind,
    needs: one.needs.split(',').filter((need) => need !== '') as Need[],
    regionName: places.get(one.regionId)?.name ?? '',
    members: sizes.get(one.id) ?? 0,
    milliPoints: pointsOf(one.id).toString(),
  }))
}
