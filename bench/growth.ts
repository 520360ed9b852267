// Whether a posting costs the same on small books and on grown ones; what sealing, auditing and verifying them takes.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newId } from '../server/core/ids'
import { auditLedger } from '../server/ledger/audit'
import { signCheckpoint } from '../server/proof/checkpoint'
import { sha256, verifyEd25519 } from '../server/proof/crypto'
import { readLogKeys, verifierKeys } from '../server/proof/keys'
import { type CountyLog, openLogs } from '../server/proof/logs'
import { proveLeaf } from '../server/proof/prove'
import { sealLog } from '../server/proof/seal'
import { verifierKeyText } from '../shared/proof/note'
import { verifyProof } from '../shared/proof/verify'
import type { Audited } from './audit-alone'
import {
  analyze,
  type Context,
  closeAll,
  type Database,
  databaseCpu,
  medianOf,
  newDatabases,
  ownCpu,
  ROOT,
  thousands,
  waitForQuiet,
} from './context'
import { growBooks } from './grow'
import { type Books, measurePosts, openBooks } from './ledger'
import { median } from './load'
import { addCounty } from './village'

/** One transaction for each of ten thousand accounts. */
const SMALL = 20_000
const IN_FLIGHT = 256
const TURNS = 5
/** Beyond it PostgreSQL's log is not sealed for the audit: that takes longer than all the rest. */
const SEALED_MOST = 300_000
const SECONDS = 2
/** As tools/mulin.mjs starts it. */
const SMALL_HEAP = ['--max-semi-space-size=4', '--max-old-space-size=128', '--import', 'tsx']

type Kept = Database & { books: Books; log: { keyFile: string; host: string; witnesses: string[] } }
type Cost = { rate: number; cpu: number }

export async function measureGrowth(context: Context): Promise<void> {
  const { say, aim, entries, size } = context
  const small = await openAll(context, 'small', SMALL)
  const grown = await openAll(context, 'grown', entries)
  // as in life, what was posted long ago is in the log
  const logs = new Map<string, Sealed>()
  for (const one of grown) if (one.name === 'SQLite' || entries <= SEALED_MOST) logs.set(one.name, await seal(one))
  await waitForQuiet(context)
  say(`\nPosts with ${IN_FLIGHT} in flight on 10,000 accounts, in turns; median of ${TURNS}.\n`)
  say('| database | entries | posts/s | µs of processor each (server + database) |\n|---|---|---|---|')
  for (const [place, one] of small.entries()) {
    const costs = await inTurns([one, grown[place] as Kept], Math.max(0.5, SECONDS * size))
    const [before, after] = costs.map(({ cost }) => cost) as [Cost, Cost]
    for (const { entries: count, cost } of costs)
      say(`| ${one.name} | ${thousands(count)} | ${Math.round(cost.rate)} | ${Math.round(cost.cpu)} |`)
    const more = after.cpu / before.cpu - 1
    aim(
      `${one.name}: a post on ${thousands(entries)} entries costs at most 15 % more than on ${thousands(SMALL)}`,
      `${more < 0 ? '−' : '+'}${Math.abs(more * 100).toFixed(0)} %`,
      more <= 0.15,
    )
  }
  say(
    '\n| database | entries | sealing, leaves/s | looking for what is not sealed, leaves/s | whole audit, entries/s | per second of processor | of the books alone, entries/s | memory of the audit MB | verifying a proof ms | by `mulin verify`, its start apart |\n|---|---|---|---|---|---|---|---|---|---|',
  )
  for (const one of grown) {
    const sealed = logs.get(one.name)
    if (sealed !== undefined) await measureProof(context, one, sealed)
  }
  const beside = grown.find(({ name }) => name === 'PostgreSQL')
  if (beside !== undefined && entries > SEALED_MOST)
    say(`\nOn PostgreSQL the books alone: ${await measureBooksAlone(beside)}.`)
  await closeAll([...small, ...grown])
}

async function openAll(context: Context, name: string, entries: number): Promise<Kept[]> {
  const kept: Kept[] = []
  for (const database of await newDatabases(context, name)) {
    const { programmeId } = await addCounty(database.db, 1, 1)
    const books = { ...(await openBooks(database.db, programmeId)), newId }
    const log = { keyFile: join(context.folder, `${name}-${database.name}.pem`), host: 'mulin.example', witnesses: [] }
    const began = performance.now()
    await growBooks(database, books, entries)
    context.say(
      `${database.name}: ${thousands(entries)} entries in ${Math.round((performance.now() - began) / 1000)} s.`,
    )
    await analyze(database)
    kept.push({ ...database, books, log })
  }
  return kept
}

