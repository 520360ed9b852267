import type { Point } from '../../shared/core/geo'
import { Refusal, refuse } from '../../shared/core/refusals'
import { type Day, dayOf } from '../../shared/core/time'
import type { EnrolElderInput } from '../../shared/elder/input'
import { consentsNeeded, whyNotTag } from '../../shared/elder/rules'
import { can } from '../../shared/session/permissions'
import type { Actor } from '../core/actor'
import { insertAll } from '../core/bulk'
import type { Keys } from '../core/config'
import type { Db, Tx } from '../core/db'
import { newId } from '../core/ids'
import { once } from '../core/once'
import { logOperations } from '../core/operation-log'
import { consentRows } from '../person/consent'
import { addPersons, openPersons, sealerFor } from '../person/vault'
import { revokeDoorPlates } from '../plate/revoke'
import { findPlaceInScope } from '../region/queries'
import { contactRow } from './contact'
import { householdOf } from './find'
import { pointText } from './home-point'

/** What a list may say beside the form: where the plate will be fixed, WGS-84. */
export type Enrolment = EnrolElderInput & { homePoint?: Point | undefined }

type Place = { id: string; path: string; countyId: string }
type Sealer = Awaited<ReturnType<typeof sealerFor>>
type Facet = {
  id: string
  personId: string
  householdId: string
  addressSealed: string
  place: Place
  input: Enrolment
}

/** Registers one elder; `input.id` becomes the elder's id, or the id of who had left and comes back. */
export async function enrolElder(
  db: Db,
  keys: Keys,
  actor: Actor,
  input: EnrolElderInput,
  at: Date,
): Promise<{ id: string }> {
  const [id] = await enrolElders(db, keys, actor, [input], { id: input.id }, at)
  return { id: id as string }
}

/**
 * Registers a list of elders in one commit with a handful of statements: a person (known or new), a dated residence and
 * categories, contacts, consents. One refusal refuses the list and says which.
 *
 * @param batch.id the key of this press
 * @returns the elders' ids in order
 * @throws Refusal ELDER_EXISTS, ELDER_ALIKE, CONSENT_NEEDED, REGION_UNKNOWN and those of `addPersons`; `detail.place` counts from 0
 */
export async function enrolElders(
  db: Db,
  keys: Keys,
  actor: Actor,
  inputs: readonly Enrolment[],
  batch: { id: string },
  at: Date,
): Promise<string[]> {
  return db.$transaction((tx) =>
    once(tx, { key: batch.id, personId: actor.personId, verb: 'enrolElders', input: inputs, at }, async () => {
      const places = await placesOf(tx, actor, inputs, dayOf(at))
      for (const [place, input] of inputs.entries()) refuseBadElder(input, place)
      const personIds = await addPersons(
        tx,
        keys,
        inputs.map((one) => one.person),
        at,
      )
      await refuseWithoutBirth(tx, personIds)
      await refuseAlike(tx, keys, inputs, personIds)
      const seal = await sealerFor(tx, keys, personIds)
      const facets = await facetsOf(tx, inputs, personIds, places, seal, at)
      await writeFacets(tx, actor, facets, seal, at)
      return facets.map((one) => one.id)
    }),
  )
}

async function placesOf(tx: Tx, actor: Actor, inputs: readonly Enrolment[], today: Day): Promise<Map<string, Place>> {
  const places = new Map<string, Place>()
  for (const { regionId } of inputs) {
    if (!places.has(regionId))
      places.set(regionId, await findPlaceInScope(tx, actor, can('elder.keep'), regionId, today))
  }
  return places
}

function refuseBadElder({ person, categories, consents }: EnrolElderInput, place: number): void {
  const given = consents.map((one) => one.kind)
  const needed = consentsNeeded({
    hasIdNumber: person.identityKind !== 'none',
    categories: categories.map((one) => one.category),
  })
  const missing = needed.find((one) => !given.includes(one))
  if (missing !== undefined) throw new Refusal('CONSENT_NEEDED', { field: 'consents', needed: missing, place })
  for (const [number, tag] of categories.entries()) {
    refuse(
      whyNotTag(
        categories.slice(0, number).map((one) => ({ ...one, validTo: null })),
        tag,
      ),
      { field: 'categories', place },
    )
  }
}

/** Age decides the menu and what a scheme gives: without it nothing can be promised. */
async function refuseWithoutBirth(tx: Tx, personIds: readonly string[]): Promise<void> {
  const without = await tx.person.findFirst({ where: { id: { in: [...personIds] }, birthDate: null } })
  if (without !== null)
    throw new Refusal('REQUIRED', { field: 'person.birthDate', place: personIds.indexOf(without.id) })
}

/**
 * Without an ID number or a phone nobody is known again, so the same name and birth date in the same village is asked about:
 * here, or earlier in the list. Two different ID numbers are two people.
 */
