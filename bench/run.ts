// npm run bench -- [section …] [--size 1] [--elders 171000] [--entries 200000[,…]] [--visits 1000000] [--only sqlite|postgresql]
//   [--quiet 0]
// Measures and keeps the latest of each section in bench/RESULTS.md.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startPostgres } from '../test/support/postgres'
import { measureArchive } from './archive'
import { type Context, type Options, ROOT } from './context'
import { measureCoverage } from './coverage'
import { measureGrowth } from './growth'
import { measureImport } from './import'
import { measureJob } from './job'
import { measureLedger } from './ledger'
import { measureReports } from './reports'
import { keepSection } from './results'
import { measureScheme } from './scheme'
import { measureStart } from './start'
import { measureWithin } from './within'

const SECTIONS: Record<string, [title: string, measure: (context: Context) => Promise<void>]> = {
  job: ['The verbs of the main job over HTTP', measureJob],
  ledger: ['Posting', measureLedger],
  scheme: ['Rules', measureScheme],
  reports: ['The reports of a county', measureReports],
  coverage: ['Coverage of a county and of a city', measureCoverage],
  import: ['A file of elders', measureImport],
  start: ['Start-up and bundles', measureStart],
  within: ['Lists that the database keeps inside their regions', measureWithin],
  growth: ['Books that grow, their audit and a proof', measureGrowth],
  archive: ['An archive of grown books', measureArchive],
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    size: { type: 'string', default: '1' },
    elders: { type: 'string', default: '171000' },
    entries: { type: 'string', default: '200000' },
    visits: { type: 'string', default: '1000000' },
    only: { type: 'string', default: '' },
    quiet: { type: 'string', default: '0' },
  },
})
const asked = positionals.length === 0 ? Object.keys(SECTIONS) : positionals
const unknown = asked.filter((name) => !(name in SECTIONS))
if (unknown.length > 0)
  throw new Error(`no section ${unknown.join(', ')}; there are ${Object.keys(SECTIONS).join(', ')}`)
const sizes = values.entries.split(',').map(Number)
const options: Options = {
  size: Number(values.size),
  elders: Number(values.elders),
  entries: sizes.at(-1) ?? 0,
  sizes,
  visits: Number(values.visits),
  only: values.only,
  quiet: Number(values.quiet),
}

const folder = mkdtempSync(join(tmpdir(), 'mulin-bench-'))
const postgres = await startPostgres({ fsync: true, maxConnections: 300 })
try {
  for (const name of asked) await measure(name)
} finally {
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
}

async function measure(name: string): Promise<void> {
  const [title, work] = SECTIONS[name] as (typeof SECTIONS)[string]
  const lines: string[] = []
  const aims: string[] = []
  const say = (line: string) => {
    lines.push(line)
    console.log(line)
  }
  console.log(`\n## ${title}\n`)
  say(`${commandOf(name)}, ${new Date().toISOString().slice(0, 16)} UTC, commit ${commit()}, ${machine()}\n`)
  const began = performance.now()
  await work({
    ...options,
    folder,
    postgres,
    say,
    aim: (what, measured, isMet) => aims.push(`| ${what} | ${measured} | ${isMet ? 'yes' : '**no**'} |`),
  })
  if (aims.length > 0) say(['\n| asked | measured | met |', '|---|---|---|', ...aims].join('\n'))
  say(`\nTook ${Math.round((performance.now() - began) / 1000)} s.`)
  keepSection(
    Object.values(SECTIONS).map(([one]) => one),
    title,
    lines.join('\n'),
    options.only,
  )
}

function commandOf(name: string): string {
  const given = Object.entries(values).map(([key, value]) => (value === '' ? '' : ` --${key} ${value}`))
  return `\`npm run bench -- ${name}${given.join('')}\``
}

function commit(): string {
  return execFileSync('git', ['describe', '--always', '--dirty'], { cwd: ROOT, encoding: 'utf8' }).trim()
}

function machine(): string {
  return `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}`
}
