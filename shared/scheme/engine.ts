import { pointsText, signedPointsText } from '../core/amounts'
import { REFUSALS, type RefusalCode } from '../core/refusals'
import { type Day, dayOf } from '../core/time'
import type {
  EarnedBefore,
  Explanation,
  Judgement,
  PersonFacts,
  Relation,
  SchemeDocument,
  VisitFacts,
} from './document'
import { monthsBefore } from './expiry'
import { type Fraction, ZERO } from './fraction'
import {
  festivalOf,
  holds,
  priceOfRedemption,
  priorityOf,
  starsOf,
  whyNotDonate,
  whyNotGift,
  whyNotHelper,
  whyNotRedeem,
  whyNotServed,
} from './gates'
import type { EventsFile, SchemeEvent } from './input'
import { explained, judge } from './rules'
import { inForce, type SchemeVersion } from './versions'

/** One leg of a transaction: account is issuance, pool, honour-free kinds of the books, or member:<id>. */
export type EnginePosting = { transaction: string; account: string; milliPoints: bigint }
export type Outcome = {
  id: string
  kind: SchemeEvent['kind']
  postings: EnginePosting[]
  refusal: { code: RefusalCode; sentence: string } | null
  /** one for every transaction, and for a visit that earns nothing */
  explanations: Explanation[]
}
type Lot = { day: Day; milliPoints: bigint }
type Posted = {
  by: string
  day: Day
  seconds: number
  milliPoints: bigint
  poolMilliPoints: bigint
  version: SchemeVersion
}
export type RunPerson = {
  id: string
  facts: PersonFacts
  regionPath: string
  balance: bigint
  owed: bigint
  seconds: number
  carry: Fraction
  honour: bigint
  earned: Map<string, bigint>
  lots: Lot[]
  used: Map<string, number>
  given: Map<string, bigint>
  noShows: Map<string, number>
  granted: Set<string>
  isSuspended: boolean
  isClosed: boolean
}
export type Run = {
  versions: readonly SchemeVersion[]
  people: Map<string, RunPerson>
  relations: Map<string, Relation>
  pool: bigint
  posted: Map<string, Posted>
}

/** A programme before its first event. */
export function newRun(versions: readonly SchemeVersion[], file: Omit<EventsFile, 'events'>): Run {
  return {
    versions,
    people: new Map(file.people.map((one) => [one.id, newPerson(one)])),
    relations: new Map((file.relations ?? []).map(({ of, is, to }) => [`${to}>${of}`, is])),
    pool: BigInt(file.poolMilliPoints ?? 0),
    posted: new Map(),
  }
}

function newPerson(given: EventsFile['people'][number]): RunPerson {
  const { id, regionPath = '/', balanceMilliPoints = 0, lifetimeSeconds = 0, ...facts } = given
  const balance = BigInt(balanceMilliPoints)
  return {
    id,
    facts,
    regionPath,
    balance,
    owed: 0n,
    seconds: lifetimeSeconds,
    carry: ZERO,
    honour: 0n,
    earned: new Map(),
    lots: balance > 0n ? [{ day: '', milliPoints: balance }] : [],
    used: new Map(),
    given: new Map(),
    noShows: new Map(),
    granted: new Set(),
    isSuspended: false,
    isClosed: false,
  }
}

/** All events in the order they were recorded. The same events always give the same answer. */
export function judgeEvents(versions: readonly SchemeVersion[], file: EventsFile): { outcomes: Outcome[]; run: Run } {
  const run = newRun(versions, file)
  return { outcomes: file.events.map((event) => judgeEvent(run, event)), run }
}

/**
 * Judges one event by the rules of the day it happened, and keeps what follows from it in the run.
 *
 * A late event takes what is left of the cap of its own day.
 */
export function judgeEvent(run: Run, event: SchemeEvent): Outcome {
  const outcome: Outcome = { id: event.id, kind: event.kind, postings: [], refusal: null, explanations: [] }
  const milliseconds = Date.parse(event.at) + SHANGHAI_MS
  const turn: Turn = { run, outcome, day: knownDay(milliseconds), second: Math.floor(milliseconds / 1000) % 86_400 }
  const code = judgeKind(turn, event)
  if (code !== null) outcome.refusal = { code, sentence: REFUSALS[code][1] }
  return outcome
}

/** `second` of the day, on the Shanghai clock */
type Turn = { run: Run; outcome: Outcome; day: Day; second: number }

