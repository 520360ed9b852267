import type { z } from 'zod'
import { Refusal, refuse } from '../../shared/core/refusals'
import { dayOf, holdsOn } from '../../shared/core/time'
import type { mergeAnswerInput, mergeInput } from '../../shared/member/input'
import { whyNotMerge } from '../../shared/member/rules'
import type { MergeSide, MergesView } from '../../shared/member/view'
import { maskName, maskPhone } from '../../shared/person/rules'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope, mayOver, pathsOf } from '../core/actor'
import { findBy, type RowOf } from '../core/bulk'
import type { Keys } from '../core/config'
import { type Db, execute, query, type Reader, type Tx, underPath } from '../core/db'
import { idFrom, newId } from '../core/ids'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { merge as mergeAccounts } from '../ledger/close'
import { helperRecords } from '../person/former'
import { openPersons } from '../person/vault'
import { regionNames } from '../region/queries'
import { accountOfPerson } from './account'

const SHOWN_MAX = 200

/** What a record is made of: facets, and the posts that are held today. */
type Side = {
  person: RowOf<'Person'>
  member: RowOf<'Member'> | undefined
  elder: RowOf<'Elder'> | undefined
  hasPost: boolean
  isServing: boolean
  paths: readonly string[]
}

/**
 * Asks for two records of one human to become one; another of the staff does it. Both must lie in the actor's regions.
 *
 * @throws Refusal NOT_FOUND, MERGE_DIRECTION, MERGE_STAFF, MERGE_SERVING, MERGE_OVERLAP, MERGE_ASKED
 */
export async function askMerge(
  db: Db,
  actor: Actor,
  input: z.infer<typeof mergeInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'askMerge', input, at }, async () => {
      const { id, fromPersonId, intoPersonId, reason } = input
      const [from, into] = await findSides(tx, actor, fromPersonId, intoPersonId, at)
      refuse(whyNotMerge(from, into))
      await refuseOverlap(tx, from, into)
      const taken = { in: [fromPersonId, intoPersonId] }
      if ((await tx.personMerge.count({ where: { openPersonId: taken } })) > 0) throw new Refusal('MERGE_ASKED')
      const regionPath = into.paths[0] as string
      await tx.personMerge.create({
        data: {
          ...{ id, fromPersonId, intoPersonId, regionPath, reason, state: 'waiting', openPersonId: fromPersonId },
          ...{ askedByPersonId: actor.personId, askedAt: at },
        },
      })
      await logOperation(tx, actor, {
        ...{ at, action: 'askMerge', resource: 'person', resourceId: intoPersonId, regionPath },
        after: { fromPersonId, reason },
      })
      return { id }
    }),
  )
}

/**
 * Does it, or not. The accounts become one in the books, the phone and the sessions of the record that goes end, its facets
 * go over or end; what was written under its ids stays and is found by `mergedInto`. It can't be undone.
 *
 * @throws Refusal NOT_FOUND, REQUEST_OWN, MERGE_DECIDED, as `askMerge`, and as the books refuse (ACCOUNT_HELD)
 */
export async function decideMerge(
  db: Db,
  actor: Actor,
  mergeId: string,
  { answer }: z.infer<typeof mergeAnswerInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    const asked = await tx.personMerge.findFirst({ where: { id: mergeId, ...inScope(actor, can('person.merge')) } })
    if (asked === null) throw new Refusal('NOT_FOUND')
    if ([asked.askedByPersonId, asked.fromPersonId, asked.intoPersonId].includes(actor.personId))
      throw new Refusal('REQUEST_OWN')
    const moved = await tx.personMerge.updateMany({
      where: { id: mergeId, state: 'waiting' },
      data: {
        ...{ state: answer === 'yes' ? 'done' : 'refused', openPersonId: null },
        ...{ decidedByPersonId: actor.personId, decidedAt: at },
      },
    })
    if (moved.count === 0) throw new Refusal('MERGE_DECIDED')
    if (answer === 'yes') await mergePersons(tx, actor, asked, at)
    await logOperation(tx, actor, {
      ...{ at, action: answer === 'yes' ? 'merge' : 'refuseMerge', resource: 'person', resourceId: asked.intoPersonId },
      ...{ regionPath: asked.regionPath, before: { state: 'waiting' }, after: { fromPersonId: asked.fromPersonId } },
    })
    return { id: mergeId }
  })
}

