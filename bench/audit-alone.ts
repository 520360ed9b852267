// `mulin ledger audit` in a process of its own, so that its memory is nobody else's.
import { readConfig } from '../server/core/config'
import { openDb, urlOf } from '../server/core/db'
import { auditLedger } from '../server/ledger/audit'
import { auditAll } from '../server/proof/audit'
import { withHands } from '../server/proof/hands'
import { peakMegabytes } from './peak'

/** `seconds` for everything, `booksSeconds` for the books without the log that proves them. */
export type Audited = {
  entries: number
  seconds: number
  booksSeconds: number
  /** of this process, all its threads, from its start on */
  cpuSeconds: number
  megabytes: number
  problem: string | null
}

const config = readConfig()
const db = openDb(config.databaseUrl)
const began = performance.now()
const { transactions, problem } = await withHands(urlOf(db), (hands) =>
  auditAll(db, config.log, undefined, undefined, hands),
)
const seconds = (performance.now() - began) / 1000
const { user, system } = process.cpuUsage()
const megabytes = peakMegabytes()
const booksBegan = performance.now()
await auditLedger(db)
const audited: Audited = {
  entries: transactions * 2,
  seconds,
  booksSeconds: (performance.now() - booksBegan) / 1000,
  cpuSeconds: (user + system) / 1_000_000,
  megabytes,
  problem: problem === null ? null : `${problem.row}: ${problem.sentence}`,
}
console.log(JSON.stringify(audited))
await db.$disconnect()