function judgeKind(turn: Turn, event: SchemeEvent): RefusalCode | null {
  switch (event.kind) {
    case 'visit':
      return judgeVisit(turn, event)
    case 'reversal':
      return takeBack(turn, event.visit, '记录退回')
    case 'complaint':
      return judgeComplaint(turn, event.visit)
    case 'noShow':
      return judgeNoShow(turn, event.by)
    case 'referral':
      return judgeBonus(turn, event.by, 'referralMilliPoints', '介绍新志愿者')
    case 'organise':
      return judgeBonus(turn, event.by, 'organiserMilliPoints', '组织活动')
    case 'redeem':
      return judgeRedeem(turn, event)
    case 'gift':
      return judgeGift(turn, event)
    case 'donate':
      return judgeDonate(turn, event)
    case 'serve':
      return withScheme(turn, event.for, ({ document }, person) => whyNotServed(document, factsOf(person), turn.day))
    case 'enrol':
      return withScheme(turn, event.by, ({ document }, person) => whyNotHelper(document, factsOf(person), turn.day))
    case 'import':
      return judgeImport(turn, event)
    case 'close':
      return judgeClose(turn, event)
    case 'clock':
      return judgeClock(turn)
  }
}

function judgeVisit(turn: Turn, event: Extract<SchemeEvent, { kind: 'visit' }>): RefusalCode | null {
  const { run, outcome, day } = turn
  const person = personOf(run, event.by)
  if (person === undefined) return 'PERSON_UNKNOWN'
  const version = inForce(run.versions, event.regionPath ?? person.regionPath, day)
  if (version === null) return 'NO_SCHEME'
  const served = event.for === undefined ? undefined : personOf(run, event.for)
  const judgement = worthOf(turn, version, person, {
    servedSeconds: event.servedSeconds,
    nature: event.nature ?? 'volunteer',
    level: event.level ?? 2,
    day,
    beganSecond: turn.second,
    plannedSeconds: event.plannedSeconds,
    service: event.service,
    channel: event.channel,
    group: event.group,
    atSite: event.atSite,
    organiser: event.organiser,
    difficulty: event.difficulty,
    helper: factsOf(person),
    elder: served === undefined ? undefined : factsOf(served),
  })
  outcome.explanations.push(judgement.explanation)
  post(turn, 'EARN', 'issuance', [
    [member(person), judgement.milliPoints],
    ['pool', judgement.poolMilliPoints],
  ])
  if (judgement.milliPoints > 0n) festivalBonus(turn, version, person)
  run.posted.set(event.id, {
    by: person.id,
    day,
    seconds: event.servedSeconds,
    milliPoints: judgement.milliPoints,
    poolMilliPoints: judgement.poolMilliPoints,
    version,
  })
  return null
}

/** Judges a visit against what the person has in this run, and adds it up. Hours count whatever it earns. */
function worthOf(turn: Turn, version: SchemeVersion, person: RunPerson, facts: VisitFacts): Judgement {
  const before = earnedOf(person, facts.day)
  const judgement = person.isSuspended ? suspended(version, facts) : judge(version.document, version, facts, before)
  person.seconds += facts.servedSeconds
  person.carry = judgement.carry
  person.honour += judgement.honourMilliPoints
  countEarned(person, facts.day, judgement.milliPoints)
  addLot(person, facts.day, judgement.milliPoints)
  turn.run.pool += judgement.poolMilliPoints
  return judgement
}

function suspended(version: SchemeVersion, facts: VisitFacts): Judgement {
  const formula = `${Math.floor(facts.servedSeconds / 60)} 分钟`
  const explanation = explained(version, 'penalties.noShowsPerYearMax', formula)
  return {
    milliPoints: 0n,
    poolMilliPoints: 0n,
    honourMilliPoints: 0n,
    carry: ZERO,
    explanation: { ...explanation, zeroReason: '失约太多，资格已经停止，只记时长' },
  }
}

function festivalBonus(turn: Turn, version: SchemeVersion, person: RunPerson): void {
  const festival = festivalOf(version.document, turn.day)
  if (festival !== undefined)
    bonus(turn, version, person, BigInt(festival.milliPoints), `bonuses.festivals.${festival.name}`, festival.name)
}

function judgeBonus(
  turn: Turn,
  by: string,
  key: 'referralMilliPoints' | 'organiserMilliPoints',
  word: string,
): RefusalCode | null {
  return withScheme(turn, by, (version, person) => {
    const amount = version.document.bonuses?.[key]
    if (amount !== undefined) bonus(turn, version, person, BigInt(amount), `bonuses.${key}`, word)
    return null
  })
}

