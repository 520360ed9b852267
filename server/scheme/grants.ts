import type { z } from 'zod'
import { signedPointsText } from '../../shared/core/amounts'
import { Refusal } from '../../shared/core/refusals'
import { type Day, dayOf } from '../../shared/core/time'
import type { grantAnswerInput } from '../../shared/member/input'
import type { SchemeDocument } from '../../shared/scheme/document'
import { expiresAt } from '../../shared/scheme/expiry'
import { holds, priorityOf } from '../../shared/scheme/gates'
import { explained } from '../../shared/scheme/rules'
import { inForce } from '../../shared/scheme/versions'
import { saidOfPerson } from '../../shared/scheme/words'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope } from '../core/actor'
import { type Db, type Reader, type Tx, underPath } from '../core/db'
import { idFrom } from '../core/ids'
import { logEach, logOperation } from '../core/operation-log'
import { systemAccount } from '../ledger/accounts'
import { type Draft, post } from '../ledger/post'
import { balanceOf } from '../ledger/queries'
import { lock } from '../ledger/write'
import { accountsOfPersons } from '../member/account'
import { readPersonFacts } from './persons'
import { type SchemeInForce, schemesById, schemesOn } from './queries'

export type Grant = NonNullable<SchemeDocument['grants']>[number]
export type Round = Awaited<ReturnType<Db['grantRound']['findUniqueOrThrow']>>
/** Where the scheme says nothing, two persons agree. */
const APPROVERS = 2
const PERSONS_AT_ONCE = 500

/**
 * Proposes what the schemes in force grant in the period of the day: one round for each grant that names somebody, however
 * often the clock strikes. What is granted once is looked for every month, since people join. Nothing moves before the
 * approvers agree.
 */
export async function proposeGrants(db: Db, at: Date): Promise<number> {
  const day = dayOf(at)
  const rows = await db.scheme.findMany()
  const versions = rows.map((row) => ({ ...row, document: JSON.parse(row.document) as SchemeDocument }))
  const current = versions.filter(
    (one) =>
      inForce(
        versions.filter(({ regionId, programmeId }) => regionId === one.regionId && programmeId === one.programmeId),
        one.regionPath,
        day,
      )?.id === one.id,
  )
  let proposed = 0
  for (const { id, programmeId, regionId, regionPath, document } of current) {
    for (const grant of document.grants ?? []) {
      const period = periodOf(grant, day)
      const round = {
        id: idFrom('grantRound', programmeId, regionId, grant.name, period),
        ...{ programmeId, schemeId: id, regionPath, name: grant.name, period },
        ...{ approvers: grant.approvers ?? APPROVERS, state: 'waiting', proposedAt: at },
      }
      if ((await db.grantRound.count({ where: { id: round.id } })) > 0) continue
      const scheme = { id, version: 0, programmeId, document }
      if ((await peopleOf(db, round, scheme, grant, day)).length === 0) continue
      await db.$transaction(async (tx) => {
        await tx.grantRound.create({ data: round })
        const about = { action: 'propose', resource: 'grantRound', resourceId: round.id, regionPath }
        await logEach(tx, [{ ...about, actor: null, at, after: { name: grant.name } }])
      })
      proposed++
    }
  }
  return proposed
}

/**
 * One person's answer. The last approver's carries the round out: to whom the rule names today, the first by the scheme's
 * priority as long as the pool lasts. Who is among them can't approve.
 *
 * @throws Refusal NOT_FOUND, GRANT_STATE, REQUEST_OWN for who has answered before or would get it, POOL_EMPTY
 */
export async function answerRound(
  db: Db,
  actor: Actor,
  roundId: string,
  { answer, reason }: z.infer<typeof grantAnswerInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    // Holds the round until the commit: of the last two approvers at once the second counts the first.
    await tx.$executeRaw`UPDATE grant_round SET "granted" = "granted" WHERE "id" = ${roundId}`
    const round = await tx.grantRound.findFirst({ where: { id: roundId, ...inScope(actor, can('points.grant')) } })
    if (round === null) throw new Refusal('NOT_FOUND')
    if (round.state !== 'waiting') throw new Refusal('GRANT_STATE')
    const { scheme, grant } = await grantOf(tx, round)
    const people = await peopleOf(tx, round, scheme, grant, dayOf(at))
    const answered = await tx.grantAnswer.findMany({ where: { roundId } })
    if ([...people, ...answered.map(({ byPersonId }) => byPersonId)].includes(actor.personId))
      throw new Refusal('REQUEST_OWN')
    await tx.grantAnswer.create({ data: { roundId, byPersonId: actor.personId, answer, reason, at } })
    const approved = answered.length + 1
    if (answer === 'reject')
      await tx.grantRound.update({ where: { id: roundId }, data: { state: 'rejected', doneAt: at } })
    else if (approved >= round.approvers) await carryOut(tx, round, scheme, grant, people, actor.personId, at)
    const about = { resource: 'grantRound', resourceId: roundId, regionPath: round.regionPath }
    await logOperation(tx, actor, { ...about, at, action: answer, after: { name: round.name } })
    return { id: roundId }
  })
}

