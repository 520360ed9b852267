import { dayOf } from '../../shared/core/time'
import { toBase64 } from '../../shared/proof/bytes'
import { accountLeaf, revocationLeaf } from '../../shared/proof/leaf'
import { readCheckpoint, readNote, readVerifierKey, signersOf, type VerifierKey } from '../../shared/proof/note'
import { HASH_BYTES } from '../../shared/proof/tree'
import { findBy, type RowOf } from '../core/bulk'
import type { LogConfig } from '../core/config'
import { type Db, driverOf, query } from '../core/db'
import { ask } from '../core/driver'
import { auditLedger } from '../ledger/audit'
import type { AuditReport, Problem } from '../ledger/books'
import { settingsAt } from '../region/settings'
import { changedPlaces } from '../report/elders'
import { digestOperations, whyNotExtends } from './checkpoint'
import { sha256, sha256Hex, verifyEd25519 } from './crypto'
import { readEvidence, tableOfEvidence } from './evidence'
import { readLogKeys, verifierKeys } from './keys'
import { type OtherLeaf, type PageAnswer, type PageAsk, readLeafPage } from './leaf-page'
import { type CountyLog, findLogs } from './logs'
import { isSettled, lastRecords, operationOf, readLive, recordText, recordWith } from './records'
import { readRequests } from './requests'
import { auditLeaf } from './seal'
import { findStrayLog } from './stray'
import { newTree, sizeOf, TILE_WIDTH } from './tree'
import { findUnsealed, type Unsealed } from './unsealed'

export type WholeReport = AuditReport & {
  leaves: number
  checkpoints: number
  /** committed and not in the log yet: the sealer is some seconds behind */
  unsealed: number
}
type Counts = Pick<WholeReport, 'leaves' | 'checkpoints' | 'unsealed'>

const NOTHING_READ = { transactions: 0, entries: 0, accounts: 0, visits: 0 }
/** What a person's leaving closes. */
const CLOSING = ['member', 'organisation', 'recovery']
/** Leaves a page: a tile, so that a thread holds few rows at a time. */
const PAGE = TILE_WIDTH
const bad = (invariant: string, row: string, sentence: string): Problem => ({ invariant, row, sentence })

/**
 * The books and the log that proves them: everything `auditLedger` checks, and then I5 every leaf is recomputed from the
 * rows it is about, the log has no gap · I13 every checkpoint is signed and is the beginning of the next. Names the first
 * bad row.
 *
 * @param at with it what should have been settled by then is named too
 */
export async function auditAll(
  db: Db,
  config: LogConfig,
  onRows: (rows: number) => void = () => {},
  at?: Date,
  by: Hands = ownHands(db),
): Promise<WholeReport> {
  const counts: Counts = { leaves: 0, checkpoints: 0, unsealed: 0 }
  // the log first: it knows each row as it was written, so it names the one that was changed
  const problem =
    (await auditLogs(db, config, counts, { onRows, readPages: by.readPages })) ?? (await findGrantAlone(db))
  if (problem !== null) return { ...NOTHING_READ, ...counts, problem }
  const [unsealed, books] = await by.auditRest(onRows, at)
  counts.unsealed = unsealed.transactions
  return { ...books, ...counts, problem: unsealed.problem ?? books.problem }
}

/** Who reads what an audit compares: this thread, or others beside it. */
export type Hands = {
  /** Pages of a log, in the order asked. */
  readPages: (asks: Iterable<PageAsk>) => AsyncIterable<PageAnswer>
  /** What no leaf is about, and the books. */
  auditRest: (onRows: (rows: number) => void, at: Date | undefined) => Promise<[Unsealed, AuditReport]>
}

function ownHands(db: Db): Hands {
  return {
    async *readPages(asks) {
      for (const ask of asks) yield readLeafPage(driverOf(db), ask)
    },
    auditRest: async (onRows, at) => [await findUnsealed(driverOf(db)), await auditLedger(db, onRows, at)],
  }
}

type Told = { onRows: (rows: number) => void; readPages: Hands['readPages'] }

async function auditLogs(db: Db, config: LogConfig, counts: Counts, told: Told): Promise<Problem | null> {
  const logs = await findLogs(db)
  for (const log of logs) {
    const problem = (await walkLog(db, config, log, counts, told)) ?? (await whyUnkept(db, config, log))
    if (problem !== null) return problem
  }
  return findStrayLog(
    driverOf(db),
    logs.map((one) => one.regionId),
  )
}