function bonus(
  turn: Turn,
  version: SchemeVersion,
  person: RunPerson,
  amount: bigint,
  rule: string,
  word: string,
): void {
  addLot(person, turn.day, amount)
  turn.outcome.explanations.push(explained(version, rule, `${word} ${signedPointsText(amount)} 分`))
  post(turn, 'BONUS', 'issuance', [[member(person), amount]])
}

/** The exact negation of what a visit brought; its hours stay. */
function takeBack(turn: Turn, visitId: string, word: string): RefusalCode | null {
  const posted = turn.run.posted.get(visitId)
  if (posted === undefined) return 'NOT_FOUND'
  turn.run.posted.delete(visitId)
  const person = personOf(turn.run, posted.by) as RunPerson
  advance(turn, person, posted.milliPoints)
  takeLots(person, posted.milliPoints, posted.day)
  countEarned(person, posted.day, -posted.milliPoints)
  turn.run.pool -= posted.poolMilliPoints
  const whole = posted.milliPoints + posted.poolMilliPoints
  turn.outcome.explanations.push(explained(posted.version, 'reversal', `${word}，收回 ${pointsText(whole)} 分`))
  post(turn, 'REVERSE', 'issuance', [
    [member(person), -posted.milliPoints],
    ['pool', -posted.poolMilliPoints],
  ])
  return null
}

function judgeComplaint(turn: Turn, visitId: string): RefusalCode | null {
  const posted = turn.run.posted.get(visitId)
  if (posted === undefined) return 'NOT_FOUND'
  const { penalties } = posted.version.document
  const person = personOf(turn.run, posted.by) as RunPerson
  if (penalties?.upheldComplaint === 'visitToZero') takeBack(turn, visitId, '投诉成立')
  if (penalties?.complaintMilliPoints !== undefined)
    fine(
      turn,
      posted.version,
      person,
      BigInt(penalties.complaintMilliPoints),
      'penalties.complaintMilliPoints',
      '投诉成立',
    )
  return null
}

function judgeNoShow(turn: Turn, by: string): RefusalCode | null {
  return withScheme(turn, by, (version, person) => {
    const { penalties } = version.document
    const year = turn.day.slice(0, 4)
    const times = (person.noShows.get(year) ?? 0) + 1
    person.noShows.set(year, times)
    if (penalties?.noShowsPerYearMax !== undefined && times >= penalties.noShowsPerYearMax) person.isSuspended = true
    if (penalties?.noShowMilliPoints !== undefined)
      fine(
        turn,
        version,
        person,
        BigInt(penalties.noShowMilliPoints),
        'penalties.noShowMilliPoints',
        `今年第 ${times} 次失约`,
      )
    return null
  })
}

function fine(turn: Turn, version: SchemeVersion, person: RunPerson, amount: bigint, rule: string, word: string): void {
  advance(turn, person, amount)
  takeLots(person, amount)
  turn.outcome.explanations.push(explained(version, rule, `${word}，扣 ${pointsText(amount)} 分`))
  post(turn, 'MANUAL', 'issuance', [[member(person), -amount]])
}

function judgeRedeem(turn: Turn, event: Extract<SchemeEvent, { kind: 'redeem' }>): RefusalCode | null {
  return withScheme(turn, event.by, (version, person) => {
    const { document } = version
    const beneficiary = personOf(turn.run, event.for ?? event.by)
    if (beneficiary === undefined) return 'PERSON_UNKNOWN'
    const periods = periodsOf(turn.day)
    const usedIn = (period: string) => person.used.get(period) ?? 0
    const whyNot = whyNotRedeem(document, {
      kind: event.redemption,
      lifetimeSeconds: person.seconds,
      relation: relationOf(turn.run, person.id, beneficiary.id) ?? 'friend',
      beneficiary: factsOf(beneficiary),
      used: { month: usedIn(periods.month), quarter: usedIn(periods.quarter), year: usedIn(periods.year) },
      day: turn.day,
    })
    if (whyNot !== null) return whyNot
    const price =
      event.milliPoints === undefined
        ? priceOfRedemption(document, {
            kind: event.redemption,
            seconds: event.seconds,
            item: event.item,
            fen: event.fen,
          })
        : BigInt(event.milliPoints)
    if (price === null) return 'PRODUCT_UNKNOWN'
    if (person.balance + BigInt(document.overdraftMilliPoints ?? 0) < price) return 'POINTS_NOT_ENOUGH'
    takeLots(person, price)
    for (const period of Object.values(periods)) person.used.set(period, usedIn(period) + 1)
    turn.outcome.explanations.push(explained(version, `redeem.${event.redemption}`, `兑换用去 ${pointsText(price)} 分`))
    post(turn, 'POST', 'redemptionDue', [[member(person), -price]])
    return null
  })
}

