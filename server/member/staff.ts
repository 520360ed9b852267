import type { z } from 'zod'
import { Refusal, refuse } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import type { Page } from '../../shared/core/view'
import type { addStaffInput, endStaffInput, staffListQuery } from '../../shared/member/input'
import { whyNotEndRole, whyNotGiveRole, whyNotHoldRole } from '../../shared/member/rules'
import type { StaffView } from '../../shared/member/view'
import type { PersonInput } from '../../shared/person/input'
import { can } from '../../shared/session/permissions'
import type { Role } from '../../shared/session/view'
import { type Actor, inScope, mayOver, postsOver } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db, Prisma, Reader, Tx } from '../core/db'
import { cursorOf, readCursor, toPage } from '../core/input'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { addPerson, openPersons } from '../person/vault'
import { findRegionInScope, isInForce, regionNames } from '../region/queries'
import { presentStaff } from './present'

type Row = Awaited<ReturnType<Db['staffRole']['findUniqueOrThrow']>>
type Appointment = {
  id: string
  role: Role
  regionId: string
  redemptionPointId?: string | undefined
  person: PersonInput
  validFrom: string
}

/** Gives somebody a power over a region of the actor's own, none above the actor's, and never to the actor. */
export async function addStaff(
  db: Db,
  keys: Keys,
  actor: Actor,
  input: z.infer<typeof addStaffInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'addStaff', input, at }, async () => {
      const region = await tx.region.findUnique({ where: { id: input.regionId } })
      if (region === null) throw new Refusal('REGION_UNKNOWN', { field: 'regionId' })
      if (!mayOver(actor, can('staff.appoint'), region.path)) throw new Refusal('REGION_OUTSIDE', { field: 'regionId' })
      refuse(whyNotGiveRole(postsOver(actor, can('staff.appoint'), region.path), input.role), { field: 'role' })
      const { personId } = await appoint(tx, keys, input, at)
      if (personId === actor.personId) throw new Refusal('NOT_ALLOWED', { field: 'person' })
      await logOperation(tx, actor, {
        at,
        action: 'appoint',
        resource: 'staff',
        resourceId: input.id,
        regionPath: region.path,
        after: { role: input.role, personId, validFrom: input.validFrom },
      })
      return { id: input.id }
    }),
  )
}

/**
 * Writes a power down, whoever decided it: the operator's command makes the first one of a county with this.
 * @throws Refusal REGION_UNKNOWN, POINT_UNKNOWN, MEMBER_EXISTS, ROLE_CONFLICT
 */
export async function appoint(
  tx: Tx,
  keys: Keys,
  { id, role, regionId, redemptionPointId, person, validFrom }: Appointment,
  at: Date,
): Promise<{ personId: string }> {
  const region = await tx.region.findUnique({ where: { id: regionId } })
  if (region === null || !isInForce(region, validFrom)) throw new Refusal('REGION_UNKNOWN', { field: 'regionId' })
  await refuseWrongPoint(tx, role, redemptionPointId, region.path)
  const { personId } = await addPerson(tx, keys, person, at)
  const held = await tx.staffRole.findMany({
    where: { personId, OR: [{ validTo: null }, { validTo: { gte: validFrom } }] },
  })
  if (held.some((one) => one.role === role && one.regionId === regionId))
    throw new Refusal('MEMBER_EXISTS', { field: 'person' })
  refuse(
    whyNotHoldRole(
      held.map((one) => one.role as Role),
      role,
    ),
    { field: 'role' },
  )
  await tx.staffRole.create({
    data: {
      id,
      personId,
      role,
      regionId,
      regionPath: region.path,
      redemptionPointId: redemptionPointId ?? null,
      validFrom,
      validTo: null,
    },
  })
  return { personId }
}