/** Page by page from the first: each leaf recomputed, hashed into the tree, and the tree compared with what was kept and signed. */
async function walkLog(
  db: Db,
  config: LogConfig,
  log: CountyLog,
  counts: Counts,
  { onRows, readPages }: Told,
): Promise<Problem | null> {
  const { regionId, programmeIds } = log
  // their sizes only: ten years of them are many
  const checkpoints = (
    await query<{ size: number }>(
      db,
      `SELECT "size" FROM log_checkpoint WHERE "regionId" = $1 ORDER BY "size"`,
      regionId,
    )
  ).map((one) => Number(one.size))
  const keys = checkpoints.length === 0 ? [] : await verifierKeys(log.origin, readLogKeys(config.keyFile).known)
  const witnesses = await witnessKeys(config)
  const tree = newTree()
  const importedSize = await findImportedSize(db, regionId)
  const size = await sizeOf(db, regionId)
  const asks = pagesOf({ regionId, programmeIds: [...programmeIds] }, size)
  for await (const page of readPages(asks)) {
    const live = await readPage(db, log, page.others, importedSize)
    for (const leaf of page.others) {
      const problem = whyNotOther(leaf, live, `log_leaf ${regionId}/${leaf.logIndex}`)
      if (problem !== null) return problem
    }
    const lost = await findLostSalt(db, page.unsalted)
    if (lost !== null) return lost
    counts.leaves += page.hashes.length / HASH_BYTES
    onRows(page.rows)
    if (page.problem !== null) {
      const { invariant, row, sentence } = page.problem
      return bad(invariant, row, sentence)
    }
    const kept = await readTiles(db, regionId, tree.size(), page.hashes.length / HASH_BYTES)
    for (let at = 0; at < page.hashes.length; ) {
      const tile = page.hashes.subarray(at, at + TILE_WIDTH * HASH_BYTES)
      const isWhole = tile.length === TILE_WIDTH * HASH_BYTES && tree.size() % TILE_WIDTH === 0
      // a checkpoint inside a tile stands on the leaves before it
      const isPlain = isWhole && !(checkpoints[0] !== undefined && checkpoints[0] < tree.size() + TILE_WIDTH)
      const step = isPlain ? tile.length : HASH_BYTES
      const root = page.roots.subarray(at / TILE_WIDTH, at / TILE_WIDTH + HASH_BYTES)
      const full = isPlain ? tree.addTile(tile, root) : tree.add(page.hashes.subarray(at, at + HASH_BYTES))
      for (const { level, tileNo, bytes } of full) {
        const same = kept.get(`${level}/${tileNo}`)
        if (same === undefined || Buffer.compare(same, bytes) !== 0)
          return bad('I5', `log_tile ${regionId}/${level}/${tileNo}`, 'it is not what the leaves give')
      }
      at += step
      while (checkpoints[0] !== undefined && checkpoints[0] <= tree.size()) {
        const size = checkpoints.shift() as number
        const why = await whyNotCheckpoint(db, log, size, toBase64(tree.root()), keys, witnesses)
        if (why !== null) return bad('I13', `log_checkpoint ${regionId}/${size}`, why)
        counts.checkpoints += 1
      }
    }
  }
  const [beyond] = checkpoints
  if (beyond !== undefined)
    return bad('I13', `log_checkpoint ${regionId}/${beyond}`, `the log has only ${tree.size()} leaves`)
  const [row] = await ask<{ tiles: bigint }>(driverOf(db))`
    SELECT COUNT(*) AS "tiles" FROM log_tile WHERE "regionId" = ${regionId}`
  const tiles = Number(row?.tiles)
  return tiles === tree.tiles()
    ? null
    : bad('I5', `log_tile ${regionId}`, `${tiles} are kept, ${tree.tiles()} are full`)
}

function* pagesOf(log: Pick<PageAsk, 'regionId' | 'programmeIds'>, size: number): Generator<PageAsk> {
  for (let from = 0; from < size; from += PAGE) yield { ...log, from, to: Math.min(from + PAGE, size) }
}

