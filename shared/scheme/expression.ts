/**
 * The small language of "who" and "when": `age >= 80 and (categories has livingAlone or ability in (severe, total))`.
 * Words may be Chinese as well: `年龄 >= 80 且 类别 包含 livingAlone`. It is parsed, never run as code; every error has its
 * position. What isn't known leaves a rule open, also behind `not`, and an open rule doesn't hold: nobody is let in by a gap in
 * the register.
 */
export type Field<Facts> = {
  label: string
  type: 'number' | 'word' | 'words' | 'yes'
  /** the only words it may be compared with, and how people say them; either may be written */
  values?: Readonly<Record<string, string>>
  /** where it is known from, for who writes rules */
  source?: string
  /** stands in the explanation of what it decided: it is about who reads that, never about somebody else */
  told?: true
  read: (facts: Facts) => number | string | readonly string[] | boolean | undefined
}
export type Fields<Facts> = Readonly<Record<string, Field<Facts>>>

/** What doesn't parse: where (counted in characters from 0) and why. */
export type ExpressionError = { at: number; sentence: string }
export type Compiled<Facts> =
  | { ok: true; holds: (facts: Facts) => boolean; said: string; asks: readonly Field<Facts>[] }
  | { ok: false; error: ExpressionError }

type Token = { text: string; at: number; kind: 'word' | 'number' | 'sign' | 'end' }
/** undefined: nobody knows. */
type Truth = boolean | undefined
type Part<Facts> = { holds: (facts: Facts) => Truth; said: string; rank: number }

/** 4A is a word too: grades are written like that. */
const WORD = /[\p{L}_][\p{L}\p{N}_-]*|\d+A(?![\p{L}\p{N}_])/uy
const NUMBER = /\d+/y
const SIGN = />=|<=|!=|[=<>(),]/y
const BLANK = /\s+/y
const SAME: Record<string, string> = {
  且: 'and',
  或: 'or',
  非: 'not',
  包含: 'has',
  属于: 'in',
  '≥': '>=',
  '≤': '<=',
  '≠': '!=',
}
const SIGNS_SAID: Record<string, string> = {
  '>=': '满',
  '<=': '不超过',
  '>': '大于',
  '<': '小于',
  '=': '是',
  '!=': '不是',
}
const NESTED_MOST = 20

class ParseError extends Error {
  constructor(
    readonly at: number,
    readonly sentence: string,
  ) {
    super(sentence)
  }
}

/** Reads an expression against the fields it may use. */
export function compile<Facts>(text: string, fields: Fields<Facts>): Compiled<Facts> {
  try {
    const asks = new Set<Field<Facts>>()
    const { holds, said } = parse(tokensOf(text), fields, asks)
    return { ok: true, holds: (facts) => holds(facts) === true, said, asks: [...asks] }
  } catch (error) {
    if (error instanceof ParseError) return { ok: false, error: { at: error.at, sentence: error.sentence } }
    throw error
  }
}

/** The English word of a Chinese one; anything else stays what it is. */
function sameAs(text: string): string {
  return Object.hasOwn(SAME, text) ? (SAME[text] as string) : text
}

function tokensOf(text: string): Token[] {
  const source = text.replace(/[≥≤≠]/g, sameAs)
  const tokens: Token[] = []
  let at = 0
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at
    return pattern.exec(source)?.[0] ?? null
  }
  while (at < source.length) {
    const blank = take(BLANK)
    if (blank !== null) {
      at += blank.length
      continue
    }
    const word = take(WORD)
    const number = word === null ? take(NUMBER) : null
    const found = word ?? number ?? take(SIGN)
    if (found === null) throw new ParseError(at, `不认识“${source.charAt(at)}”`)
    tokens.push({ text: sameAs(found), at, kind: word !== null ? 'word' : number !== null ? 'number' : 'sign' })
    at += found.length
  }
  tokens.push({ text: '', at: source.length, kind: 'end' })
  return tokens
}

