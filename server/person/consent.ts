import type { z } from 'zod'
import type { consentInput } from '../../shared/person/input'
import type { Actor } from '../core/actor'
import { newId } from '../core/ids'

/** Rows of what a person agreed to: which text, how it was given, and who wrote it down. */
export function consentRows(
  personId: string,
  actor: Actor,
  consents: readonly z.infer<typeof consentInput>[],
  at: Date,
) {
  return consents.map(({ kind, textVersion, how }) => ({
    id: newId(at),
    personId,
    kind,
    textVersion,
    how,
    byPersonId: actor.personId,
    at,
    withdrawnAt: null,
  }))
}
