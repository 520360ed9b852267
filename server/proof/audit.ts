import { dayOf } from '../../shared/core/time'
import type { LeafTransaction } from '../../shared/ledger/leaf'
import { fromHex, toBase64, toHex } from '../../shared/proof/bytes'
import { accountLeaf, revocationLeaf } from '../../shared/proof/leaf'
import { readCheckpoint, readNote, readVerifierKey, signersOf, type VerifierKey } from '../../shared/proof/note'
import type { LogConfig } from '../core/config'
import { type Db, Prisma, query } from '../core/db'
import { type AuditReport, auditLedger, type Problem } from '../ledger/audit'
import { byTransaction, commitmentsOf, type LotUse, leafOf } from '../ledger/leaf'
import { settingsAt } from '../region/settings'
import { digestOperations, whyNotExtends } from './checkpoint'
import { leafHash, nodeHash, sha256, sha256Hex, verifyEd25519 } from './crypto'
import { readLogKeys, verifierKeys } from './keys'
import { type CountyLog, findLogs } from './logs'
import { isSettled, lastRecords, operationOf, readLive, recordText, recordWith } from './records'
import { readRequests } from './requests'
import { auditLeaf } from './seal'
import { joinTile, TILE_WIDTH, tileRoot } from './tree'

export type WholeReport = AuditReport & {
  leaves: number
  checkpoints: number
  /** committed and not in the log yet: the sealer is some seconds behind */
  unsealed: number
}
type Counts = Pick<WholeReport, 'leaves' | 'checkpoints' | 'unsealed'>
type Leaf = { logIndex: number; type: string; refId: string; revision: number; hash: string; data: string | null }

const NOTHING_READ = { transactions: 0, entries: 0, accounts: 0, visits: 0 }
/** What a person's leaving closes. */
const CLOSING = ['member', 'organisation', 'recovery']
const PAGE = 1000
const CHUNK = 500
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
): Promise<WholeReport> {
  const counts: Counts = { leaves: 0, checkpoints: 0, unsealed: 0 }
  // the log first: it knows each row as it was written, so it names the one that was changed
  const problem = (await auditLogs(db, config, counts, () => onRows(1))) ?? (await findGrantAlone(db))
  if (problem !== null) return { ...NOTHING_READ, ...counts, problem }
  return { ...(await auditLedger(db, onRows, at)), ...counts }
}

async function auditLogs(db: Db, config: LogConfig, counts: Counts, onRow: () => void): Promise<Problem | null> {
  const logs = await findLogs(db)
  for (const log of logs) {
    const problem = (await walkLog(db, config, log, counts, onRow)) ?? (await whyUnkept(db, config, log))
    if (problem !== null) return problem
  }
  return (await findStray(db, logs)) ?? (await countUnsealed(db, counts))
}

/** Leaf by leaf from the first: each recomputed, hashed into the tree, and the tree compared with what was kept and signed. */
async function walkLog(
  db: Db,
  config: LogConfig,
  log: CountyLog,
  counts: Counts,
  onRow: () => void,
): Promise<Problem | null> {
  const { regionId } = log
  // their sizes only: ten years of them are many
  const checkpoints = await db.logCheckpoint.findMany({
    where: { regionId },
    orderBy: { size: 'asc' },
    select: { size: true },
  })
  const keys = checkpoints.length === 0 ? [] : await verifierKeys(log.origin, readLogKeys(config.keyFile).known)
  const witnesses = await witnessKeys(config)
  const tree = newTree()
  const importedSize = await findImportedSize(db, regionId)
  for (let from = 0; ; from += PAGE) {
    const leaves = await query<Leaf>(
      db,
      `SELECT * FROM log_leaf WHERE "regionId" = $1 AND "logIndex" >= $2 AND "logIndex" < $3 ORDER BY "logIndex"`,
      regionId,
      from,
      from + PAGE,
    )
    if (leaves.length === 0) break
    const live = await readPage(db, log, leaves, importedSize)
    for (const [place, leaf] of leaves.entries()) {
      onRow()
      counts.leaves += 1
      const row = `log_leaf ${regionId}/${leaf.logIndex}`
      if (leaf.logIndex !== from + place) return bad('I5', row, `it should be number ${from + place}`)
      const problem = whyNotLeaf(leaf, live, row)
      if (problem !== null) return problem
      const full = tree.add(fromHex(leaf.hash) as Uint8Array)
      for (const tile of full) {
        const kept = await db.logTile.findUnique({
          where: { regionId_level_tileNo: { regionId, level: tile.level, tileNo: tile.tileNo } },
        })
        if (kept === null || toHex(kept.hashes) !== toHex(joinTile(tile.hashes)))
          return bad('I5', `log_tile ${regionId}/${tile.level}/${tile.tileNo}`, 'it is not what the leaves give')
      }
      while (checkpoints[0] !== undefined && checkpoints[0].size <= tree.size()) {
        const { size } = checkpoints.shift() as (typeof checkpoints)[number]
        const signed = await db.logCheckpoint.findUniqueOrThrow({ where: { regionId_size: { regionId, size } } })
        const why = await whyNotCheckpoint(db, log, signed, leaf, toBase64(tree.root()), keys, witnesses)
        if (why !== null) return bad('I13', `log_checkpoint ${regionId}/${signed.size}`, why)
        counts.checkpoints += 1
      }
    }
    if (leaves.length < PAGE) break
  }
  const [beyond] = checkpoints
  if (beyond !== undefined)
    return bad('I13', `log_checkpoint ${regionId}/${beyond.size}`, `the log has only ${tree.size()} leaves`)
  const tiles = await db.logTile.count({ where: { regionId } })
  return tiles === tree.tiles()
    ? null
    : bad('I5', `log_tile ${regionId}`, `${tiles} are kept, ${tree.tiles()} are full`)
}

