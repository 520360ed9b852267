import { describe, expect, test } from 'vitest'
import { SETTINGS, type SettingKey, type SettingValues } from '../../shared/region/settings'
import { STANDARD_SCHEME } from '../../shared/scheme/standard'
import { type End, exitProof, isPrecise, levelOfEnd, levelOfVisit } from '../../shared/visit/evidence'
import { EXCEPTIONS, type ExceptionCode, flagOf } from '../../shared/visit/exceptions'
import {
  type Arrival,
  type BeginFacts,
  type FinishFacts,
  raisedAtBegin,
  raisedAtClosing,
  raisedAtFinish,
  raisedByAnswer,
  type WholeFacts,
} from '../../shared/visit/raise'
import {
  answeredOf,
  isCounted,
  postsNow,
  reachesPosting,
  secondsBetween,
  stateAfter,
  whyNotCheckOut,
  whyNotConfirm,
  whyNotHelp,
  whyNotServe,
} from '../../shared/visit/rules'
import type { VisitState } from '../../shared/visit/view'
import { exceptionSentence, type PointsFacts, pointsSentence, visitNumber } from '../../shared/visit/words'

const LIMITS = Object.fromEntries(
  Object.entries(SETTINGS).map(([key, { standard }]) => [key, standard]),
) as unknown as SettingValues satisfies Record<SettingKey, unknown>
const NOON = new Date('2026-11-22T04:00:00Z')
const STATES: readonly VisitState[] = ['inProgress', 'finished', 'confirmed', 'disputed', 'approved', 'returned']
const ALONE: WholeFacts = { pairVisits: 1, legs: [], unanswered: { times: 0, seconds: 0 } }
const later = (seconds: number) => new Date(NOON.getTime() + seconds * 1000)

describe('evidence', () => {
  const end = (more: Partial<End>): End => ({
    method: 'plate',
    plate: 'inForce',
    boundDevice: true,
    distanceMetres: 0,
    ...more,
  })
  test.each<[string, Partial<End>, number]>([
    ['plate, own phone, at the door', {}, 2],
    ['plate, own phone, on the line', { distanceMetres: 200 }, 2],
    ['plate, own phone, a step beyond', { distanceMetres: 200.01 }, 1],
    ['plate, own phone, no place', { distanceMetres: null }, 1],
    ['plate, another phone', { boundDevice: false }, 1],
    ['typed number', { method: 'typedNumber' }, 1],
    ['revoked plate', { plate: 'revoked' }, 1],
    ['another door’s plate', { plate: 'otherDoor' }, 1],
    ['pressed', { method: 'button', plate: null }, 1],
    ['closed by the clock', { method: 'job', plate: null }, 1],
    ['typed in by staff', { method: 'staff', plate: null }, 0],
  ])('%s', (_, more, level) => {
    expect(levelOfEnd(end(more), 200)).toBe(level)
  })

  test('a visit is proved as well as its weaker end', () => {
    expect([levelOfVisit(2, 1), levelOfVisit(0, 2), levelOfVisit(2, 2)]).toEqual([1, 0, 2])
  })

  test('a circle as wide as near is still a place', () => {
    expect([isPrecise(200, 200), isPrecise(200.5, 200)]).toEqual([true, false])
  })

  test('a scan proves the exit up to its last second', () => {
    const press = { level: 1, at: NOON, distanceMetres: null }
    const scan = (secondsBefore: number) => ({ level: 2, at: later(-secondsBefore), distanceMetres: 40 })
    expect(exitProof(press, [scan(600)], 600)).toEqual({ level: 2, distanceMetres: 40 })
    expect(exitProof(press, [scan(601)], 600)).toEqual({ level: 1, distanceMetres: null })
    expect(exitProof({ ...press, distanceMetres: 30 }, [scan(10)], 600)).toEqual({ level: 2, distanceMetres: 30 })
  })
})

