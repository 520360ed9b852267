import { createHash } from 'node:crypto'
import { closeSync, mkdirSync, openSync, readdirSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { LogConfig } from '../core/config'
import type { Db } from '../core/db'
import { findLogs } from './logs'
import { keyTexts, publicLogs } from './prove'

export const FORMAT = 'mulin-archive@v1'
export type Manifest = { format: string; createdAt: string; files: { name: string; lines: number; sha256: string }[] }

const PAGE = 1000

/**
 * Writes everything it takes to verify and rebuild the books without us (docs/PROOF.md): text, one JSON object a line, and a
 * manifest with the hash of each file.
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
  const regionIds = (await findLogs(db)).map((one) => one.regionId)
  const programmes = await db.programme.findMany({ where: { regionId: { in: regionIds } }, orderBy: { id: 'asc' } })
  const programmeIds = programmes.map((one) => one.id)
  await write('logs', await db.log.findMany({ orderBy: { regionId: 'asc' } }))
  await write('programmes', programmes)
  await write(
    'schemes',
    await db.scheme.findMany({ where: { programmeId: { in: programmeIds } }, orderBy: { id: 'asc' } }),
  )
  await write('accounts', accountsOf(db))
  for (const [name, rows] of [
    ['leaves', leavesOf(db, regionIds)],
    ['openings', openingsOf(db, regionIds)],
    ['uses', usesOf(db, regionIds)],
  ] as const)
    await write(name, rows)
  await write('salts', await db.logSalt.findMany({ orderBy: [{ refId: 'asc' }, { revision: 'asc' }] }))
  await write('checkpoints', await db.logCheckpoint.findMany({ orderBy: [{ regionId: 'asc' }, { size: 'asc' }] }))
  await write('cosignatures', await db.logCosignature.findMany({ orderBy: [{ regionId: 'asc' }, { size: 'asc' }] }))
  const keys = `${(await publicLogs(db, config)).flatMap(keyTexts).join('\n')}\n`
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

async function* accountsOf(db: Db) {
  for (let after = ''; ; ) {
    const rows = await db.ledgerAccount.findMany({
      where: { id: { gt: after } },
      orderBy: { id: 'asc' },
      take: PAGE,
      select: {
        id: true,
        programmeId: true,
        kind: true,
        stored: true,
        lowestMilliPoints: true,
        openedAt: true,
        closedAt: true,
      },
    })
    yield* rows
    after = rows.at(-1)?.id ?? ''
    if (rows.length < PAGE) return
  }
}

async function* leavesOf(db: Db, regionIds: readonly string[]) {
  for await (const { regionId, from, to } of ranges(db, regionIds)) {
    yield* await db.$queryRaw<object[]>`
      SELECT l."regionId", l."logIndex" AS "index", l."type", l."refId" AS "ref", l."revision", COALESCE(l."data", t."leaf") AS "text"
      FROM log_leaf AS l LEFT JOIN ledger_transaction AS t ON l."type" = 'transaction' AND t."id" = l."refId"
      WHERE l."regionId" = ${regionId} AND l."logIndex" >= ${from} AND l."logIndex" < ${to} ORDER BY l."logIndex"`
  }
}

async function* openingsOf(db: Db, regionIds: readonly string[]) {
  for await (const { regionId, from, to } of ranges(db, regionIds)) {
    yield* await db.$queryRaw<object[]>`
      SELECT t."id", s."salt", t."byId" AS "by", t."explanation"
      FROM log_leaf AS l JOIN ledger_transaction AS t ON t."id" = l."refId"
      LEFT JOIN ledger_salt AS s ON s."transactionId" = t."id"
      WHERE l."regionId" = ${regionId} AND l."type" = 'transaction' AND l."logIndex" >= ${from} AND l."logIndex" < ${to}
      ORDER BY l."logIndex"`
  }
}

async function* usesOf(db: Db, regionIds: readonly string[]) {
  for await (const { regionId, from, to } of ranges(db, regionIds)) {
    yield* await db.$queryRaw<object[]>`
      SELECT u.* FROM log_leaf AS l JOIN ledger_lot_use AS u ON u."transactionId" = l."refId"
      WHERE l."regionId" = ${regionId} AND l."type" = 'transaction' AND l."logIndex" >= ${from} AND l."logIndex" < ${to}
      ORDER BY l."logIndex", u."lotTransactionId", u."lotNo", u."useNo"`
  }
}

async function* ranges(db: Db, regionIds: readonly string[]) {
  for (const regionId of regionIds) {
    const size = await db.logLeaf.count({ where: { regionId } })
    for (let from = 0; from < size; from += PAGE) yield { regionId, from, to: from + PAGE }
  }
}

const plain = (_: string, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)
