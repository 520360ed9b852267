import { insertRows } from '../core/bulk'
import type { Tx } from '../core/db'

/** One active device per person: the first one is bound; another one works, but proves less (no L2). */
export async function bindDevice(tx: Tx, personId: string, deviceId: string, at: Date): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO device ("id", "personId", "boundAt") SELECT ${deviceId}, ${personId}, ${at}
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
    phones.map(({ personId, deviceId }) => ({ id: deviceId, personId, boundAt: at })),
  )
}
