import { expect, test } from 'vitest'
import { creditDocument } from '../../shared/credit/document'
import { type CreditInputs, daysCounted, gradeOf, STANDARD_CREDIT, whyNotListed } from '../../shared/credit/rules'

const inputs = (counts: CreditInputs['counts'] = {}, more: Partial<CreditInputs> = {}): CreditInputs => ({
  ...{ visits: 10, seconds: 60 * 3600, counts },
  ...more,
})

test('with few visits nobody has a grade; with enough, one who was never found wrong begins at 3A', () => {
  expect(gradeOf(STANDARD_CREDIT, inputs({}, { visits: 4 })).grade).toBeNull()
  expect(gradeOf(STANDARD_CREDIT, inputs())).toMatchObject({ grade: '3A', milliScore: 80_000, parts: [] })
})

test('what was good lifts and what was found wrong lowers, each up to what the rule says at most', () => {
  const good = gradeOf(STANDARD_CREDIT, inputs({ spotClean: 9, training: 3, honour: 1, goodRating: 2 }))
  expect(good).toMatchObject({ grade: '5A', milliScore: 93_000 })
  expect(good.parts.find(({ what }) => what === 'spotClean')).toEqual({
    ...{ what: 'spotClean', count: 9, milliPoints: 5000, isCut: true },
  })
  // the same points with fewer hours are not enough for the best
  expect(
    gradeOf(STANDARD_CREDIT, inputs({ spotClean: 9, training: 3, honour: 1, goodRating: 2 }, { seconds: 3600 })).grade,
  ).toBe('4A')
  expect(gradeOf(STANDARD_CREDIT, inputs({ complaint: 1 })).grade).toBe('2A')
  expect(gradeOf(STANDARD_CREDIT, inputs({ complaint: 2, spotProblem: 1 })).grade).toBe('A')
  expect(gradeOf(STANDARD_CREDIT, inputs({ complaint: 9, spotProblem: 9 })).milliScore).toBe(0)
})

test('a team bears what its helpers did in equal shares, to a thousandth of a point', () => {
  const team = inputs({ complaint: 1 }, { visits: 30, seconds: 180 * 3600 })
  expect(gradeOf(STANDARD_CREDIT, team, 3)).toMatchObject({ grade: '3A', milliScore: 75_000 })
  expect(gradeOf(STANDARD_CREDIT, inputs({ training: 1 }, { visits: 35 }), 7).milliScore).toBe(80_142)
  expect(gradeOf(STANDARD_CREDIT, inputs({}, { visits: 14 }), 3).grade).toBeNull()
})

test('whole months back are counted, until the day before; a month without that day counts to its last one', () => {
  expect(daysCounted('2026-11-23', 12)).toEqual({ fromDay: '2025-11-23', toDay: '2026-11-22' })
  expect(daysCounted('2027-03-31', 1)).toEqual({ fromDay: '2027-02-28', toDay: '2027-03-30' })
  expect(daysCounted('2028-02-29', 12)).toEqual({ fromDay: '2027-02-28', toDay: '2028-02-28' })
})

test('a rule names each thing once, and its grades fall with their points down to none', () => {
  const why = (more: object): string[] =>
    creditDocument.safeParse({ ...STANDARD_CREDIT, ...more }).error?.issues.map(({ message }) => message) ?? []
  expect(why({})).toEqual([])
  expect(why({ counts: [STANDARD_CREDIT.counts[0], STANDARD_CREDIT.counts[0]] })).toEqual(['CREDIT_TWICE'])
  expect(why({ grades: [{ grade: '3A', least: 70 }] })).toEqual(['CREDIT_ORDER'])
  expect(
    why({
      grades: [
        { grade: '3A', least: 70 },
        { grade: '4A', least: 60 },
        { grade: 'A', least: 0 },
      ],
    }),
  ).toEqual(['CREDIT_ORDER'])
})

test('nobody is listed for days that are over', () => {
  expect(whyNotListed({ fromDay: '2026-11-22', untilDay: '2026-12-01' }, '2026-11-22')).toBe('CREDIT_FROM')
  expect(whyNotListed({ fromDay: '2026-11-24', untilDay: '2026-11-23' }, '2026-11-22')).toBe('DATE_ORDER')
  expect(whyNotListed({ fromDay: '2026-11-23', untilDay: '2026-11-23' }, '2026-11-22')).toBeNull()
})
