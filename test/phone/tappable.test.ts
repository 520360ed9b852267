import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const source = fileURLToPath(new URL('../../miniprogram/src', import.meta.url))
const files = readdirSync(source, { recursive: true })
  .map(String)
  .filter((file) => /\.tsx?$/.test(file))
  .map((file) => ({ file, text: readFileSync(path.join(source, file), 'utf8') }))

/** Lines of the phone app that say `pattern`, except in the files that may. */
const saying = (pattern: RegExp, allowed: readonly string[]) =>
  files.flatMap(({ file, text }) =>
    allowed.includes(file)
      ? []
      : text.split('\n').flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1} ${line.trim()}`] : [])),
  )

test('only the tappable wrapper listens to taps: everything else would have no role, no name and no keyboard', () => {
  expect(saying(/\bon(Click|Tap|LongPress)=\{/, []).filter((line) => /onClick|onLongPress/.test(line))).toEqual([
    expect.stringMatching(/^components\/tappable\.tsx:\d+ onClick=\{tap\}$/),
  ])
})

test('only the clock reads the clock', () => {
  expect(saying(/\bDate\.now\(|\bnew Date\(\)|Math\.random/, ['core/clock.ts'])).toEqual([])
})

test('only core talks to the server', () => {
  expect(saying(/Taro\.request\(|\bfetch\(|XMLHttpRequest/, ['core/call.ts', 'core/open-file.h5.ts'])).toEqual([])
})

test('zod stays out of the phone: inputs and views are taken as types', () => {
  expect(saying(/^import (?!type\b).*shared\/[a-z]+\/(input|view)'/, [])).toEqual([])
})
