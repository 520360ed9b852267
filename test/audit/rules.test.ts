import { describe, expect, test } from 'vitest'
import {
  type Deciding,
  isReady,
  reasonWords,
  type ToDecide,
  whyNotDecide,
  whyNotReason,
  whyNotSettled,
} from '../../shared/audit/rules'
import type { ExceptionCode } from '../../shared/visit/exceptions'

const visit = (more: Partial<ToDecide> = {}): ToDecide => ({ state: 'confirmed', flag: 'clean', open: [], ...more })
const by = (more: Partial<Deciding> = {}): Deciding => ({
  decision: 'approve',
  tookPart: false,
  mayRed: false,
  isBatch: false,
  ...more,
})

test.each<[string, Partial<ToDecide>, Partial<Deciding>, string | null]>([
  ['confirmed and clean', {}, {}, null],
  ['amber, in a batch', { flag: 'amber', open: ['E04'] }, { isBatch: true }, null],
  ['one’s own part in it', {}, { tookPart: true, mayRed: true }, 'AUDIT_OWN'],
  ['waiting for the elder', { state: 'finished' }, {}, 'AUDIT_NOT_READY'],
  ['held after silence', { state: 'finished', flag: 'amber', open: ['E08'] }, {}, null],
  ['running', { state: 'inProgress' }, {}, 'AUDIT_NOT_READY'],
  ['approved already', { state: 'approved' }, {}, 'AUDIT_NOT_READY'],
  ['approved, returned later', { state: 'approved' }, { decision: 'return' }, null],
  ['returned already', { state: 'returned' }, { decision: 'return' }, 'AUDIT_NOT_READY'],
  ['returned, appealed', { state: 'returned' }, { mayRed: true }, null],
  ['returned, appealed to who may not', { state: 'returned' }, {}, 'AUDIT_RED_POWER'],
  ['red', { flag: 'red', open: ['E05'] }, { mayRed: true }, null],
  ['red, without the power', { flag: 'red', open: ['E05'] }, {}, 'AUDIT_RED_POWER'],
  ['red, in a batch', { flag: 'red', open: ['E05'] }, { mayRed: true, isBatch: true }, 'AUDIT_RED_BATCH'],
  [
    'disputed, returned by who may not decide red',
    { state: 'disputed', flag: 'red', open: ['E07'] },
    { decision: 'return' },
    'AUDIT_RED_POWER',
  ],
])('%s', (_, what, how, code) => {
  expect(whyNotDecide(visit(what), by(how))).toBe(code)
})

test('ready is what was answered, or held', () => {
  expect(isReady({ state: 'disputed', open: ['E07'] })).toBe(true)
  expect(isReady({ state: 'finished', open: ['E01'] })).toBe(false)
})

describe('reasons', () => {
  test('are of their decision; 其他 needs a note', () => {
    expect(whyNotReason({ decision: 'approve', reasonCode: 'allGood' })).toBeNull()
    expect(whyNotReason({ decision: 'approve', reasonCode: 'nobodyCame' })).toBe('AUDIT_REASON')
    expect(whyNotReason({ decision: 'return', reasonCode: 'allGood' })).toBe('AUDIT_REASON')
    expect(whyNotReason({ decision: 'return', reasonCode: 'constructor' })).toBe('AUDIT_REASON')
    expect(whyNotReason({ decision: 'return', reasonCode: 'otherFalse' })).toBe('REQUIRED')
    expect(whyNotReason({ decision: 'return', reasonCode: 'otherFalse', note: '不在家' })).toBeNull()
  })

  test('are shown by their words, unknown ones as they were written', () => {
    expect([reasonWords('doubled'), reasonWords('old')]).toEqual(['重复记录', 'old'])
  })
})

describe('settling what is odd', () => {
  const settled = (
    open: ExceptionCode[],
    reasonCode: string,
    resolutions?: { code: string; reasonCode: string; resolutionCode: string }[],
  ) => whyNotSettled({ open }, { decision: 'approve', reasonCode, resolutions })
  const said = (code: string, reasonCode = 'phoneDrift', resolutionCode = 'explainedByHelper') => ({
    code,
    reasonCode,
    resolutionCode,
  })

  test('amber is acknowledged by a reason that explains an exception', () => {
    expect(settled(['E03'], 'phoneDrift')).toBeNull()
    expect(settled(['E03'], 'allGood')).toBe('AUDIT_REASON')
    expect(settled(['E03'], 'allGood', [said('E03')])).toBeNull()
  })

  test('red needs its own reason and resolution', () => {
    expect(settled(['E07'], 'calledBack')).toBe('AUDIT_RESOLUTION')
    expect(settled(['E07'], 'calledBack', [said('E05')])).toBe('AUDIT_RESOLUTION')
    expect(settled(['E07'], 'calledBack', [said('E07', 'calledBack', '')])).toBe('AUDIT_RESOLUTION')
    expect(settled(['E07'], 'calledBack', [said('E07', 'nobodyCame')])).toBe('AUDIT_REASON')
    expect(settled(['E07'], 'calledBack', [said('E07')])).toBeNull()
  })

  test('info needs nothing, and a return settles nothing', () => {
    expect(settled(['E12'], 'allGood')).toBeNull()
    expect(whyNotSettled({ open: ['E07'] }, { decision: 'return', reasonCode: 'nobodyCame' })).toBeNull()
  })
})
