import { describe, expect, test } from 'vitest'
import type { PersonFacts } from '../../shared/scheme/document'
import { compileForPerson } from '../../shared/scheme/fields'

const DAY = '2026-11-22'
const holds = (text: string, person: PersonFacts) => {
  const compiled = compileForPerson(text)
  if (!compiled.ok) throw new Error(compiled.error.sentence)
  return compiled.holds({ person, day: DAY })
}
const error = (text: string) => {
  const compiled = compileForPerson(text)
  return compiled.ok ? null : compiled.error
}
const born = (birthDate: string, more: PersonFacts = {}): PersonFacts => ({ birthDate, ...more })

describe('who a rule lets in', () => {
  test('the birthday counts, the day before does not', () => {
    expect(holds('age >= 80', born('1946-11-22'))).toBe(true)
    expect(holds('age >= 80', born('1946-11-23'))).toBe(false)
  })

  test('and binds tighter than or, brackets tighter than both', () => {
    const alone = born('1930-01-01', { categories: ['livingAlone'] })
    const young = born('1990-01-01', { categories: ['livingAlone'] })
    expect(holds('age >= 80 or age >= 60 and categories has poor', alone)).toBe(true)
    expect(holds('(age >= 80 or age >= 60) and categories has poor', alone)).toBe(false)
    expect(holds('not age >= 80 and categories has livingAlone', young)).toBe(true)
  })

  test('the same rule in Chinese', () => {
    const text = '年龄 ≥ 80 且 类别 包含 独居 或 能力等级 属于 (重度, 完全失能)'
    expect(holds(text, born('1940-01-01', { categories: ['livingAlone'] }))).toBe(true)
    expect(holds(text, born('1980-01-01', { ability: 'severe' }))).toBe(true)
    expect(holds(text, born('1980-01-01', { ability: 'mild' }))).toBe(false)
  })

  test('what the registers say', () => {
    const insured = { records: ['insurance'], honours: 2, contentPercent: 80 }
    expect(holds('有效登记 包含 保险 且 近一年表扬 ≥ 2', insured)).toBe(true)
    expect(holds('records has agreement', insured)).toBe(false)
    expect(holds('老人满意百分比 ≥ 80', insured)).toBe(true)
    // nobody said anything: open, also behind not
    expect(holds('not contentPercent < 80', { records: [] })).toBe(false)
  })

  test('what is not known lets nobody in', () => {
    for (const text of [
      'age >= 0',
      'age != 5',
      'sex = male',
      'sex != male',
      'categories has poor',
      'holder',
      'not age >= 80',
      'not holder',
    ])
      expect(holds(text, {}), text).toBe(false)
  })

  test('what is known may decide although something else is not', () => {
    expect(holds('age >= 80 or categories has poor', { categories: ['poor'] })).toBe(true)
    expect(holds('not (age >= 80 and categories has poor)', { categories: [] })).toBe(true)
  })

  test('a rule is said as people say it', () => {
    const compiled = compileForPerson('age >= 80 and (categories has livingAlone or not holder)')
    expect(compiled.ok && compiled.said).toBe('年龄满 80 且 （类别包含 独居 或 不是（持有积分））')
  })
})

describe('what does not parse says where', () => {
  test.each([
    ['', 0, '应该是一个项目，比如 age，但是已经到结尾了'],
    ['age >= ', 7, '应该是一个整数，但是已经到结尾了'],
    ['age >= eighty', 7, '应该是一个整数，这里是“eighty”'],
    ['agee >= 80', 0, '没有“agee”这个项目'],
    ['age >= 80 nad holder', 10, '应该是 and、or 或者结尾，这里是“nad”'],
    ['(age >= 80', 10, '应该是“)”，但是已经到结尾了'],
    ['age ~ 80', 4, '不认识“~”'],
    ['categories = poor', 11, '“类别”后面应该是 has（包含），这里是“=”'],
    ['sex > male', 4, '“性别”只能比较是不是，这里是“>”'],
    ['holder and constructor', 11, '没有“constructor”这个项目'],
  ])('%s', (text, at, sentence) => {
    expect(error(text)).toEqual({ at, sentence })
  })

  test('an unknown word is refused with the ones there are', () => {
    expect(error('categories has rich')?.sentence).toContain('可以写 livingAlone、emptyNest')
  })

  test('brackets without end are refused, not followed', () => {
    expect(error(`${'('.repeat(5000)}holder`)?.sentence).toBe('括号套得太深了')
  })
})
