import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { ACTION_WORDS, RESOURCE_WORDS } from '../../shared/report/words'

const server = join(dirname(fileURLToPath(import.meta.url)), '../../server')
/** What is said to logOperation: `action: 'x'`, `action: isOk ? 'x' : 'y'`, `resource: 'z'`. */
const said = (what: 'action' | 'resource') => {
  const texts = readdirSync(server, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('generated'))
    .map((file) => readFileSync(join(server, file), 'utf8'))
    .filter((text) => /\blogOperation|\blogEach/.test(text))
  const literals = texts.flatMap((text) => [
    ...text.matchAll(new RegExp(`\\b${what}: (?:[\\w. =!&|()']+\\? )?'(\\w+)'(?: : '(\\w+)')?`, 'g')),
  ])
  return [...new Set(literals.flatMap(([, one, other]) => [one, other]).filter((one) => one !== undefined))].sort()
}

test('whatever the server writes into the log of operations has Chinese words', () => {
  const [actions, resources] = [said('action'), said('resource')]
  expect(actions.length).toBeGreaterThan(80)
  expect(actions.filter((one) => !Object.hasOwn(ACTION_WORDS, one))).toEqual([])
  expect(resources.length).toBeGreaterThan(30)
  expect(resources.filter((one) => !Object.hasOwn(RESOURCE_WORDS, one))).toEqual([])
})
