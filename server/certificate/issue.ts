import { randomBytes } from 'node:crypto'
import type { IssueInput } from '../../shared/certificate/input'
import { annexLine, certificateLeaf } from '../../shared/certificate/leaf'
import { Refusal } from '../../shared/core/refusals'
import { addDays, dayOf, startOfDay } from '../../shared/core/time'
import { can } from '../../shared/session/permissions'
import { type Actor, mayOver } from '../core/actor'
import type { Reader, Tx } from '../core/db'
import { newSalt } from '../core/ids'
import { logOperation } from '../core/operation-log'
import type { Parts } from '../core/route'
import { commit } from '../ledger/leaf'
import { findAccountOfPerson } from '../member/account'
import { helperRecords } from '../person/former'
import { openPersons } from '../person/vault'
import { signCheckpoint } from '../proof/checkpoint'
import { sha256Hex } from '../proof/crypto'
import { openLogs } from '../proof/logs'
import { sealLog } from '../proof/seal'
import { programmeOf } from '../scheme/queries'

/** Crockford's base 32: no I, L, O or U, so that a number can be read aloud. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const RECORDS_MAX = 5000

type Holder = { personId: string; memberId: string; regionId: string; regionPath: string; countyId: string }
type Content = {
  count: number
  seconds: number | null
  account: { id: string; fromSeq: number; toSeq: number; opening: bigint; closing: bigint } | null
  annex: string
}

/**
 * Issues a certificate of what is sealed: hours that count in the volunteer record (67 号令 art. 14–17), or the statement of
 * an account. The log is sealed before, and signed after, so that the proof is there at once.
 *
 * @throws Refusal NOT_FOUND, DATE_ORDER, DATE_IN_FUTURE, CERTIFICATE_EMPTY, CERTIFICATE_TOO_LONG
 */
export async function issueCertificate(parts: Parts, actor: Actor, input: IssueInput, at: Date): Promise<string> {
  const { db, config } = parts
  if (input.from > input.to) throw new Refusal('DATE_ORDER', { field: 'to' })
  if (input.to > dayOf(at)) throw new Refusal('DATE_IN_FUTURE', { field: 'to' })
  const holder = await findHolder(db, actor, input.memberId)
  const log = (await openLogs(db, config.log)).find((one) => one.regionId === holder.countyId)
  if (log === undefined) throw new Refusal('CERTIFICATE_EMPTY')
  await sealLog(db, log, at)
  const no = await db.$transaction(async (tx) => {
    const known = await tx.certificate.findUnique({ where: { askedId: input.id } })
    if (known !== null) return sameOrRefuse(known, holder, input)
    const content = input.kind === 'service' ? await hoursOf(tx, holder, input) : await entriesOf(tx, holder, input)
    const name = (await openPersons(tx, config.keys, [holder.personId])).get(holder.personId)?.name ?? ''
    const made = { no: newNumber(), salt: newSalt(), kind: input.kind, fromDay: input.from, toDay: input.to }
    const leaf = certificateLeaf({
      ...made,
      ...content,
      countyId: holder.countyId,
      issuedAt: at,
      holder: commit(made.salt, 'name', name),
      person: commit(made.salt, 'person', holder.personId),
      digest: sha256Hex(content.annex),
    })
    const { personId, regionId, regionPath, countyId } = holder
    await tx.certificate.create({
      data: {
        ...made,
        ...{ personId, regionId, regionPath, countyId, leaf },
        annex: content.annex,
        askedId: input.id,
        issuedAt: at,
        issuedByPersonId: actor.personId,
      },
    })
    await logOperation(tx, actor, {
      at,
      action: 'issue',
      resource: 'certificate',
      resourceId: made.no,
      regionPath,
      after: { kind: input.kind, from: input.from, to: input.to },
    })
    return made.no
  })
  await signCheckpoint(db, config.log, log, at)
  return no
}

function sameOrRefuse(
  known: { no: string; kind: string; personId: string; fromDay: string; toDay: string },
  { personId }: Holder,
  { kind, from, to }: IssueInput,
): string {
  const same = known.kind === kind && known.personId === personId && known.fromDay === from && known.toDay === to
  if (!same) throw new Refusal('IDEMPOTENCY_CONFLICT')
  return known.no
}

/** Oneself as a helper, or a helper of one's own villages. */
export async function findHolder(db: Reader, actor: Actor, memberId: string | undefined): Promise<Holder> {
  const wanted = memberId ?? actor.member?.id
  const member = wanted === undefined ? null : await db.member.findUnique({ where: { id: wanted } })
  const isOwn = member !== null && member.id === actor.member?.id
  if (member === null || (!isOwn && !mayOver(actor, can('certificate.keep'), member.regionPath)))
    throw new Refusal('NOT_FOUND')
  const { id, personId, regionId, regionPath, countyId } = member
  return { memberId: id, personId, regionId, regionPath, countyId }
}

