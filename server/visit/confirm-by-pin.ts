import { Refusal } from '../../shared/core/refusals'
import type { PinConfirmInput } from '../../shared/elder/input'
import type { PinElders } from '../../shared/elder/view'
import type { Actor } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db } from '../core/db'
import { logOperation } from '../core/operation-log'
import { pinStates, tryPin } from '../elder/pin'
import { elderNames } from '../elder/queries'
import { findPlate } from '../plate/queries'
import { confirmAs } from './confirm'

/**
 * The elder shows the card and types four digits on the helper's phone: 是，来过了. It is the elder who answers; that it was
 * on this helper's phone, and which card was shown, is in the log of operations.
 *
 * @throws Refusal NOT_FOUND, PLATE_UNKNOWN, PLATE_REVOKED, PLATE_KIND, those of `tryPin` and of `confirm`
 */
export async function confirmByPin(
  db: Db,
  keys: Keys,
  actor: Actor,
  visitId: string,
  input: PinConfirmInput,
  at: Date,
): Promise<{ id: string }> {
  const { id, elderId, code, pin } = input
  const visit = await findOwn(db, actor, visitId)
  const elder = visit.elders.find((one) => one.elderId === elderId)?.elder
  if (elder === undefined) throw new Refusal('NOT_FOUND')
  const found = await findPlate(db, keys, code)
  if (found === null) throw new Refusal('PLATE_UNKNOWN', { field: 'code' })
  const owner = found.plate.elderId
  const isTheirs = owner === elderId || (found.plate.kind === 'door' && (await shareDoor(db, owner, elder.householdId)))
  if (!isTheirs) throw new Refusal('PLATE_KIND', { field: 'code' })
  if (found.state === 'revoked') throw new Refusal('PLATE_REVOKED', { field: 'code' })
  await tryPin(db, keys, { elderId, pin, helperPersonId: actor.personId }, at)
  const by: Actor = {
    ...actor,
    personId: elder.personId,
    roles: [],
    member: null,
    proxyOf: [],
    elder: { id: elderId, regionId: elder.regionId, regionPath: elder.regionPath, countyId: elder.countyId },
  }
  const done = await confirmAs(db, by, visitId, { id, elderId, answer: 'yes', how: 'pin' }, at)
  await db.$transaction((tx) =>
    logOperation(tx, actor, {
      at,
      action: 'confirmByPin',
      resource: 'visit',
      resourceId: visitId,
      regionPath: visit.regionPath,
      after: { elderId, plateId: found.plate.id },
    }),
  )
  return done
}

/** Whom of this visit the helper can ask for the digits. */
export async function pinElders(db: Db, keys: Keys, actor: Actor, visitId: string, at: Date): Promise<PinElders> {
  const visit = await findOwn(db, actor, visitId)
  const ids = visit.elders.map(({ elderId }) => elderId)
  const names = await elderNames(db, keys, ids)
  const states = await pinStates(db, ids, at)
  return {
    elders: ids.map((id) => ({ id, name: names.get(id)?.calledName ?? '', state: states.get(id) ?? 'none' })),
  }
}

async function findOwn(db: Db, actor: Actor, visitId: string) {
  const visit = await db.visit.findUnique({
    where: { id: visitId },
    include: { elders: { include: { elder: true } } },
  })
  if (visit === null || visit.memberPersonId !== actor.personId) throw new Refusal('NOT_FOUND')
  return visit
}

async function shareDoor(db: Db, elderId: string | null, householdId: string): Promise<boolean> {
  return elderId !== null && (await db.elder.count({ where: { id: elderId, householdId } })) > 0
}
