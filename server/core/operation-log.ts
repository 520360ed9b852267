import type { Actor } from './actor'
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
  const { at, action, resource, resourceId, regionPath, purpose } = operation
  await tx.operationLog.create({
    data: {
      id: newId(at),
      at,
      personId: actor.personId,
      role: rolesOf(actor, regionPath),
      action,
      resource,
      resourceId,
      regionPath,
      purpose: purpose ?? null,
      before: jsonOf(operation.before),
      after: jsonOf(operation.after),
      requestId: actor.requestId,
    },
  })
}

/** In which capacity: the staff roles over the place, else the facet. */
function rolesOf(actor: Actor, regionPath: string): string {
  const roles = actor.roles.filter((one) => regionPath.startsWith(one.regionPath)).map((one) => one.role)
  if (roles.length > 0) return [...new Set(roles)].sort().join(',')
  if (actor.member !== null) return actor.member.kind
  return actor.elder === null ? 'proxy' : 'elder'
}

function jsonOf(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value)
}
