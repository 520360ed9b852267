import { statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Bundle, builtBundle, filesOf, readText } from '../support/weapp/bundle'
import { compilersRun, whyNotWxml, whyNotWxss } from '../support/weapp/official'

const KILOBYTE = 1024
const OURS_MAX = 700 * KILOBYTE
/** Far below the 2 MB of WeChat, and what its preloading takes on one page in all. */
const APART_MAX = 100 * KILOBYTE
const PRELOADED_MAX = 2048 * KILOBYTE
/** Where a person begins, and what must open in a village without network though it was never open before. */
const ALWAYS_THERE = [
  'session/login',
  'order/today',
  'elder/home',
  'report/field',
  'person/me',
  'ledger/points',
  'order/open',
  'elder/list',
  'elder/detail',
  'visit/calls',
  'plate/code',
  'visit/current',
  'visit/summary',
  'visit/confirm',
  'visit/pin',
  'queue/waiting',
]

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
  const roots = (bundle.app.subPackages ?? []).map(({ root }) => `${root}/`)
  expect(roots.length).toBeGreaterThan(0)
  expect(bytesOf((file) => !roots.some((root) => file.startsWith(root)))).toBeLessThanOrEqual(OURS_MAX)
  for (const root of roots)
    expect(
      bytesOf((file) => file.startsWith(root)),
      root,
    ).toBeLessThanOrEqual(APART_MAX)
})

test('where a person begins and what works without network lies in the main package', () => {
  expect(ALWAYS_THERE.filter((page) => !bundle.app.pages.includes(page))).toEqual([])
})

test('what a page fetches beforehand exists, and is not more than WeChat fetches', () => {
  const roots = (bundle.app.subPackages ?? []).map(({ root }) => root)
  const rules = Object.entries(bundle.app.preloadRule ?? {})
  expect(rules.length).toBeGreaterThan(0)
  for (const [page, { packages }] of rules) {
    expect(bundle.app.pages, page).toContain(page)
    expect(roots).toEqual(expect.arrayContaining(packages))
    const inRule = (file: string) => packages.some((root) => file.startsWith(`${root}/`))
    expect(bytesOf(inRule), page).toBeLessThanOrEqual(PRELOADED_MAX)
  }
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

function bytesOf(taken: (file: string) => boolean): number {
  const files = filesOf(bundle, '').filter(taken)
  return files.reduce((sum, file) => sum + statSync(join(bundle.dist, file)).size, 0)
}
