import { type LeafCommitments, type LeafEntryTexts, type LeafTexts, leafText } from '../../shared/ledger/leaf'
import { HASH_BYTES } from '../../shared/proof/tree'
import { type Driver, dialect } from '../core/driver'
import type { Problem } from '../ledger/books'
import { commitmentsOf, lotUsesHash } from '../ledger/leaf'
import { foldHashes, leafHashHex } from './crypto'
import { TILE_WIDTH } from './tree'

/** Which leaves of which log. `from` is a multiple of a tile's width. */
export type PageAsk = { regionId: string; programmeIds: readonly string[]; from: number; to: number }
/** A leaf that is no transaction: it is about rows that others read. */
export type OtherLeaf = { logIndex: number; type: string; refId: string; revision: number; data: string | null }
export type PageAnswer = {
  rows: number
  /** 32 bytes a leaf, up to the first bad one */
  hashes: Uint8Array
  /** the root over each full tile of them */
  roots: Uint8Array
  others: OtherLeaf[]
  /** transactions whose salt is gone */
  unsalted: string[]
  problem: (Problem & { logIndex: number }) | null
}

type Row = OtherLeaf & {
  hash: string
  leaf: string | null
  salt: string | null
  header: string | null
  entries: string | null
  uses: string | null
}

const bad = (logIndex: number, row: string, sentence: string) => ({ logIndex, invariant: 'I5', row, sentence })

/**
 * Recomputes a page of a log from the rows it is about: transactions here and to the letter, of others whether their text is
 * what was hashed. One row a leaf, one text for all columns: crossing into JavaScript costs more than reading.
 */
export async function readLeafPage(driver: Driver, { regionId, programmeIds, from, to }: PageAsk): Promise<PageAnswer> {
  const sql = dialect(driver.provider, driver.provider === 'sqlite' ? SQLITE : POSTGRESQL)
  const rows = (await driver.query(sql, [regionId, from, to])) as Row[]
  const hashes = Buffer.alloc(rows.length * HASH_BYTES)
  const others: OtherLeaf[] = []
  const unsalted: string[] = []
  let problem: PageAnswer['problem'] = null
  let read = 0
  for (const row of rows) {
    problem = whyNot(row, from + read, regionId, programmeIds)
    if (problem !== null) break
    hashes.write(row.hash, read * HASH_BYTES, 'hex')
    read += 1
    const { logIndex, type, refId, revision, data } = row
    if (type === 'transaction' && row.salt === null) unsalted.push(refId)
    if (type !== 'transaction') others.push({ logIndex, type, refId, revision, data })
  }
  if (problem === null && from + read < to)
    problem = bad(from + read, `log_leaf ${regionId}/${from + read}`, 'it is not there')
  const known = hashes.subarray(0, read * HASH_BYTES)
  return { rows: rows.length, hashes: known, roots: rootsOf(known), others, unsalted, problem }
}

function rootsOf(hashes: Buffer): Uint8Array {
  const width = TILE_WIDTH * HASH_BYTES
  const roots = Buffer.alloc(Math.floor(hashes.length / width) * HASH_BYTES)
  for (let tile = 0; tile * HASH_BYTES < roots.length; tile += 1)
    roots.set(foldHashes(Buffer.from(hashes.subarray(tile * width, (tile + 1) * width))), tile * HASH_BYTES)
  return roots
}

function whyNot(row: Row, expected: number, regionId: string, programmeIds: readonly string[]) {
  const { logIndex, type, data, hash } = row
  const name = `log_leaf ${regionId}/${logIndex}`
  if (logIndex !== expected) return bad(logIndex, name, `it should be number ${expected}`)
  if (!/^[0-9a-f]{64}$/.test(hash)) return bad(logIndex, name, 'its hash is none')
  if (type === 'transaction') return whyNotTransaction(row, name, programmeIds)
  if (data === null) return bad(logIndex, name, 'its text is gone')
  if (leafHashHex(data) !== hash) return bad(logIndex, name, 'its hash is not that of its text')
  return (parsed(data) as { type?: unknown } | null)?.type === type
    ? null
    : bad(logIndex, name, 'its text is of another type')
}

function whyNotTransaction(row: Row, name: string, programmeIds: readonly string[]) {
  const { logIndex, refId, revision, data, leaf, header, salt } = row
  const own = `ledger_transaction ${refId}`
  if (leaf === null || header === null) return bad(logIndex, own, `it is sealed as ${name} and is not there`)
  if (revision !== 0 || data !== null)
    return bad(logIndex, name, 'a transaction has one leaf, and keeps its text itself')
  const entries = entriesOf(row.entries)
  const gap = entries.find((one, place) => one.no !== String(place + 1))
  if (gap !== undefined) return bad(logIndex, `ledger_entry ${refId}/${gap.no}`, 'its number is not the next one')
  const uses = usesOf(row.uses)
  const foreign = uses.find((use) => entries[Number(use.no) - 1]?.accountId !== use.accountId)
  if (foreign !== undefined) {
    const use = `ledger_lot_use ${foreign.lotTransactionId}/${foreign.lotNo}/${foreign.useNo}`
    return bad(logIndex, use, 'it is another account’s')
  }
  const texts = headerOf(refId, header)
  if (!programmeIds.includes(texts.programmeId)) return bad(logIndex, own, 'its programme has another log')
  const commitments = salt === null ? storedIn(leaf) : commitmentsOf(texts, salt)
  if (commitments === null) return bad(logIndex, own, 'its leaf can’t be read')
  if (leafText(texts, entries, lotUsesHash(uses), commitments) !== leaf)
    return bad(logIndex, own, 'its leaf is not what its rows say')
  return leafHashHex(leaf) === row.hash ? null : bad(logIndex, name, `its hash is not that of the transaction ${refId}`)
}

