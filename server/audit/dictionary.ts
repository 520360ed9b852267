import type { z } from 'zod'
import type { addReasonInput, reasonStateInput } from '../../shared/audit/input'
import {
  type Dictionary,
  dictionaryWith,
  FIXED_CODES,
  type OwnReason,
  STANDARD,
  type Use,
} from '../../shared/audit/reasons'
import { Refusal, refuse } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import { can } from '../../shared/session/permissions'
import { type Actor, homeOf, pathsOf } from '../core/actor'
import type { RowOf } from '../core/bulk'
import { type Db, query, type Reader } from '../core/db'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { findPlaceInScope, pathsAbove } from '../region/queries'

/** The words of whoever decides: the standard ones and those of the counties they work in. A few dozen rows at most. */
export async function dictionariesOf(db: Reader): Promise<(actor: Actor) => Dictionary> {
  const rows = await query<RowOf<'AuditReason'>>(db, 'SELECT * FROM audit_reason ORDER BY "recordedAt", "id"')
  return (actor) => {
    const above = new Set(pathsOf(actor, can('audit.read')).flatMap(pathsAbove))
    const own = rows.filter(
      ({ regionPath }) =>
        above.has(regionPath) || pathsOf(actor, can('audit.read')).some((path) => regionPath.startsWith(path)),
    )
    return dictionaryWith(own.map(ownOf))
  }
}

function ownOf({ code, kind, words, uses, needsNote, active }: RowOf<'AuditReason'>): OwnReason {
  return {
    ...{ code, words, needsNote, active, kind: kind as OwnReason['kind'] },
    uses: uses === '' ? [] : (uses.split(',') as Use[]),
  }
}

export async function findDictionary(db: Reader, actor: Actor): Promise<Dictionary> {
  return (await dictionariesOf(db))(actor)
}

/** Words of codes that no standard list knows; asked only where there are any. */
export async function ownWords(db: Reader, codes: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (codes.length === 0) return new Map()
  const rows = await query<{ code: string; words: string }>(
    db,
    'SELECT "code", "words" FROM audit_reason WHERE "code" IN LIST($1)',
    [...new Set(codes)],
  )
  return new Map(rows.map(({ code, words }) => [code, words]))
}

/** Adds a reason or a way to settle. Its code is made of the id and means these words for ever. */
export async function addReason(
  db: Db,
  actor: Actor,
  input: z.infer<typeof addReasonInput>,
  at: Date,
): Promise<Dictionary> {
  await db.$transaction((tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'addReason', input, at }, async () => {
      const { id, kind, words, uses, needsNote } = input
      refuse(kind === 'reason' && uses.length === 0 ? 'REQUIRED' : null, { field: 'uses' })
      const region = await findPlaceInScope(
        tx,
        actor,
        can('dictionary.keep'),
        homeOf(actor, can('dictionary.keep')),
        dayOf(at),
      )
      const code = `c${id.replaceAll('-', '').slice(-16)}`
      const row = { kind, words, code, needsNote, uses: kind === 'reason' ? uses.join(',') : '', active: true }
      await tx.auditReason.create({
        data: { ...row, id, regionId: region.id, regionPath: region.path, byPersonId: actor.personId, recordedAt: at },
      })
      await logOperation(tx, actor, {
        at,
        action: 'add',
        resource: 'reason',
        resourceId: id,
        regionPath: region.path,
        after: row,
      })
      return { id }
    }),
  )
  return findDictionary(db, actor)
}

/** Takes a word out of use in the actor's county, or back into it. What was decided with it keeps it. */
export async function setReasonState(
  db: Db,
  actor: Actor,
  input: z.infer<typeof reasonStateInput>,
  at: Date,
): Promise<Dictionary> {
  await db.$transaction((tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'setReasonState', input, at }, async () => {
      const { code, active } = input
      refuse(FIXED_CODES.includes(code) && !active ? 'REASON_FIXED' : null)
      const region = await findPlaceInScope(
        tx,
        actor,
        can('dictionary.keep'),
        homeOf(actor, can('dictionary.keep')),
        dayOf(at),
      )
      const known = await tx.auditReason.findUnique({ where: { regionId_code: { regionId: region.id, code } } })
      if (known !== null) await tx.auditReason.update({ where: { id: known.id }, data: { active } })
      else {
        const reason = STANDARD.reasons.find((one) => one.code === code)
        const words = reason?.words ?? STANDARD.resolutions.find((one) => one.code === code)?.words
        if (words === undefined) throw new Refusal('NOT_FOUND')
        await tx.auditReason.create({
          data: {
            ...{ id: input.id, regionId: region.id, regionPath: region.path, code, words, active },
            ...{ kind: reason === undefined ? 'resolution' : 'reason', uses: reason?.uses.join(',') ?? '' },
            ...{ needsNote: reason?.needsNote ?? false, byPersonId: actor.personId, recordedAt: at },
          },
        })
      }
      await logOperation(tx, actor, {
        at,
        action: 'state',
        resource: 'reason',
        resourceId: code,
        regionPath: region.path,
        after: { active },
      })
      return { code }
    }),
  )
  return findDictionary(db, actor)
}
