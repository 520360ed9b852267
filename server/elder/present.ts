import { type Day, holdsOn } from '../../shared/core/time'
import { maskAddress } from '../../shared/elder/rules'
import type { ElderDetail, ElderView, MyElder, PlateView } from '../../shared/elder/view'
import { ageOn, maskIdNumber, maskName, maskPhone } from '../../shared/person/rules'
import { requirementSentence } from '../../shared/requirement/rules'
import type { OpenPerson } from '../person/vault'
import type { Elder } from './find'
import type { OwedToElder } from './owed'

/** What a list says of an elder beside its row. `class2`: the viewer may know more than masked name and village. */
export type ElderFacts = {
  person: OpenPerson | undefined
  regionName: string
  owed: OwedToElder | undefined
  hasPlate: boolean
  lastVisitDay: Day | null
  class2: boolean
  today: Day
}

export function presentElder(
  elder: Elder,
  { person, regionName, owed, hasPlate, lastVisitDay, class2, today }: ElderFacts,
): ElderView {
  return {
    id: elder.id,
    maskedName: maskName(person?.name ?? ''),
    sex: person?.sex ?? 'unknown',
    age: person?.birthDate ? ageOn(person.birthDate, today) : null,
    categories: class2 ? (owed?.categories ?? []) : [],
    ownPhone: elder.ownPhone,
    hasPlate,
    visitedThisMonth: owed?.visitedThisMonth ?? null,
    lastVisitDay,
    ended: elder.endedDay !== null,
    regionId: elder.regionId,
    regionName,
  }
}

type Dated = { validFrom: Day; validTo: Day | null }
/** What the record of one elder is made of; names opened, addresses too, shown masked. */
export type ElderRecord = {
  facts: ElderFacts
  address: string
  household: { id: string; name: string }[]
  tags: (Dated & { id: string; category: string })[]
  exits: (Dated & { id: string; kind: string; reason: string; approvedBy: string })[]
  assessments: ElderDetail['assessments']
  events: { id: string; kind: string; happenedAt: Date; note: string }[]
  residences: (Dated & { regionName: string })[]
  contacts: { id: string; relation: string; name: string; phone: string }[]
  consents: { kind: string; textVersion: string; how: string; at: Date; withdrawnAt: Date | null }[]
  proxies: (Dated & {
    id: string
    name: string
    relation: string
    scopes: string
    revokedAt: Date | null
    paperId: string | null
  })[]
  plates: PlateView[]
  accountId: string | null
  sources: ElderDetail['sources']
}

export function presentElderDetail(elder: Elder, record: ElderRecord): ElderDetail {
  const { person, class2, owed } = record.facts
  return {
    ...presentElder(elder, record.facts),
    maskedPhone: class2 && person?.phone ? maskPhone(person.phone) : null,
    maskedIdNumber: class2 && person?.idNumber ? maskIdNumber(person.idNumber) : null,
    maskedAddress: class2 ? maskAddress(record.address) : '',
    birthDate: class2 ? (person?.birthDate ?? null) : null,
    hasHomePoint: elder.homePointSealed !== null,
    household: record.household.map(({ id, name }) => ({ id, maskedName: maskName(name) })),
    tags: class2
      ? record.tags.map(({ id, category, validFrom, validTo }) => ({ id, category, validFrom, validTo }))
      : [],
    exits: class2
      ? record.exits.map(({ id, kind, validFrom, validTo, reason, approvedBy }) => ({
          ...{ id, kind, validFrom, validTo, reason },
          approvedBy: maskName(approvedBy),
        }))
      : [],
    assessments: class2
      ? record.assessments.map(({ id, assessedDay, score, level, nextDueDay, organisation }) => ({
          ...{ id, assessedDay, score, level, nextDueDay, organisation },
        }))
      : [],
    events: class2
      ? record.events.map(({ id, kind, happenedAt, note }) => ({
          ...{ id, kind, note },
          happenedAt: happenedAt.toISOString(),
        }))
      : [],
    residences: record.residences.map(({ validFrom, validTo, regionName }) => ({ validFrom, validTo, regionName })),
    contacts: class2
      ? record.contacts.map(({ id, relation, name, phone }) => ({
          id,
          relation,
          maskedName: maskName(name),
          maskedPhone: maskPhone(phone),
        }))
      : [],
    consents: record.consents.map(({ kind, textVersion, how, at, withdrawnAt }) => ({
      kind,
      textVersion,
      how,
      at: at.toISOString(),
      withdrawnAt: withdrawnAt?.toISOString() ?? null,
    })),
    proxies: class2
      ? record.proxies.map(({ id, name, relation, scopes, validFrom, validTo, revokedAt, paperId }) => ({
          paperId,
          id,
          maskedName: maskName(name),
          relation,
          scopes: scopes.split(','),
          validFrom,
          validTo,
          revokedAt: revokedAt?.toISOString() ?? null,
        }))
      : [],
    plates: record.plates,
    requirements: class2
      ? (owed?.requirements ?? []).map((one) => ({
          category: one.category,
          interval: one.interval,
          sentence: requirementSentence(one),
        }))
      : [],
    accountId: record.accountId,
    sources: class2 ? record.sources : [],
  }
}

type Own = {
  name: string
  birthDate: string | null
  regionName: string
  address: string
  proxies: (Dated & { id: string; name: string; relation: string; scopes: string })[]
  card: MyElder['card']
}

/** In full: one's own, or of whom one acts for. */
export function presentMyElder(elderId: string, own: Own, today: Day): MyElder {
  return {
    id: elderId,
    name: own.name,
    age: own.birthDate === null ? null : ageOn(own.birthDate, today),
    regionName: own.regionName,
    address: own.address,
    proxies: own.proxies
      .filter((one) => holdsOn(one, today))
      .map(({ id, name, relation, scopes, validFrom, validTo }) => ({
        id,
        name,
        relation,
        scopes: scopes.split(','),
        validFrom,
        validTo,
      })),
    card: own.card,
  }
}
