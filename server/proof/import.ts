import { createHash } from 'node:crypto'
import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { toBase64 } from '../../shared/proof/bytes'
import { accountLeaf, reportLeaf } from '../../shared/proof/leaf'
import { readCheckpoint, readNote, readVerifierKey, signersOf, type VerifierKey } from '../../shared/proof/note'
import type { LogConfig } from '../core/config'
import type { Db, Prisma, Tx } from '../core/db'
import { addKeys } from '../core/key-store'
import { commitmentsOf, leafOf } from '../ledger/leaf'
import {
  findEnds,
  type Needs,
  type RestoredBooks,
  referenceOf,
  restoreAccounts,
  restoreAsked,
  restoreClosings,
  restoreDecided,
  restoreHolds,
  restoreTransactions,
} from '../ledger/restore'
import {
  type AccountRow,
  allOf,
  BadArchive,
  type CheckpointRow,
  checkFiles,
  leavesOf,
  linesOf,
  newCursor,
  type OpeningRow,
  type RequestRow,
  readManifest,
  rowsOf,
  type Sealed,
  type UseRow,
} from './archive'
import { leafHash, publicKeyOf, sha256, verifyEd25519 } from './crypto'
import { makeLogKeys } from './keys'
import { type CountyLog, findLogs } from './logs'
import { recordCommitments } from './records'
import { sealedRow } from './requests'
import { append, type Leaf } from './seal'
import { keepSm2Keys, readSm2Verifier } from './sm2'
import { newTree, readTree } from './tree'

type Log = { regionId: string; name: string; origin: string }
type Transaction = {
  id: string
  programme: string
  kind: string
  ref: [string, string]
  revision: string
  hold: { account: string; milliPoints: string; until: string } | null
  resolves: string | null
  reverses: string | null
  happenedAt: string
  recordedAt: string
  entries: {
    account: string
    seq: string | null
    milliPoints: string
    balance: string | null
    lot: string | null
    expires: string | null
  }[]
  commitments: { by: string; explanation: string }
}

const BATCH = 300

/**
 * Rebuilds the books of an archive in an empty system, in a memory that does not grow with them: the files are read side by
 * side. Every hash, root, signature and commitment is checked before anything is written, and at the end the root is
 * reckoned from what was.
 *
 * @returns for each log its size and root, as the last checkpoint has them
 * @throws BadArchive
 */
export async function importArchive(
  db: Db,
  config: LogConfig,
  folder: string,
  at: Date,
  onRow: () => void = () => {},
): Promise<{ name: string; size: number; root: string }[]> {
  if ((await db.ledgerTransaction.count()) + (await db.logLeaf.count()) > 0)
    throw new BadArchive('this system has books already')
  const manifest = readManifest(folder)
  await checkFiles(folder, manifest)
  const keys: VerifierKey[] = []
  const sm2Keys: Uint8Array[] = []
  for await (const line of linesOf(folder, 'keys.txt')) {
    const key = await readVerifierKey(line, sha256)
    if (key !== null) keys.push(key)
    const sm2 = readSm2Verifier(line)
    if (sm2 !== null) sm2Keys.push(sm2)
  }
  const logs = await allOf<Log>(folder, 'logs')
  await checkLeaves(folder, logs, keys)

  await restoreProgrammes(db, folder, logs)
  await restoreRequests(db, folder)
  const found = new Map((await findLogs(db)).map((one) => [one.regionId, one]))
  await restoreLeaves(db, folder, found, onRow)
  await db.$transaction(restoreHolds)
  for await (const closed of batchesOf(closedOf(folder))) await db.$transaction((tx) => restoreClosings(tx, closed))
  const heads = await checkRoots(db, folder, [...found.values()])
  for await (const rows of batchesOf(rowsOf<CheckpointRow>(folder, 'checkpoints')))
    await db.logCheckpoint.createMany({ data: rows })
  for await (const rows of batchesOf(rowsOf<Prisma.LogCosignatureCreateManyInput>(folder, 'cosignatures')))
    await db.logCosignature.createMany({ data: rows })
  const digest = createHash('sha256')
    .update(readFileSync(join(folder, 'manifest.json')))
    .digest('hex')
  await db.$transaction(async (tx) => {
    for (const log of found.values()) {
      const text = reportLeaf({ id: `import ${log.regionId}`, kind: 'import', begunAt: at, endedAt: at, digest })
      await append(tx, log, [{ type: 'reportHash', refId: `import ${log.regionId}`, revision: 0, text, data: text }])
    }
  })
  keepOldKeys(config.keyFile, keys)
  if (config.sm2) keepSm2Keys(config.keyFile, sm2Keys)
  return heads
}

