import { z } from 'zod'
import { instantView, milliPointsView, pageOf, placeNameView } from '../core/view'

export const memberView = placeNameView.extend({
  id: z.string(),
  maskedName: z.string(),
  kind: z.enum(['volunteer', 'neighbourHelper']),
  state: z.string(),
  trainings: z.array(z.string()),
  joinedDay: z.string(),
  maskedPhone: z.string().nullable(),
  monthSeconds: z.number(),
  monthVisits: z.number(),
})
export type MemberView = z.infer<typeof memberView>
export const memberPage = pageOf(memberView)
export const memberDetailView = memberView.extend({
  age: z.number().nullable(),
  sex: z.string(),
  totalSeconds: z.number(),
  accountId: z.string().nullable(),
  postedMilliPoints: z.string().nullable(),
  availableMilliPoints: z.string().nullable(),
})
export type MemberDetail = z.infer<typeof memberDetailView>
export const staffView = placeNameView.extend({
  id: z.string(),
  personId: z.string(),
  maskedName: z.string(),
  role: z.string(),
  roleWord: z.string(),
  maskedPhone: z.string().nullable(),
  validFrom: z.string(),
  validTo: z.string().nullable(),
  redemptionPointName: z.string().nullable(),
  /** the account is off, whatever posts it has */
  disabled: z.boolean(),
})
export type StaffView = z.infer<typeof staffView>
export const staffPage = pageOf(staffView)

/** A post of one that another does for a time. */
export const delegationView = z.object({
  id: z.string(),
  roleWord: z.string(),
  regionName: z.string(),
  fromName: z.string(),
  toName: z.string(),
  fromAt: instantView,
  untilAt: instantView,
  reason: z.string(),
  state: z.enum(['coming', 'running', 'over']),
  mayEnd: z.boolean(),
})
export type DelegationView = z.infer<typeof delegationView>
const postView = z.object({ id: z.string(), name: z.string(), roleWord: z.string(), regionName: z.string() })
export const delegationsView = z.object({
  items: z.array(delegationView),
  /** own posts, which one may lend */
  posts: z.array(postView),
})
export type DelegationsView = z.infer<typeof delegationsView>
/** Who may stand in for a post. */
export const standInsView = z.array(postView)
export type StandIn = z.infer<typeof postView>

const mergeSideView = z.object({
  personId: z.string(),
  maskedName: z.string(),
  maskedPhone: z.string().nullable(),
  birthYear: z.string().nullable(),
  isMember: z.boolean(),
  isElder: z.boolean(),
  regionName: z.string(),
})
export type MergeSide = z.infer<typeof mergeSideView>
const mergeView = z.object({
  id: z.string(),
  /** goes */
  from: mergeSideView,
  /** stays */
  into: mergeSideView,
  reason: z.string(),
  state: z.enum(['waiting', 'done', 'refused']),
  askedAt: instantView,
  mayDecide: z.boolean(),
})
export type MergeView = z.infer<typeof mergeView>
export const mergesView = z.object({
  asked: z.array(mergeView),
  /** same telephone, same name */
  pairs: z.array(z.object({ one: mergeSideView, other: mergeSideView })),
})
export type MergesView = z.infer<typeof mergesView>

