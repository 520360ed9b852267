import type { z } from 'zod'
import { Refusal, refuse } from '../../shared/core/refusals'
import { addDays, dayOf, firstDayOf, monthOf, startOfDay } from '../../shared/core/time'
import type {
  pointDecisionInput,
  pointImportInput,
  pointRequestInput,
  pointRequestListQuery,
} from '../../shared/ledger/input'
import type { PointRequestView } from '../../shared/ledger/view'
import { TRANSACTION_WORDS } from '../../shared/ledger/words'
import { MAY_ASK, relationFor } from '../../shared/member/rules'
import { maskName } from '../../shared/person/rules'
import type { SettingValues } from '../../shared/region/settings'
import type { Relation } from '../../shared/scheme/document'
import { whyNotClose } from '../../shared/scheme/gates'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope, mayOver, pathsOf } from '../core/actor'
import type { Keys } from '../core/config'
import { type Db, execute, type Prisma, type Tx } from '../core/db'
import { cursorOf, readCursor, toPage } from '../core/input'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { clearingAccount, systemAccount } from '../ledger/accounts'
import {
  accountsConcerned,
  askFor,
  carryOut,
  decideOn,
  grantedAloneSince,
  type ImportDetail,
  type LedgerRequest,
  magnitude,
  manualSince,
} from '../ledger/request'
import { openPersons } from '../person/vault'
import { findRegionInScope } from '../region/queries'
import { settingsAt } from '../region/settings'
import { schemeOn } from '../scheme/queries'
import { accountOfPerson, accountsOfPersons, ownersOf } from './account'
import { pathsOfPerson, pathsOfProgramme } from './entries'
import { kinOf } from './kin'
import { detailsOf } from './request-details'

type Input = z.infer<typeof pointRequestInput>

/**
 * Asks the books for what no rule brings about. A grant up to the limit of the place is carried out at once; all else waits
 * for a second person.
 *
 * @throws Refusal NOT_FOUND, NOT_ALLOWED, REQUEST_OWN, EVIDENCE_NEEDED, QUOTA_USED, AMOUNT
 */
export async function requestPoints(db: Db, actor: Actor, input: Input, at: Date): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'requestPoints', input, at }, async () => {
      const { account, beneficiaryId, regionPath } = await findAbout(tx, actor, input.accountId)
      if (!mayOver(actor, can(MAY_ASK[input.kind]), regionPath)) throw new Refusal('NOT_ALLOWED')
      return fileRequest(tx, actor, input, { account, beneficiaryId, regionPath }, at)
    }),
  )
}

/** The same inside somebody's transaction, by whom its own verb allowed it. */
export async function fileRequest(
  tx: Tx,
  actor: Actor,
  input: Input,
  { account, beneficiaryId, regionPath }: About,
  at: Date,
): Promise<{ id: string }> {
  const milliPoints = input.milliPoints === undefined ? null : BigInt(input.milliPoints)
  const closing = await settleHeir(tx, input, { beneficiaryId, programmeId: account.programmeId, regionPath, at })
  const there = await findThere(tx, input, account.programmeId)
  const otherAccountId =
    there === null
      ? await counterpartOf(tx, closing, account.programmeId)
      : await accountThere(tx, input, { ...there, here: account.programmeId, beneficiaryId, at })
  const request: LedgerRequest = {
    ...{ id: input.id, programmeId: account.programmeId, kind: input.kind, accountId: account.id, milliPoints },
    ...{ transactionId: await findUndone(tx, input), otherAccountId, detail: null },
    ...{ reason: input.reason, evidenceHash: input.evidenceHash ?? null, beneficiaryId },
    // what another county takes over, that county agrees to
    regionPath: there?.path ?? regionPath,
    askedById: actor.personId,
  }
  const settings = await settingsAt(tx, regionPath, dayOf(at))
  // two requests of one person at once would each see the whole quota: the person's row is held until the commit
  if (isLimited(request.kind)) await execute(tx, `UPDATE person SET "sex" = "sex" WHERE "id" = $1`, actor.personId)
  await refuseOverQuota(tx, request, settings.manualPointsMonthMax, at)
  await refuseOwn(tx, request, actor)
  const alone = request.kind === 'GRANT' && (await mayGrantAlone(tx, request, settings, at))
  await askFor(tx, request, at)
  if (alone) await carryOut(tx, request, actor.personId, at)
  await logOperation(tx, actor, {
    ...{ at, action: 'ask', resource: 'pointRequest', resourceId: request.id, regionPath },
    after: { kind: request.kind, accountId: account.id, milliPoints: milliPoints?.toString() ?? null },
  })
  return { id: request.id }
}

