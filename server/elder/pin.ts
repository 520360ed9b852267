import { hash, verify } from '@node-rs/argon2'
import type { z } from 'zod'
import { Refusal, refuse } from '../../shared/core/refusals'
import { addSeconds, dayOf } from '../../shared/core/time'
import type { setPinInput } from '../../shared/elder/input'
import { whyNotPin } from '../../shared/elder/rules'
import type { PinView } from '../../shared/elder/view'
import { can } from '../../shared/session/permissions'
import { type Actor, mayOver } from '../core/actor'
import { findBy } from '../core/bulk'
import type { Keys } from '../core/config'
import { blindIndex } from '../core/crypto'
import { type Db, execute, query, type Reader, type Tx, transact } from '../core/db'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { settingsAt } from '../region/settings'

type SetPin = z.infer<typeof setPinInput>
type How = 'app' | 'proxy' | 'paper'

/**
 * The elder chooses four digits, or has them set: by who may confirm for the elder, by staff from a signed form. Setting
 * them anew unlocks.
 *
 * @throws Refusal NOT_FOUND, PIN_WEAK
 */
export async function setPin(
  db: Db,
  keys: Keys,
  actor: Actor,
  elderId: string,
  input: SetPin,
  at: Date,
): Promise<{ id: string }> {
  refuse(whyNotPin(input.pin), { field: 'pin' })
  const secret = await hash(input.pin, { secret: pepperOf(keys) })
  // The digits themselves are no part of what is remembered of the request: a hash of four digits hides nothing.
  return db.$transaction((tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'setPin', input: { elderId }, at }, async () => {
      const elder = await tx.elder.findUnique({ where: { id: elderId } })
      const how = elder === null ? null : howOf(actor, elder)
      if (elder === null || how === null) throw new Refusal('NOT_FOUND')
      const row = { hash: secret, how, setByPersonId: actor.personId, setAt: at, failures: 0, lockedUntil: null }
      await tx.elderPin.upsert({ where: { elderId }, create: { elderId, ...row }, update: row })
      await logOperation(tx, actor, {
        at,
        action: 'setPin',
        resource: 'elder',
        resourceId: elderId,
        regionPath: elder.regionPath,
        after: { how },
      })
      return { id: elderId }
    }),
  )
}

/** Whether there is one, and whether it is locked; never the digits. */
export async function readPin(db: Db, actor: Actor, elderId: string, at: Date): Promise<PinView> {
  const elder = await db.elder.findUnique({ where: { id: elderId } })
  if (elder === null || howOf(actor, elder) === null) throw new Refusal('NOT_FOUND')
  const pin = await db.elderPin.findUnique({ where: { elderId } })
  return {
    isSet: pin !== null,
    setAt: pin?.setAt.toISOString() ?? null,
    how: pin?.how ?? null,
    lockedUntil: pin !== null && isLocked(pin, at) ? (pin.lockedUntil as Date).toISOString() : null,
  }
}

/** Whether these elders have one that can be used now. */
export async function pinStates(
  db: Reader,
  elderIds: readonly string[],
  at: Date,
): Promise<Map<string, 'none' | 'ready' | 'locked'>> {
  const pins = new Map((await findBy(db, 'ElderPin', 'elderId', elderIds)).map((pin) => [pin.elderId, pin]))
  return new Map(
    elderIds.map((id) => {
      const pin = pins.get(id)
      return [id, pin === undefined ? 'none' : isLocked(pin, at) ? 'locked' : 'ready']
    }),
  )
}

/**
 * Tries four digits. A try is counted before it is looked at, in a commit of its own, so that nobody gets more of them by
 * trying at once; a right one sets the count back.
 *
 * @param helperPersonId who holds the phone: whoever set the digits can't confirm an own service by them
 * @throws Refusal PIN_NONE, PIN_BY_HELPER, PIN_LOCKED, PIN_WRONG
 */
export async function tryPin(
  db: Db,
  keys: Keys,
  { elderId, pin, helperPersonId }: { elderId: string; pin: string; helperPersonId: string },
  at: Date,
): Promise<void> {
  const known = await db.elderPin.findUnique({ where: { elderId } })
  if (known === null) throw new Refusal('PIN_NONE')
  if (known.setByPersonId === helperPersonId) throw new Refusal('PIN_BY_HELPER')
  if (!(await transact(db, (tx) => countTry(tx, elderId, at)))) throw new Refusal('PIN_LOCKED')
  if (!(await verify(known.hash, pin, { secret: pepperOf(keys) }))) throw new Refusal('PIN_WRONG', { field: 'pin' })
  await db.elderPin.updateMany({ where: { elderId, hash: known.hash }, data: { failures: 0, lockedUntil: null } })
}

/** @returns whether there was a try left; the last one locks */
async function countTry(tx: Tx, elderId: string, at: Date): Promise<boolean> {
  const elder = await tx.elder.findUniqueOrThrow({ where: { id: elderId } })
  const { pinTriesMax, pinLockMinutes } = await settingsAt(tx, elder.regionPath, dayOf(at))
  // A lock that is over begins a new count; the row is locked by the update, so tries at once are counted one by one.
  const [tried] = await query<{ failures: number }>(
    tx,
    `UPDATE elder_pin SET "failures" = CASE WHEN "lockedUntil" IS NULL THEN "failures" + 1 ELSE 1 END, "lockedUntil" = NULL
     WHERE "elderId" = $1 AND ("lockedUntil" IS NULL OR "lockedUntil" <= $2) RETURNING "failures"`,
    elderId,
    at,
  )
  if (tried !== undefined && tried.failures >= pinTriesMax) {
    const until = addSeconds(at, pinLockMinutes * 60)
    await execute(tx, `UPDATE elder_pin SET "lockedUntil" = $2 WHERE "elderId" = $1`, elderId, until)
  }
  return tried !== undefined
}

function isLocked(pin: { lockedUntil: Date | null }, at: Date): boolean {
  return pin.lockedUntil !== null && pin.lockedUntil > at
}

/** In which capacity this person may set it, or null. */
function howOf(actor: Actor, elder: { id: string; personId: string; regionPath: string }): How | null {
  if (elder.personId === actor.personId) return 'app'
  if (actor.proxyOf.some((proxy) => proxy.elderId === elder.id && proxy.scopes.includes('confirm'))) return 'proxy'
  return mayOver(actor, can('elder.keep'), elder.regionPath) ? 'paper' : null
}

/** Four digits could be tried against a stolen table in no time: what is in the server's settings is part of the hash. */
function pepperOf(keys: Keys): Buffer {
  return Buffer.from(blindIndex(keys.index, 'elderPin', 'pepper'), 'hex')
}