function judgeGift(turn: Turn, event: Extract<SchemeEvent, { kind: 'gift' }>): RefusalCode | null {
  return withScheme(turn, event.by, (version, person) => {
    const recipient = personOf(turn.run, event.to)
    if (recipient === undefined || recipient.isClosed) return 'PERSON_UNKNOWN'
    const year = turn.day.slice(0, 4)
    const milliPoints = BigInt(event.milliPoints)
    const givenThisYear = person.given.get(year) ?? 0n
    const whyNot = whyNotGift(version.document, {
      relation: relationOf(turn.run, person.id, recipient.id),
      recipient: factsOf(recipient),
      day: turn.day,
      milliPoints,
      givenThisYear,
      isAgreed: event.agreed === true,
    })
    if (whyNot !== null) return whyNot
    if (person.balance < milliPoints) return 'POINTS_NOT_ENOUGH'
    person.given.set(year, givenThisYear + milliPoints)
    moveLots(person, recipient, milliPoints)
    turn.outcome.explanations.push(explained(version, 'transfer', `转赠 ${pointsText(milliPoints)} 分`))
    post(turn, 'GIFT', member(person), [[member(recipient), milliPoints]])
    return null
  })
}

function judgeDonate(turn: Turn, event: Extract<SchemeEvent, { kind: 'donate' }>): RefusalCode | null {
  return withScheme(turn, event.by, (version, person) => {
    const milliPoints = BigInt(event.milliPoints)
    const whyNot = whyNotDonate(version.document, { to: event.to, milliPoints })
    if (whyNot !== null) return whyNot
    if (person.balance < milliPoints) return 'POINTS_NOT_ENOUGH'
    const elder = event.to === 'elder' ? personOf(turn.run, event.whom ?? '') : undefined
    if (event.to === 'elder' && elder === undefined) return 'PERSON_UNKNOWN'
    if (elder === undefined) takeLots(person, milliPoints)
    else moveLots(person, elder, milliPoints)
    if (event.to === 'pool') turn.run.pool += milliPoints
    const to = elder === undefined ? (event.to === 'pool' ? 'pool' : `organisation:${event.whom ?? ''}`) : member(elder)
    turn.outcome.explanations.push(explained(version, 'donate', `捐赠 ${pointsText(milliPoints)} 分`))
    post(turn, 'DONATE', member(person), [[to, milliPoints]])
    return null
  })
}

function judgeImport(turn: Turn, event: Extract<SchemeEvent, { kind: 'import' }>): RefusalCode | null {
  return withScheme(turn, event.by, (version, person) => {
    const milliPoints = BigInt(event.milliPoints ?? 0)
    if (person.balance + milliPoints < 0n) return 'POINTS_NOT_ENOUGH'
    person.seconds += event.seconds ?? 0
    if (milliPoints > 0n) addLot(person, turn.day, milliPoints)
    else takeLots(person, -milliPoints)
    turn.outcome.explanations.push(explained(version, 'import', `转入 ${signedPointsText(milliPoints)} 分`))
    post(turn, 'IMPORT', 'suspense', [[member(person), milliPoints]])
    return null
  })
}

function judgeClose(turn: Turn, event: Extract<SchemeEvent, { kind: 'close' }>): RefusalCode | null {
  return withScheme(turn, event.by, (version, person) => {
    const closing = version.document.closing ?? {}
    const how = event.reason === 'death' ? (closing.onDeath ?? 'pool') : (closing.onMoving ?? 'export')
    const heir = how === 'heir' ? personOf(turn.run, event.heir ?? '') : undefined
    if (heir !== undefined && closing.heirRelations !== undefined) {
      const relation = relationOf(turn.run, person.id, heir.id)
      if (relation === undefined || !closing.heirRelations.includes(relation)) return 'RELATION'
    }
    const left = person.balance
    person.isClosed = true
    if (left <= 0n) return null
    if (heir === undefined) takeLots(person, left)
    else moveLots(person, heir, left)
    const isPooled = how === 'pool' || (how === 'heir' && heir === undefined)
    if (isPooled) turn.run.pool += left
    const to = heir !== undefined ? member(heir) : isPooled ? 'pool' : how === 'export' ? 'clearing' : 'expired'
    turn.outcome.explanations.push(explained(version, `closing.${how}`, `销户，余 ${pointsText(left)} 分`))
    post(turn, how === 'export' ? 'TRANSFER_REGION' : 'CLOSE', member(person), [[to, left]])
    return null
  })
}