describe('what is raised', () => {
  const arrival = (more: Partial<Arrival> = {}): Arrival => ({
    method: 'plate',
    plate: 'inForce',
    boundDevice: true,
    distanceMetres: 10,
    phase: 'in',
    hasHomePoint: true,
    offline: null,
    at: NOON,
    deviceAt: NOON,
    ...more,
  })
  const begin = (more: Partial<BeginFacts> = {}): BeginFacts => ({
    end: arrival(),
    otherRunning: false,
    pairVisits: 1,
    isRelative: false,
    exitKind: null,
    travelled: null,
    ...more,
  })
  const finish = (more: Partial<FinishFacts> = {}): FinishFacts => ({
    end: arrival({ phase: 'out' }),
    servedSeconds: 3600,
    overlaps: false,
    exitKind: null,
    wasCut: false,
    whole: ALONE,
    ...more,
  })
  const codesAt = (facts: Partial<BeginFacts>) => raisedAtBegin(begin(facts), LIMITS).map(({ code }) => code)

  test.each<[string, Partial<BeginFacts>, ExceptionCode[]]>([
    ['nothing odd', {}, []],
    ['another visit running', { otherRunning: true }, ['E02']],
    ['on the line', { end: arrival({ distanceMetres: 200 }) }, []],
    ['beyond the line', { end: arrival({ distanceMetres: 201 }) }, ['E03']],
    ['no place', { end: arrival({ distanceMetres: null }) }, ['E03']],
    ['no place, and no point to compare with', { end: arrival({ distanceMetres: null, hasHomePoint: false }) }, []],
    ['20th visit of the month', { pairVisits: 20 }, []],
    ['21st visit of the month', { pairVisits: 21 }, ['E06']],
    ['clock 5 minutes slow', { end: arrival({ deviceAt: later(-300) }) }, []],
    ['clock more than 5 minutes slow', { end: arrival({ deviceAt: later(-301) }) }, ['E09']],
    ['clock more than 5 minutes fast', { end: arrival({ deviceAt: later(301) }) }, ['E09']],
    ['uploaded more than a day late', { end: arrival({ deviceAt: later(-86_401) }) }, ['E09']],
    ['revoked plate', { end: arrival({ plate: 'revoked' }) }, ['E10']],
    ['forged plate', { end: arrival({ plate: 'unknown' }) }, ['E10']],
    ['family', { isRelative: true }, ['E11']],
    ['in hospital', { exitKind: 'hospital' }, ['E13']],
    ['dead', { exitKind: 'died' }, ['E13']],
    ['moved', { exitKind: 'moved' }, ['E13']],
    ['away', { exitKind: 'away' }, []],
    ['does not want visits', { exitKind: 'refused' }, []],
    ['as fast as a car: 8 km in 6 minutes', { travelled: { metres: 8000, seconds: 360 } }, []],
    ['faster than a car', { travelled: { metres: 8001, seconds: 360 } }, ['E14']],
    ['next door at once', { travelled: { metres: 200, seconds: 0 } }, []],
    ['far away at once', { travelled: { metres: 201, seconds: 0 } }, ['E14']],
  ])('at the beginning: %s', (_, facts, codes) => {
    expect(codesAt(facts)).toEqual(codes)
  })

  test.each<[string, Partial<FinishFacts>, ExceptionCode[]]>([
    ['as planned', {}, []],
    ['a second before the minimum', { servedSeconds: 899 }, ['E04']],
    ['the minimum', { servedSeconds: 900 }, []],
    ['the cap', { servedSeconds: 14_400 }, []],
    ['a second beyond the cap', { servedSeconds: 14_401 }, ['E05']],
    ['overlapping', { overlaps: true }, ['E02']],
    ['cut by a cap', { wasCut: true }, ['E12']],
    ['dead', { exitKind: 'died' }, ['E13']],
    ['21st visit of the month by now', { whole: { ...ALONE, pairVisits: 21 } }, ['E06']],
    ['a leg as fast as a car', { whole: { ...ALONE, legs: [{ metres: 8000, seconds: 360 }] } }, []],
    [
      'two legs that are too fast',
      {
        whole: {
          ...ALONE,
          legs: [
            { metres: 8001, seconds: 360 },
            { metres: 9000, seconds: 60 },
          ],
        },
      },
      ['E14'],
    ],
    ['asked to scan again, and not done', { whole: { ...ALONE, unanswered: { times: 1, seconds: 300 } } }, ['E17']],
  ])('at the end: %s', (_, facts, codes) => {
    expect(raisedAtFinish(finish(facts), LIMITS).map(({ code }) => code)).toEqual(codes)
  })

  test('closed by the clock: E01, and never E05 for the cap itself', () => {
    const codes = (whole: WholeFacts) =>
      raisedAtClosing({ overlaps: true, exitKind: null, wasCut: true, whole }, LIMITS).map(({ code }) => code)
    expect(codes(ALONE)).toEqual(['E01', 'E02', 'E12'])
    // nobody was there to be asked, but the month and the ways are what they are
    const odd = { pairVisits: 21, legs: [{ metres: 9000, seconds: 60 }], unanswered: { times: 1, seconds: 300 } }
    expect(codes(odd)).toEqual(['E01', 'E02', 'E12', 'E06', 'E14'])
  })

  test('by an answer', () => {
    expect(raisedByAnswer({ answer: 'yes', helperConfirms: false, siteId: null })).toEqual([])
    expect(raisedByAnswer({ answer: 'unsure', helperConfirms: false, siteId: null })).toEqual([])
    expect(raisedByAnswer({ answer: 'no', helperConfirms: true, siteId: null }).map(({ code }) => code)).toEqual([
      'E07',
      'E16',
    ])
  })

  test('the colour is that of the worst that is open', () => {
    expect([flagOf([]), flagOf(['E12']), flagOf(['E12', 'E04']), flagOf(['E04', 'E07'])]).toEqual([
      'clean',
      'clean',
      'amber',
      'red',
    ])
  })
})

