import { describe, expect, test } from 'vitest'
import {
  count,
  dayClock,
  dayWords,
  fullTime,
  hours,
  percent,
  points,
  signedPoints,
  toMilliPoints,
} from '../../admin/src/core/format'
import { newId } from '../../admin/src/core/new-id'

describe('how the desk writes numbers and times', () => {
  test.each([
    ['13000', '13'],
    ['1500', '1.5'],
    ['-20000', '−20'],
    ['1234567890', '1,234,567.89'],
    ['0', '0'],
  ])('%s thousandths of a point are read as %s', (milliPoints, shown) => {
    expect(points(milliPoints)).toBe(shown)
  })

  test('a gain has its sign, nothing has none', () => {
    expect(['13000', '-20000', '0'].map(signedPoints)).toEqual(['+13', '−20', '0'])
  })

  test.each([
    ['20', '20000'],
    ['1.5', '1500'],
    ['0.125', '125'],
    ['0', '0'],
    ['', null],
    ['1.2345', null],
    ['-3', null],
    ['1e3', null],
  ])('who types %s points means %s thousandths', (typed, milliPoints) => {
    expect(toMilliPoints(typed)).toBe(milliPoints)
  })

  test('197 of 198 is never shown as all', () => {
    expect(percent(197, 198)).toBe('99.4')
    expect(percent(198, 198)).toBe('100')
    expect(percent(0, 0)).toBe('—')
  })

  test('served time is cut, not rounded up', () => {
    expect(hours(210_959)).toBe('58.5')
    expect(hours(3_600 * 3418)).toBe('3,418')
  })

  test('a visit at one minute past midnight belongs to the new day in Shanghai', () => {
    const at = '2026-11-21T16:01:00.000Z'
    expect(dayClock(at)).toBe('11-22 0:01')
    expect(fullTime(at)).toBe('2026-11-22 00:01')
    expect(dayWords('2026-11-22')).toBe('11 月 22 日，星期日')
    expect(dayClock(null)).toBe('—')
  })

  test('counts are grouped by thousands', () => {
    expect([0, 999, 1204, -1234567].map(count)).toEqual(['0', '999', '1,204', '−1,234,567'])
  })

  test('ids made at the desk are version 7 and sort by when they were made', async () => {
    const first = newId()
    await new Promise((resolve) => setTimeout(resolve, 3))
    const second = newId()
    expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(first < second).toBe(true)
  })
})