/** What falls due at an instant: points that expire, and what is granted in this month, quarter or year. */
function judgeClock(turn: Turn): RefusalCode | null {
  let code: RefusalCode | null = null
  const people = [...turn.run.people.values()].filter((person) => !person.isClosed)
  for (const person of people) {
    const version = inForce(turn.run.versions, person.regionPath, turn.day)
    if (version !== null) expire(turn, version, person)
  }
  const known = people.flatMap((person) => {
    const version = inForce(turn.run.versions, person.regionPath, turn.day)
    return version?.document.grants === undefined
      ? []
      : [{ person, version, priority: priorityOf(version.document, factsOf(person), turn.day) }]
  })
  for (const { person, version } of known.sort((a, b) => a.priority - b.priority))
    code = grantTo(turn, version, person) ?? code
  return code
}

function expire(turn: Turn, version: SchemeVersion, person: RunPerson): void {
  const { expiry } = version.document
  if (expiry === undefined) return
  const before =
    expiry.kind === 'yearEnd' ? `${turn.day.slice(0, 4)}-01-01` : monthsBefore(turn.day, expiry.months ?? 0)
  // '' is what was there before the run: nobody knows how old it is, so it stays.
  const due = person.lots.filter(({ day }) => day !== '' && (expiry.kind === 'yearEnd' ? day < before : day <= before))
  const amount = due.reduce((sum, lot) => sum + lot.milliPoints, 0n)
  if (amount <= 0n) return
  person.lots = person.lots.filter((lot) => !due.includes(lot))
  person.balance -= amount
  turn.outcome.explanations.push(explained(version, `expiry.${expiry.kind}`, `到期 ${pointsText(amount)} 分`))
  post(turn, 'EXPIRE', 'expired', [[member(person), -amount]])
}

function grantTo(turn: Turn, version: SchemeVersion, person: RunPerson): RefusalCode | null {
  const periods = periodsOf(turn.day)
  let code: RefusalCode | null = null
  for (const grant of version.document.grants ?? []) {
    const key = `${grant.name} ${grant.every === 'once' ? '' : periods[grant.every]}`
    if (person.granted.has(key) || !holds(grant.when, { person: factsOf(person), day: turn.day })) continue
    const amount = BigInt(grant.milliPoints)
    if (grant.from === 'pool' && turn.run.pool < amount) {
      code = 'POOL_EMPTY'
      continue
    }
    person.granted.add(key)
    if (grant.from === 'pool') turn.run.pool -= amount
    addLot(person, turn.day, amount)
    turn.outcome.explanations.push(
      explained(version, `grants.${grant.name}`, `${grant.name} ${signedPointsText(amount)} 分`),
    )
    post(turn, 'GRANT', grant.from, [[member(person), amount]])
  }
  return code
}

function withScheme(
  turn: Turn,
  personId: string,
  work: (version: SchemeVersion, person: RunPerson) => RefusalCode | null,
): RefusalCode | null {
  const person = personOf(turn.run, personId)
  if (person === undefined) return 'PERSON_UNKNOWN'
  if (person.isClosed) return 'ACCOUNT_CLOSED'
  const version = inForce(turn.run.versions, person.regionPath, turn.day)
  return version === null ? 'NO_SCHEME' : work(version, person)
}

/** One transaction: what the others get is what `from` gives, so it always sums to zero. */
function post(turn: Turn, transaction: string, from: string, to: readonly (readonly [string, bigint])[]): void {
  const legs = to.filter(([, milliPoints]) => milliPoints !== 0n)
  if (legs.length === 0) return
  const whole = legs.reduce((sum, [, milliPoints]) => sum + milliPoints, 0n)
  if (whole !== 0n) turn.outcome.postings.push({ transaction, account: from, milliPoints: -whole })
  for (const [account, milliPoints] of legs) turn.outcome.postings.push({ transaction, account, milliPoints })
}

/** Who can't give back what is taken gets it advanced, and owes it: no balance goes below zero by a reversal. */
function advance(turn: Turn, person: RunPerson, amount: bigint): void {
  const missing = amount - person.balance
  if (missing <= 0n) return
  person.owed += missing
  addLot(person, turn.day, missing)
  post(turn, 'ADVANCE', `recovery:${person.id}`, [[member(person), missing]])
}

