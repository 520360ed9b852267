// bench/RESULTS.md holds the latest of every section; what was not measured now stays as it is.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './context'

const FILE = join(ROOT, 'bench/RESULTS.md')
const HEAD = `# Measured by \`npm run bench\`

Each section says with which command, when, at which commit and on which machine. Load, server and database share the
machine: read the ratios. All guards, fsync, idempotency, log, evidence and encryption are on everywhere.`

/** @param titles of all sections in their order; others, such as notes written by hand, stay behind them */
export function keepSection(titles: readonly string[], title: string, text: string): void {
  const sections = new Map(
    (existsSync(FILE) ? readFileSync(FILE, 'utf8') : '')
      .split(/^(?=## )/m)
      .slice(1)
      .map((section) => [/^## (.*)$/m.exec(section)?.[1] ?? '', section.trim()]),
  )
  sections.set(title, `## ${title}\n\n${text.trim()}`)
  const order = [...titles, ...[...sections.keys()].filter((one) => !titles.includes(one))]
  const body = order.flatMap((one) => sections.get(one) ?? []).join('\n\n')
  writeFileSync(FILE, `${HEAD}\n\n${body}\n`)
}
