import type { z } from 'zod'
import { Refusal, refuse } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import type { enrolMemberInput } from '../../shared/member/input'
import { whyNotTrainings } from '../../shared/member/rules'
import { type Actor, REGISTRARS } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db, Tx } from '../core/db'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { takenAs } from '../core/taken'
import { consentRows } from '../person/consent'
import { addPerson } from '../person/vault'
import { findPlaceInScope } from '../region/queries'

/**
 * Registers a helper: a facet of a person who may be known already. Who had left comes back as the same member.
 * @throws Refusal MEMBER_EXISTS
 */
export async function enrolMember(
  db: Db,
  keys: Keys,
  actor: Actor,
  input: z.infer<typeof enrolMemberInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'enrolMember', input, at }, async () => {
      const region = await findPlaceInScope(tx, actor, REGISTRARS, input.regionId, dayOf(at))
      refuse(whyNotTrainings(input.trainings), { field: 'trainings' })
      const { personId } = await addPerson(tx, keys, input.person, at)
      const facet = {
        kind: input.kind,
        regionId: region.id,
        regionPath: region.path,
        countyId: region.countyId,
        trainings: trainingsText(input.trainings),
      }
      const id = await addFacet(tx, input.id, personId, facet, at)
      await tx.consent.createMany({ data: consentRows(personId, actor, input.consents, at) })
      await logOperation(tx, actor, {
        at,
        action: 'enrol',
        resource: 'member',
        resourceId: id,
        regionPath: region.path,
        after: facet,
      })
      return { id }
    }),
  )
}

type Facet = { kind: string; regionId: string; regionPath: string; countyId: string; trainings: string }

async function addFacet(tx: Tx, id: string, personId: string, facet: Facet, at: Date): Promise<string> {
  const fresh = { ...facet, state: 'active', endedDay: null }
  const known = await tx.member.findUnique({ where: { personId } })
  if (known === null) {
    await takenAs('MEMBER_EXISTS', { field: 'person' }, () =>
      tx.member.create({ data: { id, personId, ...fresh, joinedDay: dayOf(at) } }),
    )
    return id
  }
  const back = await tx.member.updateMany({ where: { id: known.id, state: 'ended' }, data: fresh })
  if (back.count === 0) throw new Refusal('MEMBER_EXISTS', { field: 'person' })
  return known.id
}

export function trainingsText(trainings: readonly string[]): string {
  return [...new Set(trainings)].join(',')
}
