import type { z } from 'zod'
import { Refusal } from '../../shared/core/refusals'
import { addDays, dayOf } from '../../shared/core/time'
import { CONSENT_KINDS, CONSENT_TEXTS, type ConsentKind } from '../../shared/person/consents'
import type { giveConsentInput, withdrawConsentInput } from '../../shared/person/input'
import type { ConsentsView } from '../../shared/person/view'
import type { Actor } from '../core/actor'
import { findBy } from '../core/bulk'
import type { Keys } from '../core/config'
import type { Db, Reader, Tx } from '../core/db'
import { idFrom, newId } from '../core/ids'
import { logOperation } from '../core/operation-log'
import { forgetPlacesOf } from '../visit/forget-places'
import { placeOfPerson } from './place'
import { fileRequest } from './requests'

/** Categories that tell of somebody's health. */
const OF_HEALTH = ['severeDisability', 'disabled']

/** Every kind with its text of today, and what I said to it last. */
export async function myConsents(db: Db, actor: Actor): Promise<ConsentsView> {
  const rows = await db.consent.findMany({
    where: { personId: actor.personId },
    orderBy: [{ at: 'asc' }, { id: 'asc' }],
  })
  return CONSENT_KINDS.map((kind) => {
    const last = rows.filter((one) => one.kind === kind).at(-1)
    const { title, version, text, withdrawn } = CONSENT_TEXTS[kind]
    return {
      kind,
      title,
      version,
      text,
      withdrawnText: withdrawn,
      state: last === undefined ? 'none' : last.withdrawnAt === null ? 'given' : 'withdrawn',
      givenVersion: last?.textVersion ?? null,
      at: (last?.withdrawnAt ?? last?.at)?.toISOString() ?? null,
      concerns: concerns(actor, kind),
    }
  })
}

function concerns(actor: Actor, kind: ConsentKind): boolean {
  if (kind === 'location') return actor.member !== null
  if (kind === 'health' || kind === 'proxy') return actor.elder !== null
  return true
}

/** Agrees on one's own phone. @throws Refusal CONSENT_TEXT when the words have changed since they were read */
export async function giveConsent(db: Db, actor: Actor, input: z.infer<typeof giveConsentInput>, at: Date) {
  const { kind, textVersion } = input
  if (CONSENT_TEXTS[kind].version !== textVersion) throw new Refusal('CONSENT_TEXT')
  return db.$transaction(async (tx) => {
    const given = await tx.consent.count({ where: { personId: actor.personId, kind, textVersion, withdrawnAt: null } })
    if (given > 0) return { id: kind }
    const { personId } = actor
    await tx.consent.create({
      data: { id: newId(at), personId, kind, textVersion, how: 'app', byPersonId: personId, at, withdrawnAt: null },
    })
    await logConsent(tx, actor, 'consent', { kind, textVersion }, at)
    return { id: kind }
  })
}

/**
 * Takes a consent back: what it allowed stops at once, and what it let be kept is deleted; what was done by it stays done.
 * Said twice is said.
 */
export async function withdrawConsent(
  db: Db,
  keys: Keys,
  actor: Actor,
  { kind }: z.infer<typeof withdrawConsentInput>,
  at: Date,
) {
  return db.$transaction(async (tx) => {
    const { personId } = actor
    const open = await tx.consent.updateMany({
      where: { personId, kind, withdrawnAt: null },
      data: { withdrawnAt: at },
    })
    if (open.count === 0) {
      if ((await tx.consent.count({ where: { personId, kind } })) > 0) return { id: kind }
      // never written down, and not wanted: that is worth a row of its own
      const textVersion = CONSENT_TEXTS[kind].version
      await tx.consent.create({
        data: { id: newId(at), personId, kind, textVersion, how: 'app', byPersonId: personId, at, withdrawnAt: at },
      })
    }
    await STOPS[kind](tx, keys, actor, at)
    await logConsent(tx, actor, 'withdrawConsent', { kind }, at)
    return { id: kind }
  })
}

/** What each withdrawal stops; that no place is kept from now on is seen to by who judges the press (visit/end.ts). */
const STOPS: Record<ConsentKind, (tx: Tx, keys: Keys, actor: Actor, at: Date) => Promise<unknown>> = {
  service: (tx, keys, actor, at) => {
    const id = idFrom('withdrawn', actor.personId, at.toISOString())
    const { personId } = actor
    return fileRequest(tx, keys, actor, { id, personId, kind: 'erase', text: '本人撤回了登记和服务的同意' }, at)
  },
  identity: (tx, _keys, { personId }) =>
    tx.person.update({
      where: { id: personId },
      data: { identityKind: 'none', idNumberSealed: null, idNumberIndex: null },
    }),
  health: async (tx, _keys, { elder }, at) => {
    if (elder === null) return
    const today = dayOf(at)
    const of = { elderId: elder.id, category: { in: OF_HEALTH }, validTo: null }
    await tx.elderCategory.deleteMany({ where: { ...of, validFrom: { gte: today } } })
    await tx.elderCategory.updateMany({ where: of, data: { validTo: addDays(today, -1) } })
  },
  location: (tx, _keys, { personId }) => forgetPlacesOf(tx, personId),
  proxy: async (tx, _keys, { elder }, at) => {
    if (elder !== null)
      await tx.proxy.updateMany({ where: { elderId: elder.id, revokedAt: null }, data: { revokedAt: at } })
  },
}

async function logConsent(tx: Tx, actor: Actor, action: string, after: object, at: Date): Promise<void> {
  const regionPath = await placeOfPerson(tx, actor.personId)
  await logOperation(tx, actor, { at, action, resource: 'person', resourceId: actor.personId, regionPath, after })
}

/** The kinds each of these persons has taken back and not given again. */
export async function withdrawnOf(db: Reader, personIds: readonly string[], kind: ConsentKind): Promise<Set<string>> {
  const rows = await findBy(db, 'Consent', 'personId', personIds, ' ORDER BY "at", "id"')
  const last = new Map(rows.filter((one) => one.kind === kind).map((one) => [one.personId, one.withdrawnAt]))
  return new Set([...last].flatMap(([personId, withdrawnAt]) => (withdrawnAt === null ? [] : [personId])))
}
