import { addSeconds } from '../../shared/core/time'
import { toHex } from '../../shared/proof/bytes'
import { accountLeaf, type LeafType, reportLeaf, revocationLeaf } from '../../shared/proof/leaf'
import { findBy, insertAll } from '../core/bulk'
import { type Db, Prisma, query, type Reader, type Tx, transact, underPath } from '../core/db'
import { pathsAbove } from '../region/queries'
import { leafHash, sha256Hex } from './crypto'
import { EVIDENCE_NAMES, evidencePage } from './evidence'
import { type CountyLog, lastCheckpoint, lockLog } from './logs'
import { freshRecords } from './records'
import { sealedRow, signedReport } from './requests'
import { keepTiles, sizeOf } from './tree'

/** A leaf to be appended. `data` is null where the row it is about keeps the text. */
export type Leaf = { type: LeafType; refId: string; revision: number; text: string; data: string | null; salt?: string }

const BATCH = 400
/** Where everything is looked through, at night: fewer commits. In the day a page must not keep who waits from the database. */
const TRANSACTIONS = 2000
/** Contents are long: few at a time. */
const REPORTS = 20
/** A writer that is slower than this was ended by the database: what is older can't appear any more. */
export const SLOWEST_WRITER_SECONDS = 600

/** Up to when each log was sealed by this process; a new process begins at the last checkpoint. */
const sealedTo = new WeakMap<Db, Map<string, Date>>()

type Found = { leaves: Leaf[]; next: string[] | null }
/** Finds what is committed and not in the log, page by page; `next` goes into the following call. */
type Source = (tx: Tx, log: CountyLog, since: Date | null, after: string[] | null) => Promise<Found>

/**
 * Appends what was committed since to a county's log. Writers never wait for it, and nothing is in the log that was not
 * committed: it runs after them, a few seconds behind, one at a time.
 *
 * @param how `everything` looks at all there is instead of what is new: for the nightly audit; `signing` at the evidence too
 * @returns how many leaves were added
 */
export async function sealLog(
  db: Db,
  log: CountyLog,
  at: Date,
  how: 'often' | 'signing' | 'everything' = 'often',
): Promise<number> {
  const known = sealedTo.get(db) ?? new Map<string, Date>()
  sealedTo.set(db, known)
  const signed = (await lastCheckpoint(db, log.regionId))?.signedAt ?? null
  const begun = known.get(log.regionId) ?? signed
  const sinceOf = (from: Date | null) =>
    how === 'everything' || from === null ? null : addSeconds(from < at ? from : at, -SLOWEST_WRITER_SECONDS)
  let added = 0
  for (const source of how === 'often' ? SOURCES : [...SOURCES, ...EVIDENCE]) {
    const since = sinceOf(SOURCES.includes(source) ? begun : signed)
    let after: string[] | null = null
    do {
      const page: Found = await transact(db, async (tx) => {
        await lockLog(tx, log.regionId)
        const found = await source(tx, log, since, after)
        await append(tx, log, found.leaves)
        return found
      })
      added += page.leaves.length
      after = page.next
    } while (after !== null)
  }
  known.set(log.regionId, at)
  return added
}

/** Writes leaves at the end of the log. The caller holds its lock. */
export async function append(tx: Tx, { regionId }: CountyLog, leaves: readonly Leaf[]): Promise<void> {
  if (leaves.length === 0) return
  const from = await sizeOf(tx, regionId)
  await insertAll(
    tx,
    'log_leaf',
    leaves.map(({ type, refId, revision, text, data }, place) => ({
      regionId,
      logIndex: from + place,
      type,
      refId,
      revision,
      hash: toHex(leafHash(text)),
      data,
    })),
  )
  const salted = leaves.flatMap(({ refId, revision, salt }) => (salt === undefined ? [] : [{ refId, revision, salt }]))
  await insertAll(tx, 'log_salt', salted)
  await keepTiles(tx, regionId, { from, to: from + leaves.length })
}

/**
 * Every transaction, programme by programme, each after the accounts it moves points of. A page is so many transactions, in
 * the log or not: where all are sealed, looking for one that isn't would be one statement over the whole ledger.
 */
