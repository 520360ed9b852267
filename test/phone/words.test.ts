import lunar from 'lunar-javascript'
import { describe, expect, test } from 'vitest'
import { lunarWords } from '../../miniprogram/src/core/lunar'
import {
  dayWords,
  digitsWords,
  distanceWords,
  greeting,
  lengthWords,
  spanText,
  timeWords,
  updatedWords,
  visitWords,
  weekdayWords,
} from '../../miniprogram/src/core/words'
import { addDays, instantOf } from '../../shared/core/time'

const today = '2026-11-22'
const at = (clock: string, day = today) => instantOf(day, clock)

describe('time as people say it', () => {
  test('a visit is told with its part of the day, its two ends and its length', () => {
    expect(visitWords(at('09:05'), at('10:10'), at('11:00'))).toBe(
      '今天上午 9 点 05 分到 10 点 10 分，一共 1 小时 5 分',
    )
  })

  test('a visit that crosses noon names both parts of the day', () => {
    expect(visitWords(at('11:00'), at('13:20'), at('14:00'))).toBe('今天上午 11 点到下午 1 点 20 分，一共 2 小时 20 分')
  })

  test('a visit that crosses midnight names both days', () => {
    expect(visitWords(at('23:30', addDays(today, -1)), at('00:10'), at('08:00'))).toBe(
      '昨天晚上 11 点 30 分到今天凌晨 0 点 10 分，一共 40 分钟',
    )
  })

  test('the standard face says it shorter', () => {
    expect(spanText(at('09:05'), at('10:10'), at('11:00'))).toBe('今天 9:05 到 10:10')
  })

  test.each([
    ['04:59', '凌晨 4 点 59 分', '早上好'],
    ['05:00', '早上 5 点', '早上好'],
    ['08:52', '上午 8 点 52 分', '上午好'],
    ['12:00', '中午 12 点', '中午好'],
    ['13:00', '下午 1 点', '下午好'],
    ['18:00', '晚上 6 点', '晚上好'],
  ])('%s is %s, and one says %s', (clock, words, hello) => {
    expect(timeWords(at(clock))).toBe(words)
    expect(greeting(at(clock))).toBe(hello)
  })

  test.each([
    [-2, '前天'],
    [-1, '昨天'],
    [0, '今天'],
    [1, '明天'],
    [2, '后天'],
    [-3, '11 月 19 日'],
    [60, '2027 年 1 月 21 日'],
  ])('%i days from today is %s', (days, words) => {
    expect(dayWords(addDays(today, days), today)).toBe(words)
  })

  test('the day of the week is that of Shanghai', () => {
    expect(weekdayWords(today)).toBe('星期日')
  })

  test.each([
    [0, '0 分钟'],
    [2520, '42 分钟'],
    [3599, '59 分钟'],
    [3600, '1 小时'],
    [3900, '1 小时 5 分'],
  ])('%i seconds are %s', (seconds, words) => {
    expect(lengthWords(seconds)).toBe(words)
  })

  test.each([
    [3, '约 10 米'],
    [304, '约 300 米'],
    [1234, '约 1.2 公里'],
  ])('%i metres are %s', (metres, words) => {
    expect(distanceWords(metres)).toBe(words)
  })

  test('what was kept says since when, with the day when it is another', () => {
    expect(updatedWords(at('08:31'), at('09:00'))).toBe('更新于 8:31')
    expect(updatedWords(at('20:31', addDays(today, -1)), at('09:00'))).toBe('更新于 昨天 20:31')
  })

  test('eight digits are read in two fours', () => {
    expect(digitsWords('48271936')).toBe('4827 1936')
  })
})

describe('the lunar calendar', () => {
  test('every day from 2020 to 2100 has the name an independent library gives it', () => {
    const wrong: string[] = []
    for (let day = '2020-01-25'; day < '2101-01-01'; day = addDays(day, 1)) {
      const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
      const expected = lunar.Solar.fromYmd(year, month, date).getLunar()
      const name = `${expected.getMonthInChinese()}月${expected.getDayInChinese()}`
      if (lunarWords(day) !== name) wrong.push(`${day}: ${lunarWords(day)}, not ${name}`)
    }
    expect(wrong).toEqual([])
  })

  test('a day outside the table has no lunar name', () => {
    expect(lunarWords('2020-01-24')).toBeNull()
    expect(lunarWords('2101-03-01')).toBeNull()
  })
})
