// `mulin ledger audit` in a process of its own, so that its memory is nobody else's.
import { readConfig } from '../server/core/config'
import { openDb } from '../server/core/db'
import { auditLedger } from '../server/ledger/audit'
import { auditAll } from '../server/proof/audit'

/** `seconds` for everything, `booksSeconds` for the books without the log that proves them. */
export type Audited = {
  entries: number
  seconds: number
  booksSeconds: number
  megabytes: number
  problem: string | null
}

const config = readConfig()
const db = openDb(config.databaseUrl)
const began = performance.now()
const { transactions, problem } = await auditAll(db, config.log)
const seconds = (performance.now() - began) / 1000
const booksBegan = performance.now()
await auditLedger(db)
const audited: Audited = {
  entries: transactions * 2,
  seconds,
  booksSeconds: (performance.now() - booksBegan) / 1000,
  megabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  problem: problem === null ? null : `${problem.row}: ${problem.sentence}`,
}
console.log(JSON.stringify(audited))
await db.$disconnect()
