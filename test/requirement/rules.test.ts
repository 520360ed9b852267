import { describe, expect, test } from 'vitest'
import { percentText } from '../../shared/core/amounts'
import { addDays, dayOf, instantOf } from '../../shared/core/time'
import {
  type CountedVisit,
  countMonths,
  type ElderLife,
  judgeMonth,
  marksOf,
  owedOn,
  periodsOf,
  type Requirement,
  requirementSentence,
  secondsTooLate,
  strictestFirst,
  whyNotRule,
} from '../../shared/requirement/rules'

const HOME = { validFrom: '2026-01-01', validTo: null, regionId: 'village', regionPath: '/1/2/3/' }
const monthly: Requirement = {
  id: 'm',
  regionPath: '/1/',
  category: 'livingAlone',
  interval: 'month',
  intervalLength: null,
  channels: ['inPerson', 'phone'],
  natures: ['volunteer', 'mutualAid', 'dutyPaid'],
  minSeconds: 900,
  validFrom: '2026-01-01',
  validTo: null,
}
const weekly: Requirement = { ...monthly, id: 'w', category: 'disabled', interval: 'week', channels: ['inPerson'] }
const life = (more: Partial<ElderLife> = {}): ElderLife => ({
  endedDay: null,
  residences: [HOME],
  tags: [{ category: 'livingAlone', validFrom: '2026-01-01', validTo: null }],
  exits: [],
  events: [],
  ...more,
})
const disabled = (more: Partial<ElderLife> = {}) =>
  life({ tags: [{ category: 'disabled', validFrom: '2026-01-01', validTo: null }], ...more })
const visit = (day: string, more: Partial<CountedVisit> = {}): CountedVisit => ({
  day,
  beganAt: instantOf(day, '09:00'),
  channel: 'inPerson',
  nature: 'volunteer',
  servedSeconds: 1800,
  ...more,
})
const periods = (elder: ElderLife, visits: CountedVisit[], month = '2026-11', requirement = weekly) =>
  judgeMonth(elder, [requirement], visits, month).requirements[0]?.periods.map((one) => one.met)

describe('C1', () => {
  test('visits in 3 of 4 ISO weeks are 3/4', () => {
    const months = [
      judgeMonth(disabled(), [weekly], [visit('2026-11-02'), visit('2026-11-15'), visit('2026-11-29')], '2026-11'),
    ]
    expect(countMonths(months)).toMatchObject({ requirementsDue: 4, requirementsMet: 3, due: 1, visited: 1 })
  })

  test('one visit in the month meets a monthly requirement', () => {
    expect(countMonths([judgeMonth(life(), [monthly], [visit('2026-11-30')], '2026-11')])).toMatchObject({
      requirementsDue: 1,
      requirementsMet: 1,
    })
  })

  test('a change at 09:00 and a visit at 09:30 the next day break the 24 hours by 30 minutes', () => {
    const changed = new Date('2026-11-20T01:00:00Z')
    expect(secondsTooLate(changed, new Date('2026-11-21T01:30:00Z'), 24)).toBe(1800)
    expect(secondsTooLate(changed, new Date('2026-11-21T01:00:00Z'), 24)).toBe(0)
  })
})

test('C2: 200 listed, two die on the 10th (one of them visited), 197 of 198 visited → 99.4', () => {
  const died = { exits: [{ kind: 'died' as const, validFrom: '2026-11-10', validTo: null }], endedDay: '2026-11-10' }
  const months = [
    judgeMonth(life(died), [monthly], [visit('2026-11-03')], '2026-11'),
    judgeMonth(life(died), [monthly], [], '2026-11'),
    judgeMonth(life(), [monthly], [], '2026-11'),
    ...Array.from({ length: 197 }, () => judgeMonth(life(), [monthly], [visit('2026-11-12')], '2026-11')),
  ]
  const counts = countMonths(months)
  expect(counts).toMatchObject({
    due: 198,
    visited: 197,
    exits: { died: 2, moved: 0, hospital: 0, refused: 0, away: 0 },
  })
  expect(percentText(counts.visited, counts.due)).toBe('99.4')
})

