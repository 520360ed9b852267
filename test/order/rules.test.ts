import { describe, expect, test } from 'vitest'
import { instantOf } from '../../shared/core/time'
import {
  isUnattended,
  type OrderState,
  staffFromOf,
  whyNotAsk,
  whyNotCancel,
  whyNotGiveBack,
  whyNotTake,
} from '../../shared/order/rules'

const TODAY = '2026-11-22'
const STATES: readonly OrderState[] = ['open', 'accepted', 'done', 'cancelled']

test.each([
  ['today', { wantedDay: TODAY }, null],
  ['yesterday', { wantedDay: '2026-11-21' }, 'ORDER_DAY'],
  ['in 30 days', { wantedDay: '2026-12-22' }, null],
  ['in 31 days', { wantedDay: '2026-12-23' }, 'ORDER_DAY'],
  ['one below the most', { openOrders: 4 }, null],
  ['the most', { openOrders: 5 }, 'ORDER_TOO_MANY'],
  ['on the elder’s last day', { elderEndedDay: TODAY }, null],
  ['after it', { elderEndedDay: '2026-11-21' }, 'ELDER_ENDED'],
])('asking: %s', (_, more, code) => {
  expect(whyNotAsk({ wantedDay: TODAY, openOrders: 0, elderEndedDay: null, ...more }, TODAY, 5)).toBe(code)
})

test('only an open order is taken, only one’s own is given back, and what is over stays over', () => {
  expect(STATES.map((state) => whyNotTake({ state }))).toEqual([
    null,
    'ORDER_NOT_OPEN',
    'ORDER_NOT_OPEN',
    'ORDER_NOT_OPEN',
  ])
  expect(STATES.map((state) => whyNotGiveBack({ state, memberId: 'me' }, 'me'))).toEqual([
    null,
    null,
    'ORDER_CLOSED',
    'ORDER_CLOSED',
  ])
  expect(whyNotGiveBack({ state: 'accepted', memberId: 'other' }, 'me')).toBe('ORDER_NOT_YOURS')
  expect(STATES.map((state) => whyNotCancel({ state }))).toEqual([null, null, 'ORDER_CLOSED', 'ORDER_CLOSED'])
})

describe('when staff look', () => {
  const at = instantOf(TODAY, '09:00')
  test.each([
    ['next week: after 24 hours', '2026-11-29', 'any', instantOf('2026-11-23', '09:00')],
    ['tomorrow morning: by then', '2026-11-23', 'morning', instantOf('2026-11-23', '08:00')],
    ['tomorrow at 10: after 24 hours', '2026-11-23', '10:00', instantOf('2026-11-23', '09:00')],
    ['this afternoon: by then', TODAY, 'afternoon', instantOf(TODAY, '13:00')],
    ['this morning, which has begun: at once', TODAY, 'morning', at],
  ])('%s', (_, wantedDay, wantedTime, expected) => {
    expect(staffFromOf({ wantedDay, wantedTime }, at, 24)).toEqual(expected)
  })

  test('what somebody took is attended to', () => {
    expect(STATES.map((state) => isUnattended({ state, staffFrom: at }, at))).toEqual([true, false, false, false])
    expect(isUnattended({ state: 'open', staffFrom: new Date(at.getTime() + 1) }, at)).toBe(false)
  })
})
