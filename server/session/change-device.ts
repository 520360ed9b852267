import { Refusal } from '../../shared/core/refusals'
import { addSeconds, dayOf } from '../../shared/core/time'
import type { OwnDevice } from '../../shared/session/view'
import type { Actor } from '../core/actor'
import type { Reader } from '../core/db'
import { logOperation } from '../core/operation-log'
import type { Parts } from '../core/route'
import { findByPhone } from '../person/vault'
import { settingsAt } from '../region/settings'
import { isDemo } from './demo'
import { bindDevice, boundPhones } from './device'
import { phoneOf } from './wechat'

/**
 * Binds the phone the actor is logged in on instead of the one before: with a code of the own telephone number, and not
 * again within some hours. What the old phone did before can still be uploaded from it.
 *
 * @throws Refusal NOT_ALLOWED without a phone, DEVICE_PHONE, DEVICE_COOLDOWN, WECHAT_CODE_WRONG, WECHAT_UNREACHABLE
 */
export async function changeDevice(
  parts: Parts,
  actor: Actor,
  input: { phoneCode?: string | undefined },
  at: Date,
): Promise<{ id: string }> {
  const { db } = parts
  const { deviceId, personId } = actor
  if (deviceId === null) throw new Refusal('NOT_ALLOWED')
  if (await isBound(db, personId, deviceId)) return { id: deviceId }
  await prove(parts, personId, input.phoneCode)
  const regionPath = homePath(actor)
  const { deviceChangeHours } = await settingsAt(db, regionPath, dayOf(at))
  return db.$transaction(async (tx) => {
    const from = await changeFrom(tx, personId, deviceChangeHours)
    if (from !== null && at < from) throw new Refusal('DEVICE_COOLDOWN')
    await tx.device.updateMany({ where: { personId, unboundAt: null }, data: { unboundAt: at } })
    await bindDevice(tx, personId, deviceId, at)
    await logOperation(tx, actor, {
      at,
      action: 'changeDevice',
      resource: 'person',
      resourceId: personId,
      regionPath,
    })
    return { id: deviceId }
  })
}

/** Which phone proves one's visits, since when, and from when on another one may. */
export async function ownDevice({ db, config }: Parts, actor: Actor, at: Date): Promise<OwnDevice> {
  const { deviceId, personId } = actor
  const { deviceChangeHours } = await settingsAt(db, homePath(actor), dayOf(at))
  const bound = await db.device.findFirst({ where: { personId, unboundAt: null } })
  const from = await changeFrom(db, personId, deviceChangeHours)
  return {
    state: deviceId === null ? 'none' : bound?.deviceId === deviceId ? 'bound' : 'other',
    boundAt: bound?.boundAt.toISOString() ?? null,
    changeFrom: from !== null && at < from ? from.toISOString() : null,
    coolDownHours: deviceChangeHours,
    needsPhone: !(await isDemo(db, config.demo)),
  }
}

function homePath(actor: Actor): string {
  return actor.member?.regionPath ?? actor.roles[0]?.regionPath ?? actor.elder?.regionPath ?? '/'
}

/** From when on the phone may be changed again; null: it never was. */
async function changeFrom(db: Reader, personId: string, hours: number): Promise<Date | null> {
  const last = await db.device.findFirst({
    where: { personId, unboundAt: { not: null } },
    orderBy: { unboundAt: 'desc' },
  })
  return last?.unboundAt ? addSeconds(last.unboundAt, hours * 3600) : null
}

/** A demonstration has no telephone numbers: choosing the identity again is all the proof there is. */
async function prove(parts: Parts, personId: string, phoneCode: string | undefined): Promise<void> {
  if (phoneCode === undefined) {
    if (await isDemo(parts.db, parts.config.demo)) return
    throw new Refusal('REQUIRED', { field: 'phoneCode' })
  }
  const owners = await findByPhone(parts.db, parts.config.keys, await phoneOf(parts, phoneCode))
  if (!owners.includes(personId)) throw new Refusal('DEVICE_PHONE')
}

async function isBound(db: Reader, personId: string, deviceId: string): Promise<boolean> {
  return (await boundPhones(db, [deviceId])).some((one) => one.personId === personId && one.unboundAt === null)
}
