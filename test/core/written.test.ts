// What people write in own words: no ID number and no mobile number of anybody stays in it, whichever form it was typed into.
import { expect, test } from 'vitest'
import { z } from 'zod'
import { ROUTES } from '../../server/app'
import { freeText } from '../../shared/core/input'
import { withoutNumbers } from '../../shared/core/written'

test.each([
  ['打 13812345678 找她女儿', '打 *********78 找她女儿'],
  ['138 1234 5678', '***********78'],
  ['138-1234-5678', '***********78'],
  ['+86 13812345678', '*************78'],
  ['１３８１２３４５６７８', '*********７８'],
  ['号码370681194001011234，错一位也是', '号码****************34，错一位也是'],
  ['37068119400101123x', '****************3x'],
  ['370681 19400101 1234', '******************34'],
  ['两个：13812345678、13987654321', '两个：*********78、*********21'],
])('%s is kept as %s', (typed, kept) => {
  expect(withoutNumbers(typed)).toBe(kept)
  expect(freeText(200).parse(`  ${typed}  `)).toBe(kept)
})

test.each(['2026-11-22 08:30', '3000 分，五次', '单号 20261122001234567890', '座机 0631-5555555', '12345678901'])(
  '%s stays as it is',
  (typed) => {
    expect(withoutNumbers(typed)).toBe(typed)
  },
)

test('a text is as long as its form says, and not empty where something must be said', () => {
  expect(freeText(5).safeParse('一二三四五六').success).toBe(false)
  expect(freeText(5, 1).safeParse('  ').success).toBe(false)
  expect(freeText(5).parse('')).toBe('')
})

type Schema = { [key: string]: unknown; properties?: Record<string, Schema>; items?: Schema }

/** Names of strings with a meaning of their own: codes, numbers and addresses with fields, rules, sealed requests. */
const NOT_TEXTS = new RegExp(
  [
    /\.(code|\w*Code|ticket|password|refreshToken|icon|key|value|kind|textVersion|seed|seedFrom|whoRule|sheetLine)$/,
    // sealed with the person's own key where they are kept
    /person\.name$|contacts\[\]\.name$|contacts\.name$|relative\.name$|invited\.name$|PUT \/elders\/:id\.name$|idNumber$|phone$|address$/,
    /data-requests\.text$|record-corrections\.text$/,
    // of papers
    /\.(approvalNo|agreementNo|number)$/,
    // a body that is read by the schema of what it carries
    /queue-events\.events\[\]\.body\{\}$/,
    // rules, and a trial that is never kept
    /scheme-runs|scheme-drafts/,
  ]
    .map(({ source }) => source)
    .join('|'),
)
/** What is shorter holds no such number. */
const SHORT = 11

function stringsOf(schema: Schema | undefined, path: string, found: Map<string, boolean>): Map<string, boolean> {
  if (typeof schema !== 'object' || schema === null) return found
  const isOpen = !('enum' in schema || 'const' in schema || 'format' in schema || 'pattern' in schema)
  if (schema.type === 'string' && isOpen && Number(schema.maxLength ?? 1e9) >= SHORT)
    found.set(path, schema['x-free-text'] === true)
  for (const [name, one] of Object.entries(schema.properties ?? {})) stringsOf(one, `${path}.${name}`, found)
  stringsOf(schema.items, `${path}[]`, found)
  for (const key of ['anyOf', 'oneOf', 'allOf'])
    for (const one of (schema[key] ?? []) as Schema[]) stringsOf(one, path, found)
  if (typeof schema.additionalProperties === 'object')
    stringsOf(schema.additionalProperties as Schema, `${path}{}`, found)
  return found
}

test('every text of every form is read without the numbers in it, but for those with a reason', () => {
  const found = new Map<string, boolean>()
  for (const { method, path, input } of ROUTES)
    if (input !== null)
      stringsOf(z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }) as Schema, `${method} ${path}`, found)
  const texts = [...found].filter(([, isText]) => isText)
  const others = [...found].filter(([, isText]) => !isText).map(([name]) => name)
  expect(texts.length).toBeGreaterThan(60)
  expect(others.filter((name) => !NOT_TEXTS.test(name))).toEqual([])
})