function parse<Facts>(tokens: readonly Token[], fields: Fields<Facts>, asks: Set<Field<Facts>>): Part<Facts> {
  let next = 0
  const names = new Map(
    Object.entries(fields).flatMap(([name, field]) => [[name, field] as const, [field.label, field] as const]),
  )
  const peek = () => tokens[next] as Token
  const take = () => tokens[next++] as Token
  const fail = (token: Token, sentence: string): never => {
    throw new ParseError(
      token.at,
      token.kind === 'end' ? `${sentence}，但是已经到结尾了` : `${sentence}，这里是“${token.text}”`,
    )
  }
  const expect = (text: string): void => {
    if (peek().text !== text) fail(peek(), `应该是“${text}”`)
    next += 1
  }

  function either(depth: number): Part<Facts> {
    const parts = [both(depth)]
    while (peek().text === 'or') {
      next += 1
      parts.push(both(depth))
    }
    return joined(parts, 0, ' 或 ', (facts, all) => firstOf(facts, all, true))
  }
  function both(depth: number): Part<Facts> {
    const parts = [single(depth)]
    while (peek().text === 'and') {
      next += 1
      parts.push(single(depth))
    }
    return joined(parts, 1, ' 且 ', (facts, all) => firstOf(facts, all, false))
  }
  function single(depth: number): Part<Facts> {
    if (depth > NESTED_MOST) throw new ParseError(peek().at, '括号套得太深了')
    if (peek().text === 'not') {
      next += 1
      const part = single(depth + 1)
      return {
        holds: (facts) => {
          const truth = part.holds(facts)
          return truth === undefined ? undefined : !truth
        },
        said: `不是（${part.said}）`,
        rank: 2,
      }
    }
    if (peek().text === '(') {
      next += 1
      const part = either(depth + 1)
      expect(')')
      return part
    }
    return comparison()
  }
  function comparison(): Part<Facts> {
    const token = take()
    if (token.kind !== 'word') fail(token, '应该是一个项目，比如 age')
    const field = names.get(token.text)
    if (field === undefined) throw new ParseError(token.at, `没有“${token.text}”这个项目`)
    asks.add(field)
    if (field.type === 'yes') return { holds: (facts) => field.read(facts) as Truth, said: field.label, rank: 2 }
    return field.type === 'words' ? containing(field) : compared(field)
  }
  function containing(field: Field<Facts>): Part<Facts> {
    const has = take()
    if (has.text !== 'has') fail(has, `“${field.label}”后面应该是 has（包含）`)
    const wanted = wordOf(field)
    return {
      holds: (facts) => (field.read(facts) as readonly string[] | undefined)?.includes(wanted),
      said: `${field.label}包含 ${said(field, wanted)}`,
      rank: 2,
    }
  }
  function compared(field: Field<Facts>): Part<Facts> {
    const sign = take()
    if (sign.text === 'in') return among(field)
    if (!Object.hasOwn(SIGNS_SAID, sign.text)) fail(sign, `“${field.label}”后面应该是 = != < <= > >= 或 in`)
    if (field.type === 'word' && sign.text !== '=' && sign.text !== '!=') fail(sign, `“${field.label}”只能比较是不是`)
    const wanted = field.type === 'number' ? numberOf() : wordOf(field)
    return {
      holds: (facts) => {
        const known = field.read(facts)
        return known === undefined ? undefined : isSo(known as number | string, sign.text, wanted)
      },
      said: `${field.label}${SIGNS_SAID[sign.text]} ${said(field, wanted)}`,
      rank: 2,
    }
  }
  function among(field: Field<Facts>): Part<Facts> {
    expect('(')
    const wanted: (number | string)[] = []
    do wanted.push(field.type === 'number' ? numberOf() : wordOf(field))
    while (peek().text === ',' && take())
    expect(')')
    return {
      holds: (facts) => {
        const known = field.read(facts)
        return known === undefined ? undefined : wanted.includes(known as number | string)
      },
      said: `${field.label}是 ${wanted.map((one) => said(field, one)).join('、')} 之一`,
      rank: 2,
    }
  }
  function numberOf(): number {
    const token = take()
    if (token.kind !== 'number' || token.text.length > 9) fail(token, '应该是一个整数')
    return Number(token.text)
  }
  function wordOf(field: Field<Facts>): string {
    const token = take()
    if (token.kind !== 'word' && token.kind !== 'number') fail(token, '应该是一个词')
    if (field.values === undefined) return token.text
    const found = Object.entries(field.values).find((pair) => pair.includes(token.text))?.[0]
    if (found !== undefined) return found
    const known = Object.keys(field.values).join('、')
    throw new ParseError(token.at, `“${field.label}”里没有“${token.text}”；可以写 ${known}`)
  }

  const whole = either(0)
  if (peek().kind !== 'end') fail(peek(), '应该是 and、or 或者结尾')
  return whole
}

function said<Facts>({ values }: Field<Facts>, wanted: number | string): string {
  return values?.[wanted] ?? String(wanted)
}

function joined<Facts>(
  parts: readonly Part<Facts>[],
  rank: number,
  word: string,
  holds: (facts: Facts, parts: readonly Part<Facts>[]) => Truth,
): Part<Facts> {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  const sentence = parts.map((part) => (part.rank < rank ? `（${part.said}）` : part.said)).join(word)
  return { holds: (facts) => holds(facts, parts), said: sentence, rank }
}

/** An `or` is decided by the first that is true, an `and` by the first that is false; otherwise one that isn't known leaves it open. */
function firstOf<Facts>(facts: Facts, parts: readonly Part<Facts>[], decisive: boolean): Truth {
  let open = false
  for (const part of parts) {
    const truth = part.holds(facts)
    if (truth === decisive) return decisive
    if (truth === undefined) open = true
  }
  return open ? undefined : !decisive
}

function isSo(known: number | string, sign: string, wanted: number | string): boolean {
  if (sign === '=') return known === wanted
  if (sign === '!=') return known !== wanted
  if (sign === '>=') return known >= wanted
  if (sign === '<=') return known <= wanted
  return sign === '>' ? known > wanted : known < wanted
}

/** What was known when a rule asked, in words. */
export function knownWords<Facts>(field: Field<Facts>, facts: Facts): string {
  const known = field.read(facts)
  if (known === undefined) return '没有登记'
  if (typeof known === 'boolean') return known ? '是' : '不是'
  if (typeof known === 'number' || typeof known === 'string') return said(field, known)
  return known.length === 0 ? '没有' : known.map((one) => said(field, one)).join('、')
}
