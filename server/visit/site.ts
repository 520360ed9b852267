import { Refusal } from '../../shared/core/refusals'
import { addSeconds } from '../../shared/core/time'
import { can } from '../../shared/session/permissions'
import type { ConfirmAtSiteInput } from '../../shared/visit/input'
import type { SiteConfirmed, SiteVisits } from '../../shared/visit/view'
import { type Actor, inScope, ownIds } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db, Prisma } from '../core/db'
import { idFrom } from '../core/ids'
import { findRegionInScope } from '../region/queries'
import { confirmAs } from './confirm'
import { findVisits } from './queries'
import { showVisits } from './show'

const WAITING_MOST = 200
const RECENT_MOST = 50
const RECENT_SECONDS = 7 * 86_400

/**
 * Who served at sites and waits for somebody who saw them there; and what was answered lately. What one served oneself is
 * for somebody else.
 *
 * @throws Refusal NOT_FOUND for a region outside
 */
export async function siteVisits(
  db: Db,
  keys: Keys,
  actor: Actor,
  regionId: string | undefined,
  at: Date,
): Promise<SiteVisits> {
  const within =
    regionId === undefined ? undefined : (await findRegionInScope(db, actor, can('visit.keep'), regionId)).path
  const scope: Prisma.VisitWhereInput = {
    AND: [
      inScope(actor, can('visit.keep'), within),
      { siteId: { not: null }, memberPersonId: { notIn: ownIds(actor) } },
    ],
  }
  const waiting = await findVisits(
    db,
    { AND: [scope, { state: 'finished', confirmations: { none: {} } }] },
    { take: WAITING_MOST },
  )
  const since = { at: { gte: addSeconds(at, -RECENT_SECONDS) } }
  const recent = await findVisits(db, { AND: [scope, { confirmations: { some: since } }] }, { take: RECENT_MOST })
  return {
    waiting: await showVisits(db, keys, actor, waiting, at),
    recent: await showVisits(db, keys, actor, recent, at),
  }
}

/**
 * Staff of a place say who was there and who wasn't: many at once, each visit with its own answer. A yes posts what is at
 * its step, like an elder's; a no is E07.
 */
export async function confirmAtSite(
  db: Db,
  actor: Actor,
  { id, visitIds, answer }: ConfirmAtSiteInput,
  at: Date,
): Promise<SiteConfirmed> {
  const asked = [...new Set(visitIds)]
  const outcomes = await Promise.allSettled(
    asked.map((visitId) =>
      confirmAs(db, actor, visitId, { id: idFrom('site', id, visitId), elderId: null, answer, how: 'site' }, at),
    ),
  )
  const refused = outcomes.flatMap((outcome, index) => {
    if (outcome.status === 'fulfilled') return []
    if (!(outcome.reason instanceof Refusal)) throw outcome.reason
    return [{ visitId: asked[index] as string, code: outcome.reason.code, sentence: outcome.reason.sentence }]
  })
  return { confirmed: asked.length - refused.length, refused }
}