async function mergePersons(
  tx: Tx,
  actor: Actor,
  {
    id,
    fromPersonId,
    intoPersonId,
    reason,
  }: { id: string; fromPersonId: string; intoPersonId: string; reason: string },
  at: Date,
): Promise<void> {
  // in order, so that no two merges wait for each other
  for (const personId of [fromPersonId, intoPersonId].sort())
    await execute(tx, `UPDATE person SET "sex" = "sex" WHERE "id" = $1`, personId)
  const [from, into] = await findSides(tx, actor, fromPersonId, intoPersonId, at)
  refuse(whyNotMerge(from, into))
  await refuseOverlap(tx, from, into)
  for (const account of await tx.personAccount.findMany({ where: { personId: fromPersonId } })) {
    const to = await accountOfPerson(tx, intoPersonId, account.programmeId, at)
    const ask = { id: idFrom('merge', id, account.accountId), refType: 'personMerge', refId: id, byId: actor.personId }
    await mergeAccounts(tx, { ...ask, accountId: account.accountId, to, explanation: { reason } }, at)
  }
  await moveFacets(tx, from, into, at)
  await tx.proxy.updateMany({ where: { personId: fromPersonId, revokedAt: null }, data: { revokedAt: at } })
  await tx.session.updateMany({ where: { personId: fromPersonId, revokedAt: null }, data: { revokedAt: at } })
  await tx.device.updateMany({ where: { personId: fromPersonId, unboundAt: null }, data: { unboundAt: at } })
  await tx.staffLogin.deleteMany({ where: { personId: fromPersonId } })
  await tx.notice.updateMany({ where: { personId: fromPersonId }, data: { personId: intoPersonId } })
  await tx.person.updateMany({ where: { mergedInto: fromPersonId }, data: { mergedInto: intoPersonId } })
  await tx.person.update({
    where: { id: fromPersonId },
    data: { mergedInto: intoPersonId, openidSealed: null, openidIndex: null },
  })
}

/**
 * Nobody was in two places at once: of two visits at the same time one can't have been. Visits of records that went into one of
 * these before are that one's too.
 */
async function refuseOverlap(tx: Tx, from: Side, into: Side): Promise<void> {
  const helpers = [from.member?.id, into.member?.id].flatMap((id) => id ?? [])
  if (helpers.length < 2) return
  const { all, ownerOf } = await helperRecords(tx, helpers)
  const [goes, stays] = [from.person.id, into.person.id].map((id) => all.filter((one) => ownerOf(one) === id))
  const [found] = await query<{ id: string }>(
    tx,
    `SELECT a."id" FROM visit AS a JOIN visit AS b ON b."memberId" IN LIST($2) AND b."counted"
       AND b."checkInAt" < a."checkOutAt" AND a."checkInAt" < b."checkOutAt"
     WHERE a."memberId" IN LIST($1) AND a."counted" LIMIT 1`,
    goes ?? [],
    stays ?? [],
  )
  if (found !== undefined) throw new Refusal('MERGE_OVERLAP')
}

/** A facet that only the record that goes has goes over; one that both have ends there and stays here. */
async function moveFacets(tx: Tx, from: Side, into: Side, at: Date): Promise<void> {
  if (from.member !== undefined && into.member === undefined)
    await tx.member.update({ where: { id: from.member.id }, data: { personId: into.person.id } })
  else if (from.member !== undefined && from.member.state !== 'ended')
    await tx.member.update({ where: { id: from.member.id }, data: { state: 'ended', endedDay: dayOf(at) } })
  if (from.elder !== undefined && from.elder.endedDay === null) {
    const elderId = from.elder.id
    await tx.elder.update({ where: { id: elderId }, data: { endedDay: dayOf(at) } })
    await tx.proxy.updateMany({ where: { elderId, revokedAt: null }, data: { revokedAt: at } })
  }
  // what was visited under the one counts for the other: both are judged anew
  const elders = [from.elder?.id, into.elder?.id].flatMap((id) => id ?? [])
  if (elders.length === 2)
    await tx.coverageStale.createMany({ data: elders.map((elderId) => ({ id: newId(at), elderId })) })
}

/** @throws Refusal NOT_FOUND */
async function findSides(tx: Tx, actor: Actor, fromId: string, intoId: string, at: Date): Promise<[Side, Side]> {
  const ids = [fromId, intoId]
  const persons = await tx.person.findMany({ where: { id: { in: ids }, mergedInto: null, erasedAt: null } })
  const members = await tx.member.findMany({ where: { personId: { in: ids } } })
  const elders = await tx.elder.findMany({ where: { personId: { in: ids } } })
  const posts = await tx.staffRole.findMany({ where: { personId: { in: ids } } })
  const serving = await tx.visit.findMany({
    where: { memberId: { in: members.map((one) => one.id) }, state: 'inProgress' },
    select: { memberId: true },
  })
  const [from, into] = ids.map((id): Side => {
    const person = persons.find((one) => one.id === id)
    const member = members.find((one) => one.personId === id)
    const elder = elders.find((one) => one.personId === id)
    const paths = [elder?.regionPath, member?.regionPath].flatMap((path) => path ?? [])
    if (person === undefined || paths.length === 0) throw new Refusal('NOT_FOUND')
    if (!paths.every((path) => mayOver(actor, can('person.merge'), path))) throw new Refusal('NOT_FOUND')
    return {
      ...{ person, member, elder, paths },
      hasPost: posts.some((one) => one.personId === id && holdsOn(one, dayOf(at))),
      isServing: member !== undefined && serving.some((one) => one.memberId === member.id),
    }
  }) as [Side, Side]
  return [from, into]
}

