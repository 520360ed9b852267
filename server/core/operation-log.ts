import type { Actor } from './actor'
import { insertAll } from './bulk'
import type { Tx } from './db'
import { newId } from './ids'

export type Operation = {
  at: Date
  action: string
  resource: string
  resourceId: string
  regionPath: string
  /** JSON-able, free of personal data */
  before?: unknown
  after?: unknown
  purpose?: string
}

/** Writes who did what, in the same transaction as what was done. */
export async function logOperation(tx: Tx, actor: Actor, operation: Operation): Promise<void> {
  await logOperations(tx, actor, [operation])
}

/** The same for a list, with one statement. */
export async function logOperations(tx: Tx, actor: Actor, operations: readonly Operation[]): Promise<void> {
  await logEach(
    tx,
    operations.map((one) => ({ ...one, actor })),
  )
}

/** What many did in one commit. Without an actor it was the clock. */
export async function logEach(tx: Tx, operations: readonly (Operation & { actor: Actor | null })[]): Promise<void> {
  await insertAll(
    tx,
    'operation_log',
    operations.map(({ actor, at, action, resource, resourceId, regionPath, purpose, before, after }) => ({
      id: newId(at),
      at,
      personId: actor?.personId ?? 'clock',
      role: actor === null ? 'clock' : rolesOf(actor, regionPath),
      action,
      resource,
      resourceId,
      regionPath,
      purpose: purpose ?? null,
      before: jsonOf(before),
      after: jsonOf(after),
      requestId: actor?.requestId || null,
    })),
  )
}

/** In which capacity: the staff roles over the place (`role@person` for a post of somebody else's), else the facet. */
function rolesOf(actor: Actor, regionPath: string): string {
  const roles = actor.roles
    .filter((one) => regionPath.startsWith(one.regionPath))
    .map(({ role, standsInFor }) => (standsInFor === undefined ? role : `${role}@${standsInFor.personId}`))
  if (roles.length > 0) return [...new Set(roles)].sort().join(',')
  if (actor.member !== null) return actor.member.kind
  if (actor.elder !== null) return 'elder'
  return actor.proxyOf.length > 0 ? 'proxy' : 'none'
}

function jsonOf(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value)
}
