import { dayOf } from '../../shared/core/time'
import type { MemberDetail, MemberView, StaffView } from '../../shared/member/view'
import { ageOn, maskName, maskPhone } from '../../shared/person/rules'
import type { Role } from '../../shared/session/view'
import { ROLE_WORDS } from '../../shared/session/words'
import type { OpenPerson } from '../person/vault'

type Person = OpenPerson | undefined
type Place = { name: string } | undefined
type MemberRow = { id: string; regionId: string; kind: string; state: string; trainings: string; joinedDay: string }
type StaffRow = {
  disabled: boolean
  id: string
  personId: string
  role: string
  regionId: string
  validFrom: string
  validTo: string | null
}

export function presentMember(
  member: MemberRow,
  {
    person,
    region,
    month,
    class2,
  }: { person: Person; region: Place; month: { seconds: number; visits: number } | undefined; class2: boolean },
): MemberView {
  return {
    id: member.id,
    maskedName: maskName(person?.name ?? ''),
    kind: member.kind as MemberView['kind'],
    state: member.state,
    trainings: member.trainings === '' ? [] : member.trainings.split(','),
    joinedDay: member.joinedDay,
    maskedPhone: class2 ? maskedPhoneOf(person) : null,
    monthSeconds: month?.seconds ?? 0,
    monthVisits: month?.visits ?? 0,
    regionId: member.regionId,
    regionName: region?.name ?? '',
  }
}

type More = {
  person: Person
  totalSeconds: number
  accountId: string | null
  balance: { postedMilliPoints: bigint; availableMilliPoints: bigint } | null
  at: Date
}

export function presentMemberDetail(
  view: MemberView,
  { person, totalSeconds, accountId, balance, at }: More,
): MemberDetail {
  return {
    ...view,
    age: person?.birthDate ? ageOn(person.birthDate, dayOf(at)) : null,
    sex: person?.sex ?? 'unknown',
    totalSeconds,
    accountId,
    postedMilliPoints: balance === null ? null : String(balance.postedMilliPoints),
    availableMilliPoints: balance === null ? null : String(balance.availableMilliPoints),
  }
}

export function presentStaff(
  row: StaffRow,
  person: Person,
  region: Place,
  redemptionPointName: string | undefined,
): StaffView {
  return {
    id: row.id,
    personId: row.personId,
    maskedName: maskName(person?.name ?? ''),
    role: row.role,
    roleWord: ROLE_WORDS[row.role as Role],
    maskedPhone: maskedPhoneOf(person),
    validFrom: row.validFrom,
    validTo: row.validTo,
    regionId: row.regionId,
    regionName: region?.name ?? '',
    redemptionPointName: redemptionPointName ?? null,
    disabled: row.disabled,
  }
}

function maskedPhoneOf(person: Person): string | null {
  return person?.phone ? maskPhone(person.phone) : null
}