/** Records that look like one human (same phone, same name) in the actor's regions, and what was asked for. */
export async function listMerges(db: Db, keys: Keys, actor: Actor): Promise<MergesView> {
  const asked = await db.personMerge.findMany({
    where: inScope(actor, can('person.merge')),
    orderBy: [{ askedAt: 'desc' }, { id: 'desc' }],
    take: SHOWN_MAX,
  })
  const pairs = await lookAlikes(db, keys, actor)
  const sides = await showSides(db, keys, [
    ...asked.flatMap((one) => [one.fromPersonId, one.intoPersonId]),
    ...pairs.flat(),
  ])
  const sideOf = (personId: string) => sides.get(personId) as MergeSide
  return {
    asked: asked.map((one) => ({
      ...{ id: one.id, reason: one.reason, state: one.state as 'waiting', askedAt: one.askedAt.toISOString() },
      ...{ from: sideOf(one.fromPersonId), into: sideOf(one.intoPersonId) },
      mayDecide: one.state === 'waiting' && one.askedByPersonId !== actor.personId,
    })),
    pairs: pairs.map(([one, other]) => ({ one: sideOf(one), other: sideOf(other) })),
  }
}

async function lookAlikes(db: Db, keys: Keys, actor: Actor): Promise<[string, string][]> {
  const here = await personsIn(db, pathsOf(actor, can('person.merge')))
  const byPhone = new Map<string, string[]>()
  for (const { id, phoneIndex } of here) byPhone.set(phoneIndex, [...(byPhone.get(phoneIndex) ?? []), id])
  const names = await openPersons(
    db,
    keys,
    here.map(({ id }) => id),
  )
  const pairs = [...byPhone.values()].flatMap((ids) =>
    ids.flatMap((one, place) =>
      ids
        .slice(place + 1)
        .filter((other) => names.get(one)?.name === names.get(other)?.name)
        .map((other): [string, string] => [one, other]),
    ),
  )
  return pairs.slice(0, SHOWN_MAX)
}

/** Who has a facet below these paths and shares the telephone with another record. */
async function personsIn(db: Db, paths: readonly string[]): Promise<{ id: string; phoneIndex: string }[]> {
  const found = new Map<string, { id: string; phoneIndex: string }>()
  for (const path of paths) {
    const { gte, lt } = underPath(path)
    const rows = await query<{ id: string; phoneIndex: string }>(
      db,
      `SELECT p."id", p."phoneIndex" FROM person AS p
       WHERE p."mergedInto" IS NULL AND p."erasedAt" IS NULL
         AND EXISTS (SELECT 1 FROM person AS o WHERE o."phoneIndex" = p."phoneIndex" AND o."id" <> p."id" AND o."mergedInto" IS NULL)
         AND (EXISTS (SELECT 1 FROM member AS m WHERE m."personId" = p."id" AND m."regionPath" >= $1 AND m."regionPath" < $2)
           OR EXISTS (SELECT 1 FROM elder AS e WHERE e."personId" = p."id" AND e."regionPath" >= $1 AND e."regionPath" < $2))
       ORDER BY p."phoneIndex", p."id" LIMIT 2000`,
      gte,
      lt,
    )
    for (const row of rows) found.set(row.id, row)
  }
  return [...found.values()]
}

async function showSides(db: Reader, keys: Keys, personIds: readonly string[]): Promise<Map<string, MergeSide>> {
  const ids = [...new Set(personIds)]
  const persons = await openPersons(db, keys, ids)
  const members = await findBy(db, 'Member', 'personId', ids)
  const elders = await findBy(db, 'Elder', 'personId', ids)
  const regions = await regionNames(
    db,
    [...members, ...elders].map((one) => one.regionId),
  )
  return new Map(
    ids.map((id) => {
      const [person, member, elder] = [
        persons.get(id),
        members.find((one) => one.personId === id),
        elders.find((one) => one.personId === id),
      ]
      return [
        id,
        {
          personId: id,
          maskedName: maskName(person?.name ?? ''),
          maskedPhone: person?.phone ? maskPhone(person.phone) : null,
          birthYear: person?.birthDate?.slice(0, 4) ?? null,
          isMember: member !== undefined && member.state !== 'ended',
          isElder: elder !== undefined && elder.endedDay === null,
          regionName: regions.get((elder ?? member)?.regionId ?? '')?.name ?? '',
        },
      ]
    }),
  )
}
