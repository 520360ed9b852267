import { createHash } from 'node:crypto'
import { closeSync, mkdirSync, openSync, readdirSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { LogConfig } from '../core/config'
import { type Db, Prisma } from '../core/db'
import { findKeys } from '../core/key-store'
import { keyTexts, publicLogs } from './prove'
import { commitmentTexts, readLive, recordWith } from './records'
import { sm2KnownOf, sm2VerifierText } from './sm2'

export const FORMAT = 'mulin-archive@v2'
export type Manifest = { format: string; createdAt: string; files: { name: string; lines: number; sha256: string }[] }

const PAGE = 500

/** Which part of which log a page is of. */
type Range = { regionId: string; from: number; to: number }

/**
 * Writes everything it takes to verify and rebuild the books without us (docs/PROOF.md): text, one JSON object a line, and a
 * manifest with the hash of each file. What belongs to a leaf is in the order of the leaves, so that whoever reads the files
 * side by side needs no memory; neither does this.
 *
 * @throws Error when the folder has something in it
 */
export async function exportArchive(
  db: Db,
  config: LogConfig,
  folder: string,
  at: Date,
  onRow: () => void = () => {},
): Promise<Manifest> {
  mkdirSync(folder, { recursive: true })
  if (readdirSync(folder).length > 0) throw new Error(`${folder} is not empty`)
  const files: Manifest['files'] = []
  const write = async (name: string, rows: AsyncIterable<object> | Iterable<object>) => {
    const handle = openSync(join(folder, `${name}.ndjson`), 'wx', 0o600)
    const hash = createHash('sha256')
    let lines = 0
    try {
      for await (const row of rows) {
        const line = `${JSON.stringify(row, plain)}\n`
        writeSync(handle, line)
        hash.update(line, 'utf8')
        lines += 1
        onRow()
      }
    } finally {
      closeSync(handle)
    }
    files.push({ name: `${name}.ndjson`, lines, sha256: hash.digest('hex') })
  }
  const logs = (await db.log.findMany()).sort((a, b) => (a.regionId < b.regionId ? -1 : 1))
  const regionIds = logs.map((one) => one.regionId)
  const programmes = await db.programme.findMany({ where: { regionId: { in: regionIds } }, orderBy: { id: 'asc' } })
  const programmeIds = programmes.map((one) => one.id)
  await write('logs', logs)
  await write('programmes', programmes)
  await write(
    'schemes',
    await db.scheme.findMany({ where: { programmeId: { in: programmeIds } }, orderBy: { id: 'asc' } }),
  )
  for (const [name, rowsOf] of Object.entries(BY_LEAF)) await write(name, pages(db, regionIds, rowsOf))
  await write('checkpoints', checkpointsOf(db, regionIds, 'logCheckpoint'))
  await write('cosignatures', checkpointsOf(db, regionIds, 'logCosignature'))
  const sm2 = config.sm2 ? sm2KnownOf(config.keyFile) : []
  const texts = [
    ...(await publicLogs(db, config)).flatMap(keyTexts),
    ...logs.flatMap(({ origin }) => sm2.map((key) => sm2VerifierText(origin, key))),
  ]
  const keys = `${texts.join('\n')}\n`
  writeFileSync(join(folder, 'keys.txt'), keys)
  files.push({
    name: 'keys.txt',
    lines: keys.split('\n').length - 1,
    sha256: createHash('sha256').update(keys, 'utf8').digest('hex'),
  })
  const manifest = { format: FORMAT, createdAt: at.toISOString(), files }
  writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  return manifest
}

const within = ({ regionId, from, to }: Range) =>
  Prisma.sql`l."regionId" = ${regionId} AND l."logIndex" >= ${from} AND l."logIndex" < ${to}`

type RowsOf = (db: Db, range: Range) => Promise<object[]>

const leaves: RowsOf = (db, range) => db.$queryRaw<object[]>`
  SELECT l."regionId", l."logIndex" AS "index", l."type", l."refId" AS "ref", l."revision", COALESCE(l."data", t."leaf") AS "text"
  FROM log_leaf AS l LEFT JOIN ledger_transaction AS t ON l."type" = 'transaction' AND t."id" = l."refId"
  WHERE ${within(range)} ORDER BY l."logIndex"`

const accounts: RowsOf = async (db, range) =>
  inOrderOf(await refsOf(db, range, 'account'), (ids) =>
    db.ledgerAccount.findMany({
      where: { id: { in: ids } },
      select: {
        id: true,
        programmeId: true,
        kind: true,
        stored: true,
        lowestMilliPoints: true,
        openedAt: true,
        closedAt: true,
      },
    }),
  )

/** Whose accounts these are: a pseudonym, and sealed with the person's own key what only who holds the keys can read. */
const owners: RowsOf = async (db, range) => {
  const rows = await db.$queryRaw<{ personId: string }[]>`
    SELECT o."accountId", o."personId", o."programmeId", p."identityKind", p."nameSealed", p."idNumberSealed", p."phoneSealed"
    FROM log_leaf AS l JOIN person_account AS o ON o."accountId" = l."refId"
    LEFT JOIN person AS p ON p."id" = o."personId"
    WHERE ${within(range)} AND l."type" = 'account' ORDER BY l."logIndex"`
  const found = await findKeys(
    db,
    rows.map((one) => one.personId),
  )
  const keyOf = new Map(found.map((one) => [one.personId, one]))
  return rows.map((one) => {
    const key = keyOf.get(one.personId)
    return { ...one, kekId: key?.kekId ?? null, wrapped: key?.wrapped ?? null }
  })
}

const openings: RowsOf = (db, range) => db.$queryRaw<object[]>`
  SELECT t."id", s."salt", t."byId" AS "by", t."explanation"
  FROM log_leaf AS l JOIN ledger_transaction AS t ON t."id" = l."refId"
  LEFT JOIN ledger_salt AS s ON s."transactionId" = t."id"
  WHERE ${within(range)} AND l."type" = 'transaction' ORDER BY l."logIndex"`

const uses: RowsOf = (db, range) => db.$queryRaw<object[]>`
  SELECT u.* FROM log_leaf AS l JOIN ledger_lot_use AS u ON u."transactionId" = l."refId"
  WHERE ${within(range)} AND l."type" = 'transaction'
  ORDER BY l."logIndex", u."lotTransactionId", u."lotNo", u."useNo"`

/** What opens the leaf of a visit: its salt; and of its last revision who was served and what was kept as evidence. */
const records: RowsOf = async (db, range) => {
  const found = await db.$queryRaw<{ ref: string; revision: number | bigint; text: string; salt: string | null }[]>`
    SELECT l."refId" AS "ref", l."revision", l."data" AS "text", s."salt"
    FROM log_leaf AS l LEFT JOIN log_salt AS s ON s."refId" = l."refId" AND s."revision" = l."revision"
    WHERE ${within(range)} AND l."type" = 'serviceRecord' ORDER BY l."logIndex"`
  const live = new Map(
    (await readLive(db, [...new Set(found.map((one) => one.ref))])).map((one) => [one.visit.id, one]),
  )
  return found.map(({ ref, revision, text, salt }) => {
    const visit = live.get(ref)
    const { commitments } = JSON.parse(text) as { commitments: { elders: string; evidence: string } }
    const isLast = visit !== undefined && recordWith(visit, Number(revision), commitments) === text
    return { ref, revision: Number(revision), salt, ...(isLast && salt !== null ? commitmentTexts(visit) : {}) }
  })
}

/** What two persons asked for and decided, whole. */
const requests: RowsOf = async (db, range) => {
  const refs = (await refsOf(db, range, 'reportHash')).filter((ref) => /^(request|decision):/.test(ref))
  const idOf = (ref: string) => ref.slice(ref.indexOf(':') + 1)
  const ids = [...new Set(refs.map(idOf))]
  const asked = new Map((await db.ledgerRequest.findMany({ where: { id: { in: ids } } })).map((row) => [row.id, row]))
  const decided = new Map(
    (await db.ledgerDecision.findMany({ where: { requestId: { in: ids } } })).map((row) => [row.requestId, row]),
  )
  return refs.flatMap((ref) => {
    const kind = ref.startsWith('request:') ? 'request' : 'decision'
    const row = kind === 'request' ? asked.get(idOf(ref)) : decided.get(idOf(ref))
    return row === undefined ? [] : [{ ref, kind, row }]
  })
}

const BY_LEAF: Record<string, RowsOf> = { leaves, accounts, owners, openings, uses, records, requests }

/** Page by page of every log, so that nothing has to be held. */
async function* pages(db: Db, regionIds: readonly string[], rowsOf: RowsOf) {
  for (const regionId of regionIds) {
    const size = await db.logLeaf.count({ where: { regionId } })
    for (let from = 0; from < size; from += PAGE) yield* await rowsOf(db, { regionId, from, to: from + PAGE })
  }
}

async function* checkpointsOf(db: Db, regionIds: readonly string[], table: 'logCheckpoint' | 'logCosignature') {
  for (const regionId of regionIds)
    for (let after = -1; ; ) {
      const where = { regionId, size: { gt: after } }
      // whole sizes: a checkpoint has a few cosignatures
      const sizes = await db.logCheckpoint.findMany({
        where,
        orderBy: { size: 'asc' },
        take: PAGE,
        select: { size: true },
      })
      const last = sizes.at(-1)?.size
      if (last === undefined) break
      const of = { where: { regionId, size: { gt: after, lte: last } } }
      if (table === 'logCheckpoint') yield* await db.logCheckpoint.findMany({ ...of, orderBy: { size: 'asc' } })
      else yield* await db.logCosignature.findMany({ ...of, orderBy: [{ size: 'asc' }, { witness: 'asc' }] })
      after = last
    }
}

async function refsOf(db: Db, range: Range, type: string): Promise<string[]> {
  const rows = await db.$queryRaw<{ ref: string }[]>`
    SELECT l."refId" AS "ref" FROM log_leaf AS l WHERE ${within(range)} AND l."type" = ${type} ORDER BY l."logIndex"`
  return rows.map((one) => one.ref)
}

async function inOrderOf<Row extends { id: string }>(ids: string[], read: (ids: string[]) => Promise<Row[]>) {
  const found = new Map((await read(ids)).map((row) => [row.id, row]))
  return ids.flatMap((id) => found.get(id) ?? [])
}

const plain = (_: string, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)
