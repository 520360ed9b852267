import { dayOf } from '../../shared/core/time'
import type { Role } from '../../shared/session/view'
import type { Reader } from '../core/db'

/**
 * The same for many places with one query.
 * @returns persons by place
 */
export async function nearestStaffOf(
  db: Reader,
  roles: readonly Role[],
  places: readonly string[],
  at: Date,
): Promise<Map<string, string[]>> {
  const today = dayOf(at)
  const all = await db.staffRole.findMany({
    where: {
      role: { in: [...roles] },
      validFrom: { lte: today },
      OR: [{ validTo: null }, { validTo: { gte: today } }],
    },
    select: { personId: true, regionPath: true },
  })
  return new Map([...new Set(places)].map((path) => [path, nearestOf(all, path)]))
}

/**
 * The persons at the desk to be told of something at a place: who holds one of these roles today, of those the nearest to it.
 * A village has its own; where it has none, the town's are told.
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
    select: { personId: true, regionPath: true },
  })
  return nearestOf(found, regionPath)
}

function nearestOf(staff: readonly { personId: string; regionPath: string }[], path: string): string[] {
  const above = staff.filter((one) => path.startsWith(one.regionPath))
  const nearest = Math.max(...above.map((one) => one.regionPath.length))
  return [...new Set(above.filter((one) => one.regionPath.length === nearest).map(({ personId }) => personId))]
}
