import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { mayShip, packages, sbom } from '../../tools/dependencies.mjs'

test('the bill of materials names every package that runs, with version, licence and checksum', () => {
  const { components, specVersion } = sbom()
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: Record<string, string> }
  const names = new Set(components.map((one: { name: string }) => one.name))
  expect(specVersion).toBe('1.5')
  expect(Object.keys(dependencies).filter((name) => !names.has(name))).toEqual([])
  for (const one of components) expect(one).toMatchObject({ version: expect.any(String), purl: expect.any(String) })
  expect(components.filter((one: { hashes?: unknown }) => one.hashes === undefined)).toEqual([])
})

test('every package that runs has a licence we may ship with', () => {
  const odd = packages().filter((one) => !one.dev && !one.unchosen && !mayShip(one.licence))
  expect(odd.map(({ name, licence }) => `${name}: ${licence}`)).toEqual([])
})

test.each([
  ['MIT', true],
  ['(MIT OR GPL-2.0)', true],
  ['Apache-2.0 AND GPL-2.0', false],
  ['unknown', false],
])('a licence is judged: %s', (licence, may) => {
  expect(mayShip(licence)).toBe(may)
})