/** What its author and its reason are committed to with, where the salt is erased. */
function storedIn(leaf: string): LeafCommitments | null {
  return (parsed(leaf) as { commitments?: LeafCommitments } | null)?.commitments ?? null
}

type Text = string | null

/** The columns of a header in the order they are read; instants and the rest as text. */
const HEADER = [
  'programmeId',
  'kind',
  'refType',
  'refId',
  'revision',
  'heldAccountId',
  'heldMilliPoints',
  'heldUntil',
  'resolves',
  'reverses',
  'happenedAt',
  'recordedAt',
  'explanation',
  'byId',
] as const
const ENTRY = [
  'no',
  'accountId',
  'accountSeq',
  'amountMilliPoints',
  'balanceAfterMilliPoints',
  'lotMilliPoints',
  'lotExpiresAt',
] as const
const USE = ['no', 'lotTransactionId', 'lotNo', 'useNo', 'milliPoints', 'leftMilliPoints', 'accountId'] as const

function headerOf(id: string, text: string): LeafTexts & { byId: string } {
  const one = JSON.parse(text) as Text[]
  return {
    id,
    programmeId: one[0] ?? '',
    kind: one[1] ?? '',
    refType: one[2] ?? '',
    refId: one[3] ?? '',
    revision: one[4] ?? '',
    heldAccountId: one[5] ?? null,
    heldMilliPoints: one[6] ?? null,
    heldUntil: instant(one[7] ?? null),
    resolves: one[8] ?? null,
    reverses: one[9] ?? null,
    happenedAt: instant(one[10] ?? null) ?? '',
    recordedAt: instant(one[11] ?? null) ?? '',
    explanation: one[12] ?? '',
    byId: one[13] ?? '',
  }
}

function entriesOf(text: Text): (LeafEntryTexts & { no: string })[] {
  if (text === null || text === '[]') return []
  const lists = JSON.parse(text) as [string, string, Text, string, Text, Text, Text][]
  if (lists.length > 1) lists.sort(byNumber)
  return lists.map((list) => ({
    no: list[0],
    accountId: list[1],
    accountSeq: list[2],
    amountMilliPoints: list[3],
    balanceAfterMilliPoints: list[4],
    lotMilliPoints: list[5],
    lotExpiresAt: instant(list[6]),
  }))
}

function usesOf(text: Text) {
  if (text === null || text === '[]') return []
  const lists = JSON.parse(text) as [string, string, string, string, string, string, string][]
  return lists.map(([no, lotTransactionId, lotNo, useNo, milliPoints, leftMilliPoints, accountId]) => {
    return { no, lotTransactionId, lotNo, useNo, milliPoints, leftMilliPoints, accountId }
  })
}

const byNumber = ([a]: readonly unknown[], [b]: readonly unknown[]) => Number(a) - Number(b)

/** An instant as JavaScript writes it; what is none stays as it stands, and is then not what was sealed. */
function instant(text: Text): Text {
  if (text === null || (text.length === 24 && text.endsWith('Z'))) return text
  if (text.length === 29 && text.endsWith('+00:00')) return `${text.slice(0, 23)}Z`
  const at = new Date(text)
  return Number.isNaN(at.getTime()) ? text : at.toISOString()
}

/** null for what is no JSON: somebody may have written anything there. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const INSTANTS: readonly string[] = ['heldUntil', 'happenedAt', 'recordedAt', 'lotExpiresAt']

/** Whatever stands in a column, as text: somebody may have written anything there. */
function texts(provider: Driver['provider'], table: string, columns: readonly string[]): string {
  return columns
    .map((column) => {
      const name = `${table}."${column}"`
      if (provider === 'sqlite') return `(${name} || '')`
      return INSTANTS.includes(column) ? `to_char(${name} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')` : name
    })
    .join(', ')
}

const pageSql = (header: string, entries: string, uses: string) => `
  SELECT l."logIndex", l."type", l."refId", l."revision", l."hash", l."data", t."leaf", s."salt", ${header} AS "header",
    CASE WHEN t."id" IS NOT NULL THEN (SELECT ${entries} FROM ledger_entry AS e WHERE e."transactionId" = t."id") END AS "entries",
    CASE WHEN t."id" IS NOT NULL THEN (SELECT ${uses} FROM ledger_lot_use AS u WHERE u."transactionId" = t."id") END AS "uses"
  FROM log_leaf AS l
  LEFT JOIN ledger_transaction AS t ON l."type" = 'transaction' AND t."id" = l."refId"
  LEFT JOIN ledger_salt AS s ON s."transactionId" = t."id"
  WHERE l."regionId" = $1 AND l."logIndex" >= $2 AND l."logIndex" < $3 ORDER BY l."logIndex"`

const SQLITE = pageSql(
  `CASE WHEN t."id" IS NOT NULL THEN json_array(${texts('sqlite', 't', HEADER)}) END`,
  `json_group_array(json_array(${texts('sqlite', 'e', ENTRY)}))`,
  `json_group_array(json_array(${texts('sqlite', 'u', USE)}))`,
)
const POSTGRESQL = pageSql(
  `CASE WHEN t."id" IS NOT NULL THEN array_to_json(ARRAY[${texts('postgresql', 't', HEADER)}]::text[])::text END`,
  `json_agg(array_to_json(ARRAY[${texts('postgresql', 'e', ENTRY)}]::text[]))::text`,
  `json_agg(array_to_json(ARRAY[${texts('postgresql', 'u', USE)}]::text[]))::text`,
)
