import { createHash } from 'node:crypto'
import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { toBase64 } from '../../shared/proof/bytes'
import { reportLeaf } from '../../shared/proof/leaf'
import { readCheckpoint, readNote, readVerifierKey, signersOf, type VerifierKey } from '../../shared/proof/note'
import type { LogConfig } from '../core/config'
import type { Db, Prisma } from '../core/db'
import { type RestoredBooks, restoreAccounts, restoreTransactions } from '../ledger/restore'
import { newTree } from './audit'
import { leafHash, publicKeyOf, sha256, verifyEd25519 } from './crypto'
import { FORMAT, type Manifest } from './export'
import { makeLogKeys } from './keys'
import { findLogs } from './logs'
import { append, type Leaf } from './seal'
import { readTree } from './tree'

type Account = Omit<Prisma.LedgerAccountCreateManyInput, 'lowestMilliPoints'> & { lowestMilliPoints: string | null }
/** Whole numbers come from SQLite as text. */
type Whole = number | string
type LeafRow = { regionId: string; index: Whole; type: Leaf['type']; ref: string; revision: Whole; text: string }
type Opening = { id: string; salt: string | null; by: string; explanation: string }
type Use = Omit<Prisma.LedgerLotUseCreateManyInput, 'milliPoints' | 'leftMilliPoints'> & {
  milliPoints: string
  leftMilliPoints: string
}
type Checkpoint = { regionId: string; size: number; root: string; note: string; signedAt: string }
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
}

const BATCH = 300

/** What an archive was found to be, or that it was refused: nothing is written then. */
export class BadArchive extends Error {}

