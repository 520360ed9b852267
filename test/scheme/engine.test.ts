import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SchemeDocument } from '../../shared/scheme/document'
import { judgeEvent, judgeEvents, newRun } from '../../shared/scheme/engine'
import type { SchemeEvent } from '../../shared/scheme/input'
import { inForce, type SchemeVersion } from '../../shared/scheme/versions'

const version = (document: SchemeDocument, more: Partial<SchemeVersion> = {}): SchemeVersion => ({
  id: 'scheme',
  version: 1,
  regionPath: '/1/',
  validFrom: '2026-01-01',
  document,
  ...more,
})
const scheme = (earn: SchemeDocument['earn'], more: Partial<SchemeDocument> = {}): SchemeDocument => ({
  title: '试算',
  sample: true,
  pointsWord: '积分',
  earn,
  ...more,
})
const people = ['a', 'b', 'c'].map((id) => ({ id, regionPath: '/1/2/3/' }))
const RATE = { milliPoints: 1000, seconds: 3600 }

const cap = fc.option(
  fc.integer({ min: 1, max: 6 }).map((points) => points * 1000),
  { nil: undefined },
)
const anyEarn = fc.record({
  milliPoints: fc.integer({ min: 1, max: 5000 }),
  seconds: fc.constantFrom(60, 300, 3600, 7200),
  visitSecondsMin: fc.constantFrom(0, 900),
  visitSecondsMax: fc.constantFrom(7200, 14_400),
  rounding: fc.record({
    mode: fc.constant('down' as const),
    stepMilliPoints: fc.constantFrom(1, 100, 1000),
    over: fc.constantFrom('visit' as const, 'cumulative' as const),
  }),
  dayCapMilliPoints: cap,
  monthCapMilliPoints: cap,
  accountCapMilliPoints: cap,
  overflow: fc.record({
    day: fc.constantFrom('drop' as const, 'pool' as const),
    account: fc.constantFrom('pool' as const, 'honour' as const),
  }),
})
const anyVisits = fc.array(
  fc.record({
    by: fc.constantFrom('a', 'b', 'c'),
    minutes: fc.integer({ min: 0, max: 400 }),
    day: fc.integer({ min: 1, max: 28 }),
    isReturned: fc.boolean(),
  }),
  { maxLength: 25 },
)
type Visits = { by: string; minutes: number; day: number; isReturned: boolean }[]

function eventsOf(visits: Visits, returns = true): SchemeEvent[] {
  return visits.flatMap(({ by, minutes, day, isReturned }, no): SchemeEvent[] => {
    const at = `2026-11-${String(day).padStart(2, '0')}T09:00:00+08:00`
    const visit: SchemeEvent = { kind: 'visit', id: `v${no}`, at, by, servedSeconds: minutes * 60 }
    return isReturned && returns ? [visit, { kind: 'reversal', id: `r${no}`, at, visit: `v${no}` }] : [visit]
  })
}
const balances = (run: ReturnType<typeof newRun>) =>
  [...run.people.values()].map(({ id, balance }) => `${id} ${balance}`)

describe('whatever happens', () => {
  test('every event sums to zero, and the balances are what was posted', () => {
    fc.assert(
      fc.property(anyEarn, anyVisits, (earn, visits) => {
        const { outcomes, run } = judgeEvents([version(scheme(earn))], { people, events: eventsOf(visits) })
        for (const { postings } of outcomes) expect(postings.reduce((sum, one) => sum + one.milliPoints, 0n)).toBe(0n)
        const sumOf = (account: string) =>
          outcomes
            .flatMap(({ postings }) => postings)
            .filter((one) => one.account === account)
            .reduce((sum, one) => sum + one.milliPoints, 0n)
        for (const person of run.people.values()) {
          expect(sumOf(`member:${person.id}`)).toBe(person.balance)
          expect(person.lots.reduce((sum, lot) => sum + lot.milliPoints, 0n)).toBe(person.balance)
        }
        expect(sumOf('pool')).toBe(run.pool)
      }),
    )
  })

  test('no day, month or account passes its cap', () => {
    fc.assert(
      fc.property(anyEarn, anyVisits, (earn, visits) => {
        const { run } = judgeEvents([version(scheme(earn))], { people, events: eventsOf(visits) })
        for (const person of run.people.values()) {
          for (const [period, earned] of person.earned) {
            const most =
              period.length === 10 ? earn.dayCapMilliPoints : period.length === 7 ? earn.monthCapMilliPoints : undefined
            if (most !== undefined) expect(earned).toBeLessThanOrEqual(BigInt(most))
          }
          if (earn.accountCapMilliPoints !== undefined)
            expect(person.balance).toBeLessThanOrEqual(BigInt(earn.accountCapMilliPoints))
        }
      }),
    )
  })

  test('a longer visit never leaves its helper with less', () => {
    fc.assert(
      fc.property(anyEarn, fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 400 }), (earn, one, other) => {
        const left = (minutes: number) => {
          const file = { people, events: eventsOf([{ by: 'a', minutes, day: 3, isReturned: false }]) }
          return judgeEvents([version(scheme(earn))], file).run.people.get('a')?.balance ?? 0n
        }
        expect(left(Math.max(one, other))).toBeGreaterThanOrEqual(left(Math.min(one, other)))
      }),
    )
  })

  test('run again in the order of recording everything is the same to the milli-point', () => {
    fc.assert(
      fc.property(anyEarn, anyVisits, (earn, visits) => {
        const answer = () => {
          const { outcomes, run } = judgeEvents([version(scheme(earn))], { people, events: eventsOf(visits) })
          return [outcomes, balances(run), run.pool]
        }
        expect(answer()).toEqual(answer())
      }),
    )
  })

  test('under one coefficient the order does not matter: a late visit takes what is left of its day', () => {
    fc.assert(
      fc.property(anyEarn, anyVisits, fc.nat(), (earn, visits, seed) => {
        // Cumulative rounding moves the whole point to the visit that completes it, so with caps only visits are compared.
        const document = scheme({ ...earn, rounding: { ...earn.rounding, over: 'visit' } })
        const shuffled: Visits = [...visits]
        for (let place = shuffled.length - 1; place > 0; place--) {
          const other = (seed * 31 + place * 17) % (place + 1)
          ;[shuffled[place], shuffled[other]] = [shuffled[other] as Visits[number], shuffled[place] as Visits[number]]
        }
        const total = (list: Visits) =>
          balances(judgeEvents([version(document)], { people, events: eventsOf(list, false) }).run)
        expect(total(shuffled)).toEqual(total(visits))
      }),
    )
  })

  test('cumulative rounding loses less than one step, whatever the pieces', () => {
    fc.assert(
      fc.property(anyVisits, (visits) => {
        const rounding = { mode: 'down', stepMilliPoints: 1000, over: 'cumulative' } as const
        const { run } = judgeEvents([version(scheme({ ...RATE, rounding }))], {
          people,
          events: eventsOf(visits, false),
        })
        for (const person of run.people.values())
          expect(person.balance).toBe(BigInt(Math.floor(person.seconds / 3600) * 1000))
      }),
    )
  })
})

