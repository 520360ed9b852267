import type { z } from 'zod'
import { Refusal, refuse } from '../../shared/core/refusals'
import { type Day, dayOf } from '../../shared/core/time'
import type { enrolMemberInput } from '../../shared/member/input'
import { whyNotTrainings } from '../../shared/member/rules'
import { ageOn } from '../../shared/person/rules'
import type { PersonFacts } from '../../shared/scheme/document'
import { can } from '../../shared/session/permissions'
import type { Actor } from '../core/actor'
import { findBy, insertAll } from '../core/bulk'
import type { Keys } from '../core/config'
import type { Db, Tx } from '../core/db'
import { once } from '../core/once'
import { logOperations } from '../core/operation-log'
import { consentRows } from '../person/consent'
import { addPersons } from '../person/vault'
import { findPlaceInScope } from '../region/queries'
import { whyNotHelpersByScheme } from '../scheme/persons'
import { rewardReferral } from './refer'

type Input = z.infer<typeof enrolMemberInput>
type Facet = { kind: string; regionId: string; regionPath: string; countyId: string; trainings: string }
type Place = Pick<Facet, 'regionId' | 'regionPath' | 'countyId'>
type Enrolled = { id: string; personId: string; facet: Facet; input: Input }

/** Registers one helper; `input.id` becomes the member's id, or the id of who had left and comes back. */
export async function enrolMember(db: Db, keys: Keys, actor: Actor, input: Input, at: Date): Promise<{ id: string }> {
  const [id] = await enrolMembers(db, keys, actor, [input], { id: input.id }, at)
  return { id: id as string }
}

/**
 * Registers a list of helpers in one commit: each a facet of a person who may be known already.
 *
 * @param batch.id the key of this press
 * @returns the members' ids in order
 * @throws Refusal MEMBER_EXISTS, and HELPER_RULE where the rules of the place say who may; one refusal refuses the list
 */
export async function enrolMembers(
  db: Db,
  keys: Keys,
  actor: Actor,
  inputs: readonly Input[],
  batch: { id: string },
  at: Date,
): Promise<string[]> {
  return db.$transaction((tx) =>
    once(tx, { key: batch.id, personId: actor.personId, verb: 'enrolMembers', input: inputs, at }, async () => {
      for (const input of inputs) refuse(whyNotTrainings(input.trainings), { field: 'trainings' })
      const facets = await facetsOf(tx, actor, inputs, dayOf(at))
      const personIds = await addPersons(
        tx,
        keys,
        inputs.map((one) => one.person),
        at,
      )
      await refuseUnguarded(tx, personIds, inputs, dayOf(at))
      await refuseOutsideScheme(tx, facets, personIds, dayOf(at))
      const enrolled = await addFacets(
        tx,
        inputs.map((input, place) => ({
          id: input.id,
          personId: personIds[place] as string,
          facet: facets[place] as Facet,
          input,
        })),
        at,
      )
      for (const { id, personId, facet, input } of enrolled) {
        const { referrerId } = input
        // Who comes back is nobody's find.
        if (referrerId === undefined || id !== input.id) continue
        const referral = { memberId: id, personId, countyId: facet.countyId, referrerId }
        await rewardReferral(tx, referral, actor.personId, at)
      }
      await insertAll(
        tx,
        'consent',
        enrolled.flatMap(({ personId, input }) => consentRows(personId, actor, input.consents, at)),
      )
      await logOperations(
        tx,
        actor,
        enrolled.map(({ id, facet }) => ({
          at,
          action: 'enrol',
          resource: 'member',
          resourceId: id,
          regionPath: facet.regionPath,
          after: facet,
        })),
      )
      return enrolled.map((one) => one.id)
    }),
  )
}

async function facetsOf(tx: Tx, actor: Actor, inputs: readonly Input[], today: Day): Promise<Facet[]> {
  const places = new Map<string, Place>()
  for (const { regionId } of inputs) {
    if (places.has(regionId)) continue
    const { path, countyId } = await findPlaceInScope(tx, actor, can('member.keep'), regionId, today)
    places.set(regionId, { regionId, regionPath: path, countyId })
  }
  return inputs.map(({ regionId, kind, trainings }) => ({
    kind,
    trainings: trainingsText(trainings),
    ...(places.get(regionId) as Place),
  }))
}

/** Below it somebody else agrees (个人信息保护法 31). */
const GUARDED_BELOW = 14

/** @throws Refusal GUARDIAN_NEEDED for a child whose guardian agreed to nothing */
async function refuseUnguarded(
  tx: Tx,
  personIds: readonly string[],
  inputs: readonly Input[],
  today: Day,
): Promise<void> {
  const rows = await findBy(tx, 'Person', 'id', personIds)
  const births = new Map(rows.map((one) => [one.id, one.birthDate]))
  for (const [place, { consents }] of inputs.entries()) {
    const birth = births.get(personIds[place] as string) ?? null
    const isChild = birth !== null && ageOn(birth, today) < GUARDED_BELOW
    if (isChild && !consents.some((one) => one.how === 'guardian' && one.kind === 'service'))
      throw new Refusal('GUARDIAN_NEEDED', { field: 'consents', place })
  }
}

/** Who may be registered is the scheme's to say: village cadres, party members, grid workers. */
async function refuseOutsideScheme(
  tx: Tx,
  facets: readonly Facet[],
  personIds: readonly string[],
  today: Day,
): Promise<void> {
  const reasons = await whyNotHelpersByScheme(
    tx,
    facets.map(({ kind, regionPath, trainings }, place) => ({
      ...{ personId: personIds[place] as string, kind: kind as PersonFacts['kind'], regionPath },
      tags: trainings.split(',').filter((one) => one !== ''),
    })),
    today,
  )
  for (const [place, reason] of reasons.entries()) refuse(reason, { field: 'trainings', place })
}

async function addFacets(tx: Tx, wanted: readonly Enrolled[], at: Date): Promise<Enrolled[]> {
  const known = new Map(
    (await tx.member.findMany({ where: { personId: { in: wanted.map((one) => one.personId) } } })).map((one) => [
      one.personId,
      one.id,
    ]),
  )
  const fresh = wanted.filter((one) => !known.has(one.personId))
  const rows = fresh.map(({ id, personId, facet }) => ({
    id,
    personId,
    ...facet,
    state: 'active',
    joinedDay: dayOf(at),
    endedDay: null,
  }))
  await insertAll(tx, 'member', rows, 'MEMBER_EXISTS', { field: 'person' })
  for (const { personId, facet } of wanted.filter((one) => known.has(one.personId))) {
    const back = await tx.member.updateMany({
      where: { personId, state: 'ended' },
      data: { ...facet, state: 'active', endedDay: null },
    })
    if (back.count === 0) throw new Refusal('MEMBER_EXISTS', { field: 'person' })
  }
  return wanted.map((one) => ({ ...one, id: known.get(one.personId) ?? one.id }))
}

export function trainingsText(trainings: readonly string[]): string {
  return [...new Set(trainings)].join(',')
}
