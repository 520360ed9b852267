import { expect, test } from 'vitest'
import {
  ACCOUNT_KINDS,
  ACCOUNT_WORDS,
  availableOf,
  holdsLots,
  isBalanced,
  isStored,
  lowestOf,
  MILLI_POINTS_MAX,
  REQUEST_KINDS,
} from '../../shared/ledger/rules'

test('what every transfer would have to wait for is derived; all else is stored', () => {
  expect(ACCOUNT_KINDS.filter((kind) => !isStored(kind))).toEqual(['issuance', 'settled', 'expired'])
})

test('nobody goes below zero but what may owe, and what is derived', () => {
  const unlimited = ACCOUNT_KINDS.filter((kind) => lowestOf(kind) === null)
  expect(unlimited).toEqual(['issuance', 'settled', 'expired', 'recovery', 'clearing', 'suspense'])
  expect(ACCOUNT_KINDS.filter((kind) => lowestOf(kind) === 0n)).toHaveLength(5)
})

test('members, pools and organisations hold lots', () => {
  expect(ACCOUNT_KINDS.filter(holdsLots)).toEqual(['member', 'pool', 'organisation'])
})

test('every kind of account has a word, and each its own', () => {
  expect(Object.keys(ACCOUNT_WORDS)).toEqual(ACCOUNT_KINDS)
  expect(new Set(Object.values(ACCOUNT_WORDS)).size).toBe(ACCOUNT_KINDS.length)
  expect(Object.values(ACCOUNT_WORDS).every((word) => /^[\u4e00-\u9fff]{2,6}$/.test(word))).toBe(true)
})

const posting = (milliPoints: bigint) => ({ accountId: 'a', milliPoints })

test.each<[string, bigint[], boolean]>([
  ['nothing', [], false],
  ['one alone, even of 0', [0n], false],
  ['one alone', [5n], false],
  ['two that cancel', [-5n, 5n], true],
  ['two that do not', [-5n, 6n], false],
  ['three that cancel', [-5n, 2n, 3n], true],
  ['an empty one among those that cancel', [-5n, 5n, 0n], false],
  ['two empty ones', [0n, 0n], false],
  ['2⁵³ both ways', [-MILLI_POINTS_MAX, MILLI_POINTS_MAX], true],
])('%s: balanced or not', (_, amounts, balanced) => {
  expect(isBalanced(amounts.map(posting))).toBe(balanced)
})

test('what may be taken is what is posted less what is held', () => {
  expect(availableOf({ postedMilliPoints: 900n, pendingMilliPoints: 250n })).toBe(650n)
})

test('one posting moves at most what JSON still reads exactly', () => {
  expect(MILLI_POINTS_MAX).toBe(9_007_199_254_740_992n)
})

test('what two persons agree to is a closed list', () => {
  expect(REQUEST_KINDS.join(' ')).toBe(
    'MANUAL GRANT RESTORE REVERSE FREEZE UNFREEZE CLOSE TRANSFER_REGION SETTLE IMPORT',
  )
})