/**
 * Rebuilds the books of an archive in an empty system. Every hash, root and signature is checked before anything is written,
 * and at the end the root is reckoned from what was.
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
  const rows = <T>(name: string): T[] =>
    linesOf(folder, manifest, `${name}.ndjson`).map((line) => JSON.parse(line) as T)
  const keyLines = linesOf(folder, manifest, 'keys.txt')
  const leaves = rows<LeafRow>('leaves')
  const checkpoints = rows<Checkpoint>('checkpoints')
  const logs = rows<{ regionId: string; name: string; origin: string }>('logs')
  const keys = (await Promise.all(keyLines.map((one) => readVerifierKey(one, sha256)))).filter(
    (one): one is VerifierKey => one !== null,
  )
  for (const log of logs) await checkLog(log, leaves, checkpoints, keys)

  await db.$transaction(async (tx) => {
    for (const one of rows<Prisma.ProgrammeCreateManyInput>('programmes'))
      if ((await tx.programme.count({ where: { id: one.id } })) === 0) await tx.programme.create({ data: one })
    for (const one of rows<Prisma.SchemeCreateManyInput>('schemes'))
      if ((await tx.scheme.count({ where: { id: one.id } })) === 0) await tx.scheme.create({ data: one })
    await tx.log.createMany({ data: logs })
  })
  await restoreBooks(db, rows<Account>('accounts'), leaves, rows<Opening>('openings'), rows<Use>('uses'), onRow)
  const found = await findLogs(db)
  const heads = []
  for (const log of found) {
    const own = leaves.filter((one) => one.regionId === log.regionId)
    for (let from = 0; from < own.length; from += BATCH)
      await db.$transaction((tx) =>
        append(
          tx,
          log,
          own.slice(from, from + BATCH).map(({ type, ref, revision, text }) => ({
            type,
            refId: ref,
            revision: Number(revision),
            text,
            data: type === 'transaction' ? null : text,
          })),
        ),
      )
    const last = checkpoints.filter((one) => one.regionId === log.regionId).at(-1)
    if (last === undefined) continue
    const root = toBase64(await readTree(db, log.regionId, last.size).root())
    if (root !== last.root) throw new BadArchive(`${log.name}: the root came out as ${root}`)
    heads.push({ name: log.name, size: last.size, root })
  }
  await db.$transaction(async (tx) => {
    for (const salt of rows<Prisma.LogSaltCreateManyInput>('salts')) await tx.logSalt.create({ data: salt })
    for (const one of checkpoints) await tx.logCheckpoint.create({ data: one })
    for (const one of rows<Prisma.LogCosignatureCreateManyInput>('cosignatures'))
      await tx.logCosignature.create({ data: one })
    for (const log of found) {
      const digest = createHash('sha256')
        .update(readFileSync(join(folder, 'manifest.json')))
        .digest('hex')
      const text = reportLeaf({ id: `import ${log.regionId}`, kind: 'import', begunAt: at, endedAt: at, digest })
      await append(tx, log, [{ type: 'reportHash', refId: `import ${log.regionId}`, revision: 0, text, data: text }])
    }
  })
  keepOldKeys(config.keyFile, keys)
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

function readManifest(folder: string): Manifest {
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest
  if (manifest.format !== FORMAT) throw new BadArchive(`this is no ${FORMAT}`)
  return manifest
}

function linesOf(folder: string, manifest: Manifest, name: string): string[] {
  const said = manifest.files.find((one) => one.name === name)
  const text = readFileSync(join(folder, name), 'utf8')
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n')
  if (said === undefined || createHash('sha256').update(text, 'utf8').digest('hex') !== said.sha256)
    throw new BadArchive(`${name} is not what the manifest says`)
  if (lines.length !== said.lines)
    throw new BadArchive(`${name} has ${lines.length} lines and should have ${said.lines}`)
  return lines
}

/** Numbers without a gap, every root as it was signed, every signature by a key of the archive. */
async function checkLog(
  log: { regionId: string; name: string; origin: string },
  leaves: readonly LeafRow[],
  checkpoints: readonly Checkpoint[],
  keys: readonly VerifierKey[],
): Promise<void> {
  const tree = newTree()
  const open = checkpoints.filter((one) => one.regionId === log.regionId)
  for (const leaf of leaves.filter((one) => one.regionId === log.regionId)) {
    if (Number(leaf.index) !== tree.size()) throw new BadArchive(`${log.name}: leaf ${tree.size()} is missing`)
    tree.add(leafHash(leaf.text))
    for (; open[0] !== undefined && open[0].size === tree.size(); open.shift()) {
      const note = readNote(open[0].note)
      const said = note === null ? null : readCheckpoint(note.body)
      const signers = note === null ? null : await signersOf(note, keys, verifyEd25519)
      if (said === null || said.size !== open[0].size || toBase64(said.root) !== toBase64(tree.root()))
        throw new BadArchive(`${log.name}: the first ${open[0].size} leaves are not those that were signed`)
      if (said.origin !== log.origin || (signers ?? []).length === 0)
        throw new BadArchive(`${log.name}: the checkpoint of ${open[0].size} leaves is signed by no key of the archive`)
    }
  }
  if (open.length > 0) throw new BadArchive(`${log.name}: it ends before its checkpoint of ${open[0]?.size} leaves`)
}

async function restoreBooks(
  db: Db,
  accounts: readonly Account[],
  leaves: readonly LeafRow[],
  openings: readonly Opening[],
  uses: readonly Use[],
  onRow: () => void,
): Promise<void> {
  const texts = leaves.filter((one) => one.type === 'transaction').map((one) => one.text)
  const transactions = texts.map((text) => ({ text, one: JSON.parse(text) as Transaction }))
  const counters = countersOf(transactions.map(({ one }) => one))
  await db.$transaction((tx) =>
    restoreAccounts(
      tx,
      accounts.map((one) => {
        const { posted, seq, pending } = counters.get(one.id) ?? { posted: 0n, seq: 0, pending: 0n }
        const [postedMilliPoints, ownSeq] = one.stored ? [posted, seq] : [0n, 0]
        const lowestMilliPoints = one.lowestMilliPoints === null ? null : BigInt(one.lowestMilliPoints)
        return { ...one, lowestMilliPoints, postedMilliPoints, pendingMilliPoints: pending, seq: ownSeq, lotsFrom: 1 }
      }),
    ),
  )
  const opened = new Map(openings.map((one) => [one.id, one]))
  const ordered = inOrder(transactions)
  for (let from = 0; from < ordered.length; from += BATCH) {
    const batch = ordered.slice(from, from + BATCH)
    const ids = new Set(batch.map(({ one }) => one.id))
    const books: RestoredBooks = {
      entries: batch.flatMap(({ one }) => entriesOf(one)),
      uses: uses
        .filter((one) => ids.has(one.transactionId))
        .map((one) => ({
          ...one,
          lotNo: Number(one.lotNo),
          useNo: Number(one.useNo),
          no: Number(one.no),
          milliPoints: BigInt(one.milliPoints),
          leftMilliPoints: BigInt(one.leftMilliPoints),
        }))
        .sort((a, b) => a.useNo - b.useNo),
      headers: batch.map(({ one, text }) => headerOf(one, text, opened.get(one.id))),
      salts: batch.flatMap(({ one }) => {
        const salt = opened.get(one.id)?.salt ?? null
        return salt === null ? [] : [{ transactionId: one.id, salt }]
      }),
    }
    await db.$transaction((tx) => restoreTransactions(tx, books))
    for (const _ of batch) onRow()
  }
}

