import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { commands } from '../../server/cli/commands'
import { freshDatabase } from '../support/database'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Exit codes: 0 done · 1 the answer is no · 2 asked wrongly. */
test('the operator’s commands answer in words or as JSON, say no in a sentence, and tell a wrong question from a no', async () => {
  const DATABASE_URL = await freshDatabase()
  const mulin = (...words: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'server/cli.ts', ...words], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, DATABASE_URL },
    })
    return { status, stdout, stderr }
  }
  expect(mulin('help')).toMatchObject({ status: 0, stdout: expect.stringContaining('mulin regions import <code>') })
  expect(mulin('nothing')).toMatchObject({ status: 2, stderr: expect.stringContaining('No such command: nothing') })
  expect(mulin('demo', '--elders', '5')).toMatchObject({ status: 2, stderr: expect.stringContaining('--elders') })
  expect(JSON.parse(mulin('person-keys', 'show', '--json').stdout)).toMatchObject({ keys: 0, waiting: 0 })
  expect(JSON.parse(mulin('regions', 'import', '371003', '--json').stdout)).toMatchObject({ code: '371003', kept: 0 })
  expect(JSON.parse(mulin('ledger', 'audit', '--json').stdout)).toMatchObject({ entries: 0, problem: null })
  const no = mulin('staff', 'add', 'townStaff', '990000', '孙梅', '15400000001')
  expect([no.status, no.stdout, no.stderr.split('\n').length]).toEqual([1, '', 2])
  expect(no.stderr).toContain('990000')
}, 300_000)

test('no command hides another, and the documents name none that isn’t there', () => {
  const found = (words: string[]) =>
    commands.find(({ name }) => name.split(' ').every((word, at) => words[at] === word))?.name
  for (const { name } of commands) expect(found(name.split(' '))).toBe(name)
  const pages = ['README.md', ...readdirSync(`${root}docs`, { recursive: true }).map((name) => `docs/${name}`)]
  const told = pages
    .filter((page) => page.endsWith('.md'))
    .flatMap((page) => [...readFileSync(root + page, 'utf8').matchAll(/`mulin ([a-z][a-z -]*)/g)])
    .map(([, words = '']) => words.trim().split(/\s+/))
  expect(told.length).toBeGreaterThan(20)
  expect(told.filter((words) => found(words) === undefined)).toEqual([])
})
