import type { Actor } from '../core/actor'
import type { RowOf } from '../core/bulk'
import { memberFacet } from '../session/authenticate'

/** A helper of the story at work, on the phone that is bound to her. */
export function helperActor(row: RowOf<'Member'>, deviceId: string): Actor {
  return {
    personId: row.personId,
    sessionId: 'demo',
    deviceId,
    roles: [],
    member: memberFacet(row),
    elder: null,
    proxyOf: [],
    how: 'demo',
    provedAt: null,
    requestId: 'demo',
  }
}
