import { expect, test } from 'vitest'
import { differencesOf } from '../../shared/scheme/difference'

test('two schemes differ leaf by leaf, and what only one of them has is named', () => {
  const before = {
    title: '甲',
    earn: { dayCapMilliPoints: 2000, postAt: ['never', 'approval'] },
    stars: [{ stars: 1 }],
  }
  const after = {
    title: '乙',
    earn: { dayCapMilliPoints: 3000, postAt: ['never', 'finish'] },
    donate: { to: ['pool'] },
  }
  expect(differencesOf(before, after)).toEqual([
    { path: 'donate.to.0', before: undefined, after: 'pool' },
    { path: 'earn.dayCapMilliPoints', before: 2000, after: 3000 },
    { path: 'earn.postAt.1', before: 'approval', after: 'finish' },
    { path: 'stars.0.stars', before: 1, after: undefined },
    { path: 'title', before: '甲', after: '乙' },
  ])
})

test('a scheme does not differ from itself, and the tenth item comes after the second', () => {
  const prices = Array.from({ length: 11 }, (_, no) => ({ milliPoints: no }))
  expect(differencesOf({ prices }, { prices })).toEqual([])
  const changed = prices.map(({ milliPoints }) => ({ milliPoints: milliPoints + 1 }))
  expect(differencesOf({ prices }, { prices: changed }).map(({ path }) => path)).toEqual(
    prices.map((_, no) => `prices.${no}.milliPoints`),
  )
})
