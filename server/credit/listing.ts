import type { z } from 'zod'
import { Refusal, refuse } from '../../shared/core/refusals'
import { addDays, dayOf } from '../../shared/core/time'
import type {
  appealListingInput,
  decideListingAppealInput,
  decideListingInput,
  liftListingInput,
  ProposeListingInput,
} from '../../shared/credit/input'
import { whyNotListed } from '../../shared/credit/rules'
import { LIST_WORDS, type ListName } from '../../shared/credit/words'
import { can } from '../../shared/session/permissions'
import { whyNotStep } from '../audit/duties'
import { type Actor, inScope, mayOver } from '../core/actor'
import type { Db, Tx } from '../core/db'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { takenAs } from '../core/taken'
import { notify } from '../notice/notify'
import { nearestStaff } from '../notice/staff'
import { queueTexts } from '../text/queue'
import { mayLift, whyNotDecideListing, whyNotDecideListingAppeal } from './policy'

type Listing = Awaited<ReturnType<Db['creditListing']['findUniqueOrThrow']>>
type Kind = 'helper' | 'organisation'

/**
 * Somebody asks that a helper or a body be put on a list, from a later day on; another decides.
 * @throws Refusal NOT_FOUND, REQUEST_OWN, CREDIT_FROM, DATE_ORDER, CREDIT_LISTED
 */
export async function proposeListing(
  db: Db,
  actor: Actor,
  input: ProposeListingInput,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'proposeListing', input, at }, async () => {
      const { id, list, kind, reason, fromDay, untilDay } = input
      const subject = await findSubject(tx, kind, input.subjectId)
      if (subject === null || !mayOver(actor, can('credit.list'), subject.regionPath)) throw new Refusal('NOT_FOUND')
      if (subject.id === actor.personId) throw new Refusal('REQUEST_OWN')
      refuse(whyNotListed({ fromDay, untilDay }, dayOf(at)), { field: 'fromDay' })
      await refuseTwice(tx, { list, subjectId: subject.id, fromDay, untilDay })
      const { regionPath, countyId } = subject
      await tx.creditListing.create({
        data: {
          ...{ id, list, subjectKind: kind, subjectId: subject.id, regionPath, countyId, reason, fromDay, untilDay },
          ...{ state: 'proposed', proposedByPersonId: actor.personId, proposedAt: at },
        },
      })
      const about = { action: 'propose', resource: 'creditListing', resourceId: id, regionPath }
      await logOperation(tx, actor, { ...about, at, after: { list, fromDay, untilDay } })
      return { id }
    }),
  )
}

/** A helper is named by the member, and listed as the person. */
async function findSubject(tx: Tx, kind: Kind, id: string) {
  if (kind === 'organisation') return tx.organisation.findUnique({ where: { id } })
  const member = await tx.member.findUnique({ where: { id } })
  return member === null ? null : { ...member, id: member.personId }
}

type Span = { list: string; subjectId: string; fromDay: string; untilDay: string }

async function refuseTwice(tx: Tx, { list, subjectId, fromDay, untilDay }: Span): Promise<void> {
  const others = await tx.creditListing.count({
    where: {
      list,
      subjectId,
      state: { in: ['proposed', 'inForce'] },
      fromDay: { lte: untilDay },
      untilDay: { gte: fromDay },
    },
  })
  if (others > 0) throw new Refusal('CREDIT_LISTED')
}

/**
 * The second person: on the list, or not. It holds from the day after at the earliest, so that nothing already judged changes.
 * @throws Refusal NOT_FOUND, NOT_ALLOWED, REQUEST_OWN, CREDIT_DECIDED
 */
