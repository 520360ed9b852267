import { Refusal } from '../../shared/core/refusals'
import { findBy, insertRows } from '../core/bulk'
import type { Reader, Tx } from '../core/db'
import { newId } from '../core/ids'

/** One active device per person: the first one is bound; another one works, but proves less (no L2). */
export async function bindDevice(tx: Tx, personId: string, deviceId: string, at: Date): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO device ("id", "deviceId", "personId", "boundAt") SELECT ${newId(at)}, ${deviceId}, ${personId}, ${at}
    WHERE NOT EXISTS (SELECT 1 FROM device WHERE "personId" = ${personId} AND "unboundAt" IS NULL)
    ON CONFLICT DO NOTHING`
}

/** The same for people who have none yet. */
export async function bindDevices(
  tx: Tx,
  phones: readonly { personId: string; deviceId: string }[],
  at: Date,
): Promise<void> {
  await insertRows(
    tx,
    'device',
    phones.map(({ personId, deviceId }) => ({ id: newId(at), deviceId, personId, boundAt: at })),
  )
}

/**
 * Keeps the public half of the key a phone made for itself. The first one stays: whoever comes with another key under the
 * same number is another phone.
 *
 * @throws Refusal DEVICE_KEY
 */
export async function registerKey(tx: Tx, deviceId: string, publicKey: string, at: Date): Promise<void> {
  const known = await tx.deviceKey.findUnique({ where: { deviceId } })
  if (known === null) {
    await insertRows(tx, 'device_key', [{ deviceId, publicKey, registeredAt: at }])
    return
  }
  if (known.publicKey !== publicKey) throw new Refusal('DEVICE_KEY')
}

/** To whom these phones are or were bound, and until when. */
export function boundPhones(db: Reader, deviceIds: readonly (string | null)[]) {
  return findBy(db, 'Device', 'deviceId', deviceIds)
}
