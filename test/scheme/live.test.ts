import { describe, expect, test } from 'vitest'
import { whyNotLive } from '../../server/scheme/live'
import type { SchemeDocument } from '../../shared/scheme/document'
import { atDoor, HOME } from '../support/door'
import { newWorld, SIMPLE } from '../support/world'

type Earn = SchemeDocument['earn']
const withEarn = (earn: Earn): SchemeDocument => ({ ...SIMPLE, earn: { ...SIMPLE.earn, ...earn } })

/** What a visit of so many minutes brings under these rules: expected at its end, and posted with the elder's yes. */
async function earned(earn: Earn, minutes: number) {
  const document = withEarn(earn)
  expect(whyNotLive(document)).toEqual([])
  const world = await newWorld({ scheme: document })
  const { served, answer, visitOf, pointsOf } = await atDoor(world, { homePoint: HOME })
  const id = await served(minutes)
  const expected = (await visitOf(id)).expectedMilliPoints
  await answer(id, 'yes')
  const { awardedMilliPoints, explanation } = await visitOf(id)
  expect(awardedMilliPoints).toBe(expected)
  expect(await pointsOf()).toBe(awardedMilliPoints)
  const { formula, zeroReason } = JSON.parse(explanation ?? '{}') as { formula: string; zeroReason: string | null }
  return { milliPoints: awardedMilliPoints, formula, zeroReason }
}

describe('what the rules ask of a real visit', () => {
  test('its service: a price of its own, whatever the time', async () => {
    const prices = [{ service: 'cleaning', milliPoints: 30_000 }]
    expect(await earned({ prices }, 20)).toMatchObject({ milliPoints: 30_000n, formula: '每次 30 分 = 30 分' })
  })

  test('whom it served: a coefficient for elders who live alone', async () => {
    const coefficients: Earn['coefficients'] = [
      { name: '独居', times: [3, 2], when: 'elderCategories has livingAlone and elderAge >= 80' },
      { name: '失能', times: [2, 1], when: 'elderCategories has disabled' },
    ]
    expect(await earned({ coefficients }, 60)).toMatchObject({
      milliPoints: 18_000n,
      formula: '60 分钟 ÷ 5 × 1.5（独居） = 18 分',
    })
  })

  test('its time of day: the world stands at nine, the window opens at half past', async () => {
    const coefficients: Earn['coefficients'] = [{ name: '上午', times: [2, 1], fromClock: '09:30', toClock: '12:00' }]
    expect(await earned({ coefficients }, 60)).toMatchObject({ milliPoints: 18_000n })
  })

  test('how much of the planned hour was served', async () => {
    expect(await earned({ presencePermille: 600 }, 35)).toMatchObject({
      milliPoints: 0n,
      zeroReason: '计划 60 分钟，到场 35 分钟，不足 60 %，不记分',
    })
    expect(await earned({ presencePermille: 600 }, 36)).toMatchObject({ milliPoints: 7000n, zeroReason: null })
  })

  test('who helped: the age of the helper', async () => {
    expect(await earned({ earners: [{ sex: 'female', fromAge: 50, toAge: 66 }] }, 60)).toMatchObject({
      milliPoints: 12_000n,
    })
    expect(await earned({ earners: [{ sex: 'male' }, { toAge: 65 }] }, 60)).toMatchObject({
      milliPoints: 0n,
      zeroReason: '年龄不在计分的范围里，只记时长',
    })
  })

  test('how it was made: what is done by telephone only earns nothing at the door', async () => {
    expect(await earned({ channels: ['phone'] }, 60)).toMatchObject({ milliPoints: 0n })
  })
})

test('what the running system does not act on is named', () => {
  const document: SchemeDocument = { ...SIMPLE, expiry: { kind: 'yearEnd' }, transfer: {} }
  expect(whyNotLive(document).map(({ path }) => path)).toEqual(['transfer', 'expiry'])
})