export async function decideListing(
  db: Db,
  actor: Actor,
  listingId: string,
  input: z.infer<typeof decideListingInput>,
  at: Date,
): Promise<{ id: string }> {
  return onListing(db, actor, listingId, { verb: 'decideListing', input, at }, async (tx, listing) => {
    refuse(whyNotDecideListing(actor, listing) ?? (await whyNotStep(tx, actor, 'supervise', listing.regionPath, at)))
    const isListed = input.decision === 'list'
    const tomorrow = addDays(dayOf(at), 1)
    const fromDay = listing.fromDay < tomorrow ? tomorrow : listing.fromDay
    if (isListed && listing.untilDay < fromDay) throw new Refusal('CREDIT_OVER')
    const state = isListed ? 'inForce' : 'refused'
    const { count } = await tx.creditListing.updateMany({
      where: { id: listingId, state: 'proposed' },
      data: { state, fromDay, decidedByPersonId: actor.personId, decidedAt: at, decisionNote: input.note },
    })
    if (count === 0) throw new Refusal('CREDIT_DECIDED')
    if (isListed) await tell(tx, listing, 'listed', at)
    return { state, fromDay }
  })
}

/** Takes somebody off a list before its time: from tomorrow on. @throws Refusal NOT_FOUND, NOT_ALLOWED, REVIEWER_DUTY */
export async function liftListing(
  db: Db,
  actor: Actor,
  listingId: string,
  input: z.infer<typeof liftListingInput>,
  at: Date,
): Promise<{ id: string }> {
  return onListing(db, actor, listingId, { verb: 'liftListing', input, at }, async (tx, listing) => {
    if (!mayLift(actor, listing)) throw new Refusal('NOT_ALLOWED')
    refuse(await whyNotStep(tx, actor, 'supervise', listing.regionPath, at))
    await lift(tx, actor, listing, input.reason, at)
    return { state: 'lifted' }
  })
}

async function lift(tx: Tx, actor: Actor, listing: Listing, liftedReason: string, at: Date): Promise<void> {
  const today = dayOf(at)
  const { count } = await tx.creditListing.updateMany({
    where: { id: listing.id, state: 'inForce' },
    data: {
      ...{ state: 'lifted', liftedAt: at, liftedByPersonId: actor.personId, liftedReason },
      ...(listing.untilDay > today ? { untilDay: today } : {}),
    },
  })
  if (count > 0) await tell(tx, listing, 'lifted', at)
}

/**
 * Whoever is listed says why not. Of a body somebody of its team can't: its people ask the office.
 * @throws Refusal NOT_FOUND, CREDIT_NOT_LISTED, APPEAL_WAITS
 */
export async function appealListing(
  db: Db,
  actor: Actor,
  listingId: string,
  input: z.infer<typeof appealListingInput>,
  at: Date,
): Promise<{ id: string }> {
  const ask = { key: input.id, personId: actor.personId, verb: 'appealListing', input: { listingId, ...input }, at }
  return takenAs('APPEAL_WAITS', {}, () =>
    db.$transaction((tx) =>
      once(tx, ask, async () => {
        const listing = await tx.creditListing.findUnique({ where: { id: listingId } })
        if (listing === null || listing.subjectId !== actor.personId) throw new Refusal('NOT_FOUND')
        if (listing.state !== 'inForce' || listing.untilDay < dayOf(at)) throw new Refusal('CREDIT_NOT_LISTED')
        const { id, text } = input
        const waiting = await tx.creditAppeal.count({ where: { openListingId: listingId } })
        if (waiting > 0) throw new Refusal('APPEAL_WAITS')
        const { regionPath } = listing
        await tx.creditAppeal.create({
          data: {
            ...{ id, listingId, openListingId: listingId, regionPath, text, byPersonId: actor.personId, at },
            state: 'waiting',
          },
        })
        await queueTexts(tx, [{ id, kind: 'creditAppeal', byPersonId: actor.personId, regionPath }], at)
        const staff = await nearestStaff(tx, can('credit.decide'), regionPath, at)
        await notify(
          tx,
          staff
            .filter((one) => ![listing.proposedByPersonId, listing.decidedByPersonId, actor.personId].includes(one))
            .map((personId) => ({
              ...{ personId, kind: 'creditAppeal' as const, deskLink: '/credit/lists' },
              ...{ title: '有一条名单申诉', body: '由没有经手过的人来看。', key: `creditAppeal:${id}:${personId}` },
            })),
          at,
        )
        const about = { action: 'appeal', resource: 'creditListing', resourceId: listingId, regionPath }
        await logOperation(tx, actor, { ...about, at })
        return { id }
      }),
    ),
  )
}

