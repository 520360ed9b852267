import { dayOf } from '../../shared/core/time'
import type { Role } from '../../shared/session/view'
import type { Reader } from '../core/db'

/**
 * The persons at the desk to be told of something at a place: who holds one of these roles today, of those the nearest to it.
 * A village has its own; where it has none, the town's are told. Who stands in for one of them is told as well.
 */
export async function nearestStaff(
  db: Reader,
  roles: readonly Role[],
  regionPath: string,
  at: Date,
): Promise<string[]> {
  const steps = regionPath.split('/').filter((step) => step !== '')
  const paths = steps.map((_, place) => `/${steps.slice(0, place + 1).join('/')}/`)
  const today = dayOf(at)
  const found = await db.staffRole.findMany({
    where: {
      regionPath: { in: paths },
      role: { in: [...roles] },
      validFrom: { lte: today },
      OR: [{ validTo: null }, { validTo: { gte: today } }],
    },
    select: { id: true, personId: true, regionPath: true },
  })
  const nearest = Math.max(...found.map((one) => one.regionPath.length))
  const here = found.filter((one) => one.regionPath.length === nearest)
  const lent = await db.delegation.findMany({
    where: { staffRoleId: { in: here.map(({ id }) => id) }, fromAt: { lte: at }, untilAt: { gt: at }, endedAt: null },
    select: { toPersonId: true },
  })
  return [...new Set([...here.map(({ personId }) => personId), ...lent.map(({ toPersonId }) => toPersonId)])]
}