/** Volunteer visits that count and that somebody stood by, each with its leaf. */
async function hoursOf(tx: Tx, { memberId, countyId }: Holder, { from, to }: IssueInput): Promise<Content> {
  const { all } = await helperRecords(tx, [memberId])
  const visits = await tx.visit.findMany({
    where: {
      memberId: { in: all },
      countyId,
      nature: 'volunteer',
      counted: true,
      day: { gte: from, lte: to },
      OR: [{ state: { in: ['confirmed', 'approved'] } }, { awardedMilliPoints: { not: null } }],
    },
    orderBy: [{ checkInAt: 'asc' }, { id: 'asc' }],
    take: RECORDS_MAX + 1,
  })
  if (visits.length === 0) throw new Refusal('CERTIFICATE_EMPTY')
  if (visits.length > RECORDS_MAX) throw new Refusal('CERTIFICATE_TOO_LONG')
  const leaves = await latestLeaves(
    tx,
    'serviceRecord',
    visits.map((one) => one.id),
  )
  const annex = visits.map((one) => {
    const leaf = leaves.get(one.id)
    if (leaf === undefined) throw new Refusal('CHANGED_MEANWHILE')
    const { day, checkInAt, checkOutAt, servedSeconds, serviceId, regionId } = one
    return annexLine([
      day,
      checkInAt.toISOString(),
      checkOutAt?.toISOString() ?? '',
      servedSeconds ?? 0,
      serviceId,
      regionId,
      leaf.logIndex,
      leaf.hash,
    ])
  })
  const seconds = visits.reduce((sum, one) => sum + (one.servedSeconds ?? 0), 0)
  return { count: visits.length, seconds, account: null, annex: annex.join('') }
}

/** What moved on an account; its own numbers without a gap show that nothing was left out. */
async function entriesOf(tx: Tx, { personId, countyId }: Holder, { from, to }: IssueInput): Promise<Content> {
  const programme = await programmeOf(tx, countyId)
  const accountId = programme === null ? null : await findAccountOfPerson(tx, personId, programme.id)
  if (accountId === null) throw new Refusal('CERTIFICATE_EMPTY')
  const rows = await tx.ledgerEntry.findMany({
    where: {
      accountId,
      accountSeq: { not: null },
      transaction: { recordedAt: { gte: startOfDay(from), lt: startOfDay(addDays(to, 1)) } },
    },
    include: { transaction: { select: { kind: true, recordedAt: true } } },
    orderBy: { accountSeq: 'asc' },
    take: RECORDS_MAX + 1,
  })
  if (rows.length === 0) throw new Refusal('CERTIFICATE_EMPTY')
  if (rows.length > RECORDS_MAX) throw new Refusal('CERTIFICATE_TOO_LONG')
  const leaves = await latestLeaves(
    tx,
    'transaction',
    rows.map((one) => one.transactionId),
  )
  const annex = rows.map((one) => {
    const leaf = leaves.get(one.transactionId)
    if (leaf === undefined) throw new Refusal('CHANGED_MEANWHILE')
    return annexLine([
      one.accountSeq ?? 0,
      one.transaction.recordedAt.toISOString(),
      one.transaction.kind,
      one.amountMilliPoints,
      one.balanceAfterMilliPoints ?? 0n,
      one.transactionId,
      leaf.logIndex,
      leaf.hash,
    ])
  })
  const [first, last] = [rows[0], rows.at(-1)] as [(typeof rows)[number], (typeof rows)[number]]
  const account = {
    id: accountId,
    fromSeq: first.accountSeq ?? 0,
    toSeq: last.accountSeq ?? 0,
    opening: (first.balanceAfterMilliPoints ?? 0n) - first.amountMilliPoints,
    closing: last.balanceAfterMilliPoints ?? 0n,
  }
  return { count: rows.length, seconds: null, account, annex: annex.join('') }
}

const CHUNK = 500

async function latestLeaves(db: Reader, type: string, refIds: readonly string[]) {
  const leaves = new Map<string, { logIndex: number; hash: string }>()
  for (let from = 0; from < refIds.length; from += CHUNK) {
    const rows = await db.logLeaf.findMany({
      where: { type, refId: { in: refIds.slice(from, from + CHUNK) } },
      orderBy: { revision: 'asc' },
      select: { refId: true, logIndex: true, hash: true },
    })
    for (const one of rows) leaves.set(one.refId, one)
  }
  return leaves
}

/** Sixteen letters, 80 random bits: nobody finds another's by trying. */
function newNumber(): string {
  return [...randomBytes(16)].map((byte) => LETTERS[byte % 32]).join('')
}