describe('who may help whom', () => {
  const helper = { personId: 'helper', countyId: 'county', state: 'active' }
  const elder = { personId: 'elder', countyId: 'county', endedDay: null }
  test.each([
    ['a neighbour', helper, elder, null],
    ['somebody of another county', { ...helper, countyId: 'other' }, elder, 'PLATE_FOREIGN'],
    ['oneself', { ...helper, personId: 'elder' }, elder, 'SELF_SERVICE'],
    ['who was taken off the list yesterday', helper, { ...elder, endedDay: '2026-11-21' }, 'ELDER_ENDED'],
    ['on the last day on the list', helper, { ...elder, endedDay: '2026-11-22' }, null],
  ])('%s', (_, who, whom, code) => {
    expect(whyNotServe(who, whom, '2026-11-22')).toBe(code)
  })
  test('only active helpers', () => {
    expect(['active', 'suspended', 'ended'].map((state) => whyNotHelp({ state }))).toEqual([
      null,
      'MEMBER_SUSPENDED',
      'NOT_A_MEMBER',
    ])
  })
})

describe('states', () => {
  test('only a running visit ends, and not before it began', () => {
    expect(STATES.map((state) => whyNotCheckOut({ state, checkInAt: NOON }, NOON))).toEqual([
      null,
      ...Array(5).fill('VISIT_NOT_IN_PROGRESS'),
    ])
    expect(whyNotCheckOut({ state: 'inProgress', checkInAt: NOON }, later(-0.001))).toBe('CLOCK_WENT_BACK')
  })

  test('seconds are whole', () => {
    expect([secondsBetween(NOON, later(59.999)), secondsBetween(NOON, later(60))]).toEqual([59, 60])
  })

  test('what is running, disputed, returned, too short or overlapping does not count', () => {
    const counts = (more: Partial<Parameters<typeof isCounted>[0]>) =>
      isCounted({ state: 'finished', servedSeconds: 900, overlaps: false, ...more }, 900)
    expect(STATES.filter((state) => counts({ state }))).toEqual(['finished', 'confirmed', 'approved'])
    expect([counts({ servedSeconds: 899 }), counts({ overlaps: true })]).toEqual([false, false])
  })

  test('each evidence earns from its own step on', () => {
    const reached = [0, 1, 2, 3, 4].map((level) =>
      STATES.filter((state) => reachesPosting({ state, level }, STANDARD_SCHEME)),
    )
    expect(reached).toEqual([
      ['approved'],
      ['approved'],
      ['confirmed', 'approved'],
      ['confirmed', 'approved'],
      ['finished', 'confirmed', 'approved'],
    ])
  })

  test('nothing is posted twice, nor while something red is open; amber does not stop it', () => {
    const posts = (more: object) =>
      postsNow({ state: 'confirmed', level: 2, flag: 'clean', isPosted: false, ...more }, STANDARD_SCHEME)
    expect([posts({}), posts({ flag: 'amber' }), posts({ flag: 'red' }), posts({ isPosted: true })]).toEqual([
      true,
      true,
      false,
      false,
    ])
  })
})

