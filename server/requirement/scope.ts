import type { Role } from '../../shared/session/view'
import { type Actor, inScope, pathsOf } from '../core/actor'
import type { Reader } from '../core/db'
import { findRegionInScope } from '../region/queries'

/** The region asked for, or all of the actor's: as a condition, and as the path around it whose requirements may matter. */
export async function scopeOf(
  db: Reader,
  actor: Actor,
  roles: readonly Role[],
  regionId: string | undefined,
): Promise<{ path: string; within: ReturnType<typeof inScope> }> {
  if (regionId !== undefined) {
    const { path } = await findRegionInScope(db, actor, roles, regionId)
    return { path, within: inScope(actor, roles, path) }
  }
  return { path: commonPath(pathsOf(actor, roles)), within: inScope(actor, roles) }
}

/** "/1/2/3/" and "/1/2/4/" → "/1/2/". */
export function commonPath(paths: readonly string[]): string {
  const [first, ...others] = paths.map((path) => path.split('/').filter((step) => step !== ''))
  const shared = (first ?? []).filter((_, place, steps) =>
    others.every((other) => steps.slice(0, place + 1).every((step, at) => other[at] === step)),
  )
  return shared.length === 0 ? '/' : `/${shared.join('/')}/`
}
