import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EarnedBefore, SchemeDocument, VisitFacts } from '../../shared/scheme/document'
import { judge, postStepOf, rateSentence } from '../../shared/scheme/rules'
import { STANDARD_SCHEME } from '../../shared/scheme/standard'

const NOT_ROUNDED = { mode: 'down', stepMilliPoints: 1, over: 'visit' } as const
const SCHEME = { id: 'scheme', version: 3 }
const NOTHING: EarnedBefore = { dayMilliPoints: 0n, monthMilliPoints: 0n, balanceMilliPoints: 0n }

function withEarn(earn: Partial<SchemeDocument['earn']>): SchemeDocument {
  return { ...STANDARD_SCHEME, earn: { ...STANDARD_SCHEME.earn, ...earn } }
}
function facts(minutes: number, more: Partial<VisitFacts> = {}): VisitFacts {
  return { servedSeconds: minutes * 60, nature: 'volunteer', level: 2, day: '2026-11-22', ...more }
}
function worth(document: SchemeDocument, minutes: number, before: Partial<EarnedBefore> = {}) {
  return judge(document, SCHEME, facts(minutes), { ...NOTHING, ...before })
}

/** One point an hour, in thousandths, nothing rounded away: the rate of most schemes in force. */
const ONE_AN_HOUR = withEarn({
  milliPoints: 1000,
  seconds: 3600,
  rounding: NOT_ROUNDED,
  dayCapMilliPoints: undefined,
  visitSecondsMin: 0,
})

describe('what a visit is worth', () => {
  test.each([
    [0, '0', '0 分钟，不足 15 分钟，不记分'],
    [14, '0', '14 分钟，不足 15 分钟，不记分'],
    [15, '3000', null],
    [19, '3000', null],
    [20, '4000', null],
    [65, '13000', null],
    [239, '47000', null],
    [240, '48000', null],
    [300, '48000', null],
  ])('%i minutes at 5 minutes a point are %s milli-points', (minutes, expected, zeroReason) => {
    const { milliPoints, explanation } = worth(STANDARD_SCHEME, minutes)
    expect(String(milliPoints)).toBe(expected)
    expect(explanation.zeroReason).toBe(zeroReason)
  })

  test('seconds beyond the last whole minute do not count, nor do they reach the minimum', () => {
    expect(judge(STANDARD_SCHEME, SCHEME, facts(0, { servedSeconds: 899 }), NOTHING).explanation.zeroReason).toBe(
      '14 分钟，不足 15 分钟，不记分',
    )
    expect(judge(STANDARD_SCHEME, SCHEME, facts(0, { servedSeconds: 20 * 60 - 1 }), NOTHING).milliPoints).toBe(3000n)
  })

  test.each([
    [STANDARD_SCHEME, 65, '65 分钟 ÷ 5 = 13 分'],
    [STANDARD_SCHEME, 8, '8 分钟 ÷ 5'],
    [STANDARD_SCHEME, 300, '300 分钟，最多记 240 分钟：240 分钟 ÷ 5 = 48 分'],
    [withEarn({ milliPoints: 2000, seconds: 3600, rounding: NOT_ROUNDED }), 180, '180 分钟 ÷ 60 × 2 = 6 分'],
    [withEarn({ milliPoints: 1500, seconds: 60 }), 20, '20 分钟 × 1.5 = 30 分'],
    [withEarn({ milliPoints: 1000, seconds: 90 }), 60, '60 分钟 ÷ 90 秒 = 40 分'],
  ])('the formula is written out', (document, minutes, formula) => {
    expect(worth(document, minutes).explanation.formula).toBe(formula)
  })

  test('a coefficient of 10.4 points an hour loses nothing', () => {
    const document = withEarn({
      milliPoints: 10_400,
      seconds: 3600,
      rounding: NOT_ROUNDED,
      dayCapMilliPoints: undefined,
    })
    expect(worth(document, 61).milliPoints).toBe(10_573n)
  })

  test('paid duty earns no points, and says so', () => {
    const { milliPoints, explanation } = judge(STANDARD_SCHEME, SCHEME, facts(60, { nature: 'dutyPaid' }), NOTHING)
    expect([milliPoints, explanation.zeroReason]).toEqual([0n, '岗位服务不记分，只记时长'])
  })

  test('what staff typed in counts as hours only', () => {
    const { milliPoints, explanation } = judge(STANDARD_SCHEME, SCHEME, facts(60, { level: 0 }), NOTHING)
    expect([milliPoints, explanation.zeroReason]).toEqual([0n, '补录的记录不记分，只记时长'])
  })
})

