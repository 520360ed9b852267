import { expect, test } from 'vitest'
import { addWorkdays, calendarOf, isWorkday, unpublishedSentence } from '../../shared/core/workdays'

const calendar = calendarOf([])

test.each([
  ['2026-10-01', false],
  ['2026-10-07', false],
  ['2026-10-10', true],
  ['2026-10-11', false],
  ['2026-11-20', true],
  ['2026-11-21', false],
  ['2027-01-04', null],
])('%s is worked: %s', (day, worked) => {
  expect(isWorkday(calendar, day)).toBe(worked)
})

test('make-up days count, holidays do not, and an unpublished year is said', () => {
  expect(addWorkdays(calendar, '2026-09-30', 1)).toEqual({ day: '2026-10-08', unpublished: null })
  expect(addWorkdays(calendar, '2026-10-09', 1)).toEqual({ day: '2026-10-10', unpublished: null })
  expect(addWorkdays(calendar, '2026-11-20', 10)).toEqual({ day: '2026-12-04', unpublished: null })
  expect(addWorkdays(calendar, '2026-12-30', 3)).toEqual({ day: null, unpublished: '2027' })
  expect(unpublishedSentence('2027')).toBe('2027 年节假日未发布')
})

test('a place says its own days, and with them the year is known', () => {
  const own = calendarOf([
    { day: '2027-01-01', kind: 'off', name: '元旦' },
    { day: '2026-11-23', kind: 'off', name: '停工' },
    { day: '2026-10-10', kind: 'plain', name: '' },
  ])
  expect(addWorkdays(own, '2026-12-30', 3)).toEqual({ day: '2027-01-05', unpublished: null })
  expect(addWorkdays(own, '2026-11-20', 1).day).toBe('2026-11-24')
  expect(isWorkday(own, '2026-10-10')).toBe(false)
})
