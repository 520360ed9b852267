import type { RefusalCode } from '../core/refusals'
import type { Day } from '../core/time'
import type { PersonFacts, RedemptionKind, Relation, SchemeDocument } from './document'
import { ageOf, compileForPerson, type PersonOnDay } from './fields'

/** What somebody wants to redeem. */
export type RedemptionAsk = {
  kind: RedemptionKind
  /** of a service */
  seconds?: number | undefined
  /** of the price list */
  item?: string | undefined
  /** to be offset */
  fen?: number | undefined
}
/** How often the account was redeemed from in the periods of the day. */
export type UsedBefore = { month: number; quarter: number; year: number }

/** Whether somebody may be served, and if not why. */
export function whyNotServed(document: SchemeDocument, person: PersonFacts, day: Day): RefusalCode | null {
  const { serve } = document
  if (serve?.fromAge !== undefined && !isOldEnough(person, day, serve.fromAge)) return 'AGE'
  return serve?.when !== undefined && !holds(serve.when, { person, day }) ? 'NOT_SERVED' : null
}

/** Whether somebody may be registered as a helper. */
export function whyNotHelper(document: SchemeDocument, person: PersonFacts, day: Day): RefusalCode | null {
  return document.helpers !== undefined && !holds(document.helpers.when, { person, day }) ? 'HELPER_RULE' : null
}

/**
 * Why nothing can be redeemed, or null. What it costs, and whether there is as much, is not asked here.
 *
 * @param relation what the beneficiary is to the one who pays
 */
export function whyNotRedeem(
  document: SchemeDocument,
  ask: {
    kind: RedemptionKind
    lifetimeSeconds: number
    relation: Relation
    beneficiary: PersonFacts
    used: UsedBefore
    day: Day
  },
): RefusalCode | null {
  const redeem = document.redeem ?? {}
  if (redeem.kinds !== undefined && !redeem.kinds.includes(ask.kind)) return 'REDEEM_KIND'
  if (ask.lifetimeSeconds < (redeem.gateSeconds ?? 0)) return 'GATE_HOURS'
  if (redeem.relations !== undefined && !redeem.relations.includes(ask.relation)) return 'RELATION'
  if (redeem.fromAge !== undefined && !isOldEnough(ask.beneficiary, ask.day, redeem.fromAge)) return 'AGE'
  if (redeem.timesPerMonth !== undefined && ask.used.month >= redeem.timesPerMonth) return 'MONTH_USED'
  if (redeem.timesPerQuarter !== undefined && ask.used.quarter >= redeem.timesPerQuarter) return 'QUARTER_USED'
  return redeem.timesPerYear !== undefined && ask.used.year >= redeem.timesPerYear ? 'YEAR_USED' : null
}

/** What it costs, rounded up to the milli-point; null where the scheme names no price. */
export function priceOfRedemption({ redeem, earn }: SchemeDocument, ask: RedemptionAsk): bigint | null {
  if (ask.kind === 'yuan')
    return redeem?.yuan === undefined || ask.fen === undefined
      ? null
      : ceil(BigInt(ask.fen) * BigInt(redeem.yuan.milliPoints), BigInt(redeem.yuan.fen))
  const listed = redeem?.prices?.find((one) => one.item === ask.item)?.milliPoints
  if (listed !== undefined) return BigInt(listed)
  if (ask.kind !== 'service' || ask.seconds === undefined) return null
  if (redeem?.serviceHourMilliPoints !== undefined)
    return ceil(BigInt(ask.seconds) * BigInt(redeem.serviceHourMilliPoints), 3600n)
  // Where nothing is said an hour costs what an hour earns.
  return earn.milliPoints === undefined || earn.seconds === undefined
    ? null
    : ceil(BigInt(ask.seconds) * BigInt(earn.milliPoints), BigInt(earn.seconds))
}

/** What the help of another costs that is asked for in an order. @returns null where the scheme sells none */
export function priceOfHelp(
  document: SchemeDocument,
  service: { code: string; plannedSeconds: number },
): { milliPoints: bigint; isPiece: boolean } | null {
  const { redeem } = document
  if (redeem === undefined || (redeem.kinds !== undefined && !redeem.kinds.includes('service'))) return null
  const isPiece = redeem.prices?.some(({ item }) => item === service.code) === true
  // Where it isn't said that help can be had for points, it is asked for as before.
  if (!isPiece && redeem.serviceHourMilliPoints === undefined && redeem.kinds === undefined) return null
  if (!isPiece && redeem.prices !== undefined && redeem.serviceHourMilliPoints === undefined) return null
  const milliPoints = priceOfRedemption(document, {
    ...{ kind: 'service', item: service.code, seconds: service.plannedSeconds },
  })
  return milliPoints === null ? null : { milliPoints, isPiece }
}

/** What somebody offers costs under a scheme: money off at a shop by the scheme's ratio, all else as it is priced. */
export function priceOfOffer(
  document: SchemeDocument | undefined,
  offer: { kind: string; priceMilliPoints: bigint; costFen: number },
): bigint {
  if (document === undefined || offer.kind !== 'yuan') return offer.priceMilliPoints
  return priceOfRedemption(document, { kind: 'yuan', fen: offer.costFen }) ?? offer.priceMilliPoints
}