async function inTurns(kept: readonly Kept[], seconds: number): Promise<{ entries: number; cost: Cost }[]> {
  const costs = kept.map((): Cost[] => [])
  for (let turn = 0; turn <= TURNS; turn++)
    for (const [place, one] of kept.entries()) {
      const [before, database] = [ownCpu(), await databaseCpu(one)]
      const rate = await measurePosts(one.books, IN_FLIGHT, 'uniform', seconds)
      const spent = ownCpu() - before + (await databaseCpu(one)) - database
      if (turn > 0) costs[place]?.push({ rate, cpu: (spent * 1000) / (rate * seconds) }) // the first one warms up
    }
  return Promise.all(
    kept.map(async ({ books }, place) => ({
      entries: await books.db.ledgerEntry.count(),
      cost: {
        rate: median((costs[place] ?? []).map(({ rate }) => rate)),
        cpu: median((costs[place] ?? []).map(({ cpu }) => cpu)),
      },
    })),
  )
}

type Sealed = { log: CountyLog; perSecond: number }

async function seal({ db, log: config }: Kept): Promise<Sealed> {
  const [log] = (await openLogs(db, config)) as [CountyLog]
  const began = performance.now()
  const leaves = await sealLog(db, log, new Date(), 'everything')
  return { log, perSecond: (leaves * 1000) / (performance.now() - began) }
}

async function measureProof(context: Context, one: Kept, { log, perSecond }: Sealed): Promise<void> {
  const { say, aim } = context
  const { db, name, url } = one
  await sealLog(db, log, new Date(), 'everything') // what was posted while posts were measured
  const leaves = await db.logLeaf.count()
  // as every night: nothing is left to seal, and everything is looked through
  const lookingFrom = performance.now()
  await sealLog(db, log, new Date(), 'everything')
  const looking = (leaves * 1000) / (performance.now() - lookingFrom)
  await signCheckpoint(db, one.log, log, new Date())
  const verifying = await measureVerify(context, one, log)
  await analyze(one)
  const { stdout, stderr } = spawnSync(process.execPath, [...SMALL_HEAP, join(ROOT, 'bench/audit-alone.ts')], {
    cwd: ROOT,
    encoding: 'utf8',
    env: {
      ...process.env,
      ...{ NODE_ENV: 'test', DATABASE_URL: url, MULIN_LOG_KEY_FILE: one.log.keyFile, MALLOC_ARENA_MAX: '2' },
    },
  })
  if (stdout === '') throw new Error(stderr)
  const { entries, seconds, booksSeconds, cpuSeconds, megabytes, problem } = JSON.parse(stdout) as Audited
  if (problem !== null) throw new Error(problem)
  say(
    `| ${name} | ${thousands(entries)} | ${thousands(perSecond)} | ${thousands(looking)} | ${thousands(entries / seconds)} | ${thousands(entries / cpuSeconds)} | ${thousands(entries / booksSeconds)} | ${megabytes} | ${verifying.here.toFixed(1)} | ${verifying.byCommand.toFixed(1)} |`,
  )
  const rate = entries / seconds
  aim(`${name}: \`ledger audit\`, 100,000 entries/s`, thousands(rate), rate >= 100_000)
  aim(`${name}: memory of the audit, 300 MB`, `${megabytes} MB`, megabytes <= 300)
  aim(`${name}: \`mulin verify\`, 50 ms`, `${verifying.byCommand.toFixed(1)} ms`, verifying.byCommand < 50)
}

const RUNS = 5

/** The books without the log that proves them. */
async function measureBooksAlone(one: Kept): Promise<string> {
  const [began, before] = [performance.now(), await databaseCpu(one)]
  const { problem, transactions } = await auditLedger(one.db)
  if (problem !== null) throw new Error(`${problem.row}: ${problem.sentence}`)
  const [seconds, cpu] = [(performance.now() - began) / 1000, ((await databaseCpu(one)) - before) / 1000]
  return `${thousands((transactions * 2) / seconds)} entries/s, ${thousands((transactions * 2) / cpu)} per second of processor`
}

/** What a stranger does with a proof file: no database, no network. The command says itself how long it took once it ran. */
async function measureVerify({ folder }: Context, { db, log: config }: Kept, log: CountyLog) {
  const leaf = await db.logLeaf.findFirstOrThrow({ where: { regionId: log.regionId, type: 'transaction' } })
  const { leaf: text } = await db.ledgerTransaction.findUniqueOrThrow({ where: { id: leaf.refId } })
  const proof = (await proveLeaf(db, leaf, `${text}\n`)) ?? ''
  const keys = await verifierKeys(log.origin, readLogKeys(config.keyFile).known)
  const here = await medianOf(9, async () => {
    const { proved, whyNot } = await verifyProof(proof, keys, { sha256, verify: verifyEd25519 })
    if (proved === null) throw new Error(whyNot)
  })
  const file = join(folder, 'certificate.tlog-proof')
  writeFileSync(file, proof)
  const command = [
    join(ROOT, 'tools/mulin.mjs'),
    'verify',
    file,
    '--key',
    keys.map(verifierKeyText).join(' '),
    '--json',
  ]
  const runs = Array.from({ length: RUNS }, () => {
    const { stdout, stderr } = spawnSync(process.execPath, command, { cwd: ROOT, encoding: 'utf8' })
    const answer = JSON.parse(stdout.trim().split('\n').at(-1) || '{}') as { proved?: boolean; ms?: number }
    if (answer.proved !== true || answer.ms === undefined) throw new Error(stderr)
    return answer.ms
  })
  return { here, byCommand: median(runs) }
}