/** A tree that grows leaf by leaf: the roots of its complete subtrees, and the tiles that have just become full. */
export function newTree() {
  const frontier: (Uint8Array | null)[] = []
  const open: Uint8Array[][] = []
  let [size, full] = [0, 0]
  return {
    size: () => size,
    tiles: () => full,
    add(hash: Uint8Array) {
      const tiles: { level: number; tileNo: number; hashes: Uint8Array[] }[] = []
      for (let [level, one] = [0, hash as Uint8Array | null]; one !== null; level += 1) {
        open[level] = [...(open[level] ?? []).splice(0), one]
        const hashes = open[level] ?? []
        one = null
        if (hashes.length < TILE_WIDTH) continue
        tiles.push({ level, tileNo: Math.floor(size / TILE_WIDTH ** (level + 1)), hashes })
        open[level] = []
        one = tileRoot(hashes)
      }
      let carried = hash
      let level = 0
      for (; frontier[level] != null; level += 1) {
        carried = nodeHash(frontier[level] as Uint8Array, carried)
        frontier[level] = null
      }
      frontier[level] = carried
      size += 1
      full += tiles.length
      return tiles
    },
    root() {
      const [first, ...others] = frontier.filter((one): one is Uint8Array => one !== null)
      return others.reduce((right, left) => nodeHash(left, right), first as Uint8Array)
    },
  }
}

/** The rows a page of leaves is about. */
async function readPage(db: Db, log: CountyLog, leaves: readonly Leaf[], importedSize: number) {
  const idsOf = (type: string) => [...new Set(leaves.filter((one) => one.type === type).map((one) => one.refId))]
  const accounts = await inChunks(idsOf('account'), (ids) => db.ledgerAccount.findMany({ where: { id: { in: ids } } }))
  const visits = (await inChunks(idsOf('serviceRecord'), (ids) => readLive(db, ids))).map(
    (one) => [one.visit.id, one] as const,
  )
  const records = (
    await inChunks(idsOf('serviceRecord'), async (ids) => [...(await lastRecords(db, ids)).values()])
  ).map((one) => [one.refId, one] as const)
  const salts = await inChunks(idsOf('serviceRecord'), (ids) => db.logSalt.findMany({ where: { refId: { in: ids } } }))
  const certificates = await inChunks(idsOf('certificate'), (nos) =>
    db.certificate.findMany({ where: { no: { in: nos } } }),
  )
  const audits = await inChunks(idsOf('reportHash'), (ids) =>
    db.ledgerAudit.findMany({ where: { id: { in: ids.map((id) => id.split('@')[0] as string) } } }),
  )
  const asked = await inChunks(idsOf('reportHash'), (ids) => readRequests(db, ids))
  const heads = new Map<number, string | null>()
  for (const leaf of leaves.filter((one) => one.type === 'operationLogHead'))
    heads.set(leaf.logIndex, await recomputedHead(db, leaf))
  return {
    log,
    importedSize,
    transactions: await readTransactions(db, log.regionId, leaves),
    accounts: new Map(accounts.map((one) => [one.id, one])),
    visits: new Map(visits),
    records: new Map(records),
    salts: new Map(salts.map((one) => [`${one.refId} ${one.revision}`, one.salt])),
    certificates: new Map(certificates.map((one) => [one.no, one])),
    audits: new Map(audits.map((one) => [one.id, one])),
    requests: new Map(asked.map((one) => [one.refId, one.text])),
    heads,
  }
}
type Live = Awaited<ReturnType<typeof readPage>>

