export type WhyNotValue = 'EMPTY' | 'TOO_LONG' | 'FORM' | 'KIND'

const HAN = '\\u3007\\u3400-\\u9fff\\uf900-\\ufaff'
const DATE = String.raw`\d{4}(?:年\d{1,2}月\d{1,2}日|([-/.])\d{1,2}\1\d{1,2})`
const CLOCK = String.raw`(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?`
const hasHan = new RegExp(`[${HAN}]`)

/** How long a value of each kind may be, and what it is made of. Kinds and lengths: "订阅消息参数值内容限制说明". */
const KINDS = new Map<string, { charactersMax: (value: string) => number; form: RegExp }>([
  ['thing', { charactersMax: () => 20, form: /^/ }],
  ['number', { charactersMax: () => 32, form: /^\d+(?:\.\d+)?$/ }],
  ['character_string', { charactersMax: () => 32, form: /^[\x20-\x7e]+$/ }],
  ['phrase', { charactersMax: () => 5, form: new RegExp(`^[${HAN}]+$`) }],
  ['name', { charactersMax: (value) => (hasHan.test(value) ? 10 : 20), form: /^\D+$/ }],
  ['phone_number', { charactersMax: () => 17, form: /^[\d+() -]*\d[\d+() -]*$/ }],
  ['time', { charactersMax: () => 32, form: new RegExp(`^(?:${DATE} )?${CLOCK}$`) }],
  ['date', { charactersMax: () => 32, form: new RegExp(`^${DATE}(?: ${CLOCK})?$`) }],
  ['amount', { charactersMax: () => 13, form: /^[¥￥$€£](?=(?:\.?\d){1,10}元?$)\d+(?:\.\d+)?元?$/ }],
])

/**
 * Why WeChat would refuse this value of a subscribe message. The kind is the key without its number: `thing1` is a thing.
 * Characters are UTF-16 units, the stricter way to count.
 */
export function whyNotMessageValue(key: string, value: string): WhyNotValue | null {
  const kind = KINDS.get(key.replace(/\d+$/, ''))
  if (kind === undefined || !/\d$/.test(key)) return 'KIND'
  if (value.trim() === '') return 'EMPTY'
  if (value.length > kind.charactersMax(value)) return 'TOO_LONG'
  return kind.form.test(value) && !/\p{Cc}/u.test(value) ? null : 'FORM'
}

/** The first key whose value WeChat would refuse, or null. */
export function firstBadValue(values: Readonly<Record<string, string>>): string | null {
  return Object.keys(values).find((key) => whyNotMessageValue(key, values[key] ?? '') !== null) ?? null
}

/** A text cut so that it fits into a `thing`: a long place name must not cost somebody the message. */
export function asThing(text: string): string {
  const line = text.replace(/[\p{Cc}\s]+/gu, ' ').trim()
  if (line.length <= 20) return line
  let kept = ''
  for (const character of line) {
    if (kept.length + character.length > 19) break
    kept += character
  }
  return `${kept}…`
}
