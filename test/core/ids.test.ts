import { expect, test } from 'vitest'
import { idFrom, newId } from '../../server/core/ids'

const at = new Date('2026-11-22T01:00:00Z')

test('ids made in one millisecond sort in the order they were made', () => {
  const ids = Array.from({ length: 500 }, () => newId(at))
  expect([...ids].sort()).toEqual(ids)
  expect(new Set(ids).size).toBe(500)
})

test('an id is a UUID of version 7 and begins with its time', () => {
  expect(newId(at)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(Number.parseInt(newId(at).replace(/-/g, '').slice(0, 12), 16)).toBe(at.getTime())
})

test('an id that follows from names is always the same', () => {
  expect(idFrom('a', 'b')).toBe(idFrom('a', 'b'))
  expect(idFrom('a', 'b')).not.toBe(idFrom('a', 'c'))
})

test('an id that follows from one that begins with its time begins with it too', () => {
  const visit = newId(at)
  expect(idFrom('EARN', 'visit', visit, '0').slice(0, 14)).toBe(`${visit.slice(0, 13)}-`)
  expect(idFrom('EARN', 'visit', visit, '0')).not.toBe(idFrom('EARN', 'visit', visit, '1'))
  expect(idFrom('EARN', 'visit', visit, '0')).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/,
  )
})
