// `mulin export archive`, `mulin import archive` and `mulin ledger audit`, each in a process of its own, so that its memory is
// nobody else's.
import { readConfig } from '../server/core/config'
import { openDb } from '../server/core/db'
import { auditAll } from '../server/proof/audit'
import { exportArchive } from '../server/proof/export'
import { importArchive } from '../server/proof/import'
import { peakMegabytes } from './peak'

export type Alone = { seconds: number; megabytes: number; roots: string[] }

const [what = '', folder = ''] = process.argv.slice(2)
const config = readConfig()
const db = openDb(config.databaseUrl)
const began = performance.now()
const roots: string[] = []
if (what === 'export') await exportArchive(db, config.log, folder, new Date())
if (what === 'import') roots.push(...(await importArchive(db, config.log, folder, new Date())).map((one) => one.root))
if (what === 'audit') {
  const { problem } = await auditAll(db, config.log)
  if (problem !== null) throw new Error(`${problem.row}: ${problem.sentence}`)
}
const alone: Alone = {
  seconds: (performance.now() - began) / 1000,
  megabytes: peakMegabytes(),
  roots,
}
console.log(JSON.stringify(alone))
await db.$disconnect()