/**
 * A salt goes with a person who is forgotten, and with nobody else: without it author and reason could be changed unseen. Of
 * whom there is nobody here (books that came with an archive), nobody can tell.
 */
async function findLostSalt(db: Db, transactionIds: readonly string[]): Promise<Problem | null> {
  if (transactionIds.length === 0) return null
  const [lost] = await query<{ id: string }>(
    db,
    `SELECT c."id" FROM (
       SELECT t."id", p."erasedAt" FROM ledger_transaction AS t JOIN person AS p ON p."id" = t."byId" WHERE t."id" IN LIST($1)
       UNION ALL
       SELECT e."transactionId", p."erasedAt" FROM ledger_entry AS e
         JOIN person_account AS o ON o."accountId" = e."accountId" JOIN person AS p ON p."id" = o."personId"
       WHERE e."transactionId" IN LIST($1)) AS c
     GROUP BY c."id" HAVING COUNT(c."erasedAt") = 0 ORDER BY c."id" LIMIT 1`,
    transactionIds,
  )
  return lost === undefined
    ? null
    : bad('I5', `ledger_salt ${lost.id}`, 'it is gone, and nobody concerned was forgotten')
}

/** Visits of whom somebody was forgotten. */
async function findForgotten(db: Db, visitIds: readonly string[]): Promise<Set<string>> {
  if (visitIds.length === 0) return new Set()
  const rows = await query<{ id: string }>(
    db,
    `SELECT v."id" FROM visit AS v JOIN member AS m ON m."id" = v."memberId" JOIN person AS p ON p."id" = m."personId"
     WHERE v."id" IN LIST($1) AND p."erasedAt" IS NOT NULL
     UNION
     SELECT ve."visitId" FROM visit_elder AS ve JOIN elder AS e ON e."id" = ve."elderId" JOIN person AS p ON p."id" = e."personId"
     WHERE ve."visitId" IN LIST($1) AND p."erasedAt" IS NOT NULL`,
    visitIds,
  )
  return new Set(rows.map((one) => one.id))
}

/** The tiles that may become full with so many more leaves, at every level. */
async function readTiles(db: Db, regionId: string, from: number, more: number): Promise<Map<string, Uint8Array>> {
  const kept = new Map<string, Uint8Array>()
  for (let level = 0; ; level += 1) {
    const [first, end] = [from, from + more].map((size) => Math.floor(size / TILE_WIDTH ** (level + 1)))
    if (first === undefined || end === undefined || first === end) return kept
    const rows = await query<{ tileNo: number; hashes: Uint8Array }>(
      db,
      `SELECT "tileNo", "hashes" FROM log_tile WHERE "regionId" = $1 AND "level" = $2 AND "tileNo" >= $3 AND "tileNo" < $4`,
      ...[regionId, level, first, end],
    )
    for (const { tileNo, hashes } of rows) kept.set(`${level}/${tileNo}`, new Uint8Array(hashes))
  }
}

/** The rows a page of leaves is about. */
async function readPage(db: Db, log: CountyLog, leaves: readonly OtherLeaf[], importedSize: number) {
  const idsOf = (type: string) => [...new Set(leaves.filter((one) => one.type === type).map((one) => one.refId))]
  const accounts = await findBy(db, 'LedgerAccount', 'id', idsOf('account'))
  const visitIds = idsOf('serviceRecord')
  const visits = (await readLive(db, visitIds)).map((one) => [one.visit.id, one] as const)
  const records = await lastRecords(db, visitIds)
  const salts = await findBy(db, 'LogSalt', 'refId', visitIds)
  const salted = new Set(salts.map((one) => one.refId))
  const forgotten = await findForgotten(
    db,
    visitIds.filter((one) => !salted.has(one)),
  )
  const certificates = await findBy(db, 'Certificate', 'no', idsOf('certificate'))
  const reports = idsOf('reportHash')
  const audits = await findBy(
    db,
    'LedgerAudit',
    'id',
    reports.map((id) => id.split('@')[0]),
  )
  const asked = [...(await readRequests(db, reports)), ...(await readEvidence(db, reports))]
  const changed = await changedElders(db, reports)
  const heads = new Map<number, string | null>()
  for (const leaf of leaves.filter((one) => one.type === 'operationLogHead'))
    heads.set(leaf.logIndex, await recomputedHead(db, leaf))
  return {
    log,
    importedSize,
    accounts: new Map(accounts.map((one) => [one.id, one])),
    visits: new Map(visits),
    records,
    forgotten,
    salts: new Map(salts.map((one) => [`${one.refId} ${one.revision}`, one.salt])),
    certificates: new Map(certificates.map((one) => [one.no, one])),
    audits: new Map(audits.map((one) => [one.id, one])),
    requests: new Map(asked.map((one) => [one.refId, one.text])),
    changed,
    heads,
  }
}