async function refuseAlike(
  tx: Tx,
  keys: Keys,
  inputs: readonly Enrolment[],
  personIds: readonly string[],
): Promise<void> {
  const select = { id: true, birthDate: true, idNumberIndex: true } as const
  const own = await tx.person.findMany({ where: { id: { in: [...personIds] } }, select })
  const asked = inputs.flatMap((input, place) => {
    const person = own.find((one) => one.id === personIds[place])
    return input.anotherPerson === true || person === undefined ? [] : [{ place, person, regionId: input.regionId }]
  })
  if (asked.length === 0) return
  const elders = await tx.elder.findMany({
    where: {
      regionId: { in: [...new Set(asked.map((one) => one.regionId))] },
      endedDay: null,
      person: { birthDate: { in: [...new Set(asked.flatMap((one) => one.person.birthDate ?? []))] } },
    },
    select: { id: true, regionId: true, person: { select } },
  })
  const earlier = (place: number) =>
    asked
      .filter((one) => one.place < place)
      .map(({ regionId, person, place: at }) => ({ id: inputs[at]?.id ?? '', regionId, person }))
  const maybe = asked.flatMap(({ place, person, regionId }) =>
    [...elders, ...earlier(place)]
      .filter(
        (other) =>
          other.regionId === regionId &&
          other.person.id !== person.id &&
          other.person.birthDate === person.birthDate &&
          (other.person.idNumberIndex === null || person.idNumberIndex === null),
      )
      .map((other) => ({ place, person, other })),
  )
  if (maybe.length === 0) return
  const opened = await openPersons(
    tx,
    keys,
    maybe.flatMap((one) => [one.person.id, one.other.person.id]),
  )
  const same = maybe.find((one) => opened.get(one.person.id)?.name === opened.get(one.other.person.id)?.name)
  if (same !== undefined) throw new Refusal('ELDER_ALIKE', { place: same.place, elderId: same.other.id })
}

/** Who lives with whom may be said of somebody earlier in the same list. */
async function facetsOf(
  tx: Tx,
  inputs: readonly Enrolment[],
  personIds: readonly string[],
  places: Map<string, Place>,
  seal: Sealer,
  at: Date,
): Promise<Facet[]> {
  const known = await tx.elder.findMany({ where: { personId: { in: [...personIds] } }, include: { exits: true } })
  const facets: Facet[] = []
  for (const [number, input] of inputs.entries()) {
    const personId = personIds[number] as string
    const before = known.find((one) => one.personId === personId)
    const isBack =
      before !== undefined &&
      before.endedDay !== null &&
      before.endedDay <= dayOf(at) &&
      !before.exits.some((one) => one.kind === 'died')
    if ((before !== undefined && !isBack) || facets.some((one) => one.personId === personId))
      throw new Refusal('ELDER_EXISTS', { field: 'person', place: number })
    const id = before?.id ?? input.id
    const mate = facets.find((one) => one.id === input.householdOf && one.input.regionId === input.regionId)
    const householdId =
      mate?.householdId ??
      (input.householdOf === undefined ? id : await householdOf(tx, input.householdOf, input.regionId))
    facets.push({
      id,
      personId,
      householdId,
      addressSealed: seal(personId, 'elder', 'address', input.address),
      place: places.get(input.regionId) as Place,
      input,
    })
  }
  return facets
}

async function writeFacets(tx: Tx, actor: Actor, facets: readonly Facet[], seal: Sealer, at: Date): Promise<void> {
  const today = dayOf(at)
  const back = facets.filter((one) => one.id !== one.input.id)
  const fresh = facets
    .filter((one) => !back.includes(one))
    .map((one) => ({
      id: one.id,
      personId: one.personId,
      homePointSealed: sealedPoint(one, seal),
      joinedDay: today,
      ...columnsOf(one),
    }))
  await insertAll(tx, 'elder', fresh, 'ELDER_EXISTS', { field: 'person' })
  for (const one of back) await comeBack(tx, actor, one, sealedPoint(one, seal), at)
  const residences = facets.map(({ id, place, addressSealed }) => ({
    id: newId(at),
    elderId: id,
    validFrom: today,
    validTo: null,
    regionId: place.id,
    regionPath: place.path,
    addressSealed,
  }))
  await insertAll(tx, 'elder_residence', residences)
  const tags = facets.flatMap(({ id, input }) =>
    input.categories.map((tag) => ({
      id: tag.id,
      category: tag.category,
      validFrom: tag.validFrom,
      elderId: id,
      validTo: null,
      byPersonId: actor.personId,
      recordedAt: at,
    })),
  )
  await insertAll(tx, 'elder_category', tags)
  await insertAll(
    tx,
    'elder_contact',
    facets.flatMap(({ id, personId, input }) =>
      input.contacts.map((contact) => contactRow(id, personId, contact, seal, 'contacts.')),
    ),
  )
  await insertAll(
    tx,
    'consent',
    facets.flatMap(({ personId, input }) => consentRows(personId, actor, input.consents, at)),
  )
  await logOperations(
    tx,
    actor,
    facets.map(({ id, place, input }) => ({
      at,
      action: 'enrol',
      resource: 'elder',
      resourceId: id,
      regionPath: place.path,
      after: { regionId: place.id, categories: input.categories.map((one) => one.category) },
    })),
  )
}

/** Who had moved away keeps the old rows; what was still open of them ends. */
async function comeBack(tx: Tx, actor: Actor, facet: Facet, homePointSealed: string | null, at: Date): Promise<void> {
  const today = dayOf(at)
  await revokeDoorPlates(tx, actor, facet.id, '搬家', at)
  await tx.elderResidence.updateMany({ where: { elderId: facet.id, validTo: null }, data: { validTo: today } })
  await tx.elderCategory.updateMany({ where: { elderId: facet.id, validTo: null }, data: { validTo: today } })
  await tx.elderExit.updateMany({ where: { elderId: facet.id, validTo: null }, data: { validTo: today } })
  await tx.elder.update({ where: { id: facet.id }, data: { ...columnsOf(facet), homePointSealed } })
}

function sealedPoint({ personId, input }: Facet, seal: Sealer): string | null {
  return input.homePoint === undefined ? null : seal(personId, 'elder', 'homePoint', pointText(input.homePoint))
}

function columnsOf({ householdId, addressSealed, place, input }: Facet) {
  return {
    regionId: place.id,
    regionPath: place.path,
    countyId: place.countyId,
    householdId,
    addressSealed,
    ownPhone: input.ownPhone,
    endedDay: null,
  }
}
