import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { document, path } from '../../tools/permissions.mjs'

test('the document of permissions says what the table and the routes say', async () => {
  expect(readFileSync(path, 'utf8')).toBe(await document())
}, 120_000)