const transactions: Source = async (tx, { programmeIds }, since, after) => {
  const programmes = [...programmeIds].sort()
  const [programmeId = programmes[0], at, id] = after ?? []
  if (programmeId === undefined) return { leaves: [], next: null }
  const most = since === null ? TRANSACTIONS : BATCH
  const page = await tx.$queryRaw<{ id: string; leaf: string | null; recordedAt: Date }[]>`
    SELECT t."id", t."recordedAt", CASE WHEN NOT EXISTS (
      SELECT 1 FROM log_leaf AS l WHERE l."type" = 'transaction' AND l."refId" = t."id" AND l."revision" = 0)
      AND t."leaf" <> '' THEN t."leaf" END AS "leaf"
    FROM ledger_transaction AS t
    WHERE t."programmeId" = ${programmeId}
      AND ${since === null ? Prisma.sql`1 = 1` : Prisma.sql`t."recordedAt" >= ${since}`}
      AND ${at === undefined ? Prisma.sql`1 = 1` : Prisma.sql`(t."recordedAt", t."id") > (${new Date(at)}, ${id})`}
    ORDER BY t."recordedAt", t."id" LIMIT ${most}`
  const rows = page.flatMap(({ id, leaf }) => (leaf === null ? [] : [{ id, leaf }]))
  const leaves: Leaf[] = []
  const unknown = new Map(
    (await accountsWithout(tx, [...new Set(rows.flatMap(({ leaf }) => accountsIn(leaf)))])).map((one) => [
      one.refId,
      one,
    ]),
  )
  for (const { id, leaf } of rows) {
    for (const accountId of accountsIn(leaf)) {
      const account = unknown.get(accountId)
      if (account !== undefined && unknown.delete(accountId)) leaves.push(account)
    }
    leaves.push({ type: 'transaction', refId: id, revision: 0, text: leaf, data: null })
  }
  const last = page.at(-1)
  const following = programmes.find((one) => one > programmeId)
  if (page.length < most || last === undefined) return { leaves, next: following === undefined ? null : [following] }
  return { leaves, next: [programmeId, new Date(last.recordedAt).toISOString(), last.id] }
}

/** Accounts that were opened and have not moved yet. */
const accounts: Source = async (tx, { programmeIds }, since, after) => {
  const rows = await tx.ledgerAccount.findMany({
    where: {
      programmeId: { in: programmeIds },
      ...(since === null ? {} : { openedAt: { gte: since } }),
      ...(after === null ? {} : { id: { gt: after[0] as string } }),
    },
    orderBy: { id: 'asc' },
    take: BATCH,
    select: { id: true },
  })
  const leaves = await accountsWithout(
    tx,
    rows.map((one) => one.id),
  )
  return { leaves, next: nextOf(rows) }
}

/** Hours: visits that were settled or changed by a logged operation; from the beginning, all that have none. */
const serviceRecords: Source = async (tx, { regionId, path }, since, after) => {
  const cursor = after?.[0] ?? ''
  const rows =
    since === null
      ? await tx.visit.findMany({
          where: { countyId: regionId, id: { gt: cursor } },
          orderBy: { id: 'asc' },
          take: BATCH,
          select: { id: true },
        })
      : await tx.$queryRaw<{ id: string }[]>`
          SELECT DISTINCT o."resourceId" AS "id" FROM operation_log AS o
          WHERE o."at" >= ${since} AND o."resource" = 'visit' AND o."after" IS NOT NULL AND o."resourceId" > ${cursor}
            AND o."regionPath" >= ${path} AND o."regionPath" < ${`${path.slice(0, -1)}0`}
          ORDER BY 1 LIMIT ${BATCH}`
  const fresh = await freshRecords(
    tx,
    rows.map((one) => one.id),
  )
  return {
    leaves: fresh.map((one) => ({ ...one, type: 'serviceRecord' as const, text: one.data })),
    next: nextOf(rows),
  }
}

/** Certificates as they were issued, and that they were revoked. */
const certificates: Source = async (tx, { regionId }, since, after) => {
  const rows = await tx.certificate.findMany({
    where: {
      countyId: regionId,
      ...(since === null ? {} : { OR: [{ issuedAt: { gte: since } }, { revokedAt: { gte: since } }] }),
      ...(after === null ? {} : { no: { gt: after[0] as string } }),
    },
    orderBy: { no: 'asc' },
    take: BATCH,
  })
  const leaves = rows.flatMap((one): Leaf[] => {
    const revoked =
      one.revokedAt === null || one.revokedReason === null
        ? []
        : [revocationLeaf({ no: one.no, at: one.revokedAt, reason: one.revokedReason })]
    return [one.leaf, ...revoked].map((text, revision) => ({
      type: 'certificate',
      refId: one.no,
      revision,
      text,
      data: text,
    }))
  })
  return { leaves: await notIn(tx, 'certificate', leaves), next: nextOf(rows.map((one) => ({ id: one.no }))) }
}

/** What the nightly audits said. */
const reports: Source = async (tx, { regionId }, since, after) => {
  const rows = await tx.ledgerAudit.findMany({
    where: {
      ...(since === null ? {} : { endedAt: { gte: since } }),
      ...(after === null ? {} : { id: { gt: after[0] as string } }),
    },
    orderBy: { id: 'asc' },
    take: BATCH,
  })
  const leaves = rows.map((one): Leaf => {
    const text = auditLeaf(one)
    return { type: 'reportHash', refId: `${one.id}@${regionId}`, revision: 0, text, data: text }
  })
  return { leaves: await notIn(tx, 'reportHash', leaves), next: nextOf(rows) }
}