export const kinView = z.object({
  id: z.string(),
  /** the other person, as who looks knows him */
  name: z.string(),
  relation: z.string(),
  relationWord: z.string(),
  state: z.enum(['declared', 'confirmed']),
  /** waits for who looks */
  mayAnswer: z.boolean(),
  /** why nothing can be given to this relative now; null when it can */
  whyNot: z.string().nullable(),
  whyNotSentence: z.string().nullable(),
})
export type KinView = z.infer<typeof kinView>
export const giftView = z.object({
  id: z.string(),
  kind: z.enum(['gift', 'donation']),
  kindWord: z.string(),
  fromName: z.string(),
  toName: z.string(),
  relationWord: z.string().nullable(),
  milliPoints: milliPointsView,
  note: z.string(),
  state: z.enum(['waiting', 'done', 'refused', 'withdrawn']),
  needs: z.enum(['none', 'recipient', 'staff']),
  isMine: z.boolean(),
  mayAnswer: z.boolean(),
  mayWithdraw: z.boolean(),
  askedAt: instantView,
  decidedAt: instantView.nullable(),
})
export type GiftView = z.infer<typeof giftView>
export const giftPage = pageOf(giftView)
export const givingView = z.object({
  availableMilliPoints: milliPointsView,
  /** why nothing can be given to relatives here; null when it can */
  giftWhyNotSentence: z.string().nullable(),
  approval: z.enum(['none', 'recipient', 'staff']),
  /** what may still be given this year; null: no limit */
  yearLeftMilliPoints: milliPointsView.nullable(),
  donateTo: z.array(z.enum(['pool', 'elder', 'organisation'])),
  donateLeastMilliPoints: milliPointsView,
  kin: z.array(kinView),
  elders: z.array(z.object({ id: z.string(), name: z.string() })),
  /** of the county, the nearest first */
  organisations: z.array(z.object({ id: z.string(), name: z.string(), kindWord: z.string() })),
  gifts: z.array(giftView),
  /** points that are soon over, the next day first */
  expiring: z.array(z.object({ day: z.string(), milliPoints: milliPointsView, daysLeft: z.number() })),
})
export type GivingView = z.infer<typeof givingView>
/** A county with a programme of its own. */
const programmePlaceView = z.object({ id: z.string(), name: z.string() })
const closingTo = z.array(z.enum(['heir', 'pool', 'expired', 'county']))
export const closingView = z.object({
  name: z.string(),
  milliPoints: milliPointsView,
  /** why there is nothing to close, or null */
  whyNotSentence: z.string().nullable(),
  /** asked for already: since when */
  waitsSince: instantView.nullable(),
  /** what the rules of the place let become of the points */
  death: closingTo,
  moving: closingTo,
  heirs: z.array(z.object({ id: z.string(), name: z.string(), relationWord: z.string() })),
  /** programmes of other counties */
  counties: z.array(programmePlaceView),
})
export type ClosingView = z.infer<typeof closingView>
export const kinLineView = z.object({
  id: z.string(),
  ofName: z.string(),
  toName: z.string(),
  relationWord: z.string(),
  state: z.enum(['declared', 'confirmed']),
  declaredAt: instantView,
  mayAnswer: z.boolean(),
})
export type KinLineView = z.infer<typeof kinLineView>
export const kinPage = pageOf(kinLineView)
export const grantRoundView = z.object({
  id: z.string(),
  name: z.string(),
  period: z.string(),
  regionName: z.string(),
  fundLine: z.string().nullable(),
  fromWord: z.string(),
  eachMilliPoints: milliPointsView,
  whenWords: z.string(),
  /** who would get it now, or got it */
  people: z.number(),
  left: z.number(),
  milliPoints: milliPointsView,
  approvers: z.number(),
  approvedByNames: z.array(z.string()),
  state: z.enum(['waiting', 'done', 'rejected']),
  proposedAt: instantView,
  mayAnswer: z.boolean(),
})
export type GrantRoundView = z.infer<typeof grantRoundView>
export const grantRoundPage = pageOf(grantRoundView)

const recordRowView = z.object({
  id: z.string(),
  title: z.string(),
  content: z.string(),
  seconds: z.number(),
  grantedBy: z.string(),
  day: z.string(),
})
/** What a volunteer said of the own record, and what staff answered; what was recorded stays. */
export const correctionView = placeNameView.extend({
  id: z.string(),
  memberId: z.string(),
  memberName: z.string(),
  year: z.string(),
  about: z.enum(['person', 'visit', 'training', 'honour']),
  aboutId: z.string().nullable(),
  /** what it is about, in words */
  title: z.string(),
  text: z.string(),
  askedAt: instantView,
  state: z.enum(['open', 'corrected', 'refused']),
  answer: z.string().nullable(),
  decidedAt: instantView.nullable(),
  decidedByName: z.string().nullable(),
  /** by when it is to be answered, in words */
  due: z.string(),
  late: z.boolean(),
})
export type CorrectionView = z.infer<typeof correctionView>
export const correctionPage = pageOf(correctionView)
/** 志愿服务记录 of a year, with what 民政部令 67 号 asks for: person art. 5, services 7, trainings 8, awards 9. */
const facesView = z.object({ good: z.number(), fair: z.number(), bad: z.number() })
export const volunteerRecordView = z.object({
  year: z.string(),
  memberId: z.string(),
  person: z.object({
    maskedName: z.string(),
    sex: z.string(),
    birthDate: z.string().nullable(),
    maskedIdNumber: z.string().nullable(),
    maskedPhone: z.string().nullable(),
    area: z.string(),
    skills: z.array(z.string()),
    services: z.array(z.string()),
  }),
  unit: z.string(),
  services: z.array(
    z.object({
      visitId: z.string(),
      activity: z.string(),
      day: z.string(),
      from: instantView,
      to: instantView,
      place: z.string(),
      content: z.string(),
      seconds: z.number(),
      /** who answers for it: whoever decided on it */
      inCharge: z.string().nullable(),
      /** when it went into the record; null as long as nobody stood by it */
      recordedDay: z.string().nullable(),
      /** art. 11: by when it should have, in words */
      due: z.string(),
      late: z.boolean(),
    }),
  ),
  trainings: z.array(recordRowView),
  honours: z.array(recordRowView),
  /** insurance and agreements that held on any day of the year (山东省志愿服务条例 20, 33) */
  covers: z.array(
    z.object({
      id: z.string(),
      kindWords: z.string(),
      title: z.string(),
      grantedBy: z.string(),
      number: z.string(),
      day: z.string(),
      untilDay: z.string().nullable(),
    }),
  ),
  /** art. 10: what those who were helped said of this year's volunteering, each kind apart, and the star of today */
  rating: z.object({
    elder: facesView,
    proxy: facesView,
    calls: z.object({ times: z.number(), milliAverage: z.number().nullable() }),
    stars: z.number(),
  }),
  corrections: z.array(correctionView),
  total: z.object({ visits: z.number(), seconds: z.number(), trainingSeconds: z.number(), late: z.number() }),
})
export type VolunteerRecord = z.infer<typeof volunteerRecordView>
