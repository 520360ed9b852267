import { Refusal } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import type { ElderDetail, MyElder } from '../../shared/elder/view'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db, Reader } from '../core/db'
import { logOperation } from '../core/operation-log'
import { findAccountOfPerson } from '../member/account'
import { openForPersons, openPersons } from '../person/vault'
import { presentPlates } from '../plate/list'
import { tokenOfPlate } from '../plate/queries'
import { regionNames } from '../region/queries'
import { programmeOf } from '../scheme/queries'
import type { Elder } from './find'
import { factsOf } from './list'
import { type ElderFacts, presentElderDetail, presentMyElder } from './present'
import { addressesOf } from './queries'
import { sourcesOf } from './sources'

/**
 * The whole record of one elder, masked. Reading it is logged: it holds birth date and categories.
 * @throws Refusal NOT_FOUND outside the actor's regions
 */
export async function findElderDetail(
  db: Db,
  keys: Keys,
  actor: Actor,
  elderId: string,
  at: Date,
): Promise<ElderDetail> {
  const elder = await db.elder.findFirst({ where: { id: elderId, ...inScope(actor, can('elder.read')) } })
  if (elder === null) throw new Refusal('NOT_FOUND')
  await db.$transaction((tx) =>
    logOperation(tx, actor, {
      at,
      action: 'read',
      resource: 'elder',
      resourceId: elderId,
      regionPath: elder.regionPath,
    }),
  )
  return detailOf(db, keys, actor, elder, at)
}

async function detailOf(db: Db, keys: Keys, actor: Actor, elder: Elder, at: Date): Promise<ElderDetail> {
  const of = { elderId: elder.id }
  const [tags, exits, assessments, events, residences, contacts, proxies, plates] = [
    await db.elderCategory.findMany({ where: of, orderBy: { validFrom: 'desc' } }),
    await db.elderExit.findMany({ where: of, orderBy: { validFrom: 'desc' } }),
    await db.assessment.findMany({ where: of, orderBy: { assessedDay: 'desc' }, take: 20 }),
    await db.elderEvent.findMany({ where: of, orderBy: { happenedAt: 'desc' }, take: 20 }),
    await db.elderResidence.findMany({ where: of, orderBy: { validFrom: 'desc' } }),
    await db.elderContact.findMany({ where: of, orderBy: { id: 'asc' } }),
    await db.proxy.findMany({ where: of, orderBy: { validFrom: 'desc' } }),
    await db.plate.findMany({ where: of, orderBy: { issuedAt: 'desc' } }),
  ]
  const papers = await db.proxyInvitation.findMany({
    where: { ...of, proxyId: { not: null }, paperSealed: { not: null } },
    select: { id: true, proxyId: true },
  })
  const paperOf = new Map(papers.map(({ id, proxyId }) => [proxyId, id]))
  const consents = await db.consent.findMany({ where: { personId: elder.personId }, orderBy: { at: 'desc' } })
  const mates = await db.elder.findMany({
    where: { householdId: elder.householdId, id: { not: elder.id }, endedDay: null },
  })
  const persons = await openPersons(db, keys, [
    ...[...mates, ...proxies].map((one) => one.personId),
    ...exits.map((one) => one.approvedByPersonId),
  ])
  const places = await regionNames(
    db,
    residences.map((one) => one.regionId),
  )
  const views = await presentPlates(db, keys, plates)
  const nameOf = ({ personId }: { personId: string }) => persons.get(personId)?.name ?? ''
  return presentElderDetail(elder, {
    facts: (await factsOf(db, keys, actor, [elder], dayOf(at))).get(elder.id) as ElderFacts,
    address: (await addressesOf(db, keys, [elder])).get(elder.id) ?? '',
    household: mates.map((one) => ({ id: one.id, name: nameOf(one) })),
    tags,
    exits: exits.map((one) => ({ ...one, approvedBy: persons.get(one.approvedByPersonId)?.name ?? '' })),
    assessments,
    events,
    residences: residences.map((one) => ({ ...one, regionName: places.get(one.regionId)?.name ?? '' })),
    contacts: await openContacts(db, keys, elder.personId, contacts),
    consents,
    proxies: proxies.map((one) => ({ ...one, name: nameOf(one), paperId: paperOf.get(one.id) ?? null })),
    plates: plates.flatMap((one) => views.get(one.id) ?? []),
    accountId: await accountOf(db, elder),
    sources: await sourcesOf(db, keys, elder.id),
  })
}

/**
 * What an elder sees of him- or herself, and a proxy of whom they act for.
 * @throws Refusal NOT_FOUND for anybody else's
 */
export async function findMyElder(
  db: Db,
  keys: Keys,
  actor: Actor,
  elderId: string | undefined,
  at: Date,
): Promise<MyElder> {
  const wanted = elderId ?? actor.elder?.id ?? actor.proxyOf[0]?.elderId
  const isOwn =
    wanted !== undefined && (wanted === actor.elder?.id || actor.proxyOf.some((one) => one.elderId === wanted))
  const elder = isOwn ? await db.elder.findUnique({ where: { id: wanted } }) : null
  if (elder === null) throw new Refusal('NOT_FOUND')
  const proxies = await db.proxy.findMany({
    where: { elderId: elder.id, revokedAt: null },
    orderBy: { validFrom: 'asc' },
  })
  const persons = await openPersons(db, keys, [elder.personId, ...proxies.map((one) => one.personId)])
  const own = persons.get(elder.personId)
  return presentMyElder(
    elder.id,
    {
      name: own?.name ?? '',
      birthDate: own?.birthDate ?? null,
      regionName: (await regionNames(db, [elder.regionId])).get(elder.regionId)?.name ?? '',
      address: (await addressesOf(db, keys, [elder])).get(elder.id) ?? '',
      proxies: proxies.map((one) => ({ ...one, name: persons.get(one.personId)?.name ?? '' })),
      card: await cardOf(db, keys, elder.id),
    },
    dayOf(at),
  )
}

/** The code to show on a phone: the card in force. */
async function cardOf(db: Reader, keys: Keys, elderId: string): Promise<MyElder['card']> {
  const card = await db.plate.findFirst({
    where: { elderId, kind: 'card', revokedAt: null },
    orderBy: { issuedAt: 'desc' },
  })
  const token = card === null ? null : tokenOfPlate(keys, card)
  return card === null || token === null ? null : { serial: card.serial, token }
}

async function openContacts(
  db: Reader,
  keys: Keys,
  personId: string,
  contacts: readonly { id: string; relation: string; nameSealed: string; phoneSealed: string }[],
) {
  const opened = await openForPersons(
    db,
    keys,
    contacts.flatMap(({ nameSealed, phoneSealed }) => [
      { personId, table: 'elder_contact', column: 'name', sealed: nameSealed },
      { personId, table: 'elder_contact', column: 'phone', sealed: phoneSealed },
    ]),
  )
  return contacts.map(({ id, relation }, place) => ({
    id,
    relation,
    name: opened[place * 2] ?? '',
    phone: opened[place * 2 + 1] ?? '',
  }))
}

async function accountOf(db: Reader, elder: Elder): Promise<string | null> {
  const programme = await programmeOf(db, elder.countyId)
  return programme === null ? null : findAccountOfPerson(db, elder.personId, programme.id)
}