/** A third person: it stays, or comes off from tomorrow. @throws Refusal NOT_FOUND, NOT_ALLOWED, APPEAL_SECOND, APPEAL_DECIDED */
export async function decideListingAppeal(
  db: Db,
  actor: Actor,
  appealId: string,
  input: z.infer<typeof decideListingAppealInput>,
  at: Date,
): Promise<{ id: string }> {
  const ask = {
    key: input.id,
    personId: actor.personId,
    verb: 'decideListingAppeal',
    input: { appealId, ...input },
    at,
  }
  return db.$transaction((tx) =>
    once(tx, ask, async () => {
      const appeal = await tx.creditAppeal.findFirst({
        where: { id: appealId, ...inScope(actor, can('credit.read')) },
        include: { listing: true },
      })
      if (appeal === null) throw new Refusal('NOT_FOUND')
      const { listing } = appeal
      refuse(
        whyNotDecideListingAppeal(actor, listing, appeal) ??
          (await whyNotStep(tx, actor, 'arbitrate', listing.regionPath, at)),
      )
      const { outcome, note } = input
      const { count } = await tx.creditAppeal.updateMany({
        where: { id: appealId, state: 'waiting' },
        data: {
          state: outcome,
          openListingId: null,
          decidedByPersonId: actor.personId,
          decidedAt: at,
          decisionNote: note,
        },
      })
      if (count === 0) throw new Refusal('APPEAL_DECIDED')
      if (outcome === 'upheld') await lift(tx, actor, listing, `申诉成立：${note}`, at)
      else
        await notify(
          tx,
          [
            {
              ...{ personId: appeal.byPersonId, kind: 'creditAppeal', phoneLink: '/credit/mine' },
              ...{
                title: '您的申诉有结果了',
                body: '另一位审核员看过，维持原来的决定。',
                key: `creditAppeal:${appealId}:done`,
              },
            },
          ],
          at,
        )
      const about = {
        action: 'decideAppeal',
        resource: 'creditListing',
        resourceId: listing.id,
        regionPath: listing.regionPath,
      }
      await logOperation(tx, actor, { ...about, at, after: { appealId, outcome } })
      return { id: appealId }
    }),
  )
}

type Ask = { verb: string; input: { id: string }; at: Date }

async function onListing(
  db: Db,
  actor: Actor,
  listingId: string,
  { verb, input, at }: Ask,
  work: (tx: Tx, listing: Listing) => Promise<object>,
): Promise<{ id: string }> {
  const ask = { key: input.id, personId: actor.personId, verb, input: { listingId, ...input }, at }
  return db.$transaction((tx) =>
    once(tx, ask, async () => {
      const listing = await tx.creditListing.findFirst({
        where: { id: listingId, ...inScope(actor, can('credit.read')) },
      })
      if (listing === null) throw new Refusal('NOT_FOUND')
      const after = await work(tx, listing)
      const { regionPath } = listing
      await logOperation(tx, actor, {
        ...{ at, action: verb, resource: 'creditListing', resourceId: listingId, regionPath, after },
        before: { state: listing.state },
      })
      return { id: listingId }
    }),
  )
}

async function tell(
  tx: Tx,
  { id, list, subjectKind, subjectId }: Listing,
  what: 'listed' | 'lifted',
  at: Date,
): Promise<void> {
  if (subjectKind !== 'helper') return
  const words = LIST_WORDS[list as ListName]
  const title = what === 'listed' ? `您列入了${words}` : `您移出了${words}`
  const body = what === 'listed' && list === 'black' ? '为什么、到哪天，点开看；不同意可以申诉。' : '点开看看写了什么。'
  await notify(
    tx,
    [
      {
        personId: subjectId,
        kind: 'creditListed',
        phoneLink: '/credit/mine',
        title,
        body,
        key: `credit:${id}:${what}`,
      },
    ],
    at,
  )
}