/** Ends a power; the last day is included. */
export async function endStaff(
  db: Db,
  actor: Actor,
  staffId: string,
  input: z.infer<typeof endStaffInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    const row = await tx.staffRole.findFirst({ where: { id: staffId, AND: [inScope(actor, can('staff.appoint'))] } })
    if (row === null) throw new Refusal('NOT_FOUND')
    if (row.validTo === input.validTo) return { id: staffId }
    refuse(whyNotGiveRole(postsOver(actor, can('staff.appoint'), row.regionPath), row.role as Role))
    refuse(whyNotEndRole(row, input.validTo, dayOf(at)), { field: 'validTo' })
    await tx.staffRole.update({ where: { id: staffId }, data: { validTo: input.validTo } })
    await logOperation(tx, actor, {
      at,
      action: 'end',
      resource: 'staff',
      resourceId: staffId,
      regionPath: row.regionPath,
      before: { validTo: row.validTo },
      after: { validTo: input.validTo },
    })
    return { id: staffId }
  })
}

/** Who holds which power in the actor's regions; ended ones too. */
export async function listStaff(
  db: Db,
  keys: Keys,
  actor: Actor,
  query: z.infer<typeof staffListQuery>,
): Promise<Page<StaffView>> {
  const within =
    query.regionId === undefined
      ? undefined
      : (await findRegionInScope(db, actor, can('staff.read'), query.regionId)).path
  const after = readCursor(query.cursor, 2)
  const where: Prisma.StaffRoleWhereInput[] = [inScope(actor, can('staff.read'), within)]
  if (query.role !== undefined) where.push({ role: query.role })
  if (after !== null)
    where.push({ OR: [{ regionPath: { gt: after[0] } }, { regionPath: after[0], id: { gt: after[1] } }] })
  const rows = await db.staffRole.findMany({
    where: { AND: where },
    orderBy: [{ regionPath: 'asc' }, { id: 'asc' }],
    take: query.limit + 1,
  })
  const shown = await presentAllStaff(db, keys, rows.slice(0, query.limit))
  return toPage(
    rows,
    query.limit,
    (row) => shown.get(row.id) as StaffView,
    (row) => cursorOf(row.regionPath, row.id),
  )
}

export async function findStaff(db: Db, keys: Keys, staffId: string): Promise<StaffView> {
  const row = await db.staffRole.findUniqueOrThrow({ where: { id: staffId } })
  return (await presentAllStaff(db, keys, [row])).get(staffId) as StaffView
}

async function presentAllStaff(db: Reader, keys: Keys, rows: readonly Row[]): Promise<Map<string, StaffView>> {
  const persons = await openPersons(
    db,
    keys,
    rows.map((one) => one.personId),
  )
  const regions = await regionNames(
    db,
    rows.map((one) => one.regionId),
  )
  const points = await db.redemptionPoint.findMany({
    where: { id: { in: rows.flatMap((one) => one.redemptionPointId ?? []) } },
  })
  const off = await db.person.findMany({
    where: { id: { in: [...new Set(rows.map((one) => one.personId))] }, disabledAt: { not: null } },
    select: { id: true },
  })
  return new Map(
    rows.map((one) => [
      one.id,
      presentStaff(
        { ...one, disabled: off.some(({ id }) => id === one.personId) },
        persons.get(one.personId),
        regions.get(one.regionId),
        points.find((each) => each.id === one.redemptionPointId)?.name,
      ),
    ]),
  )
}

/** A counter belongs to a redemption point of the region; other roles to none. */
async function refuseWrongPoint(tx: Tx, role: Role, pointId: string | undefined, regionPath: string): Promise<void> {
  if ((role === 'redemptionPoint') !== (pointId !== undefined))
    throw new Refusal(pointId === undefined ? 'REQUIRED' : 'BAD_INPUT', { field: 'redemptionPointId' })
  if (pointId === undefined) return
  const point = await tx.redemptionPoint.findUnique({ where: { id: pointId } })
  if (point === null || !point.active || !point.regionPath.startsWith(regionPath))
    throw new Refusal('POINT_UNKNOWN', { field: 'redemptionPointId' })
}