describe('periods', () => {
  test('an ISO week belongs to the month of its Thursday', () => {
    expect(periodsOf(weekly, '2026-10').map((one) => one.from)).toEqual([
      '2026-09-28',
      '2026-10-05',
      '2026-10-12',
      '2026-10-19',
      '2026-10-26',
    ])
    expect(periodsOf(weekly, '2026-11').map((one) => [one.from, one.to])).toEqual([
      ['2026-11-02', '2026-11-08'],
      ['2026-11-09', '2026-11-15'],
      ['2026-11-16', '2026-11-22'],
      ['2026-11-23', '2026-11-29'],
    ])
    expect(periodsOf(weekly, '2026-12')[0]?.from).toBe('2026-11-30')
  })

  test('a visit on 30 November meets a week of December, and counts for the coverage of November', () => {
    const visits = [visit('2026-11-30')]
    expect(periods(disabled(), visits, '2026-12')?.[0]).toBe(true)
    expect(judgeMonth(disabled(), [weekly], visits, '2026-12').visited).toBe(false)
    expect(judgeMonth(disabled(), [weekly], visits, '2026-11').visited).toBe(true)
  })

  test('a tag given on the 10th starts the requirement on the 10th', () => {
    const tagged = disabled({ tags: [{ category: 'disabled', validFrom: '2026-11-10', validTo: null }] })
    expect(periods(tagged, [])).toHaveLength(3)
    expect(periods(tagged, [visit('2026-11-09'), visit('2026-11-10')])).toEqual([true, false, false])
    expect(periods(tagged, [visit('2026-11-09')])).toEqual([false, false, false])
  })

  test('a tag that ended is owed up to its last day', () => {
    const ended = disabled({ tags: [{ category: 'disabled', validFrom: '2026-01-01', validTo: '2026-11-17' }] })
    expect(periods(ended, [visit('2026-11-18')])).toEqual([false, false, false])
    expect(periods(ended, [visit('2026-11-17')])).toEqual([false, false, true])
    expect(judgeMonth(ended, [weekly], [], '2026-12').requirements).toEqual([])
  })

  test('the wrong channel and too short a visit count for coverage only', () => {
    const month = judgeMonth(
      disabled(),
      [weekly],
      [visit('2026-11-03', { channel: 'phone' }), visit('2026-11-10', { servedSeconds: 899 })],
      '2026-11',
    )
    expect(month.visited).toBe(true)
    expect(countMonths([month])).toMatchObject({ requirementsDue: 4, requirementsMet: 0, visited: 1 })
  })

  test('each requirement is judged alone; the strictest is shown', () => {
    const both = life({ tags: [...life().tags, ...disabled().tags] })
    const month = judgeMonth(both, [monthly, weekly], [visit('2026-11-03')], '2026-11')
    expect(month.requirements.map((one) => [one.requirement.id, one.periods.length])).toEqual([
      ['w', 4],
      ['m', 1],
    ])
    expect(countMonths([month])).toMatchObject({ requirementsDue: 5, requirementsMet: 2 })
    expect(strictestFirst([monthly, { ...monthly, id: 'n', channels: ['inPerson'] }]).map((one) => one.id)).toEqual([
      'n',
      'm',
    ])
  })
})