/** Reports that were signed, of the county, a place in it, or the city around it. */
const signedReports: Source = async (tx, { regionId, path }, since, after) => {
  const rows = await tx.report.findMany({
    where: {
      state: 'signed',
      OR: [{ regionPath: underPath(path) }, { regionPath: { in: pathsAbove(path) } }],
      ...(since === null ? {} : { signedAt: { gte: since } }),
      ...(after === null ? {} : { id: { gt: after[0] as string } }),
    },
    orderBy: { id: 'asc' },
    take: REPORTS,
  })
  const leaves = rows.map((one): Leaf => {
    const { refId, text } = signedReport(one, regionId)
    return { type: 'reportHash', refId, revision: 0, text, data: text }
  })
  return { leaves: await notIn(tx, 'reportHash', leaves), next: rows.length < REPORTS ? null : [rows.at(-1)?.id ?? ''] }
}

/** What two persons asked for and decided before points moved. */
const requests: Source = async (tx, { programmeIds }, since, after) => {
  const rows = await tx.ledgerRequest.findMany({
    where: {
      programmeId: { in: programmeIds },
      ...(since === null ? {} : { OR: [{ askedAt: { gte: since } }, { decision: { at: { gte: since } } }] }),
      ...(after === null ? {} : { id: { gt: after[0] as string } }),
    },
    include: { decision: true },
    orderBy: { id: 'asc' },
    take: BATCH,
  })
  const leaves = rows.flatMap(({ decision, ...row }): Leaf[] =>
    [
      sealedRow('request', row.id, row.askedAt, row),
      ...(decision === null ? [] : [sealedRow('decision', row.id, decision.at, decision)]),
    ].map(({ refId, text }) => ({ type: 'reportHash', refId, revision: 0, text, data: text })),
  )
  return { leaves: await notIn(tx, 'reportHash', leaves), next: nextOf(rows) }
}

/** Evidence and money beside the books; looked through when a checkpoint is signed, not every few seconds. */
const evidence =
  (name: (typeof EVIDENCE_NAMES)[number]): Source =>
  async (tx, log, since, after) => {
    const { sealed, last } = await evidencePage(tx, log, name, { since, after: after?.[0] ?? '', most: BATCH })
    const leaves = sealed.map(({ refId, text }): Leaf => ({ type: 'reportHash', refId, revision: 0, text, data: text }))
    return { leaves: await notIn(tx, 'reportHash', leaves), next: last === null ? null : [last] }
  }

const SOURCES = [transactions, accounts, requests, serviceRecords, certificates, reports, signedReports]

const EVIDENCE = EVIDENCE_NAMES.map(evidence)

export function auditLeaf(one: { id: string; begunAt: Date; endedAt: Date; clean: boolean; report: string }): string {
  return reportLeaf({
    id: one.id,
    kind: one.clean ? 'auditClean' : 'auditFoundOne',
    begunAt: one.begunAt,
    endedAt: one.endedAt,
    digest: sha256Hex(one.report),
  })
}

/** Leaves of those accounts that have none yet. */
async function accountsWithout(tx: Reader, ids: readonly string[]): Promise<Leaf[]> {
  const known = new Set((await sealedOf(tx, 'account', ids)).map((one) => one.refId))
  const found = await findBy(
    tx,
    'LedgerAccount',
    'id',
    ids.filter((id) => !known.has(id)),
    ' ORDER BY "id"',
  )
  return found.map((one): Leaf => {
    const text = accountLeaf(one)
    return { type: 'account', refId: one.id, revision: 0, text, data: text }
  })
}

/** Those of the leaves that the log has not. */
async function notIn(tx: Reader, type: LeafType, leaves: readonly Leaf[]): Promise<Leaf[]> {
  const found = await sealedOf(
    tx,
    type,
    leaves.map((one) => one.refId),
  )
  const known = new Set(found.map((one) => `${one.refId} ${one.revision}`))
  return leaves.filter((one) => !known.has(`${one.refId} ${one.revision}`))
}

async function sealedOf(tx: Reader, type: LeafType, refIds: readonly string[]) {
  if (refIds.length === 0) return []
  return query<{ refId: string; revision: number }>(
    tx,
    'SELECT "refId", "revision" FROM log_leaf WHERE "type" = $1 AND "refId" IN LIST($2)',
    type,
    refIds,
  )
}

function accountsIn(leaf: string): string[] {
  const { entries, hold } = JSON.parse(leaf) as { entries: { account: string }[]; hold: { account: string } | null }
  return [...entries.map((one) => one.account), ...(hold === null ? [] : [hold.account])]
}

const nextOf = (rows: readonly { id: string }[]): string[] | null =>
  rows.length < BATCH ? null : [rows.at(-1)?.id ?? '']
