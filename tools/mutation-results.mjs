// test/MUTATION.md: what the last mutation of each file came to, with the commit it ran on. A file that is tried again takes
// its own row; what stands around the table is written by hand.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const HEAD = ['| file | changed | noticed | not | minutes | commit | day |', '|---|---|---|---|---|---|---|']
const NOTICED = ['Killed', 'Timeout']
const MISSED = ['Survived', 'NoCoverage']

/**
 * Keeps the results of a Stryker report.
 *
 * @param {string} root the project's folder
 * @param {{ files: Record<string, { mutants: { status: string }[] }> }} report
 * @param {number} minutes of the whole run
 * @param {string} commit what was changed: as it was when it began
 */
export function keepMutations(root, report, minutes, commit) {
  const path = join(root, 'test/MUTATION.md')
  const lines = readFileSync(path, 'utf8').split('\n')
  const first = lines.indexOf(HEAD[0])
  const length = lines.slice(first).findIndex((line) => !line.startsWith('|'))
  const rows = new Map(lines.slice(first + 2, first + length).map((line) => [line.split(' | ')[0].slice(2), line]))
  const day = new Date().toISOString().slice(0, 10)
  const files = Object.entries(report.files)
  for (const [file, { mutants }] of files) {
    const count = (statuses) => mutants.filter((one) => statuses.includes(one.status)).length
    const [noticed, missed] = [count(NOTICED), count(MISSED)]
    if (noticed + missed === 0) continue
    const share = `${noticed} (${Math.floor((100 * noticed) / (noticed + missed))} %)`
    const took = (minutes / files.length).toFixed(1)
    const cells = [`\`${file}\``, noticed + missed, share, missed, took, commit, day]
    rows.set(cells[0], `| ${cells.join(' | ')} |`)
  }
  const sorted = [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line)
  lines.splice(first, length, ...HEAD, ...sorted)
  writeFileSync(path, lines.join('\n'))
}
