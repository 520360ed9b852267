import type { z } from 'zod'
import { Refusal, type RefusalCode, refuse } from '../../shared/core/refusals'
import { type Day, dayOf } from '../../shared/core/time'
import type { SchemeDocument } from '../../shared/scheme/document'
import type { addDraftInput, changeDraftInput } from '../../shared/scheme/input'
import { can } from '../../shared/session/permissions'
import type { Actor } from '../core/actor'
import type { Db, Reader, Tx } from '../core/db'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { findPlaceInScope } from '../region/queries'
import { servicesAt } from '../service/queries'
import { mayWrite, whyNotPublishing } from './policy'
import { openProgramme, publishScheme } from './publish'
import { programmeOf } from './queries'
import { hasErrors, readScheme } from './read'

export type Draft = Awaited<ReturnType<Db['schemeDraft']['findUniqueOrThrow']>>

/** Begins a draft of the rules of a county or a place in it. It may be incomplete; only submitting asks that it is right. */
export async function addDraft(
  db: Db,
  actor: Actor,
  input: z.infer<typeof addDraftInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'addDraft', input, at }, async () => {
      const region = await findPlaceInScope(tx, actor, can('scheme.write'), input.regionId, dayOf(at))
      const programme =
        (await programmeOf(tx, region.countyId)) ?? (await openForCounty(tx, region.countyId, input.document))
      await tx.schemeDraft.create({
        data: {
          id: input.id,
          programmeId: programme.id,
          regionId: region.id,
          regionPath: region.path,
          validFrom: input.validFrom,
          document: JSON.stringify(input.document),
          state: 'draft',
          changedByPersonId: actor.personId,
          changedAt: at,
        },
      })
      await note(tx, actor, 'add', { id: input.id, regionPath: region.path }, input.document, at)
      return { id: input.id }
    }),
  )
}

/** Replaces what a draft says; one that was submitted goes back to its writer first. */
export async function changeDraft(
  db: Db,
  actor: Actor,
  draftId: string,
  input: z.infer<typeof changeDraftInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    const draft = await findOwnDraft(tx, actor, draftId)
    const change = {
      validFrom: input.validFrom,
      document: JSON.stringify(input.document),
      changedByPersonId: actor.personId,
      changedAt: at,
    }
    await move(tx, draft, 'draft', 'draft', change)
    await note(tx, actor, 'change', draft, input.document, at)
    return { id: draftId }
  })
}

/**
 * Hands a draft to a second person.
 * @throws Refusal SCHEME_WRONG, SCHEME_PAST, SCHEME_OVERLAP, SCHEME_STATE
 */
export async function submitDraft(db: Db, actor: Actor, draftId: string, at: Date): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    const draft = await findOwnDraft(tx, actor, draftId)
    await refuseUnfit(tx, draft, at)
    await move(tx, draft, 'draft', 'submitted', { submittedByPersonId: actor.personId, submittedAt: at })
    await note(tx, actor, 'submit', draft, { validFrom: draft.validFrom }, at)
    return { id: draftId }
  })
}

/** Takes a submitted draft back to be changed again. */
export async function returnDraft(db: Db, actor: Actor, draftId: string, at: Date): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    const draft = await findOwnDraft(tx, actor, draftId)
    await move(tx, draft, 'submitted', 'draft', { submittedByPersonId: null, submittedAt: null })
    await note(tx, actor, 'return', draft, {}, at)
    return { id: draftId }
  })
}

/** Drops a draft nobody wants any more; it stays to be read. */
export async function withdrawDraft(db: Db, actor: Actor, draftId: string, at: Date): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    const draft = await findOwnDraft(tx, actor, draftId)
    await move(tx, draft, 'draft', 'withdrawn', {})
    await note(tx, actor, 'withdraw', draft, {}, at)
    return { id: draftId }
  })
}

/**
 * Publishes what another person submitted: the next version of its region, for ever.
 * @throws Refusal SCHEME_TWO_PERSONS and all that submitting throws, as days have passed since
 */
export async function publishDraft(db: Db, actor: Actor, draftId: string, at: Date): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    const draft = await findOwnDraft(tx, actor, draftId)
    refuse(whyNotPublishing(actor, draft))
    // Holds the region's row until the commit: of two who publish for one place at once the second sees the first.
    await tx.$executeRaw`UPDATE region SET "name" = "name" WHERE "id" = ${draft.regionId}`
    await refuseUnfit(tx, draft, at)
    const { programmeId, regionId, regionPath, validFrom } = draft
    const document = JSON.parse(draft.document) as SchemeDocument
    const { id, version } = await publishScheme(
      tx,
      { programmeId, regionId, regionPath, validFrom, document, byPersonId: actor.personId },
      at,
    )
    await move(tx, draft, 'submitted', 'published', { schemeId: id })
    await note(tx, actor, 'publish', draft, { version, validFrom }, at)
    return { id: draftId }
  })
}

/** Why a draft can't begin on its day, or null: rules never change what has happened, nor what was published. */
export async function whyNotFromDay(
  db: Reader,
  draft: { programmeId: string; regionId: string; validFrom: Day },
  today: Day,
): Promise<RefusalCode | null> {
  const { programmeId, regionId, validFrom } = draft
  if (validFrom < today) return 'SCHEME_PAST'
  const last = await db.scheme.findFirst({
    where: { programmeId, regionId },
    orderBy: { validFrom: 'desc' },
    select: { validFrom: true },
  })
  if (last === null) return null
  if (validFrom <= last.validFrom) return 'SCHEME_OVERLAP'
  // Today has visits that were judged by the version in force.
  return validFrom === today ? 'SCHEME_PAST' : null
}

async function refuseUnfit(tx: Tx, draft: Draft, at: Date): Promise<void> {
  const services = (await servicesAt(tx, draft.regionPath)).map(({ code }) => code)
  const { problems } = readScheme(JSON.parse(draft.document), services)
  if (hasErrors(problems)) throw new Refusal('SCHEME_WRONG', { field: problems[0]?.path ?? '', problems })
  refuse(await whyNotFromDay(tx, draft, dayOf(at)), { field: 'validFrom' })
}

async function findOwnDraft(tx: Tx, actor: Actor, draftId: string): Promise<Draft> {
  const draft = await tx.schemeDraft.findUnique({ where: { id: draftId } })
  if (draft === null || !mayWrite(actor, draft.regionPath)) throw new Refusal('NOT_FOUND')
  return draft
}

/** Compares the state as it sets it: of two people who press at once, one is refused. */
async function move(tx: Tx, draft: Draft, from: string, to: string, data: Partial<Draft>): Promise<void> {
  const { count } = await tx.schemeDraft.updateMany({
    where: { id: draft.id, state: from },
    data: { ...data, state: to },
  })
  if (count === 0) throw new Refusal('SCHEME_STATE')
}

async function openForCounty(tx: Tx, countyId: string, { title }: SchemeDocument): Promise<{ id: string }> {
  return openProgramme(tx, { regionId: countyId, code: `county-${countyId}`, name: title })
}

async function note(
  tx: Tx,
  actor: Actor,
  action: string,
  draft: { id: string; regionPath: string },
  after: unknown,
  at: Date,
): Promise<void> {
  await logOperation(tx, actor, {
    at,
    action,
    resource: 'scheme',
    resourceId: draft.id,
    regionPath: draft.regionPath,
    after,
  })
}