type Header = Omit<LeafTransaction, 'entries' | 'lotUses'> & {
  byId: string
  leaf: string
  entryCount: number | bigint
  salt: string | null
}
type Entry = LeafTransaction['entries'][number] & { transactionId: string; no: number | bigint; programmeId: string }

/** Headers, entries and uses of lots of a page, in three queries by the page's own range. */
async function readTransactions(db: Db, regionId: string, leaves: readonly Leaf[]) {
  const read = <Row>(columns: string, tables: string) =>
    query<Row>(
      db,
      `SELECT ${columns} FROM log_leaf AS l ${tables}
       WHERE l."regionId" = $1 AND l."logIndex" >= $2 AND l."logIndex" <= $3 AND l."type" = 'transaction'`,
      regionId,
      leaves[0]?.logIndex ?? 0,
      leaves.at(-1)?.logIndex ?? -1,
    )
  const headers = await read<Header>(
    't.*, s."salt"',
    'JOIN ledger_transaction AS t ON t."id" = l."refId" LEFT JOIN ledger_salt AS s ON s."transactionId" = t."id"',
  )
  const entries = await read<Entry>('e.*', 'JOIN ledger_entry AS e ON e."transactionId" = l."refId"')
  entries.sort((a, b) => Number(a.no) - Number(b.no))
  const uses = await read<LotUse & { accountId: string }>(
    'u.*',
    'JOIN ledger_lot_use AS u ON u."transactionId" = l."refId"',
  )
  const [entriesOf, usesOf] = [byTransaction(entries), byTransaction(uses)]
  return new Map(
    headers.map((header) => [
      header.id,
      { header, entries: entriesOf.get(header.id) ?? [], uses: usesOf.get(header.id) ?? [] },
    ]),
  )
}

function whyNotLeaf(leaf: Leaf, live: Live, row: string): Problem | null {
  const isTransaction = leaf.type === 'transaction'
  const text = isTransaction ? (live.transactions.get(leaf.refId)?.header.leaf ?? null) : leaf.data
  if (text === null)
    return isTransaction
      ? bad('I5', `ledger_transaction ${leaf.refId}`, `it is sealed as ${row} and is not there`)
      : bad('I5', row, 'its text is gone')
  const isHashed = toHex(leafHash(text)) === leaf.hash
  if (!isTransaction && !isHashed) return bad('I5', row, 'its hash is not that of its text')
  const check = CHECKS[leaf.type]
  const stored = parseJson(text) as Stored
  if (check === undefined || (isHashed && stored?.type !== leaf.type))
    return bad('I5', row, 'its text is of another type')
  const problem = check(leaf, live, text, row, stored)
  if (problem !== null) return problem
  return isHashed ? null : bad('I5', row, `its hash is not that of the transaction ${leaf.refId}`)
}

/** What a leaf's text says, as far as checks ask; null for what is no JSON. */
type Stored = {
  type?: unknown
  revision?: string
  commitments?: Record<'by' | 'explanation' | 'elders' | 'evidence', string>
} | null
type Check = (leaf: Leaf, live: Live, text: string, row: string, stored: Stored) => Problem | null

const checkTransaction: Check = ({ refId, revision, data }, { log, transactions }, text, row, stored) => {
  const found = transactions.get(refId)
  const name = `ledger_transaction ${refId}`
  if (found === undefined) return bad('I5', name, `it is sealed as ${row} and is not there`)
  if (revision !== 0 || data !== null) return bad('I5', row, 'a transaction has one leaf, and keeps its text itself')
  const { header, entries, uses } = found
  const gap = entries.find((one, place) => Number(one.no) !== place + 1)
  if (gap !== undefined) return bad('I5', `ledger_entry ${refId}/${gap.no}`, 'its number is not the next one')
  const foreign = uses.find((use) => entries[Number(use.no) - 1]?.accountId !== use.accountId)
  if (foreign !== undefined)
    return bad(
      'I5',
      `ledger_lot_use ${foreign.lotTransactionId}/${foreign.lotNo}/${foreign.useNo}`,
      'it is another account’s',
    )
  if (!log.programmeIds.includes(header.programmeId)) return bad('I5', name, 'its programme has another log')
  if (stored?.commitments === undefined) return bad('I5', name, 'its leaf can’t be read')
  const opened = header.salt === null ? stored.commitments : commitmentsOf(header, header.salt)
  const recomputed = leafOf(
    {
      ...header,
      revision: Number(header.revision),
      heldMilliPoints: header.heldMilliPoints === null ? null : BigInt(header.heldMilliPoints),
      heldUntil: dateOf(header.heldUntil),
      happenedAt: new Date(header.happenedAt),
      recordedAt: new Date(header.recordedAt),
      entries: entries.map((one) => ({ ...one, lotExpiresAt: dateOf(one.lotExpiresAt) })),
    },
    uses,
    opened,
  )
  return recomputed === text ? null : bad('I5', name, 'its leaf is not what its rows say')
}

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

