import { expect, test } from 'vitest'
import { initialsOf } from '../../server/person/initials'

test.each([
  ['王秀英', 'wxy'],
  ['单雄信', 'sxx'],
  ['曾国藩', 'zgf'],
  ['欧阳修', 'oyx'],
  ['尉迟恭', 'ycg'],
  ['解珍', 'xz'],
  ['吕布', 'lb'],
  ['阿依古丽·买买提', 'ayglmmt'],
  ['John Smith', 'johnsmith'],
  ['𠮷田', 't'],
  ['', ''],
])('%s is found by %s', (name, initials) => {
  expect(initialsOf(name)).toBe(initials)
})
