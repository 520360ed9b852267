#!/usr/bin/env node
// Writes the tables of docs/SECURITY.md, PRIVACY.md and COMPLIANCE.md from docs/requirements.mjs. `--check` only compares.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { TABLES } from '../docs/requirements.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const STATES = { met: 'met', partly: '**partly**', open: '**not met**' }

/** @returns {string[]} tests that are named and not there, and rows that count as met without one */
export function missingTests(tables = TABLES) {
  return Object.values(tables).flatMap(({ rows }) =>
    rows.flatMap(([ref, , , tests, state]) => [
      ...(state === 'met' && tests.length === 0 ? [`${ref}: met without a test`] : []),
      ...tests.filter((one) => !isThere(one)).map((one) => `${ref}: ${one}`),
    ]),
  )
}

/** Whether a test runs: one that is skipped, or only spoken of, is none. */
function isThere(test) {
  const [file, title] = test.split(' › ')
  const path = join(root, file)
  if (title === undefined || !existsSync(path)) return false
  const text = readFileSync(path, 'utf8')
  return [`'${title}'`, `"${title}"`, `\`${title}\``].some((quoted) => {
    const at = text.indexOf(quoted)
    const before = text.slice(Math.max(at - 4000, 0), Math.max(at, 0))
    const called = before.slice(Math.max(before.lastIndexOf('\ntest'), before.lastIndexOf(' test'), 0))
    return at >= 0 && /\(\s*$/.test(before) && !/^\s*test\.(skip|todo|fails)\b/.test(called) && !/\/\/.*$/.test(before)
  })
}

/** @returns {Map<string, string>} each document as it should be */
export function documents() {
  const written = new Map()
  for (const [name, { doc, rows }] of Object.entries(TABLES)) {
    const path = join(root, 'docs', doc)
    const text = written.get(path) ?? readFileSync(path, 'utf8')
    const mark = new RegExp(`(<!-- table ${name} -->\n)[\\s\\S]*?(<!-- end ${name} -->)`)
    if (!mark.test(text)) throw new Error(`${doc} has no place for the table ${name}`)
    written.set(
      path,
      text.replace(mark, (_, from, to) => `${from}${tableOf(rows)}${to}`),
    )
  }
  return written
}

function tableOf(rows) {
  const lines = rows.map(([ref, requirement, how, tests, state]) => {
    const shown = tests.length === 0 ? '—' : tests.map((one) => `\`${one}\``).join('<br>')
    return `| ${ref} | ${requirement} | ${how} | ${shown} | ${STATES[state]} |`
  })
  const counts = Object.keys(STATES).map((state) => `${rows.filter((row) => row[4] === state).length} ${state}`)
  return `\n| | requirement | how | test | |\n|---|---|---|---|---|\n${lines.join('\n')}\n\n${rows.length} rows: ${counts.join(', ')}.\n\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const missing = missingTests()
  for (const one of missing) console.error(`no such test: ${one}`)
  for (const [path, text] of documents()) writeFileSync(path, text)
  process.exit(missing.length > 0 ? 1 : 0)
}
