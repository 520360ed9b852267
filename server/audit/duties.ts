import type { RefusalCode } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import type { Duty } from '../../shared/session/duties'
import type { Actor } from '../core/actor'
import type { Reader } from '../core/db'
import { settingsAt } from '../region/settings'

/** Where the four reviewers work apart today; each place asked once. */
export async function readApart(
  db: Reader,
  places: readonly { regionPath: string }[],
  at: Date,
): Promise<(regionPath: string) => boolean> {
  const apart = new Set<string>()
  for (const path of new Set(places.map(({ regionPath }) => regionPath)))
    if ((await settingsAt(db, path, dayOf(at))).reviewersApart === 1) apart.add(path)
  return (regionPath) => apart.has(regionPath)
}

export function hasDuty({ roles }: Pick<Actor, 'roles'>, duties: readonly Duty[], regionPath: string): boolean {
  return roles.some((one) => (duties as readonly string[]).includes(one.duty) && regionPath.startsWith(one.regionPath))
}

/** Why a step isn't this actor's where the reviewers work apart, or null. */
export async function whyNotStep(
  db: Reader,
  actor: Actor,
  duty: Duty,
  regionPath: string,
  at: Date,
): Promise<RefusalCode | null> {
  const isApart = await readApart(db, [{ regionPath }], at)
  return isApart(regionPath) && !hasDuty(actor, [duty], regionPath) ? 'REVIEWER_DUTY' : null
}