const checkRecord: Check = (leaf, { visits, records, salts, importedSize }, text, row, stored) => {
  const { refId, revision } = leaf
  if (stored?.commitments === undefined || stored.revision !== String(revision))
    return bad('I5', row, 'its text is of another revision')
  if (records.get(refId)?.revision !== revision || leaf.logIndex < importedSize) return null
  const live = visits.get(refId)
  if (live === undefined) return bad('I5', `visit ${refId}`, `it is sealed as ${row} and is not there`)
  // a later operation that was logged: the next leaf is on its way
  if (operationOf(leaf) !== live.operation) return null
  const salt = salts.get(`${refId} ${revision}`)
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

const checkReport: Check = ({ refId, logIndex }, { audits, requests, log, importedSize }, text, row) => {
  if (logIndex < importedSize) return null
  const [what = '', about] = refId.split(':')
  if (about !== undefined)
    return requests.get(refId) === text
      ? null
      : bad('I5', `${what === 'report' ? '' : 'ledger_'}${what} ${about}`, `it is not what ${row} says`)
  const [id = '', regionId] = refId.split('@')
  if (regionId === undefined) return null
  const found = audits.get(id)
  if (found !== undefined && regionId === log.regionId && auditLeaf(found) === text) return null
  return bad('I5', `ledger_audit ${id}`, `it is not what ${row} says`)
}

const checkHead: Check = ({ logIndex }, { heads, importedSize }, text, row) => {
  if (logIndex < importedSize || heads.get(logIndex) === text) return null
  return bad('I5', row, 'the operations log it sums up is not what it was')
}

const CHECKS: Record<string, Check> = {
  transaction: checkTransaction,
  account: checkAccount,
  serviceRecord: checkRecord,
  certificate: checkCertificate,
  reportHash: checkReport,
  operationLogHead: checkHead,
}

/** An operationLogHead as the operations log gives it today; null where its text can't be read. */
async function recomputedHead(db: Db, { data }: Leaf): Promise<string | null> {
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
  signed: { size: number; root: string; note: string; signedAt: Date },
  leaf: Leaf,
  root: string,
  keys: readonly VerifierKey[],
  witnesses: readonly VerifierKey[],
): Promise<string | null> {
  const note = readNote(signed.note)
  const said = note === null ? null : readCheckpoint(note.body)
  if (note === null || said === null) return 'it can’t be read'
  if (said.origin !== log.origin || !log.origin.endsWith(`/log/${log.name}`)) return 'it is of another log'
  if (said.size !== signed.size || leaf.logIndex !== signed.size - 1 || toBase64(said.root) !== signed.root)
    return 'its columns are not what it says'
  if (signed.root !== root) return 'its root is not that of the leaves below it'
  if (((await signersOf(note, keys, verifyEd25519)) ?? []).length === 0) return 'no key of ours signed it'
  const head = leaf.type === 'operationLogHead' ? (parseJson(leaf.data ?? '') as { at?: string } | null) : null
  if (head !== null && head.at !== signed.signedAt.toISOString())
    return `its last leaf says it was signed at ${head.at}`
  const cosigned = await db.logCosignature.findMany({ where: { regionId: log.regionId, size: signed.size } })
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

/** Rows that belong to no log, to no leaf or to nothing at all. */
async function findStray(db: Db, logs: readonly CountyLog[]): Promise<Problem | null> {
  const known = logs.map((one) => one.regionId)
  for (const table of ['log_leaf', 'log_tile', 'log_checkpoint', 'log_cosignature']) {
    const [stray] = await db.$queryRaw<{ regionId: string }[]>`
      SELECT "regionId" FROM ${Prisma.raw(table)} WHERE "regionId" NOT IN (${Prisma.join(['', ...known])}) LIMIT 1`
    if (stray !== undefined) return bad('I5', `${table} ${stray.regionId}`, 'there is no such log')
  }
  const [cosignature] = await db.$queryRaw<{ regionId: string; size: number | bigint }[]>`
    SELECT c."regionId", c."size" FROM log_cosignature AS c WHERE NOT EXISTS (
      SELECT 1 FROM log_checkpoint AS p WHERE p."regionId" = c."regionId" AND p."size" = c."size") LIMIT 1`
  if (cosignature !== undefined)
    return bad('I13', `log_cosignature ${cosignature.regionId}/${cosignature.size}`, 'there is no such checkpoint')
  const [empty] = await db.$queryRaw<{ id: string }[]>`SELECT "id" FROM ledger_transaction WHERE "leaf" = '' LIMIT 1`
  if (empty !== undefined) return bad('I5', `ledger_transaction ${empty.id}`, 'it has no leaf')
  const [salt] = await db.$queryRaw<{ transactionId: string }[]>`
    SELECT s."transactionId" FROM ledger_salt AS s WHERE NOT EXISTS (
      SELECT 1 FROM ledger_transaction AS t WHERE t."id" = s."transactionId") LIMIT 1`
  if (salt !== undefined) return bad('I5', `ledger_salt ${salt.transactionId}`, 'there is no such transaction')
  const [opening] = await db.$queryRaw<{ refId: string; revision: number | bigint }[]>`
    SELECT s."refId", s."revision" FROM log_salt AS s WHERE NOT EXISTS (
      SELECT 1 FROM log_leaf AS l WHERE l."refId" = s."refId" AND l."revision" = s."revision") LIMIT 1`
  return opening === undefined
    ? null
    : bad('I5', `log_salt ${opening.refId}/${opening.revision}`, 'there is no such leaf')
}

/** I11 too: a grant that nobody else agreed to, above what the place let one person give on that day. */
async function findGrantAlone(db: Db): Promise<Problem | null> {
  const granted = (after: string) => db.$queryRaw<
    { id: string; regionPath: string; askedAt: Date; milliPoints: bigint }[]
  >`
    SELECT t."id", q."regionPath", q."askedAt", q."milliPoints" FROM ledger_request AS q
    JOIN ledger_transaction AS t ON t."kind" = 'GRANT' AND t."refType" = 'request' AND t."refId" = q."id"
    WHERE q."kind" = 'GRANT' AND t."id" > ${after}
      AND NOT EXISTS (SELECT 1 FROM ledger_decision AS d WHERE d."requestId" = q."id" AND d."decision" = 'approve')
    ORDER BY t."id" LIMIT ${PAGE}`
  for (let page = await granted(''); page.length > 0; page = await granted(page.at(-1)?.id ?? '')) {
    for (const { id, regionPath, askedAt, milliPoints } of page) {
      const { grantPointsMax } = await settingsAt(db, regionPath, dayOf(new Date(askedAt)))
      if (BigInt(milliPoints) > BigInt(grantPointsMax) * 1000n)
        return bad('I11', `ledger_transaction ${id}`, 'one person alone gave more than one person may')
    }
  }
  return null
}

async function countUnsealed(db: Db, counts: Counts): Promise<null> {
  const [row] = await db.$queryRaw<{ rows: bigint | number }[]>`
    SELECT COUNT(*) AS "rows" FROM ledger_transaction AS t WHERE NOT EXISTS (
      SELECT 1 FROM log_leaf AS l WHERE l."type" = 'transaction' AND l."refId" = t."id" AND l."revision" = 0)`
  counts.unsealed = Number(row?.rows ?? 0)
  return null
}

/** How many leaves came with an archive; the leaf that was added when they were says so. */
export async function findImportedSize(db: Db, regionId: string): Promise<number> {
  const leaf = await db.logLeaf.findFirst({ where: { regionId, type: 'reportHash', refId: `import ${regionId}` } })
  return leaf?.logIndex ?? 0
}

async function inChunks<Row>(ids: readonly string[], read: (ids: string[]) => Promise<Row[]>): Promise<Row[]> {
  const rows: Row[] = []
  for (let from = 0; from < ids.length; from += CHUNK) rows.push(...(await read(ids.slice(from, from + CHUNK))))
  return rows
}

const dateOf = (value: Date | string | null): Date | null => (value === null ? null : new Date(value))

/** null for what is no JSON: somebody may have written anything there. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