describe('the answer', () => {
  const earlier = (answer: 'yes' | 'no' | 'unsure', how: 'app' | 'phone' = 'app') => ({ answer, how, firstAt: NOON })
  const DAY = 24 * 3600
  test.each<
    [
      string,
      VisitState,
      ReturnType<typeof earlier> | null,
      'yes' | 'no' | 'unsure',
      'app' | 'phone',
      number,
      string | null,
    ]
  >([
    ['the first', 'finished', null, 'yes', 'app', 0, null],
    ['while it is running', 'inProgress', null, 'yes', 'app', 0, 'CONFIRM_NOT_FINISHED'],
    ['after it was returned', 'returned', null, 'yes', 'app', 0, 'CONFIRM_ALREADY'],
    ['late, to what staff approved in silence', 'approved', null, 'no', 'app', 100 * DAY, null],
    ['the same again', 'confirmed', earlier('yes'), 'yes', 'app', 60, 'CONFIRM_ALREADY'],
    ['点错了 at the last second', 'confirmed', earlier('yes'), 'no', 'app', DAY, null],
    ['点错了 too late', 'confirmed', earlier('yes'), 'no', 'app', DAY + 1, 'CONFIRM_TOO_LATE'],
    ['记不清, then asked by staff days later', 'finished', earlier('unsure'), 'yes', 'phone', 3 * DAY, null],
    ['记不清 twice', 'finished', earlier('unsure'), 'unsure', 'app', 60, 'CONFIRM_ALREADY'],
    ['staff against the elder’s own no', 'disputed', earlier('no'), 'yes', 'phone', 60, 'CONFIRM_ALREADY'],
    ['staff against their own no', 'disputed', earlier('no', 'phone'), 'yes', 'phone', 60, null],
    ['a complaint by telephone', 'confirmed', earlier('yes'), 'no', 'phone', 60, null],
  ])('%s', (_, state, known, answer, how, seconds, code) => {
    expect(whyNotConfirm({ state }, known, { answer, how }, later(seconds), 24)).toBe(code)
  })

  test('leads on: yes confirms and leaves approved alone, no disputes, 记不清 waits', () => {
    expect([
      stateAfter('yes', 'finished'),
      stateAfter('yes', 'disputed'),
      stateAfter('yes', 'approved'),
      stateAfter('no', 'approved'),
      stateAfter('unsure', 'confirmed'),
    ]).toEqual(['confirmed', 'confirmed', 'approved', 'disputed', 'finished'])
  })

  test('the time to correct runs from the first definite answer', () => {
    const rows = [
      { answer: 'unsure', how: 'app', at: NOON },
      { answer: 'yes', how: 'app', at: later(60) },
      { answer: 'no', how: 'app', at: later(120) },
    ]
    expect(answeredOf([])).toBeNull()
    expect(answeredOf(rows.slice(0, 1))).toEqual({ answer: 'unsure', how: 'app', firstAt: NOON })
    expect(answeredOf(rows)).toEqual({ answer: 'no', how: 'app', firstAt: later(60) })
  })
})