/** Signed reports whose elders aren't those they name, with the villages. */
async function changedElders(db: Db, refIds: readonly string[]): Promise<Map<string, string[]>> {
  const ids = refIds.filter((one) => one.startsWith('report:')).map((one) => one.slice('report:'.length).split('@')[0])
  const found = new Map<string, string[]>()
  for (const report of await findBy(db, 'Report', 'id', ids)) found.set(report.id, await changedPlaces(db, report))
  return found
}
type Live = Awaited<ReturnType<typeof readPage>>

function whyNotOther(leaf: OtherLeaf, live: Live, row: string): Problem | null {
  const check = CHECKS[leaf.type]
  const text = leaf.data ?? ''
  return check === undefined ? bad('I5', row, 'its text is of another type') : check(leaf, live, text, row)
}

/** What a leaf's text says, as far as a check asks. */
type Stored = { revision?: string; commitments?: Record<'elders' | 'evidence', string> } | null
type Check = (leaf: OtherLeaf, live: Live, text: string, row: string) => Problem | null

const checkAccount: Check = ({ refId, revision }, { accounts }, text, row) => {
  const account = accounts.get(refId)
  if (account === undefined) return bad('I5', `ledger_account ${refId}`, `it is sealed as ${row} and is not there`)
  if (revision !== 0) return bad('I5', row, 'an account has one leaf')
  if (account.lotsFrom > account.seq + 1)
    return bad(
      'I8',
      `ledger_account ${refId}`,
      `it looks for lots from ${account.lotsFrom} on and has ${account.seq} entries`,
    )
  const isEmpty = account.postedMilliPoints === 0n && account.pendingMilliPoints === 0n
  if (!account.stored && !(isEmpty && account.seq === 0))
    return bad('I3', `ledger_account ${refId}`, 'it is derived from its entries and says a balance of its own')
  if (account.closedAt !== null && !(isEmpty && CLOSING.includes(account.kind)))
    return bad('I5', `ledger_account ${refId}`, 'it is closed and can’t be: it holds points, or is of the programme')
  return accountLeaf(account) === text ? null : bad('I5', `ledger_account ${refId}`, `it is not what ${row} says`)
}

const checkRecord: Check = (leaf, { visits, records, salts, forgotten, importedSize }, text, row) => {
  const { refId, revision } = leaf
  const stored = parseJson(text) as Stored
  if (stored?.commitments === undefined || stored.revision !== String(revision))
    return bad('I5', row, 'its text is of another revision')
  if (records.get(refId)?.revision !== revision) return null
  const live = visits.get(refId)
  if (live === undefined && leaf.logIndex < importedSize) return null
  if (live === undefined) return bad('I5', `visit ${refId}`, `it is sealed as ${row} and is not there`)
  // a later operation that was logged: the next leaf is on its way
  if (operationOf(leaf) !== live.operation) return null
  const salt = salts.get(`${refId} ${revision}`)
  if (salt === undefined && !forgotten.has(refId))
    return bad('I5', `log_salt ${refId}/${revision}`, 'it is gone, and nobody concerned was forgotten')
  const recomputed =
    salt === undefined ? recordWith(live, revision, stored.commitments) : recordText(live, revision, salt)
  return isSettled(live) && recomputed === text ? null : bad('I5', `visit ${refId}`, `it is not what ${row} says`)
}

