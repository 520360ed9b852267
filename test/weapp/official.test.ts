import { statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Bundle, builtBundle, filesOf, readText } from '../support/weapp/bundle'
import { compilersRun, whyNotWxml, whyNotWxss } from '../support/weapp/official'

const KILOBYTE = 1024
const OURS_MAX = 700 * KILOBYTE
/** WeChat's own limit for the main package and for each sub-package. */
const PACKAGE_MAX = 2048 * KILOBYTE

let bundle: Bundle
beforeAll(() => {
  bundle = builtBundle()
})

describe.runIf(compilersRun)('the compilers of WeChat’s developer tool', () => {
  test('take every template', () => {
    expect(whyNotWxml(bundle)).toBe('')
  })

  test('take every style', () => {
    expect(whyNotWxss(bundle)).toBe('')
  })
})

test('the main package stays far below what WeChat allows, and so does every sub-package', () => {
  const apart = (bundle.app.subPackages ?? []).map(({ root }) => `${root.replace(/\/$/, '')}/`)
  const files = filesOf(bundle, '').map((file) => ({ file, bytes: statSync(join(bundle.dist, file)).size }))
  const bytesOf = (taken: (file: string) => boolean) =>
    files.filter(({ file }) => taken(file)).reduce((sum, { bytes }) => sum + bytes, 0)

  expect(bytesOf((file) => !apart.some((root) => file.startsWith(root)))).toBeLessThanOrEqual(OURS_MAX)
  for (const root of apart) expect(bytesOf((file) => file.startsWith(root))).toBeLessThanOrEqual(PACKAGE_MAX)
})

test('every page of app.json is there with its template and its code', () => {
  const files = new Set(filesOf(bundle, ''))
  const missing = bundle.pages.flatMap((page) => [`${page}.js`, `${page}.wxml`].filter((file) => !files.has(file)))
  expect(missing).toEqual([])
})

test('what only the server needs is not carried to the phone: the checker of inputs, the decoder of pictures', () => {
  const code = filesOf(bundle, '.js').map((file) => readText(bundle, file))
  for (const sign of ['ZodError', 'inversionAttempts']) expect(code.filter((text) => text.includes(sign))).toEqual([])
})
