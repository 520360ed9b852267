import { describe, expect, test } from 'vitest'
import {
  balanceQuery,
  entriesQuery,
  myEntriesQuery,
  myPointsQuery,
  myStatementQuery,
  pointDecisionInput,
  pointImportInput,
  pointRequestInput,
  pointRequestListQuery,
  statementQuery,
  transactionListQuery,
} from '../../shared/ledger/input'

const ID = '0d0c0b0a-0000-4000-8000-000000000001'
const HASH = 'a'.repeat(64)
type Schema = { safeParse(value: unknown): { success: boolean } }
const takes = (schema: Schema, value: unknown) => schema.safeParse(value).success

const ASKED = { id: ID, kind: 'MANUAL', accountId: ID, reason: '补记' }
const ROW = { memberId: ID, milliPoints: '1000', earnedDay: '2026-11-01', source: '第 1 行' }
const LIST = { id: ID, programmeId: ID, totalMilliPoints: '1000', rows: [ROW], reason: '旧系统', evidenceHash: HASH }

describe('a request', () => {
  test.each([
    {},
    { milliPoints: '1' },
    { milliPoints: '-1' },
    { milliPoints: '9'.repeat(15) },
    { milliPoints: `-${'9'.repeat(15)}` },
    { closing: 'death', heirKinId: ID },
    { closing: 'moving' },
    { transactionId: ID, heirAccountId: ID, toProgrammeId: ID, evidenceHash: HASH },
    ...['issuance', 'pool', 'expired', 'heir', 'county'].map((counterpart) => ({ counterpart })),
    ...['GRANT', 'RESTORE', 'REVERSE', 'FREEZE', 'UNFREEZE', 'CLOSE', 'TRANSFER_REGION', 'SETTLE'].map((kind) => ({
      kind,
    })),
  ])('may say %j', (more) => expect(takes(pointRequestInput, { ...ASKED, ...more })).toBe(true))

  test.each([
    { kind: 'IMPORT' },
    { kind: 'EARN' },
    { id: 'x' },
    { accountId: 'x' },
    { milliPoints: '9'.repeat(16) },
    { milliPoints: '+1' },
    { milliPoints: '--1' },
    { milliPoints: `-${'9'.repeat(16)}` },
    { milliPoints: '9007199254740993' },
    { milliPoints: '-0.5' },
    { milliPoints: '1e3' },
    { milliPoints: null },
    { closing: 'illness' },
    { heirKinId: 'x' },
    { milliPoints: '1.5' },
    { milliPoints: '1 ' },
    { milliPoints: ' 1' },
    { milliPoints: '' },
    { milliPoints: '-' },
    { milliPoints: 1 },
    { evidenceHash: 'A'.repeat(64) },
    { evidenceHash: 'a'.repeat(63) },
    { evidenceHash: `${HASH}a` },
    { evidenceHash: ` ${HASH}` },
    { counterpart: 'me' },
    { reason: ' ' },
    { reason: '长'.repeat(61) },
    { transactionId: 'x' },
    { heirAccountId: 'x' },
    { toProgrammeId: 'x' },
    { more: 1 },
  ])('may not say %j', (more) => expect(takes(pointRequestInput, { ...ASKED, ...more })).toBe(false))

  test('an amount that is none says so', () => {
    const said = pointRequestInput.safeParse({ ...ASKED, milliPoints: '1.5' })
    expect(said.error?.issues[0]?.message).toBe('AMOUNT')
  })
})

describe('an import', () => {
  test.each([{}, { rows: Array.from({ length: 500 }, () => ROW) }, { rows: [{ ...ROW, lastDay: '2027-12-31' }] }])(
    'of a list is taken',
    (more) => expect(takes(pointImportInput, { ...LIST, ...more })).toBe(true),
  )

  test.each([
    { rows: [] },
    { rows: Array.from({ length: 501 }, () => ROW) },
    { rows: [{ ...ROW, memberId: 'x' }] },
    { rows: [{ ...ROW, milliPoints: '-1' }] },
    { rows: [{ ...ROW, earnedDay: '2026-02-30' }] },
    { rows: [{ ...ROW, earnedDay: undefined }] },
    { rows: [{ ...ROW, source: '' }] },
    { rows: [{ ...ROW, more: 1 }] },
    { evidenceHash: undefined },
    { evidenceHash: `${HASH}a` },
    { evidenceHash: ` ${HASH}` },
    { evidenceHash: 'A'.repeat(64) },
    ...['-1', '0.5', '1e3', '', '9007199254740993', 1000].flatMap((milliPoints) => [
      { totalMilliPoints: milliPoints },
      { rows: [{ ...ROW, milliPoints }] },
    ]),
    { rows: [{ ...ROW, lastDay: '2027-13-01' }] },
    { programmeId: 'x' },
    { id: 'x' },
    { reason: '' },
    { more: 1 },
  ])('that says %j is not', (more) => expect(takes(pointImportInput, { ...LIST, ...more })).toBe(false))
})

test('a decision has a reason of at most 60 letters, or none', () => {
  expect(pointDecisionInput.parse({ decision: 'approve' })).toEqual({ decision: 'approve', reason: '' })
  expect(pointDecisionInput.parse({ decision: 'reject', reason: ' 没有凭据 ' }).reason).toBe('没有凭据')
  const long = pointDecisionInput.safeParse({ decision: 'reject', reason: '长'.repeat(61) })
  expect(long.error?.issues[0]?.message).toBe('TOO_LONG')
  expect(takes(pointDecisionInput, { decision: 'reject', reason: '长'.repeat(60) })).toBe(true)
  expect(takes(pointDecisionInput, { decision: 'perhaps' })).toBe(false)
  expect(takes(pointDecisionInput, { decision: 'reject', more: 1 })).toBe(false)
})

test.each<[string, Schema, object, object]>([
  ['entries', entriesQuery, { limit: '20' }, { limit: '201' }],
  ['one’s points', myPointsQuery, { elderId: ID }, { elderId: 'x' }],
  ['one’s entries', myEntriesQuery, { elderId: ID, limit: '20' }, { elderId: 'x' }],
  ['transactions', transactionListQuery, { kind: 'EARN', regionId: ID, from: '2026-11-01' }, { kind: 'E'.repeat(21) }],
  ['transactions of a place', transactionListQuery, { kind: 'E'.repeat(20) }, { regionId: 'x' }],
  ['a balance', balanceQuery, { at: '2026-11-22T00:00:00Z' }, { at: '2026-11-22' }],
  ['a statement', statementQuery, { from: '2026-11-01', to: '2026-11-30' }, { from: '2026-11-01' }],
  [
    'one’s statement',
    myStatementQuery,
    { from: '2026-11-01', to: '2026-11-30', elderId: ID },
    { from: '2026-11-01', to: '2026-11-30', elderId: 'x' },
  ],
  ['requests', pointRequestListQuery, { state: 'waiting', regionId: ID }, { state: 'open' }],
  ['requests of a place', pointRequestListQuery, { state: 'decided' }, { regionId: 'x' }],
])('a query for %s', (_, schema, good, bad) => {
  expect(takes(schema, good)).toBe(true)
  expect(takes(schema, bad)).toBe(false)
  expect(takes(schema, { ...good, more: '1' })).toBe(false)
})