const checkCertificate: Check = ({ refId, revision }, { certificates, importedSize }, text, row) => {
  const found = certificates.get(refId)
  const name = `certificate ${refId}`
  if (found === undefined) return importedSize > 0 ? null : bad('I5', name, `it is sealed as ${row} and is not there`)
  if (revision === 1) {
    const { revokedAt, revokedReason } = found
    const again = revokedAt === null ? '' : revocationLeaf({ no: refId, at: revokedAt, reason: revokedReason ?? '' })
    return again === text ? null : bad('I5', name, `it is not revoked as ${row} says`)
  }
  const said = parseJson(found.leaf) as Record<string, unknown> | null
  const columns = {
    no: found.no,
    kind: found.kind,
    from: found.fromDay,
    to: found.toDay,
    issuedAt: found.issuedAt.toISOString(),
  }
  const differs = Object.entries(columns).some(([column, value]) => said?.[column] !== value)
  if (found.leaf !== text || differs || said?.digest !== sha256Hex(found.annex))
    return bad('I5', name, `it is not what ${row} says`)
  return null
}

const tableOf = (what: string): string => tableOfEvidence(what) ?? (what === 'report' ? what : `ledger_${what}`)

const checkReport: Check = ({ refId, logIndex }, { audits, requests, changed, log, importedSize }, text, row) => {
  const [what = '', about] = refId.split(':')
  const isGone = about === undefined ? !audits.has(refId.split('@')[0] as string) : !requests.has(refId)
  if (isGone && logIndex < importedSize) return null
  const [village] = changed.get(about?.split('@')[0] ?? '') ?? []
  if (village !== undefined)
    return bad(
      'I5',
      `report_elder ${about?.split('@')[0]} ${village}`.trim(),
      'its rows are not those that were signed',
    )
  if (about !== undefined)
    return requests.get(refId) === text
      ? null
      : bad('I5', `${tableOf(what)} ${about.split('@')[0]}`, `it is not what ${row} says`)
  const [id = '', regionId] = refId.split('@')
  if (regionId === undefined) return null
  const found = audits.get(id)
  if (found !== undefined && regionId === log.regionId && auditLeaf(found) === text) return null
  return bad('I5', `ledger_audit ${id}`, `it is not what ${row} says`)
}

const checkHead: Check = ({ logIndex }, { heads, importedSize }, text, row) => {
  const head = heads.get(logIndex) ?? null
  // what an archive brought is told of an operations log that stayed where it was written
  const isElsewhere = logIndex < importedSize && (parseJson(head ?? '') as { count?: string } | null)?.count === '0'
  if (isElsewhere || head === text) return null
  return bad('I5', row, 'the operations log it sums up is not what it was')
}

const CHECKS: Record<string, Check> = {
  account: checkAccount,
  serviceRecord: checkRecord,
  certificate: checkCertificate,
  reportHash: checkReport,
  operationLogHead: checkHead,
}

/** An operationLogHead as the operations log gives it today; null where its text can't be read. */
async function recomputedHead(db: Db, { data }: OtherLeaf): Promise<string | null> {
  const head = parseJson(data ?? '') as { path: string; from: string | null; to: string } | null
  if (head === null) return null
  const { count, digest } = await digestOperations(
    db,
    head.path,
    head.from === null ? null : new Date(head.from),
    new Date(head.to),
  )
  // every other field is the leaf's own, and the leaf is hashed
  return canonicalWith(data ?? '', { count: count.toString(), digest })
}

/** The same canonical text with some values changed. */
function canonicalWith(text: string, change: Record<string, string>): string {
  return JSON.stringify({ ...JSON.parse(text), ...change })
}

