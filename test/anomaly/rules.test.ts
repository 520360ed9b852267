import { describe, expect, test } from 'vitest'
import { anomaliesIn, anomalySentence, type Fact, KIND_WORDS, type Kind } from '../../shared/anomaly/rules'
import { SETTINGS } from '../../shared/region/settings'
import { times } from '../support/long'

const LIMITS = {
  anomalyVisitsMin: SETTINGS.anomalyVisitsMin.standard,
  anomalyRoundPercent: SETTINGS.anomalyRoundPercent.standard,
  anomalyPairPercent: SETTINGS.anomalyPairPercent.standard,
  anomalySameSpot: SETTINGS.anomalySameSpot.standard,
  anomalyPlateDayMax: SETTINGS.anomalyPlateDayMax.standard,
  anomalyClerkSigma: SETTINGS.anomalyClerkSigma.standard,
  anomalyNewDeviceHours: SETTINGS.anomalyNewDeviceHours.standard,
}

/** The same numbers each time. */
function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}

const fact = (more: Partial<Fact> = {}): Fact => ({
  memberId: 'm',
  memberPersonId: 'pm',
  elderIds: ['e'],
  elderPersonIds: ['pe'],
  day: '2026-11-02',
  servedSeconds: 3517,
  regionPath: '/1/2/3/4/5/',
  enteredByPersonId: null,
  marks: [],
  deviceIds: [],
  plateIds: [],
  ...more,
})
const kindsOf = (facts: Fact[], first?: Map<string, string>) =>
  anomaliesIn(facts, LIMITS, first).map(({ kind }) => kind)
const many = (count: number, of: (index: number) => Partial<Fact>) =>
  Array.from({ length: count }, (_, i) => fact(of(i)))
const dayOf = (index: number) => `2026-11-${String(1 + (index % 28)).padStart(2, '0')}`

describe('a rule finds', () => {
  const cases: [Kind, Fact[], Map<string, string>?][] = [
    ['roundTimes', many(20, (i) => ({ day: dayOf(i), servedSeconds: i % 2 === 0 ? 3600 : 1810 }))],
    ['closePair', many(20, (i) => ({ day: dayOf(i), elderIds: [i < 16 ? 'e' : `e${i}`] }))],
    [
      'reciprocal',
      [
        ...many(4, () => ({ memberPersonId: 'a', elderPersonIds: ['b'] })),
        ...many(3, () => ({ memberId: 'm2', memberPersonId: 'b', elderPersonIds: ['a'] })),
      ],
    ],
    ['sameSpot', many(4, (i) => ({ day: dayOf(i), marks: ['x', 'x'] }))],
    ['sharedDevice', [fact({ deviceIds: ['d'] }), fact({ memberId: 'm2', deviceIds: ['d'] })]],
    ['busyPlate', many(3, (i) => ({ memberId: `m${i}`, plateIds: ['p', 'p'] }))],
    [
      'manualClerk',
      [
        ...many(80, (i) => ({ memberId: `m${i}`, enteredByPersonId: 'much' })),
        ...many(20, (i) => ({ memberId: `n${i}`, enteredByPersonId: `c${i % 4}` })),
      ],
    ],
    [
      'newDevice',
      many(7, (i) => ({ day: `2026-11-0${i + 1}`, servedSeconds: 8 * 3600 + 77, deviceIds: ['d'] })),
      new Map([['d', '2026-11-01']]),
    ],
  ]
  test.each(cases)('%s, and says why with its numbers', (kind, facts, first) => {
    const found = anomaliesIn(facts, LIMITS, first).find((one) => one.kind === kind)
    expect(found).toBeDefined()
    expect(found?.score).toBeGreaterThan(0)
    expect(anomalySentence(kind, found?.detail ?? {})).toMatch(/\d/)
    expect(KIND_WORDS[kind]).not.toBe('')
  })

  test('nothing in what is usual: odd minutes, several elders, one phone each', () => {
    expect(
      kindsOf(
        many(30, (i) => ({ day: dayOf(i), servedSeconds: 2000 + 97 * i, elderIds: [`e${i % 3}`], deviceIds: ['d'] })),
      ),
    ).toEqual([])
  })
  test('nothing where a helper has one neighbour only, or too few visits to tell', () => {
    expect(kindsOf(many(30, (i) => ({ day: dayOf(i), servedSeconds: 2000 + 97 * i })))).toEqual([])
    expect(kindsOf(many(5, (i) => ({ day: dayOf(i), servedSeconds: 3600 })))).toEqual([])
  })
  test('a case belongs to the region all of it is in', () => {
    const [found] = anomaliesIn(
      [fact({ deviceIds: ['d'] }), fact({ memberId: 'm2', deviceIds: ['d'], regionPath: '/1/2/3/9/' })],
      LIMITS,
    )
    expect(found?.regionPath).toBe('/1/2/3/')
  })
})

/** A month of a county: pairs of neighbours who come when they come, and one pair that makes it up at the kitchen table. */
function county(seed: number): Fact[] {
  const random = chance(seed)
  const facts: Fact[] = []
  for (let pair = 0; pair < 1000; pair++) {
    const helper = Math.floor(pair / 2)
    const visits = 4 + Math.floor(random() * 9)
    for (let visit = 0; visit < visits; visit++)
      facts.push(
        fact({
          memberId: `m${helper}`,
          memberPersonId: `pm${helper}`,
          elderIds: [`e${pair}`],
          elderPersonIds: [`pe${pair}`],
          day: dayOf(Math.floor(random() * 28)),
          // Some round their visits themselves: they watch the clock.
          servedSeconds: random() < 0.2 ? 3600 : 900 + Math.floor(random() * 6000),
          regionPath: `/1/2/3/${pair % 14}/${pair % 140}/`,
          marks: [`${pair} ${visit} in`, `${pair} ${visit} out`],
          deviceIds: [`d${helper}`],
          plateIds: [`p${pair}`],
        }),
      )
  }
  for (let visit = 0; visit < 26; visit++)
    facts.push(
      fact({
        memberId: 'colluder',
        memberPersonId: 'p-colluder',
        elderIds: [visit < 24 ? 'friend' : `e${visit}`],
        elderPersonIds: [visit < 24 ? 'p-friend' : `pe${visit}`],
        day: dayOf(visit),
        servedSeconds: 7200,
        regionPath: '/1/2/3/4/44/',
        marks: ['kitchen'],
        deviceIds: ['d-colluder'],
        plateIds: ['p-friend'],
      }),
    )
  return facts
}

test('planted collusion among a thousand pairs is among the first five to be looked at', () => {
  for (let seed = 1; seed <= times(3, 200); seed++) {
    const first = anomaliesIn(county(seed), LIMITS).slice(0, 5)
    expect(
      first.some(({ subjects }) => subjects.includes('colluder')),
      `seed ${seed}: ${JSON.stringify(first)}`,
    ).toBe(true)
  }
})
