// test/LONG.md: what each suite's last long run came to, with the commit it ran on. A suite that runs again takes its own row.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const HEAD = `# The last long run of each suite

\`npm run test:long\` runs them all, \`npm run test:long -- <suite> …\` some; each row says on what it ran. The share is that of the
promised counts (\`MULIN_LONG\`); 1 is all of them. \`(sm)\` is a suite sealed with SM4 and SM3, with the usual counts. \`suite:file\` is one file of a suite (\`sqlite:ledger/model\`). A commit with * had changes that were not committed.

| suite | Node | passed | failed | minutes | share | commit | day |
|---|---|---|---|---|---|---|---|
`

/**
 * Keeps results of a long run.
 *
 * @param {string} root the project's folder
 * @param {{ suite: string, node: number, passed: number, failed: number, minutes: number }[]} results
 * @param {string} commit what they ran on: as it was when they began
 */
export function keepResults(root, results, commit = commitOf(root)) {
  const path = join(root, 'test/LONG.md')
  const before = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const kept = new Map(rowsOf(before))
  const day = new Date().toISOString().slice(0, 10)
  for (const { suite, node, passed, failed, minutes } of results) {
    const share = / \(sm\)/.test(suite) ? 'usual' : (process.env.MULIN_LONG ?? '1')
    kept.set(`${suite} ${node}`, [suite, node, passed, failed, minutes.toFixed(1), share, commit, day])
  }
  const rows = [...kept.values()].map((cells) => `| ${cells.join(' | ')} |\n`)
  writeFileSync(path, HEAD + rows.join('') + saidBeside(before))
}

/** What people wrote below the table. */
function saidBeside(text) {
  const at = text.indexOf('\n## ')
  return at < 0 ? '' : text.slice(at)
}

/** The rows of the table as it was written, by suite and Node. */
function rowsOf(text) {
  const rows = text.split('\n').filter((line) => /^\| [a-z][^|]* \| \d/.test(line))
  const cells = rows.map((line) => line.slice(2, -2).split(' | '))
  return cells.map((row) => [`${row[0]} ${row[1]}`, row])
}

/** The commit a result is of, with a * where files were changed since. */
export function commitOf(root) {
  const said = (...args) => spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout.trim()
  const changed = said('status', '--porcelain', '--', '.', ':!test/LONG.md', ':!test/MUTATION.md') !== ''
  return said('rev-parse', '--short', 'HEAD') + (changed ? '*' : '')
}