async function whyNotCheckpoint(
  db: Db,
  log: CountyLog,
  size: number,
  root: string,
  keys: readonly VerifierKey[],
  witnesses: readonly VerifierKey[],
): Promise<string | null> {
  const { regionId } = log
  const read = driverOf(db)
  const [signed] = await ask<RowOf<'LogCheckpoint'>>(read)`
    SELECT * FROM log_checkpoint WHERE "regionId" = ${regionId} AND "size" = ${size}`
  const [leaf] = await ask<{ type: string; data: string | null }>(read)`
    SELECT "type", "data" FROM log_leaf WHERE "regionId" = ${regionId} AND "logIndex" = ${size - 1}`
  if (signed === undefined || leaf === undefined) return 'it is gone'
  const note = readNote(signed.note)
  const said = note === null ? null : readCheckpoint(note.body)
  if (note === null || said === null) return 'it can’t be read'
  if (said.origin !== log.origin || !log.origin.endsWith(`/log/${log.name}`)) return 'it is of another log'
  if (said.size !== signed.size || toBase64(said.root) !== signed.root) return 'its columns are not what it says'
  if (signed.root !== root) return 'its root is not that of the leaves below it'
  if (((await signersOf(note, keys, verifyEd25519)) ?? []).length === 0) return 'no key of ours signed it'
  const head = leaf.type === 'operationLogHead' ? (parseJson(leaf.data ?? '') as { at?: string } | null) : null
  if (head !== null && head.at !== signed.signedAt.toISOString())
    return `its last leaf says it was signed at ${head.at}`
  const cosigned = await ask<RowOf<'LogCosignature'>>(read)`
    SELECT * FROM log_cosignature WHERE "regionId" = ${regionId} AND "size" = ${size}`
  for (const one of cosigned) {
    const cosignature = readNote(`${note.body}\n${one.line}`)
    const known = witnesses.filter((key) => key.name === one.witness)
    const seen = cosignature === null ? null : await signersOf(cosignature, known, verifyEd25519)
    if (seen === null || (known.length > 0 && seen.length === 0)) return `the cosignature of ${one.witness} is not his`
    if (cosignature?.signatures[0]?.name !== one.witness) return `the cosignature of ${one.witness} is another's`
  }
  return null
}

export async function witnessKeys(config: LogConfig): Promise<VerifierKey[]> {
  const keys = await Promise.all(config.witnesses.map((one) => readVerifierKey(one, sha256)))
  return keys.filter((one): one is VerifierKey => one?.type === 4)
}

/** The checkpoint that lies beside the key must go on in this log too. */
async function whyUnkept(db: Db, config: LogConfig, log: CountyLog): Promise<Problem | null> {
  const why = await whyNotExtends(db, config, log)
  return why === null ? null : bad('I13', `log ${log.regionId}`, why)
}

/** I11 too: grants that nobody else agreed to, above what the place let one person give on that day, or by then in that month. */
async function findGrantAlone(db: Db): Promise<Problem | null> {
  type Alone = { id: string; regionPath: string; askedById: string; askedAt: Date; milliPoints: bigint }
  const granted = (after: Date, afterId: string) => ask<Alone>(driverOf(db))`
    SELECT t."id", q."regionPath", q."askedById", q."askedAt", q."milliPoints" FROM ledger_request AS q
    JOIN ledger_transaction AS t ON t."kind" = 'GRANT' AND t."refType" = 'request' AND t."refId" = q."id"
    WHERE q."kind" = 'GRANT' AND (q."askedAt", t."id") > (${after}, ${afterId})
      AND NOT EXISTS (SELECT 1 FROM ledger_decision AS d WHERE d."requestId" = q."id" AND d."decision" = 'approve')
    ORDER BY q."askedAt", t."id" LIMIT ${PAGE}`
  let month = ''
  const byPerson = new Map<string, bigint>()
  for (let page = await granted(new Date(0), ''); page.length > 0; ) {
    for (const { id, regionPath, askedById, askedAt, milliPoints } of page) {
      const day = dayOf(askedAt)
      if (day.slice(0, 7) !== month) byPerson.clear()
      month = day.slice(0, 7)
      const given = (byPerson.get(askedById) ?? 0n) + BigInt(milliPoints)
      byPerson.set(askedById, given)
      const { grantPointsMax, grantPointsMonthMax } = await settingsAt(db, regionPath, day)
      if (BigInt(milliPoints) > BigInt(grantPointsMax) * 1000n || given > BigInt(grantPointsMonthMax) * 1000n)
        return bad('I11', `ledger_transaction ${id}`, 'one person alone gave more than one person may')
    }
    const last = page.at(-1)
    page = last === undefined ? [] : await granted(last.askedAt, last.id)
  }
  return null
}

/** How many leaves came with an archive; the leaf that was added when they were says so. */
export async function findImportedSize(db: Db, regionId: string): Promise<number> {
  const [leaf] = await ask<{ logIndex: number }>(driverOf(db))`
    SELECT "logIndex" FROM log_leaf WHERE "type" = 'reportHash' AND "refId" = ${`import ${regionId}`} AND "regionId" = ${regionId}`
  return leaf?.logIndex ?? 0
}

/** null for what is no JSON: somebody may have written anything there. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
