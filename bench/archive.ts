// What it takes to write an archive of books that have grown, and to rebuild them from it: memory above all.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { transact } from '../server/core/db'
import { postEach } from '../server/ledger/post'
import { signCheckpoint } from '../server/proof/checkpoint'
import { openLogs } from '../server/proof/logs'
import type { Alone } from './archive-alone'
import { type Context, closeAll, newDatabases, ROOT, thousands } from './context'
import { draftOf, openBooks } from './ledger'
import { addCounty } from './village'

const PIECE = 500
const PARTS = 10
const MEGABYTES = 300
/** As tools/mulin.mjs runs the commands. */
const SMALL = ['--max-semi-space-size=4', '--max-old-space-size=128']

/** Books of a tenth of the entries and of all of them: what grows between the two grows with the books. */
export async function measureArchive(context: Context): Promise<void> {
  const { say, aim, entries } = context
  say(
    '| database | entries | export, entries/s | MB | import, entries/s | MB | audit MB |\n|---|---|---|---|---|---|---|',
  )
  for (const size of [Math.round(entries / PARTS), entries])
    for (const [place, name] of (['SQLite', 'PostgreSQL'] as const).entries()) {
      const most = await measureOne(context, size, place)
      if (size === entries)
        aim(
          `${name}: export, import and audit of ${thousands(size)} entries within ${MEGABYTES} MB`,
          `${most} MB`,
          most <= MEGABYTES,
        )
    }
}

async function measureOne(context: Context, entries: number, place: number): Promise<number> {
  const { say, folder } = context
  const from = await newDatabases(context, `archive-from-${place}-${entries}`)
  const into = await newDatabases(context, `archive-into-${place}-${entries}`)
  const [source, target] = [from[place], into[place]]
  if (source === undefined || target === undefined) throw new Error('no database')
  const { programmeId } = await addCounty(source.db, 1, 1)
  const books = await openBooks(source.db, programmeId)
  for (let have = await books.db.ledgerEntry.count(); have < entries; have += 2 * PIECE) {
    const drafts = Array.from({ length: PIECE }, () => draftOf(books, 'uniform'))
    await transact(books.db, (tx) => postEach(tx, drafts, new Date()))
  }
  const keyOf = (name: string) => join(folder, `${name}-${place}-${entries}.pem`)
  const log = { keyFile: keyOf('from'), host: 'mulin.example', witnesses: [] }
  for (const one of await openLogs(source.db, log)) await signCheckpoint(source.db, log, one, new Date())
  const archive = join(folder, `archive-${place}-${entries}`)
  const written = alone('export', archive, source.url, keyOf('from'))
  const read = alone('import', archive, target.url, keyOf('into'))
  const audited = alone('audit', '', target.url, keyOf('into'))
  const last = await source.db.logCheckpoint.findFirstOrThrow({ orderBy: { size: 'desc' } })
  if (read.roots[0] !== last.root) throw new Error(`the root came out as ${read.roots[0]}`)
  const rate = ({ seconds }: Alone) => thousands(entries / seconds)
  say(
    `| ${source.name} | ${thousands(entries)} | ${rate(written)} | ${written.megabytes} | ${rate(read)} | ${read.megabytes} | ${audited.megabytes} |`,
  )
  await closeAll([...from, ...into])
  return Math.max(written.megabytes, read.megabytes, audited.megabytes)
}

function alone(what: string, folder: string, url: string, keyFile: string): Alone {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [...SMALL, '--import', 'tsx', join(ROOT, 'bench/archive-alone.ts'), what, folder],
    {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, DATABASE_URL: url, MULIN_LOG_KEY_FILE: keyFile, NODE_ENV: 'test' },
    },
  )
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as Alone
}