describe('words', () => {
  const facts = (more: Partial<PointsFacts>): PointsFacts => ({
    state: 'finished',
    atSite: false,
    flag: 'clean',
    postStep: 'confirmation',
    expectedMilliPoints: 13_000n,
    awardedMilliPoints: null,
    zeroReason: null,
    isUnsure: false,
    isSilent: false,
    returnedWords: null,
    redSentence: null,
    ...more,
  })
  test.each<[string, Partial<PointsFacts>, string]>([
    ['running', { state: 'inProgress', expectedMilliPoints: null }, '帮完以后算积分'],
    ['well proved', {}, '等老人确认后到账'],
    ['proved by paper', { postStep: 'approval' }, '等老人确认，再由社区审核'],
    ['something red', { flag: 'red' }, '等老人确认，再由社区审核'],
    ['not sure', { isUnsure: true }, '老人记不清，等社区打电话问'],
    ['silent', { isSilent: true, flag: 'amber' }, '老人一直没回应，等社区审核'],
    [
      'too short',
      { expectedMilliPoints: 0n, zeroReason: '8 分钟，不足 15 分钟，不记分' },
      '8 分钟，不足 15 分钟，不记分',
    ],
    ['no rules', { expectedMilliPoints: null, postStep: null }, '这里还没有积分规则，只记时长'],
    ['confirmed, not paid', { state: 'confirmed' }, '等社区审核'],
    ['confirmed, red', { state: 'confirmed', redSentence: '时间太长，社区会核实' }, '等社区审核：时间太长，社区会核实'],
    ['paid', { state: 'confirmed', awardedMilliPoints: 13_000n }, '已到账 13 分'],
    [
      'paid nothing',
      { state: 'approved', awardedMilliPoints: 0n, zeroReason: '每天最多记 2 分，已经到了' },
      '每天最多记 2 分，已经到了',
    ],
    ['disputed', { state: 'disputed' }, '老人说没来过，等社区核实'],
    ['returned', { state: 'returned', returnedWords: '时间不实' }, '社区没有通过：时间不实'],
  ])('what happens with the points: %s', (_, more, sentence) => {
    expect(pointsSentence(facts(more))).toBe(sentence)
  })

  test.each<[ExceptionCode, object, string]>([
    ['E01', { mostMinutes: 240 }, '没有按「帮完了」，满 240 分钟自动结束'],
    ['E03', { inMetres: 420, nearMetres: 200 }, '开始时离门牌 420 米'],
    ['E03', { inMetres: 420, outMetres: null, nearMetres: 200 }, '开始时离门牌 420 米，结束时没有位置'],
    ['E04', { minutes: 8, leastMinutes: 15 }, '8 分钟，不足 15 分钟'],
    ['E06', { times: 21, mostTimes: 20 }, '这一对本月第 21 次，超过 20 次'],
    ['E09', { kind: 'late', seconds: 93_600 }, '晚了 26 小时才上传'],
    ['E09', { kind: 'clock', seconds: 301 }, '手机时间差 6 分钟'],
    ['E10', { plate: 'revoked' }, '用了已作废的门牌'],
    ['E13', { kind: 'hospital' }, '那天老人在住院'],
    ['E14', { metres: 12_340, minutes: 5 }, '离上一家 12.3 公里，只隔 5 分钟'],
  ])('%s says its numbers to staff, and plain words to the helper', (code, detail, sentence) => {
    expect(exceptionSentence(code, detail as Record<string, unknown>, 'staff')).toBe(sentence)
    expect(exceptionSentence(code, detail as Record<string, unknown>, 'helper')).toBe(EXCEPTIONS[code].helper)
  })

  test('a record has a number that can be read out', () => {
    expect(visitNumber('0193521a-0000-7000-8000-0000000003bf', '2026-11-24')).toBe('2611-24-0959')
  })
})
