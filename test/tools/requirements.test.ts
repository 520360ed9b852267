import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { CONSENT_TEXTS } from '../../shared/person/consents'
import { SETTINGS } from '../../shared/region/settings'
import { documents, missingTests } from '../../tools/requirements.mjs'

test('every test an inspector is shown is there, and nothing counts as met without one', () => {
  expect(missingTests()).toEqual([])
})

test('the tables in the documents are those of the list', () => {
  for (const [path, text] of documents() as Map<string, string>) expect(readFileSync(path, 'utf8'), path).toBe(text)
})

test('a table whose test was renamed, skipped or never was, or that has none and calls itself met, is found out', () => {
  const file = 'test/tools/requirements.test.ts'
  const row = (tests: string[], state = 'met') => ['1', 'what', 'how', tests, state]
  const there = `${file} › every test an inspector is shown is there, and nothing counts as met without one`
  const missing = (...rows: unknown[]) => missingTests({ one: { doc: 'SECURITY.md', title: '', rows } } as never)
  expect(missing(row([there]), row([], 'open'))).toEqual([])
  const wrong = [`${there} `, `${file} › a row`, 'test/none.test.ts › x', file, `${file} › what`]
  for (const one of wrong) expect(missing(row([one]))).toEqual([`1: ${one}`])
  expect(missing(row([]))).toEqual(['1: met without a test'])
})

test('the texts people agree to, and each time something is kept for, stand in the document on privacy as they are in force', () => {
  const text = readFileSync('docs/PRIVACY.md', 'utf8')
  for (const { title, version, text: words, withdrawn } of Object.values(CONSENT_TEXTS))
    expect(text).toContain(`| ${title} | ${version} | ${words} | ${withdrawn} |`)
  for (const [key, { standard }] of Object.entries(SETTINGS).filter(([one]) => /(Keep|Backup)Days$/.test(one)))
    expect(text, key).toMatch(new RegExp(`${standard} 天（\`${key}\``))
})
