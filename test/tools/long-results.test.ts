import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { keepResults } from '../../tools/long-results.mjs'

test('a suite that runs again takes its own row, on each Node, and leaves the others’ and what is said below them', () => {
  const root = mkdtempSync(join(tmpdir(), 'mulin-long-'))
  mkdirSync(join(root, 'test'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const plain = { suite: 'plain', node: 20, passed: 10, failed: 1, minutes: 2.04 }
  keepResults(root, [plain, { ...plain, node: 24 }])
  keepResults(root, [{ suite: 'sqlite', node: 20, passed: 5, failed: 0, minutes: 1 }])
  const said = '\n## What was seen beside\n\n- a kill took two seconds\n'
  appendFileSync(join(root, 'test/LONG.md'), said)
  keepResults(root, [{ ...plain, passed: 11, failed: 0 }])
  const rows = readFileSync(join(root, 'test/LONG.md'), 'utf8').match(/^\| (plain|sqlite) .*/gm) ?? []
  expect(rows.map((row) => row.split(' | ').slice(0, 5).join(' '))).toEqual([
    '| plain 20 11 0 2.0',
    '| plain 24 10 1 2.0',
    '| sqlite 20 5 0 1.0',
  ])
  expect(readFileSync(join(root, 'test/LONG.md'), 'utf8').endsWith(said)).toBe(true)
})
