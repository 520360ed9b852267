import { expect, test } from 'vitest'
import { steadyClock } from '../../server/core/clock'
import { Refusal } from '../../shared/core/refusals'
import { addSeconds, instantOf } from '../../shared/core/time'

const NINE = instantOf('2026-11-22', '09:00')

test('a clock that is corrected by a second does not go back; one that is set back is not believed', () => {
  let seconds = 0
  const now = steadyClock(() => addSeconds(NINE, seconds))
  seconds = 10
  expect(now()).toEqual(addSeconds(NINE, 10))
  seconds = 9
  expect(now()).toEqual(addSeconds(NINE, 10))
  seconds = 5
  expect(now()).toEqual(addSeconds(NINE, 10))
  seconds = 4
  expect(now).toThrow(new Refusal('SERVER_CLOCK'))
  seconds = 11
  expect(now()).toEqual(addSeconds(NINE, 11))
})
