import type { Role } from '../../shared/session/view'
import { underPath } from './db'

/** Who is asking, with all facets in force today. One person may be volunteer, elder and staff at once. */
export type Actor = {
  personId: string
  sessionId: string
  deviceId: string | null
  /** how this session began, and when whoever sits there last showed who they are */
  how: 'wechat' | 'desk' | 'password' | 'demo'
  provedAt: Date | null
  roles: readonly StaffPower[]
  member: {
    id: string
    kind: 'volunteer' | 'neighbourHelper'
    state: string
    regionId: string
    regionPath: string
    countyId: string
    trainings: readonly string[]
  } | null
  elder: { id: string; regionId: string; regionPath: string; countyId: string } | null
  proxyOf: readonly { elderId: string; scopes: readonly string[]; regionPath: string }[]
  /** records of the same human that were merged into this one */
  formerIds?: readonly string[]
  requestId: string
}
export type StaffPower = {
  role: Role
  regionId: string
  regionPath: string
  redemptionPointId: string | null
  duty: string
  /** whose post it is, when it is lent for a time, and until when */
  standsInFor?: { personId: string; until: Date }
}

/** Those with records of their own. */
export type Own = 'member' | 'elder' | 'proxy'
/** What a route asks for: a staff role or a facet. */
export type Facet = Role | Own

/** Whether a record's person is the actor, also under a number he or she had before two records became one. */
export function isSelf(actor: Pick<Actor, 'personId' | 'formerIds'>, personId: string | null): boolean {
  return personId !== null && ownIds(actor).includes(personId)
}

export function ownIds({ personId, formerIds = [] }: Pick<Actor, 'personId' | 'formerIds'>): string[] {
  return [personId, ...formerIds]
}

export function holds(actor: Actor, facet: Facet): boolean {
  if (facet === 'member') return actor.member !== null
  if (facet === 'elder') return actor.elder !== null
  if (facet === 'proxy') return actor.proxyOf.length > 0
  return actor.roles.some((one) => one.role === facet)
}

/** What can't be undone wants to know again who sits there. */
const PROOF_SECONDS = 900

/** Why a sensitive act (PROVED_ANEW of the permissions) must wait for another proof, or null. A demonstration asks nobody. */
export function whyNotProved({ how, provedAt }: Pick<Actor, 'how' | 'provedAt'>, at: Date): 'PROOF_NEEDED' | null {
  if (how === 'demo') return null
  const seconds = provedAt === null ? Number.POSITIVE_INFINITY : (at.getTime() - provedAt.getTime()) / 1000
  return seconds > PROOF_SECONDS ? 'PROOF_NEEDED' : null
}

/** The paths over which the actor holds one of these roles; widest first, none inside another. */
export function pathsOf(actor: Actor, roles: readonly Role[]): string[] {
  const paths = actor.roles.filter((one) => roles.includes(one.role)).map((one) => one.regionPath)
  return [...new Set(paths)].filter((path) => !paths.some((other) => other !== path && path.startsWith(other)))
}

/** Whether the actor holds one of these roles over a record's path. */
export function mayOver(actor: Actor, roles: readonly Role[], regionPath: string): boolean {
  return actor.roles.some((one) => roles.includes(one.role) && regionPath.startsWith(one.regionPath))
}

/** The posts by which the actor holds one of these roles over a path: how far they reach upwards, their rank says. */
export function postsOver(actor: Actor, roles: readonly Role[], regionPath: string): Role[] {
  return actor.roles
    .filter((one) => roles.includes(one.role) && regionPath.startsWith(one.regionPath))
    .map(({ role }) => role)
}

/** A range without anything in it. Prisma takes an empty OR inside AND for "everything", so nothing must be said aloud. */
export const NOWHERE = { regionPath: { gte: '/', lt: '/' } }

/**
 * The part of a `where` that keeps a query inside the actor's regions: every list of staff begins with it.
 * No path at all matches nothing.
 *
 * @param within narrows to one region below, when the actor asked for it
 */
export function inScope(
  actor: Actor,
  roles: readonly Role[],
  within?: string,
): { OR: { regionPath: { gte: string; lt: string } }[] } {
  const paths = pathsOf(actor, roles)
  const asked =
    within === undefined
      ? paths
      : paths.flatMap((path) => (within.startsWith(path) ? [within] : path.startsWith(within) ? [path] : []))
  return { OR: asked.length === 0 ? [NOWHERE] : asked.map((path) => ({ regionPath: underPath(path) })) }
}

/** The widest region in which the actor holds one of these roles: where the desk begins. "" without any. */
export function homeOf(actor: Actor, roles: readonly Role[]): string {
  return widestOf(actor, roles)?.regionId ?? ''
}

/** The path of that region: what the actor does for all of it belongs there. */
export function homePathOf(actor: Actor, roles: readonly Role[]): string {
  return widestOf(actor, roles)?.regionPath ?? '/'
}

function widestOf(actor: Actor, roles: readonly Role[]): StaffPower | undefined {
  const [widest] = actor.roles
    .filter((one) => roles.includes(one.role))
    .sort((a, b) => a.regionPath.length - b.regionPath.length)
  return widest
}