/** Why points can't be given to this person, or null. Without a `transfer` part nothing can be given. */
export function whyNotGift(
  { transfer }: SchemeDocument,
  ask: {
    relation: Relation | undefined
    recipient: PersonFacts
    day: Day
    milliPoints: bigint
    givenThisYear: bigint
    isAgreed: boolean
  },
): RefusalCode | null {
  if (transfer === undefined) return 'GIFT_CLOSED'
  if (transfer.relations !== undefined && (ask.relation === undefined || !transfer.relations.includes(ask.relation)))
    return 'RELATION'
  if (transfer.recipientFromAge !== undefined && !isOldEnough(ask.recipient, ask.day, transfer.recipientFromAge))
    return 'AGE'
  if (
    transfer.yearMilliPointsMax !== undefined &&
    ask.givenThisYear + ask.milliPoints > BigInt(transfer.yearMilliPointsMax)
  )
    return 'YEAR_GIFT_USED'
  return (transfer.approval ?? 'none') !== 'none' && !ask.isAgreed ? 'NOT_AGREED' : null
}

/** Why this can't be donated, or null. Without a `donate` part nothing can be. */
export function whyNotDonate(
  { donate }: SchemeDocument,
  ask: { to: 'pool' | 'elder' | 'organisation'; milliPoints: bigint },
): RefusalCode | null {
  if (donate === undefined || (donate.to !== undefined && !donate.to.includes(ask.to))) return 'DONATE_CLOSED'
  return ask.milliPoints < BigInt(donate.milliPointsMin ?? 0) ? 'DONATE_LEAST' : null
}

/** The highest star for which hours and points both suffice; 0 is none. It falls again with either. */
export function starsOf({ stars }: SchemeDocument, seconds: number, milliPoints: bigint): number {
  return (stars ?? []).reduce(
    (best, one) =>
      seconds >= (one.seconds ?? 0) && milliPoints >= BigInt(one.milliPoints ?? 0) && one.stars > best
        ? one.stars
        : best,
    0,
  )
}

/**
 * Why an account can't be closed like this, or null. An heir may be missing: then the points go to the pool.
 *
 * @param relation what the heir is to the owner; undefined where nobody confirmed one
 */
export function whyNotClose(
  { closing }: SchemeDocument,
  ask: { closing: 'death' | 'moving' | undefined; to: ClosingTo | undefined; relation: Relation | undefined },
): RefusalCode | null {
  if (closing === undefined) return null
  if (ask.closing === undefined) return 'REQUIRED'
  if (ask.to === undefined || !closingOf({ closing }, ask.closing).some((way) => way === ask.to)) return 'CLOSING_RULE'
  if (ask.to !== 'heir') return null
  return ask.relation !== undefined && mayInherit({ closing }, ask.relation) ? null : 'RELATION'
}

/** What may become of the points of who dies or moves away. Where no rules speak of it nothing is lost. */
export function closingOf(
  document: Pick<SchemeDocument, 'closing'> | undefined,
  why: 'death' | 'moving',
): readonly ClosingWay[] {
  const closing = document?.closing
  if (closing === undefined) return why === 'death' ? ['heir', 'pool'] : ['county', 'pool']
  return CLOSING_TO[why === 'death' ? (closing.onDeath ?? 'pool') : (closing.onMoving ?? 'export')]
}

export function mayInherit(document: Pick<SchemeDocument, 'closing'> | undefined, relation: Relation): boolean {
  return document?.closing?.heirRelations?.includes(relation) ?? true
}
type ClosingWay = 'heir' | 'pool' | 'expired' | 'county'
type ClosingTo = ClosingWay | 'issuance'
const CLOSING_TO: Record<'heir' | 'pool' | 'expire' | 'export', readonly ClosingWay[]> = {
  heir: ['heir', 'pool'],
  pool: ['pool'],
  expire: ['expired'],
  export: ['county'],
}

/** The festival of a day, or undefined. */
export function festivalOf({ bonuses }: SchemeDocument, day: Day) {
  return bonuses?.festivals?.find(({ days }) => days.some((one) => one === day || one === day.slice(5)))
}

/** Who comes first when the pool is shared out: the place of the first rule that holds. */
export function priorityOf({ donate }: SchemeDocument, person: PersonFacts, day: Day): number {
  const place = (donate?.priority ?? []).findIndex((text) => holds(text, { person, day }))
  return place === -1 ? Number.MAX_SAFE_INTEGER : place
}

/** Whether a rule about a person holds; one that doesn't parse holds for nobody. */
export function holds(text: string, facts: PersonOnDay): boolean {
  let rule = rules.get(text)
  if (rule === undefined) {
    const compiled = compileForPerson(text)
    rule = compiled.ok ? compiled.holds : () => false
    if (rules.size > RULES_KEPT) rules.clear()
    rules.set(text, rule)
  }
  return rule(facts)
}
const RULES_KEPT = 1000
const rules = new Map<string, (facts: PersonOnDay) => boolean>()

function isOldEnough(person: PersonFacts, day: Day, fromAge: number): boolean {
  const age = ageOf(person, day)
  return age !== undefined && age >= fromAge
}

function ceil(n: bigint, d: bigint): bigint {
  return (n + d - 1n) / d
}
