// bench/RESULTS.md holds the latest of every section; what was not measured now stays as it is.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './context'

const FILE = join(ROOT, 'bench/RESULTS.md')
const HEAD = `# Measured by \`npm run bench\`

Each section says with which command, when, at which commit and on which machine. Load, server and database share the
machine: read the ratios. All guards, fsync, idempotency, log, evidence and encryption are on everywhere.`

const BETWEEN = '\n\n---\n\n'

/**
 * @param titles of all sections in their order; others, such as notes written by hand, stay behind them
 * @param only the one database that was measured, '' for both: what was measured of the other alone stays beside it
 */
export function keepSection(titles: readonly string[], title: string, text: string, only: string): void {
  const sections = new Map(
    (existsSync(FILE) ? readFileSync(FILE, 'utf8') : '')
      .split(/^(?=## )/m)
      .slice(1)
      .map((section) => [/^## (.*)$/m.exec(section)?.[1] ?? '', section.trim()]),
  )
  const before = (sections.get(title) ?? '').replace(/^## .*\s*/, '').split(BETWEEN)
  const others = before.filter((run) => only !== '' && onlyOf(run) !== '' && onlyOf(run) !== only)
  sections.set(title, `## ${title}\n\n${[...others, text.trim()].join(BETWEEN)}`)
  const order = [...titles, ...[...sections.keys()].filter((one) => !titles.includes(one))]
  const body = order.flatMap((one) => sections.get(one) ?? []).join('\n\n')
  writeFileSync(FILE, `${HEAD}\n\n${body}\n`)
}

const onlyOf = (run: string): string => / --only (\w+)/.exec(run)?.[1] ?? ''