/**
 * Asks for balances of another system to be taken over; a second person decides. Rows that are refused then stay in the
 * account of what is not cleared up, until somebody answers for them.
 *
 * @throws Refusal NOT_FOUND for a programme or a member of another county, AMOUNT for a row of nothing, DATE_IN_FUTURE
 */
export async function requestImport(
  db: Db,
  actor: Actor,
  input: z.infer<typeof pointImportInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'requestImport', input, at }, async () => {
      const { id, programmeId, reason, evidenceHash } = input
      const programme = await tx.programme.findUnique({ where: { id: programmeId } })
      const [county = '/none/'] = programme === null ? [] : await pathsOfProgramme(tx, programme.regionId)
      const own = pathsOf(actor, can(MAY_ASK.IMPORT)).find((path) => path.startsWith(county) || county.startsWith(path))
      if (own === undefined) throw new Refusal('NOT_FOUND')
      const regionPath = own.startsWith(county) ? own : county
      if (input.rows.some((row) => BigInt(row.milliPoints) === 0n)) throw new Refusal('AMOUNT', { field: 'rows' })
      if (input.rows.some((row) => row.earnedDay > dayOf(at))) throw new Refusal('DATE_IN_FUTURE', { field: 'rows' })
      const request: LedgerRequest = {
        ...{ id, programmeId, kind: 'IMPORT', milliPoints: BigInt(input.totalMilliPoints), reason, evidenceHash },
        accountId: await systemAccount(tx, programmeId, 'suspense'),
        ...{ transactionId: null, otherAccountId: null, beneficiaryId: null, regionPath, askedById: actor.personId },
        detail: JSON.stringify(await importDetail(tx, regionPath, input, at)),
      }
      await refuseOwn(tx, request, actor)
      await askFor(tx, request, at)
      await logOperation(tx, actor, {
        ...{ at, action: 'ask', resource: 'pointRequest', resourceId: id, regionPath },
        after: { kind: 'IMPORT', milliPoints: input.totalMilliPoints, rows: input.rows.length },
      })
      return { id }
    }),
  )
}

async function importDetail(
  tx: Tx,
  regionPath: string,
  { programmeId, rows }: z.infer<typeof pointImportInput>,
  at: Date,
): Promise<ImportDetail> {
  const members = await tx.member.findMany({ where: { id: { in: rows.map((row) => row.memberId) } } })
  const own = new Map(members.filter((one) => one.regionPath.startsWith(regionPath)).map((one) => [one.id, one]))
  if (rows.some((row) => !own.has(row.memberId))) throw new Refusal('NOT_FOUND', { field: 'rows' })
  const accounts = await accountsOfPersons(
    tx,
    [...own.values()].map((one) => one.personId),
    programmeId,
    at,
  )
  return rows.map(({ memberId, milliPoints, lastDay, earnedDay, source }) => ({
    accountId: accounts.get(own.get(memberId)?.personId ?? '') as string,
    milliPoints,
    expiresAt: lastDay === undefined ? null : startOfDay(addDays(lastDay, 1)).toISOString(),
    happenedAt: startOfDay(earnedDay).toISOString(),
    source,
  }))
}

/**
 * Agrees to a request or sends it back; what is agreed to is done in the same commit.
 *
 * @throws Refusal NOT_FOUND, REQUEST_DECIDED, REQUEST_OWN, and what the books refuse
 */