describe('other intervals', () => {
  const every = (days: number): Requirement => ({ ...monthly, id: 'd', interval: 'days', intervalLength: days })
  const quarterly: Requirement = { ...monthly, id: 'q', interval: 'quarter' }

  test('a quarter is judged in its last month, and makes the elder due in each', () => {
    const met = (month: string, ...days: string[]) =>
      judgeMonth(
        life(),
        [quarterly],
        days.map((day) => visit(day)),
        month,
      )
    expect(met('2026-11', '2026-11-03')).toMatchObject({ due: true, visited: true, requirements: [{ periods: [] }] })
    expect(met('2026-12', '2026-10-01').requirements[0]?.periods).toMatchObject([
      { from: '2026-10-01', to: '2026-12-31', label: '第 4 季度', met: true },
    ])
    expect(met('2026-12', '2026-09-30').requirements[0]?.periods.map((one) => one.met)).toEqual([false])
  })

  test('every n days are counted from the first day of the rule and judged in the month they end in', () => {
    const spans = (days: number, month: string) => periodsOf(every(days), month).map((one) => [one.from, one.to])
    expect(spans(10, '2026-01')).toEqual([
      ['2026-01-01', '2026-01-10'],
      ['2026-01-11', '2026-01-20'],
      ['2026-01-21', '2026-01-30'],
    ])
    expect(spans(45, '2026-01')).toEqual([])
    expect(spans(45, '2026-02')).toEqual([['2026-01-01', '2026-02-14']])
    expect(spans(10, '2025-12')).toEqual([])
    const months = ['2027-12', '2028-01', '2028-02', '2028-03'].flatMap((month) => spans(7, month))
    expect(months.slice(1).every(([from], no) => from === addDays(months[no]?.[1] as string, 1))).toBe(true)
  })

  test('an event is answered within its hours by a visit that began in time, and is judged in the month it must be answered', () => {
    const within: Requirement = { ...monthly, id: 'e', interval: 'event', intervalLength: 24, channels: ['inPerson'] }
    const changed =
      (happenedAt: Date, ...visits: CountedVisit[]) =>
      (month: string) =>
        judgeMonth(life({ events: [{ happenedAt }] }), [within], visits, month).requirements[0]?.periods
    const began = (day: string, clock: string) => ({ ...visit(day), beganAt: instantOf(day, clock) })
    const noon = instantOf('2026-11-20', '09:00')
    expect(changed(noon, began('2026-11-21', '09:00'))('2026-11')).toMatchObject([{ met: true, label: '11-20 09:00' }])
    expect(changed(noon, began('2026-11-21', '09:30'))('2026-11')).toMatchObject([{ met: false }])
    expect(changed(noon, began('2026-11-20', '08:59'))('2026-11')).toMatchObject([{ met: false }])
    expect(changed(instantOf('2026-11-30', '23:00'))('2026-11')).toEqual([])
    expect(changed(instantOf('2026-11-30', '23:00'))('2026-12')).toMatchObject([{ met: false, to: '2026-12-01' }])
    expect(changed(instantOf('2026-12-31', '00:30'))('2027-01')).toMatchObject([{ to: '2027-01-01' }])
  })

  test('who counts: a rule for mutual aid is not met by a volunteer', () => {
    const mutual: Requirement = { ...monthly, natures: ['mutualAid'] }
    expect(periods(life(), [visit('2026-11-03')], '2026-11', mutual)).toEqual([false])
    expect(periods(life(), [visit('2026-11-03', { nature: 'mutualAid' })], '2026-11', mutual)).toEqual([true])
    expect(requirementSentence(mutual)).toBe('每月 1 次，上门或电话，邻里互助，至少 15 分钟')
  })

  test('a rule without its interval is none', () => {
    expect(whyNotRule({ interval: 'days', intervalLength: null })).toBe('REQUIREMENT_INTERVAL')
    expect(whyNotRule({ interval: 'week', intervalLength: 7 })).toBe('REQUIREMENT_INTERVAL')
    expect(whyNotRule({ interval: 'event', intervalLength: 24 })).toBeNull()
  })

  test('29 February and the last second of a year belong to their Shanghai day', () => {
    expect(periods(life(), [visit('2028-02-29')], '2028-02', monthly)).toEqual([true])
    expect(periodsOf(monthly, '2028-02')[0]?.to).toBe('2028-02-29')
    expect(dayOf(new Date('2026-12-31T15:59:59Z'))).toBe('2026-12-31')
    expect(dayOf(new Date('2026-12-31T16:00:00Z'))).toBe('2027-01-01')
    expect(periodsOf(weekly, '2026-12').map((one) => one.to)).toEqual([
      '2026-12-06',
      '2026-12-13',
      '2026-12-20',
      '2026-12-27',
      '2027-01-03',
    ])
  })
})

describe('exits', () => {
  test('one who comes home on the 5th is due; one who stays in hospital is not', () => {
    const home = life({ exits: [{ kind: 'hospital', validFrom: '2026-11-01', validTo: '2026-11-05' }] })
    const stays = life({ exits: [{ kind: 'hospital', validFrom: '2026-11-28', validTo: null }] })
    expect(judgeMonth(home, [monthly], [], '2026-11')).toMatchObject({ due: true, exitKind: null })
    expect(judgeMonth(stays, [monthly], [visit('2026-11-02')], '2026-11')).toMatchObject({
      due: false,
      exitKind: 'hospital',
      visited: true,
    })
  })

  test('a week is not owed when the exit stands on its Sunday; the weeks before and after are', () => {
    const away = disabled({ exits: [{ kind: 'away', validFrom: '2026-11-11', validTo: '2026-11-17' }] })
    expect(judgeMonth(away, [weekly], [], '2026-11').requirements[0]?.periods.map((one) => one.from)).toEqual([
      '2026-11-02',
      '2026-11-16',
      '2026-11-23',
    ])
  })

  test('who died in an earlier month is listed no more', () => {
    const dead = life({ exits: [{ kind: 'died', validFrom: '2026-10-31', validTo: null }], endedDay: '2026-10-31' })
    expect(judgeMonth(dead, [monthly], [], '2026-11')).toMatchObject({ regionId: null, due: false, exitKind: null })
    expect(judgeMonth(dead, [monthly], [], '2026-10')).toMatchObject({ exitKind: 'died', due: false })
  })

  test('died weighs more than hospital', () => {
    const both = life({
      exits: [
        { kind: 'hospital', validFrom: '2026-11-01', validTo: null },
        { kind: 'died', validFrom: '2026-11-09', validTo: null },
      ],
      endedDay: '2026-11-09',
    })
    expect(judgeMonth(both, [monthly], [], '2026-11').exitKind).toBe('died')
  })
})