describe('which rules are in force', () => {
  const county = version(scheme(RATE))
  const later = version(scheme({ milliPoints: 2000, seconds: 3600 }), { version: 2, validFrom: '2026-06-01' })
  const town = version(scheme({ milliPoints: 3000, seconds: 3600 }), { regionPath: '/1/2/', validFrom: '2026-09-01' })
  const all = [town, county, later]

  test('the most specific region wins from the day it began; before, the county does', () => {
    expect(inForce(all, '/1/2/3/', '2025-12-31')).toBeNull()
    expect(inForce(all, '/1/2/3/', '2026-05-31')).toBe(county)
    expect(inForce(all, '/1/2/3/', '2026-06-01')).toBe(later)
    expect(inForce(all, '/1/2/3/', '2026-09-01')).toBe(town)
    expect(inForce(all, '/1/9/', '2026-09-01')).toBe(later)
    expect(inForce(all, '/10/', '2026-09-01')).toBeNull()
  })

  test('a visit is judged by the rules of the day it happened, whenever it is recorded', () => {
    const run = newRun(all, { people })
    const visit = (id: string, day: string) =>
      judgeEvent(run, { kind: 'visit', id, at: `${day}T09:00:00+08:00`, by: 'a', servedSeconds: 3600 }).explanations[0]
    expect(visit('new', '2026-06-01')?.schemeVersion).toBe(2)
    expect(visit('late', '2026-05-31')?.formula).toBe('60 分钟 ÷ 60 = 1 分')
  })
})

test('who has spent what is reversed owes it: the balance stays at zero', () => {
  const run = newRun([version(scheme(RATE, { redeem: {} }))], { people })
  const at = '2026-11-22T09:00:00+08:00'
  judgeEvent(run, { kind: 'visit', id: 'v', at, by: 'a', servedSeconds: 3600 })
  judgeEvent(run, { kind: 'redeem', id: 'r', at, by: 'a', redemption: 'goods', milliPoints: 600 })
  const { postings } = judgeEvent(run, { kind: 'reversal', id: 'x', at, visit: 'v' })
  expect(postings.map(({ transaction, account, milliPoints }) => [transaction, account, Number(milliPoints)])).toEqual([
    ['ADVANCE', 'recovery:a', -600],
    ['ADVANCE', 'member:a', 600],
    ['REVERSE', 'issuance', 1000],
    ['REVERSE', 'member:a', -1000],
  ])
  expect(run.people.get('a')).toMatchObject({ balance: 0n, owed: 600n })
})

test('a gift keeps the age of its points: it does not save them from the end of the year', () => {
  const document = scheme(RATE, { transfer: {}, expiry: { kind: 'yearEnd' } })
  const run = newRun([version(document)], { people })
  judgeEvent(run, { kind: 'visit', id: 'v', at: '2026-12-30T09:00:00+08:00', by: 'a', servedSeconds: 7200 })
  judgeEvent(run, { kind: 'gift', id: 'g', at: '2026-12-31T09:00:00+08:00', by: 'a', to: 'b', milliPoints: 500 })
  judgeEvent(run, { kind: 'clock', id: 'c', at: '2027-01-01T00:00:00+08:00' })
  expect(balances(run)).toEqual(['a 0', 'b 0', 'c 0'])
})