export async function decideRequest(
  db: Db,
  actor: Actor,
  requestId: string,
  input: z.infer<typeof pointDecisionInput>,
  at: Date,
): Promise<{ id: string }> {
  const key = `${requestId}:${actor.personId}`
  return db.$transaction((tx) =>
    once(tx, { key, personId: actor.personId, verb: 'decideRequest', input, at }, async () => {
      const request = await tx.ledgerRequest.findFirst({
        where: { id: requestId, ...inScope(actor, can('points.decide')) },
      })
      if (request === null) throw new Refusal('NOT_FOUND')
      await refuseOwn(tx, request, actor)
      await decideOn(tx, { requestId, ...input, byId: actor.personId }, at)
      await logOperation(tx, actor, {
        ...{ at, action: input.decision, resource: 'pointRequest', resourceId: requestId },
        ...{ regionPath: request.regionPath, after: { kind: request.kind } },
      })
      return { id: requestId }
    }),
  )
}

/** The newest first. */
export async function listRequests(
  db: Db,
  keys: Keys,
  actor: Actor,
  query: z.infer<typeof pointRequestListQuery>,
): Promise<{ items: PointRequestView[]; next: string | null }> {
  const within =
    query.regionId === undefined
      ? undefined
      : (await findRegionInScope(db, actor, can('points.read'), query.regionId)).path
  const before = readCursor(query.cursor, 2)
  // one's own stay in sight while another county decides on them
  const own = within === undefined ? [{ askedById: actor.personId }] : []
  const where: Prisma.LedgerRequestWhereInput[] = [{ OR: [inScope(actor, can('points.read'), within), ...own] }]
  const done = { kind: 'GRANT', id: { in: await grantedAlone(db) } }
  if (query.state === 'waiting') where.push({ decision: { is: null }, NOT: done })
  if (query.state === 'decided') where.push({ OR: [{ decision: { isNot: null } }, done] })
  if (before !== null) {
    const askedAt = new Date(before[0] as string)
    where.push({ OR: [{ askedAt: { lt: askedAt } }, { askedAt, id: { lt: before[1] as string } }] })
  }
  const rows = await db.ledgerRequest.findMany({
    where: { AND: where },
    include: { decision: true },
    orderBy: [{ askedAt: 'desc' }, { id: 'desc' }],
    take: query.limit + 1,
  })
  const alone = new Set(done.id.in)
  const details = await detailsOf(db, keys, rows)
  const names = await openPersons(db, keys, [
    ...new Set(rows.flatMap((row) => [row.askedById, row.decision?.byId ?? '', row.beneficiaryId ?? ''])),
  ])
  const nameOf = (personId: string) => names.get(personId)?.name ?? ''
  return toPage(
    rows,
    query.limit,
    (row): PointRequestView => {
      const { id, kind, accountId, transactionId, reason, decision, beneficiaryId, askedById } = row
      const state = decision === null ? (alone.has(id) ? 'approved' : 'waiting') : stateOf(decision.decision)
      const isOwn = actor.personId === askedById || actor.personId === beneficiaryId
      return {
        ...{ id, kind, kindWord: TRANSACTION_WORDS[kind] ?? kind, accountId, transactionId, reason, state },
        ownerName: beneficiaryId === null ? null : maskName(nameOf(beneficiaryId)),
        milliPoints: row.milliPoints?.toString() ?? null,
        detail: details.get(id) ?? null,
        hasEvidence: row.evidenceHash !== null,
        askedByName: nameOf(askedById),
        askedAt: row.askedAt.toISOString(),
        decidedByName: decision === null ? null : nameOf(decision.byId),
        decidedAt: decision?.at.toISOString() ?? null,
        mayDecide: state === 'waiting' && !isOwn && mayOver(actor, can('points.decide'), row.regionPath),
      }
    },
    (row) => cursorOf(row.askedAt.toISOString(), row.id),
  )
}

const stateOf = (decision: string) => (decision === 'approve' ? ('approved' as const) : ('rejected' as const))