describe('residence', () => {
  const moved = life({
    residences: [
      { ...HOME, validTo: '2026-11-14' },
      { validFrom: '2026-11-15', validTo: null, regionId: 'other', regionPath: '/1/2/4/' },
    ],
  })
  test('the village is the one of the last due day', () => {
    expect(judgeMonth(moved, [monthly], [visit('2026-11-02')], '2026-11')).toMatchObject({
      regionId: 'other',
      due: true,
      visited: true,
    })
    expect(judgeMonth(moved, [monthly], [], '2026-10').regionId).toBe('village')
    const untagged = { ...moved, tags: [{ category: 'livingAlone', validFrom: '2026-01-01', validTo: '2026-11-10' }] }
    expect(judgeMonth(untagged, [monthly], [], '2026-11').regionId).toBe('village')
  })

  test('a move inside the county splits no period', () => {
    expect(countMonths([judgeMonth(moved, [monthly], [visit('2026-11-02')], '2026-11')])).toMatchObject({
      requirementsDue: 1,
      requirementsMet: 1,
    })
  })

  test('a town’s own requirement ends with the move out of it', () => {
    const ofVillage = { ...weekly, category: 'livingAlone', regionPath: '/1/2/3/' }
    expect(periods(moved, [], '2026-11', ofVillage)).toHaveLength(2)
  })
})

describe('what is shown', () => {
  test('one mark a period: met, overdue, still due, not owed', () => {
    const tagged = disabled({ tags: [{ category: 'disabled', validFrom: '2026-11-09', validTo: null }] })
    const [judged] = judgeMonth(tagged, [weekly], [visit('2026-11-10')], '2026-11').requirements
    expect(marksOf(judged as never, '2026-11', '2026-11-23')).toEqual([
      { label: '第 1 周', mark: 'none' },
      { label: '第 2 周', mark: 'met' },
      { label: '第 3 周', mark: 'overdue' },
      { label: '第 4 周', mark: 'due' },
    ])
  })

  test('what is owed today: the week first, then the month, nothing in hospital', () => {
    const both = life({ tags: [...life().tags, ...disabled().tags] })
    const owed = (visits: CountedVisit[], elder = both, day = '2026-11-22') =>
      owedOn(elder, [monthly, weekly], visits, day)
    expect(owed([])).toBe('week')
    expect(owed([visit('2026-11-16', { channel: 'phone' })])).toBe('week')
    expect(owed([visit('2026-11-16')])).toBeNull()
    expect(owed([], life())).toBe('month')
    expect(owed([], life(), '2026-01-01')).toBe('month')
    expect(owed([visit('2026-11-30')], disabled(), '2026-12-01')).toBeNull()
    expect(
      owed([], { ...both, exits: [{ kind: 'hospital', validFrom: '2026-11-20', validTo: '2026-11-25' }] }),
    ).toBeNull()
    expect(owed([], life({ tags: [] }))).toBeNull()
  })

  test.each([
    [weekly, '每周 1 次，上门，至少 15 分钟'],
    [{ ...monthly, minSeconds: 0 }, '每月 1 次，上门或电话'],
    [
      { ...monthly, channels: ['video', 'inPerson', 'phone'] as const, minSeconds: 61 },
      '每月 1 次，上门、电话或视频，至少 2 分钟',
    ],
  ])('a requirement in words', (requirement, sentence) => {
    expect(requirementSentence(requirement)).toBe(sentence)
  })
})