/** What the old system signed stays verifiable: its keys are known here by their public halves. */
function keepOldKeys(file: string, keys: readonly VerifierKey[]): void {
  const known = new Set(makeLogKeys(file).known.map(toBase64))
  for (const text of new Set(keys.map((one) => toBase64(one.publicKey)))) {
    const key = keys.find((one) => toBase64(one.publicKey) === text)
    if (key !== undefined && !known.has(text))
      appendFileSync(file, publicKeyOf(key.publicKey).export({ type: 'spki', format: 'pem' }) as string)
  }
}

async function* batchesOf<Row>(rows: AsyncIterable<Row>): AsyncGenerator<Row[]> {
  let batch: Row[] = []
  for await (const row of rows) {
    batch.push(row)
    if (batch.length < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

async function* closedOf(folder: string): AsyncGenerator<{ id: string; closedAt: Date }> {
  for await (const { id, closedAt } of rowsOf<AccountRow>(folder, 'accounts'))
    if (closedAt !== null) yield { id, closedAt: new Date(closedAt) }
}

/** Numbers without a gap, every root as it was signed, every signature by a key of the archive, and all that leaves commit to. */
async function checkLeaves(folder: string, logs: readonly Log[], keys: readonly VerifierKey[]): Promise<void> {
  const checkpoints = newCursor<CheckpointRow>(folder, 'checkpoints')
  const seen = new Set<string>()
  let log: Log | undefined
  let tree = newTree()
  for await (const sealed of leavesOf(folder)) {
    const { regionId, index, text } = sealed.leaf
    if (log?.regionId !== regionId) {
      const open = await checkpoints.peek()
      if (open !== null && open.regionId === log?.regionId) throw endsEarly(open)
      log = logs.find((one) => one.regionId === regionId)
      if (log === undefined || seen.has(regionId))
        throw new BadArchive(`${regionId}: leaves of no log, or in two places`)
      seen.add(regionId)
      tree = newTree()
    }
    if (Number(index) !== tree.size()) throw new BadArchive(`${log.name}: leaf ${tree.size()} is missing`)
    tree.add(leafHash(text))
    const why = whyNotOpened(sealed)
    if (why !== null) throw new BadArchive(`${log.name}: leaf ${index}: ${why}`)
    const due = ({ regionId: of, size }: CheckpointRow) => of === regionId && size === tree.size()
    for (const one of await checkpoints.takeAll(due)) await checkCheckpoint(log, one, toBase64(tree.root()), keys)
  }
  const open = await checkpoints.peek()
  if (open !== null) throw endsEarly(open)
}

const endsEarly = ({ regionId, size }: CheckpointRow) =>
  new BadArchive(`${regionId}: the log ends before its checkpoint of ${size} leaves`)

async function checkCheckpoint(
  log: Log,
  { size, note: text }: CheckpointRow,
  root: string,
  keys: readonly VerifierKey[],
) {
  const note = readNote(text)
  const said = note === null ? null : readCheckpoint(note.body)
  const signers = note === null ? null : await signersOf(note, keys, verifyEd25519)
  if (said === null || said.size !== size || toBase64(said.root) !== root)
    throw new BadArchive(`${log.name}: the first ${size} leaves are not those that were signed`)
  if (said.origin !== log.origin || (signers ?? []).length === 0)
    throw new BadArchive(`${log.name}: the checkpoint of ${size} leaves is signed by no key of the archive`)
}

/** Why what the archive says beside a leaf is not what the leaf says; null when it is. */
function whyNotOpened({ leaf, account, opening, uses, record, request }: Sealed): string | null {
  const { type, ref, text } = leaf
  switch (type) {
    case 'account':
      return account !== null && accountLeaf(openedFrom(account)) === text ? null : `account ${ref} is not what it says`
    case 'transaction':
      return whyNotTransaction(JSON.parse(text) as Transaction, text, opening, uses)
    case 'serviceRecord': {
      const { commitments } = JSON.parse(text) as { commitments: { elders: string; evidence: string } }
      if (record === null) return `visit ${ref} is missing in records.ndjson`
      if (record.salt === null || record.elders === undefined || record.evidence === undefined) return null
      const opened = recordCommitments({ elders: record.elders, evidence: record.evidence }, record.salt)
      const isSame = opened.elders === commitments.elders && opened.evidence === commitments.evidence
      return isSame ? null : `visit ${ref} is not what it commits to`
    }
    case 'reportHash':
      if (!/^(request|decision):/.test(ref)) return null
      return request !== null && requestText(request) === text ? null : `${ref} is not what it says`
    default:
      return null
  }
}

function whyNotTransaction(
  one: Transaction,
  text: string,
  opening: OpeningRow | null,
  uses: readonly UseRow[],
): string | null {
  if (opening === null) return `transaction ${one.id} has no opening`
  const header = headerOf(one, text, opening)
  const commitments = opening.salt === null ? one.commitments : commitmentsOf(header, opening.salt)
  const again = leafOf({ ...header, entries: entriesOf(one) }, uses.map(useOf), commitments)
  return again === text ? null : `transaction ${one.id} is not what it commits to`
}

const openedFrom = (account: AccountRow) => ({
  ...account,
  stored: Boolean(account.stored),
  lowestMilliPoints: account.lowestMilliPoints === null ? null : BigInt(account.lowestMilliPoints),
  openedAt: new Date(account.openedAt),
})

function requestText(one: RequestRow): string {
  return one.kind === 'request'
    ? sealedRow('request', one.row.id, new Date(one.row.askedAt), one.row).text
    : sealedRow('decision', one.row.requestId, new Date(one.row.at), one.row).text
}

async function restoreProgrammes(db: Db, folder: string, logs: Log[]): Promise<void> {
  const programmes = await allOf<Prisma.ProgrammeCreateManyInput>(folder, 'programmes')
  const schemes = await allOf<Prisma.SchemeCreateManyInput>(folder, 'schemes')
  await db.$transaction(async (tx) => {
    for (const one of programmes)
      if ((await tx.programme.count({ where: { id: one.id } })) === 0) await tx.programme.create({ data: one })
    for (const one of schemes)
      if ((await tx.scheme.count({ where: { id: one.id } })) === 0) await tx.scheme.create({ data: one })
    await tx.log.createMany({ data: logs })
  })
}

/** First of all: what two persons had to agree to is not written before they have. */
async function restoreRequests(db: Db, folder: string): Promise<void> {
  for await (const batch of batchesOf(rowsOf<RequestRow>(folder, 'requests')))
    await db.$transaction((tx) =>
      restoreAsked(
        tx,
        batch.flatMap((one) => (one.kind === 'request' ? [one.row] : [])),
      ),
    )
  for await (const batch of batchesOf(rowsOf<RequestRow>(folder, 'requests')))
    await db.$transaction((tx) =>
      restoreDecided(
        tx,
        batch.flatMap((one) => (one.kind === 'decision' ? [one.row] : [])),
      ),
    )
}

type Listed = { text: string; one: Transaction; opening: OpeningRow; uses: UseRow[] }

/**
 * Leaves, and what they are about, a batch at a time. A transaction that was sealed before one it follows waits for that: as
 * they were sealed within minutes of each other, few ever do.
 */
async function restoreLeaves(db: Db, folder: string, logs: ReadonlyMap<string, CountyLog>, onRow: () => void) {
  let waiting: Listed[] = []
  for await (const batch of batchesOf(leavesOf(folder))) {
    waiting = await db.$transaction(async (tx) => {
      await restoreAccounts(
        tx,
        batch.flatMap(({ account }) => (account === null ? [] : [withoutClosing(account)])),
      )
      await restoreOwners(tx, batch)
      const left = await restoreReady(tx, [...waiting, ...batch.flatMap(listedOf)])
      for (const [regionId, log] of logs) {
        const own = batch.filter(({ leaf }) => leaf.regionId === regionId).map(sealedLeaf)
        if (own.length > 0) await append(tx, log, own)
      }
      return left
    })
    for (const _ of batch) onRow()
  }
  const [lost] = waiting
  if (lost !== undefined) throw new BadArchive(`transaction ${lost.one.id} follows nothing`)
}

const withoutClosing = (account: AccountRow) => {
  const { closedAt: _, ...opened } = openedFrom(account)
  return opened
}

function sealedLeaf({ leaf: { type, ref, revision, text }, record }: Sealed): Leaf {
  const salt = record?.salt ?? null
  return {
    ...{ type, refId: ref, revision: Number(revision), text, data: type === 'transaction' ? null : text },
    ...(salt === null ? {} : { salt }),
  }
}

function listedOf({ leaf: { type, text }, opening, uses }: Sealed): Listed[] {
  return type === 'transaction' && opening !== null
    ? [{ text, one: JSON.parse(text) as Transaction, opening, uses }]
    : []
}

/** Persons as far as an archive has them: a pseudonym, and what only their own keys open. */
async function restoreOwners(tx: Tx, batch: readonly Sealed[]): Promise<void> {
  const owners = batch.flatMap(({ owner }) => owner ?? [])
  if (owners.length === 0) return
  const ids = owners.map((one) => one.personId)
  const known = new Set(
    (await tx.person.findMany({ where: { id: { in: ids } }, select: { id: true } })).map((p) => p.id),
  )
  for (const one of owners) {
    const { personId, nameSealed, kekId, wrapped, idNumberSealed, phoneSealed } = one
    if (nameSealed === null || kekId === null || wrapped === null || known.has(personId)) continue
    known.add(personId)
    const sealed = { identityKind: one.identityKind ?? 'none', nameSealed, idNumberSealed, phoneSealed }
    await tx.person.create({
      data: { ...sealed, id: personId, nameInitials: '', sex: 'unknown', createdAt: new Date(0) },
    })
    await addKeys(tx, [{ personId, kekId, wrapped }])
  }
  await tx.personAccount.createMany({
    data: owners.map(({ accountId, personId, programmeId }) => ({ accountId, personId, programmeId })),
  })
}

/** Writes those that follow what is there, each on top of those before it. Answers those that don't yet. */
async function restoreReady(tx: Tx, listed: readonly Listed[]): Promise<Listed[]> {
  const needs = new Map(listed.map(({ one }) => [one.id, needsOf(one)]))
  const ends = await findEnds(tx, [...needs.values()])
  const ready: Listed[] = []
  let waiting = [...listed]
  for (let found = -1; found !== 0 && waiting.length > 0; ) {
    const left: Listed[] = []
    for (const one of waiting) {
      const need = needs.get(one.one.id) as Needs
      const follows = need.accounts.every(({ id, seq }, place) => {
        const before = need.accounts.slice(0, place).filter((other) => other.id === id).length
        return seq === (ends.seqs.get(id) ?? 0) + before + 1
      })
      const has = [need.resolves, need.reverses].every((id) => id === null || ends.done.has(id))
      const isNext = need.revision === 0 || ends.undone.has(referenceOf(need, 1))
      if (!(follows && has && isNext)) {
        left.push(one)
        continue
      }
      for (const { id, seq } of need.accounts) ends.seqs.set(id, seq)
      ends.done.add(need.id)
      const undone = need.reverses === null ? undefined : needs.get(need.reverses)
      if (undone !== undefined) ends.undone.add(referenceOf(undone))
      ready.push(one)
    }
    found = waiting.length - left.length
    waiting = left
  }
  await restoreTransactions(tx, booksOf(ready))
  return waiting
}

function needsOf(one: Transaction): Needs {
  const { id, kind, ref, revision, resolves, reverses } = one
  return {
    ...{ id, kind, refType: ref[0], refId: ref[1], revision: Number(revision), resolves, reverses },
    accounts: one.entries.flatMap(({ account, seq }) => (seq === null ? [] : [{ id: account, seq: Number(seq) }])),
  }
}

function booksOf(ready: readonly Listed[]): RestoredBooks {
  return {
    entries: ready.flatMap(({ one }) => entriesOf(one)),
    uses: ready.flatMap(({ uses }) => uses.map(useOf)),
    headers: ready.map(({ one, text, opening }) => headerOf(one, text, opening)),
    salts: ready.flatMap(({ opening: { id, salt } }) => (salt === null ? [] : [{ transactionId: id, salt }])),
  }
}

const useOf = (one: UseRow) => ({
  ...one,
  lotNo: Number(one.lotNo),
  useNo: Number(one.useNo),
  no: Number(one.no),
  milliPoints: BigInt(one.milliPoints),
  leftMilliPoints: BigInt(one.leftMilliPoints),
})

function entriesOf(one: Transaction) {
  return one.entries.map((entry, place) => ({
    transactionId: one.id,
    no: place + 1,
    programmeId: one.programme,
    accountId: entry.account,
    accountSeq: entry.seq === null ? null : Number(entry.seq),
    amountMilliPoints: BigInt(entry.milliPoints),
    balanceAfterMilliPoints: entry.balance === null ? null : BigInt(entry.balance),
    lotMilliPoints: entry.lot === null ? null : BigInt(entry.lot),
    lotExpiresAt: entry.expires === null ? null : new Date(entry.expires),
  }))
}

function headerOf(one: Transaction, leaf: string, opening: OpeningRow) {
  return {
    id: one.id,
    programmeId: one.programme,
    kind: one.kind,
    refType: one.ref[0],
    refId: one.ref[1],
    revision: Number(one.revision),
    entryCount: one.entries.length,
    heldAccountId: one.hold?.account ?? null,
    heldMilliPoints: one.hold === null ? null : BigInt(one.hold.milliPoints),
    heldUntil: one.hold === null ? null : new Date(one.hold.until),
    resolves: one.resolves,
    reverses: one.reverses,
    happenedAt: new Date(one.happenedAt),
    recordedAt: new Date(one.recordedAt),
    byId: opening.by,
    explanation: opening.explanation,
    leaf,
  }
}

/** The root of each log, reckoned from what was written, at the size of its last checkpoint. */
async function checkRoots(db: Db, folder: string, logs: readonly CountyLog[]) {
  const lasts = new Map<string, CheckpointRow>()
  for await (const one of rowsOf<CheckpointRow>(folder, 'checkpoints')) lasts.set(one.regionId, one)
  const heads: { name: string; size: number; root: string }[] = []
  for (const { regionId, name } of logs) {
    const last = lasts.get(regionId)
    if (last === undefined) continue
    const root = toBase64(await readTree(db, regionId, last.size).root())
    if (root !== last.root) throw new BadArchive(`${name}: the root came out as ${root}`)
    heads.push({ name, size: last.size, root })
  }
  return heads
}