describe('the worked examples of the schemes in force', () => {
  test('W1: at most 2 a day: of 90 and 120 minutes the second brings the day to 2', () => {
    const document = withEarn({ ...ONE_AN_HOUR.earn, dayCapMilliPoints: 2000 })
    const first = worth(document, 90)
    const second = worth(document, 120, { dayMilliPoints: first.milliPoints })
    expect([first.milliPoints, second.milliPoints]).toEqual([1500n, 500n])
    expect(second.explanation.cuts).toEqual([{ code: 'DAY_CAP', sentence: '每天最多记 2 分', milliPoints: '1500' }])
    expect(worth(document, 90, { dayMilliPoints: 2000n }).explanation.zeroReason).toBe('每天最多记 2 分，已经到了')
  })

  test('W2: at 599 of 600 two hours bring one point, one is dropped', () => {
    const document = withEarn({ ...ONE_AN_HOUR.earn, accountCapMilliPoints: 600_000 })
    const { milliPoints, explanation } = worth(document, 120, { balanceMilliPoints: 599_000n })
    expect(milliPoints).toBe(1000n)
    expect(explanation.cuts).toEqual([{ code: 'ACCOUNT_CAP', sentence: '每人一共最多记 600 分', milliPoints: '1000' }])
  })

  test('W5: rounded down to whole points, 160 minutes are 2', () => {
    expect(
      worth(withEarn({ ...ONE_AN_HOUR.earn, rounding: { mode: 'down', stepMilliPoints: 1000, over: 'visit' } }), 160)
        .milliPoints,
    ).toBe(2000n)
  })

  test('W7: two points an hour', () => {
    expect(worth(withEarn({ ...ONE_AN_HOUR.earn, milliPoints: 2000 }), 180).milliPoints).toBe(6000n)
  })
})

describe('whatever the numbers', () => {
  const cap = fc.option(fc.integer({ min: 0, max: 500_000 }), { nil: undefined })
  const document = fc
    .record({
      milliPoints: fc.integer({ min: 1, max: 20_000 }),
      seconds: fc.integer({ min: 1, max: 7200 }),
      visitSecondsMin: fc.integer({ min: 0, max: 3600 }),
      visitSecondsMax: fc.integer({ min: 3600, max: 86_400 }),
      rounding: fc.record({
        mode: fc.constantFrom('down', 'up', 'half'),
        stepMilliPoints: fc.constantFrom(1, 10, 100, 500, 1000),
        over: fc.constant('visit'),
      }),
      dayCapMilliPoints: cap,
      monthCapMilliPoints: cap,
      accountCapMilliPoints: cap,
    })
    .map(withEarn)
  const amount = fc.bigInt({ min: 0n, max: 600_000n })
  const before = fc.record({ dayMilliPoints: amount, monthMilliPoints: amount, balanceMilliPoints: amount })
  const minutes = fc.integer({ min: 0, max: 2000 })

  test('no award passes a cap', () => {
    fc.assert(
      fc.property(document, minutes, before, (scheme, served, earned) => {
        const { milliPoints } = worth(scheme, served, earned)
        const { dayCapMilliPoints, monthCapMilliPoints, accountCapMilliPoints } = scheme.earn
        const roomOf = (most: number | undefined, had: bigint) =>
          most === undefined ? milliPoints : BigInt(most) > had ? BigInt(most) - had : 0n
        expect(milliPoints).toBeLessThanOrEqual(roomOf(dayCapMilliPoints, earned.dayMilliPoints))
        expect(milliPoints).toBeLessThanOrEqual(roomOf(monthCapMilliPoints, earned.monthMilliPoints))
        expect(milliPoints).toBeLessThanOrEqual(roomOf(accountCapMilliPoints, earned.balanceMilliPoints))
      }),
    )
  })

  test('a longer visit is never worth less', () => {
    fc.assert(
      fc.property(document, minutes, minutes, before, (scheme, one, other, earned) => {
        const [short, long] = [Math.min(one, other), Math.max(one, other)]
        expect(worth(scheme, long, earned).milliPoints).toBeGreaterThanOrEqual(worth(scheme, short, earned).milliPoints)
      }),
    )
  })

  test('an award is whole steps, never negative, and 0 exactly when there is a reason', () => {
    fc.assert(
      fc.property(document, minutes, before, (scheme, served, earned) => {
        const { milliPoints, explanation } = worth(scheme, served, earned)
        expect(milliPoints).toBeGreaterThanOrEqual(0n)
        expect(milliPoints % BigInt(scheme.earn.rounding?.stepMilliPoints ?? 1)).toBe(0n)
        expect(explanation.zeroReason === null).toBe(milliPoints > 0n)
      }),
    )
  })

  test('what was given and what was cut make up what the minutes are worth', () => {
    fc.assert(
      fc.property(document, minutes, before, (scheme, served, earned) => {
        const uncapped = withEarn({
          ...scheme.earn,
          dayCapMilliPoints: undefined,
          monthCapMilliPoints: undefined,
          accountCapMilliPoints: undefined,
        })
        const { milliPoints, explanation } = worth(scheme, served, earned)
        const cut = explanation.cuts.reduce((sum, one) => sum + BigInt(one.milliPoints), 0n)
        expect(milliPoints + cut).toBe(worth(uncapped, served).milliPoints)
      }),
    )
  })
})

test('each evidence level has its step', () => {
  expect([0, 1, 2, 3, 4].map((level) => postStepOf(STANDARD_SCHEME, level))).toEqual([
    'never',
    'approval',
    'confirmation',
    'confirmation',
    'finish',
  ])
})

test('the rate is said as people say it', () => {
  expect(rateSentence(STANDARD_SCHEME)).toBe('每 5 分钟记 1 分，满 15 分钟起算')
  expect(rateSentence(ONE_AN_HOUR)).toBe('每 1 小时记 1 分')
})