/** Grants small enough for one person: carried out, and nobody decided. */
async function grantedAlone(db: Db): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT r."id" FROM ledger_request AS r JOIN ledger_transaction AS t
      ON t."kind" = 'GRANT' AND t."refType" = 'request' AND t."refId" = r."id"
    WHERE r."kind" = 'GRANT' AND NOT EXISTS (SELECT 1 FROM ledger_decision AS d WHERE d."requestId" = r."id")
    ORDER BY r."askedAt" DESC LIMIT 500`
  return rows.map((row) => row.id)
}

type About = { account: { id: string; programmeId: string }; beneficiaryId: string | null; regionPath: string }

/** The account, whose it is and where that person lives; a programme's own account belongs to its county. */
async function findAbout(tx: Tx, actor: Actor, accountId: string): Promise<About> {
  const account = await tx.ledgerAccount.findUnique({ where: { id: accountId } })
  if (account === null) throw new Refusal('NOT_FOUND')
  const beneficiaryId = (await ownersOf(tx, [accountId])).get(accountId) ?? null
  const programme = await tx.programme.findUniqueOrThrow({ where: { id: account.programmeId } })
  const paths =
    beneficiaryId === null ? await pathsOfProgramme(tx, programme.regionId) : await pathsOfPerson(tx, beneficiaryId)
  const regionPath = paths.find((path) => mayOver(actor, can('points.ask'), path))
  if (regionPath === undefined) throw new Refusal('NOT_FOUND')
  return { account, beneficiaryId, regionPath }
}

/** What is undone must have touched the account it is asked for. */
async function findUndone(tx: Tx, { kind, transactionId, accountId }: Input): Promise<string | null> {
  if (!['REVERSE', 'UNFREEZE', 'RESTORE'].includes(kind)) return null
  if (transactionId === undefined) throw new Refusal('REQUIRED', { field: 'transactionId' })
  const entry = await tx.ledgerEntry.findFirst({ where: { transactionId, accountId } })
  if (entry === null) throw new Refusal('NOT_FOUND')
  if (kind === 'REVERSE') await refuseElsewhere(tx, transactionId)
  return transactionId
}

/** A visit is taken back by who decides on visits, a redemption by who handed it over: reversed here, it would say otherwise. */
async function refuseElsewhere(tx: Tx, transactionId: string): Promise<void> {
  const { refType, refId } = await tx.ledgerTransaction.findUniqueOrThrow({ where: { id: transactionId } })
  const isVisits = refType === 'visit' && (await tx.visit.count({ where: { id: refId } })) > 0
  const isRedemptions = refType === 'redemption' && (await tx.redemption.count({ where: { id: refId } })) > 0
  if (isVisits || isRedemptions) throw new Refusal('NOT_REVERSIBLE')
}

/**
 * The request with its heir's account, where a relative was named; and, where the rules of the place say what becomes of the
 * points of who dies or moves away, only as they say.
 */
async function settleHeir(
  tx: Tx,
  input: Input,
  about: { beneficiaryId: string | null; programmeId: string; regionPath: string; at: Date },
): Promise<Input> {
  const { beneficiaryId, programmeId, regionPath, at } = about
  if (input.kind !== 'CLOSE' || beneficiaryId === null) return input
  const heirId =
    input.heirKinId === undefined
      ? (await ownersOf(tx, [input.heirAccountId ?? ''])).get(input.heirAccountId ?? '')
      : await otherOfKin(tx, input.heirKinId, beneficiaryId)
  const kin = (await kinOf(tx, beneficiaryId)).find(
    (one) => one.state === 'confirmed' && [one.personId, one.otherPersonId].includes(heirId ?? ''),
  )
  const relation =
    kin === undefined ? undefined : relationFor({ ...kin, relation: kin.relation as Relation }, beneficiaryId)
  const scheme = await schemeOn(tx, regionPath, dayOf(at))
  if (scheme !== null) {
    const why = whyNotClose(scheme.document, { closing: input.closing, to: input.counterpart, relation })
    refuse(why, { field: why === 'REQUIRED' ? 'closing' : 'counterpart' })
  }
  if (input.heirKinId === undefined || heirId === undefined) return input
  return { ...input, heirAccountId: await accountOfPerson(tx, heirId, programmeId, at) }
}

async function otherOfKin(tx: Tx, kinId: string, personId: string): Promise<string> {
  const kin = (await kinOf(tx, personId)).find(({ id, state }) => id === kinId && state === 'confirmed')
  if (kin === undefined) throw new Refusal('NOT_FOUND', { field: 'heirKinId' })
  return kin.personId === personId ? kin.otherPersonId : kin.personId
}

async function counterpartOf(tx: Tx, input: Input, programmeId: string): Promise<string | null> {
  const { kind, counterpart, heirAccountId } = input
  if (kind === 'GRANT') return counterpart === 'pool' ? systemAccount(tx, programmeId, 'pool') : null
  if (kind !== 'CLOSE') return null
  if (counterpart === 'pool') return systemAccount(tx, programmeId, 'pool')
  if (counterpart === 'expired') return null
  if (counterpart !== 'heir' || heirAccountId === undefined) throw new Refusal('REQUIRED', { field: 'counterpart' })
  const heir = await tx.ledgerAccount.findUnique({ where: { id: heirAccountId } })
  if (heir?.kind !== 'member') throw new Refusal('ACCOUNT_UNKNOWN', { field: 'heirAccountId' })
  if (heir.programmeId !== programmeId) throw new Refusal('PROGRAMME_MIXED', { field: 'heirAccountId' })
  return heirAccountId
}

/** The programme of the other county, where one takes part; and where that county is. */
async function findThere(tx: Tx, { kind, counterpart, toProgrammeId }: Input, here: string) {
  if (kind !== 'TRANSFER_REGION' && kind !== 'SETTLE' && !(kind === 'CLOSE' && counterpart === 'county')) return null
  if (toProgrammeId === undefined) throw new Refusal('REQUIRED', { field: 'toProgrammeId' })
  const programme = await tx.programme.findUnique({ where: { id: toProgrammeId } })
  if (programme === null) throw new Refusal('NOT_FOUND', { field: 'toProgrammeId' })
  const [path] = await pathsOfProgramme(tx, programme.regionId)
  if (toProgrammeId === here || path === undefined) throw new Refusal('PROGRAMME_MIXED')
  return { programmeId: toProgrammeId, path }
}

/** The account there: the owner's own, opened now where there is none; or what that county owes this one. */
async function accountThere(
  tx: Tx,
  { kind, accountId }: Input,
  there: { programmeId: string; here: string; beneficiaryId: string | null; at: Date },
): Promise<string> {
  const { programmeId, here, beneficiaryId, at } = there
  if (kind !== 'SETTLE') {
    if (beneficiaryId === null) throw new Refusal('NOT_FOUND', { field: 'accountId' })
    return accountOfPerson(tx, beneficiaryId, programmeId, at)
  }
  if ((await clearingAccount(tx, here, programmeId)) !== accountId)
    throw new Refusal('NOT_FOUND', { field: 'accountId' })
  return clearingAccount(tx, programmeId, here)
}

/** Nobody asks for, or agrees to, what brings points to himself: not as heir, as a line of a list, or by what it undoes. */
async function refuseOwn(tx: Tx, request: LedgerRequest, actor: Actor): Promise<void> {
  const owners = await ownersOf(tx, await accountsConcerned(tx, request))
  if ([...owners.values()].includes(actor.personId)) throw new Refusal('REQUEST_OWN')
}

const isLimited = (kind: string): boolean => kind === 'MANUAL' || kind === 'GRANT'

/** One person alone grants little at a time, and little in a month: many small grants are no way around a second one. */
async function mayGrantAlone(
  tx: Tx,
  { askedById, milliPoints }: LedgerRequest,
  { grantPointsMax, grantPointsMonthMax }: Pick<SettingValues, 'grantPointsMax' | 'grantPointsMonthMax'>,
  at: Date,
): Promise<boolean> {
  const asked = milliPoints ?? 0n
  if (asked > BigInt(grantPointsMax) * 1000n) return false
  const granted = await grantedAloneSince(tx, askedById, startOfDay(firstDayOf(monthOf(at))))
  return granted + asked <= BigInt(grantPointsMonthMax) * 1000n
}

async function refuseOverQuota(tx: Tx, request: LedgerRequest, pointsMax: number, at: Date): Promise<void> {
  if (request.kind !== 'MANUAL') return
  const used = await manualSince(tx, request.askedById, startOfDay(firstDayOf(monthOf(at))))
  if (used + magnitude(request.milliPoints ?? 0n) > BigInt(pointsMax) * 1000n) throw new Refusal('QUOTA_USED')
}
