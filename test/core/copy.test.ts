import { expect, test } from 'vitest'
import { copyWith } from '../../shared/core/copy'

test('a copy has what is given on top of what was there, and what was there stays as it was', () => {
  const visit = { id: 'a', state: 'inProgress', level: null }
  expect(copyWith(visit, { state: 'finished', level: 2 })).toEqual({ id: 'a', state: 'finished', level: 2 })
  expect(visit).toEqual({ id: 'a', state: 'inProgress', level: null })
})