function countersOf(transactions: readonly Transaction[]) {
  const counters = new Map<string, { posted: bigint; seq: number; pending: bigint }>()
  const of = (id: string) => {
    const known = counters.get(id) ?? { posted: 0n, seq: 0, pending: 0n }
    counters.set(id, known)
    return known
  }
  const resolved = new Set(transactions.map((one) => one.resolves))
  for (const one of transactions) {
    for (const entry of one.entries) {
      const counter = of(entry.account)
      counter.posted += BigInt(entry.milliPoints)
      counter.seq += 1
    }
    if (one.hold !== null && !resolved.has(one.id)) of(one.hold.account).pending += BigInt(one.hold.milliPoints)
  }
  return counters
}

type Listed = { text: string; one: Transaction }

/** So that each follows what it needs: the entry before it on every account, what it resolves, reverses or revises. */
function inOrder(transactions: readonly Listed[]): Listed[] {
  const seqs = new Map<string, number>()
  const done = new Set<string>()
  const reversed = new Set<string>()
  const references = new Map<string, string>()
  const ordered: Listed[] = []
  const isReady = ({ one }: Listed) => {
    const own = new Map<string, number>()
    const follows = one.entries.every(({ account, seq }) => {
      if (seq === null) return true
      const next = (own.get(account) ?? seqs.get(account) ?? 0) + 1
      own.set(account, next)
      return Number(seq) === next
    })
    const needs = [one.resolves, one.reverses].every((id) => id === null || done.has(id))
    const earlier = references.get(`${one.kind} ${one.ref.join(' ')} ${Number(one.revision) - 1}`)
    return follows && needs && (one.revision === '0' || (earlier !== undefined && reversed.has(earlier)))
  }
  const take = (listed: Listed) => {
    const { one } = listed
    for (const { account, seq } of one.entries) if (seq !== null) seqs.set(account, Number(seq))
    done.add(one.id)
    if (one.reverses !== null) reversed.add(one.reverses)
    references.set(`${one.kind} ${one.ref.join(' ')} ${one.revision}`, one.id)
    ordered.push(listed)
  }
  let waiting = [...transactions]
  while (waiting.length > 0) {
    const left: Listed[] = []
    for (const listed of waiting) {
      if (isReady(listed)) take(listed)
      else left.push(listed)
    }
    if (left.length === waiting.length) throw new BadArchive(`transaction ${left[0]?.one.id} follows nothing`)
    waiting = left
  }
  return ordered
}

function entriesOf(one: Transaction): RestoredBooks['entries'] {
  return one.entries.map((entry, place) => ({
    transactionId: one.id,
    no: place + 1,
    programmeId: one.programme,
    accountId: entry.account,
    accountSeq: entry.seq === null ? null : Number(entry.seq),
    amountMilliPoints: BigInt(entry.milliPoints),
    balanceAfterMilliPoints: entry.balance === null ? null : BigInt(entry.balance),
    lotMilliPoints: entry.lot === null ? null : BigInt(entry.lot),
    lotExpiresAt: entry.expires,
  }))
}

function headerOf(one: Transaction, leaf: string, opening: Opening | undefined): RestoredBooks['headers'][number] {
  if (opening === undefined) throw new BadArchive(`transaction ${one.id} has no opening`)
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
    heldUntil: one.hold?.until ?? null,
    resolves: one.resolves,
    reverses: one.reverses,
    happenedAt: one.happenedAt,
    recordedAt: one.recordedAt,
    byId: opening.by,
    explanation: opening.explanation,
    leaf,
  }
}
