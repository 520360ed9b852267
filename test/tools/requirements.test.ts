import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { documents, missingTests } from '../../tools/requirements.mjs'

test('every test an inspector is shown is there, and nothing counts as met without one', () => {
  expect(missingTests()).toEqual([])
})

test('the tables in the documents are those of the list', () => {
  for (const [path, text] of documents() as Map<string, string>) expect(readFileSync(path, 'utf8'), path).toBe(text)
})