function earnedOf(person: RunPerson, day: Day): EarnedBefore {
  const period = periodsOf(day)
  return {
    dayMilliPoints: person.earned.get(day) ?? 0n,
    monthMilliPoints: person.earned.get(period.month) ?? 0n,
    yearMilliPoints: person.earned.get(period.year) ?? 0n,
    balanceMilliPoints: person.balance,
    carry: person.carry,
  }
}

/** By day, month and year; caps look only at these. */
function countEarned(person: RunPerson, day: Day, milliPoints: bigint): void {
  if (milliPoints === 0n) return
  const { month, year } = periodsOf(day)
  add(person.earned, day, milliPoints)
  add(person.earned, month, milliPoints)
  add(person.earned, year, milliPoints)
}

/** Points by the day they are of; an overdraft is a negative lot, and the next points fill it first. */
function addLot(person: RunPerson, day: Day, milliPoints: bigint): void {
  if (milliPoints === 0n) return
  const debt = person.balance < 0n ? -person.balance : 0n
  person.balance += milliPoints
  const left = milliPoints > debt ? milliPoints - debt : 0n
  if (left === 0n) return
  const last = person.lots.at(-1)
  const same = last === undefined || last.day < day ? undefined : person.lots.find((lot) => lot.day === day)
  if (same !== undefined) same.milliPoints += left
  else person.lots.push({ day, milliPoints: left })
}

/** The oldest first; `of` asks for the lot of one day before the others. */
function takeLots(person: RunPerson, milliPoints: bigint, of?: Day): void {
  person.balance -= milliPoints
  let left = milliPoints
  const order = [...person.lots].sort((a, b) =>
    a.day === b.day ? 0 : a.day === of ? -1 : b.day === of ? 1 : a.day < b.day ? -1 : 1,
  )
  for (const lot of order) {
    const taken = lot.milliPoints < left ? lot.milliPoints : left
    lot.milliPoints -= taken
    left -= taken
  }
  person.lots = person.lots.filter((lot) => lot.milliPoints > 0n)
}

/** Given points stay as old as they are: a gift doesn't make them last longer. */
function moveLots(from: RunPerson, to: RunPerson, milliPoints: bigint): void {
  const before = from.lots.map((lot) => ({ ...lot }))
  takeLots(from, milliPoints)
  for (const lot of before) {
    const kept = from.lots.find(({ day }) => day === lot.day)?.milliPoints ?? 0n
    if (lot.milliPoints > kept) addLot(to, lot.day, lot.milliPoints - kept)
  }
}

function personOf(run: Run, id: string): RunPerson | undefined {
  return run.people.get(id)
}

function relationOf(run: Run, of: string, to: string): Relation | undefined {
  return of === to ? 'self' : run.relations.get(`${of}>${to}`)
}

function factsOf(person: RunPerson): PersonFacts {
  person.facts.holder = person.balance > 0n
  return person.facts
}

function add(sums: Map<string, bigint>, key: string, milliPoints: bigint): void {
  sums.set(key, (sums.get(key) ?? 0n) + milliPoints)
}

type Periods = { month: string; quarter: string; year: string }

/** The month, quarter and year of a day; each is cut once, as a million visits ask the same few days. */
function periodsOf(day: Day): Periods {
  const known = periods.get(day)
  if (known !== undefined) return known
  const year = day.slice(0, 4)
  const made = { month: day.slice(0, 7), quarter: `${year} Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`, year }
  if (periods.size > DAYS_KEPT) periods.clear()
  periods.set(day, made)
  return made
}

/** The day of an instant in milliseconds of the Shanghai clock, spelled once. */
function knownDay(milliseconds: number): Day {
  const number = Math.floor(milliseconds / DAY_MS)
  const known = days.get(number)
  if (known !== undefined) return known
  const day = dayOf(new Date(milliseconds - SHANGHAI_MS))
  if (days.size > DAYS_KEPT) days.clear()
  days.set(number, day)
  return day
}
const SHANGHAI_MS = 8 * 3_600_000
const DAY_MS = 86_400_000
const DAYS_KEPT = 5000
const periods = new Map<Day, Periods>()
const days = new Map<number, Day>()

function member(person: RunPerson): string {
  return `member:${person.id}`
}

export function starsOfPerson(document: SchemeDocument, person: RunPerson): number {
  return starsOf(document, person.seconds, person.balance)
}