/** The grant a round is of, as the scheme it was proposed by says it. */
export async function grantOf(db: Reader, round: Round): Promise<{ scheme: SchemeInForce; grant: Grant }> {
  const scheme = (await schemesById(db, [round.schemeId])).get(round.schemeId)
  const grant = scheme?.document.grants?.find(({ name }) => name === round.name)
  if (scheme === undefined || grant === undefined) throw new Error(`no grant ${round.id}`)
  return { scheme, grant }
}

/**
 * Persons a round would give to on a day, the first by priority: elders and helpers of its places whom the rule names, under
 * this scheme and no more specific one, who haven't got it in the period.
 */
export async function peopleOf(
  db: Reader,
  round: Pick<Round, 'programmeId' | 'regionPath' | 'period'>,
  scheme: SchemeInForce,
  grant: Grant,
  day: Day,
): Promise<string[]> {
  const below = { regionPath: underPath(round.regionPath), endedDay: null }
  const select = { personId: true, regionPath: true } as const
  const [elders, members] = await Promise.all([
    db.elder.findMany({ where: below, select }),
    db.member.findMany({ where: { ...below, state: 'active' }, select }),
  ])
  const homes = new Map([...members, ...elders].map(({ personId, regionPath }) => [personId, regionPath]))
  const schemeOf = await schemesOn(
    db,
    [...new Set(homes.values())].map((regionPath) => ({ regionPath, day })),
  )
  const own = [...homes].filter(([, regionPath]) => schemeOf({ regionPath, day })?.id === scheme.id)
  const facts = await readPersonFacts(
    db,
    own.map(([personId]) => personId),
    round.programmeId,
    day,
  )
  const named = own.flatMap(([personId]) => {
    const person = facts.get(personId)
    return person !== undefined && holds(grant.when, { person, day })
      ? [{ personId, priority: priorityOf(scheme.document, person, day) }]
      : []
  })
  const refOf = (personId: string) => refIdOf(round, grant, personId)
  const has = await grantedAmong(
    db,
    named.map(({ personId }) => refOf(personId)),
  )
  return named
    .filter(({ personId }) => !has.has(refOf(personId)))
    .sort((a, b) => a.priority - b.priority || (a.personId < b.personId ? -1 : 1))
    .map(({ personId }) => personId)
}

async function carryOut(
  tx: Tx,
  round: Round,
  scheme: SchemeInForce,
  grant: Grant,
  people: readonly string[],
  byId: string,
  at: Date,
): Promise<void> {
  const { programmeId } = round
  const from = await systemAccount(tx, programmeId, grant.from)
  const each = BigInt(grant.milliPoints)
  await lock(tx, [from])
  const most = grant.from === 'pool' ? Number((await balanceOf(tx, from)).availableMilliPoints / each) : people.length
  if (most === 0 && people.length > 0) throw new Refusal('POOL_EMPTY')
  const given = people.slice(0, most)
  const words = `${grant.name} ${signedPointsText(each)} 分`
  const inputs = [
    { label: '发给', value: saidOfPerson(grant.when) },
    { label: '期间', value: round.period },
    ...(grant.fundLine === undefined ? [] : [{ label: '资金线', value: grant.fundLine }]),
  ]
  const explanation = explained(scheme, `grants.${grant.name}`, words, inputs)
  for (let place = 0; place < given.length; place += PERSONS_AT_ONCE) {
    const some = given.slice(place, place + PERSONS_AT_ONCE)
    const accounts = await accountsOfPersons(tx, some, programmeId, at)
    const drafts = some.map((personId): Draft => {
      const accountId = accounts.get(personId) as string
      const refId = refIdOf(round, grant, personId)
      return {
        ...{ id: idFrom('GRANT', refId), programmeId, kind: 'GRANT', refType: 'grant', refId, revision: 0 },
        ...{ happenedAt: at, byId, explanation },
        postings: [
          { accountId: from, milliPoints: -each },
          { accountId, milliPoints: each, expiresAt: expiresAt(scheme.document, dayOf(at)) },
        ],
      }
    })
    await post(tx, drafts, at)
  }
  await tx.grantRound.update({
    where: { id: round.id },
    data: {
      ...{ state: 'done', doneAt: at, granted: given.length, left: people.length - given.length },
      milliPoints: each * BigInt(given.length),
    },
  })
}

/** By its period, not by its round: another version of the scheme doesn't give twice. */
function refIdOf(
  { programmeId, period }: Pick<Round, 'programmeId' | 'period'>,
  grant: Grant,
  personId: string,
): string {
  return idFrom('grant', programmeId, grant.name, grant.every === 'once' ? 'once' : period, personId)
}

async function grantedAmong(db: Reader, refIds: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>()
  for (let place = 0; place < refIds.length; place += PERSONS_AT_ONCE) {
    const some = refIds.slice(place, place + PERSONS_AT_ONCE)
    const rows = await db.ledgerTransaction.findMany({
      where: { kind: 'GRANT', refType: 'grant', refId: { in: some } },
      select: { refId: true },
    })
    for (const { refId } of rows) found.add(refId)
  }
  return found
}

/** 2026-11, 2026 Q4 or 2026; what is granted once is looked for in every month. */
function periodOf({ every }: Grant, day: Day): string {
  const year = day.slice(0, 4)
  if (every === 'month' || every === 'once') return day.slice(0, 7)
  if (every === 'quarter') return `${year} Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`
  return year
}
