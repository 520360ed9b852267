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
  return (await nearestStaffOf(db, roles, [regionPath], at)).get(regionPath) ?? []
}

/** The same for many places, by their paths. */
export async function nearestStaffOf(
  db: Reader,
  roles: readonly Role[],
  places: readonly string[],
  at: Date,
): Promise<Map<string, string[]>> {
  const today = dayOf(at)
  const posts = await db.staffRole.findMany({
    where: {
      regionPath: { in: [...new Set(places.flatMap(pathsAbove))] },
      role: { in: [...roles] },
      validFrom: { lte: today },
      OR: [{ validTo: null }, { validTo: { gte: today } }],
    },
    select: { id: true, personId: true, regionPath: true },
  })
  const lent = await db.delegation.findMany({
    where: { staffRoleId: { in: posts.map(({ id }) => id) }, fromAt: { lte: at }, untilAt: { gt: at }, endedAt: null },
    select: { staffRoleId: true, toPersonId: true },
  })
  const pathOf = new Map(posts.map(({ id, regionPath }) => [id, regionPath]))
  const all = [
    ...posts.map(({ personId, regionPath }) => ({ personId, regionPath })),
    ...lent.map(({ staffRoleId, toPersonId }) => ({
      personId: toPersonId,
      regionPath: pathOf.get(staffRoleId) as string,
    })),
  ]
  return new Map([...new Set(places)].map((path) => [path, nearestOf(all, path)]))
}

/** A path and those of all regions it lies in. */
function pathsAbove(path: string): string[] {
  const steps = path.split('/').filter((step) => step !== '')
  return steps.map((_, place) => `/${steps.slice(0, place + 1).join('/')}/`)
}

function nearestOf(staff: readonly { personId: string; regionPath: string }[], path: string): string[] {
  const above = staff.filter((one) => path.startsWith(one.regionPath))
  const nearest = Math.max(...above.map((one) => one.regionPath.length))
  return [...new Set(above.filter((one) => one.regionPath.length === nearest).map(({ personId }) => personId))]
}
