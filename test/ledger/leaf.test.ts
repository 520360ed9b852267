// The text of a transaction for good: what is sealed today must be made again in thirty years, letter by letter.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Canonical, canonicalJson } from '../../shared/core/canonical'
import { type LeafTransaction, transactionLeaf } from '../../shared/ledger/leaf'

const at = (text: string) => new Date(`2026-11-22T${text}:00.000Z`)
const EARN: LeafTransaction = {
  ...{ id: 't1', programmeId: 'p', kind: 'EARN', refType: 'visit', refId: 'v', revision: 2 },
  ...{ heldAccountId: null, heldMilliPoints: null, heldUntil: null, resolves: null, reverses: null },
  ...{ happenedAt: at('01:00'), recordedAt: at('02:00') },
  explanation: '{"schemeId":"s","schemeVersion":3,"formula":"65 ÷ 5"}',
  entries: [
    {
      ...{ accountId: 'issuance', accountSeq: null, amountMilliPoints: -13_000n, balanceAfterMilliPoints: null },
      ...{ lotMilliPoints: null, lotExpiresAt: null },
    },
    {
      ...{ accountId: 'li', accountSeq: 7, amountMilliPoints: 13_000n, balanceAfterMilliPoints: 20_000n },
      ...{ lotMilliPoints: 13_000n, lotExpiresAt: at('03:00') },
    },
  ],
  lotUses: null,
}
const COMMITMENTS = { by: 'b', explanation: 'e' }
const leafOf = (more: Partial<LeafTransaction> = {}) => transactionLeaf({ ...EARN, ...more }, COMMITMENTS)
const readOf = (more: Partial<LeafTransaction>) => JSON.parse(leafOf(more)) as Record<string, unknown>

test('an award, letter by letter', () => {
  expect(leafOf()).toBe(
    '{"commitments":{"by":"b","explanation":"e"},"entries":[' +
      '{"account":"issuance","balance":null,"expires":null,"lot":null,"milliPoints":"-13000","seq":null},' +
      '{"account":"li","balance":"20000","expires":"2026-11-22T03:00:00.000Z","lot":"13000","milliPoints":"13000","seq":"7"}],' +
      '"happenedAt":"2026-11-22T01:00:00.000Z","hold":null,"id":"t1","kind":"EARN","lotUses":null,"programme":"p",' +
      '"recordedAt":"2026-11-22T02:00:00.000Z","ref":["visit","v"],"resolves":null,"reverses":null,"revision":"2",' +
      '"scheme":{"id":"s","version":"3"},"type":"transaction","v":"1"}',
  )
})

test('what it resolves, reverses and took from lots is in it', () => {
  expect(readOf({ resolves: 'h', reverses: 'x', lotUses: 'abc' })).toMatchObject({
    resolves: 'h',
    reverses: 'x',
    lotUses: 'abc',
  })
})

test('a hold is in it, also one of which a part is missing: whoever took it away is found out', () => {
  const held = { heldAccountId: 'li', heldMilliPoints: 5n, heldUntil: at('09:00') }
  const until = '2026-11-22T09:00:00.000Z'
  expect(readOf(held).hold).toEqual({ account: 'li', milliPoints: '5', until })
  expect(readOf({ ...held, heldAccountId: null }).hold).toEqual({ account: null, milliPoints: '5', until })
  expect(readOf({ heldAccountId: 'li' }).hold).toEqual({ account: 'li', milliPoints: null, until: null })
  expect(readOf({ heldMilliPoints: 5n }).hold).toEqual({ account: null, milliPoints: '5', until: null })
  expect(readOf({ heldUntil: at('09:00') }).hold).toEqual({ account: null, milliPoints: null, until })
})

test.each([
  ['no JSON that speaks of rules', '"schemeId" nothing'],
  ['no JSON', 'nothing'],
  ['no object', 'null'],
  ['no scheme', '{}'],
  ['a scheme without a version', '{"schemeId":"s"}'],
  ['a version without a scheme', '{"schemeVersion":3}'],
  ['a scheme that is no text', '{"schemeId":1,"schemeVersion":3}'],
  ['a version that is no number', '{"schemeId":"s","schemeVersion":"3"}'],
])('an explanation with %s tells no rules, and is still a leaf', (_, explanation) => {
  expect(readOf({ explanation }).scheme).toBeNull()
})

test('whatever stands in it, it is written as canonical JSON would write it', () => {
  const text = fc.string({ unit: 'binary' })
  const some = fc.option(text, { nil: null })
  const given = fc.record({ id: text, kind: text, refId: text, programmeId: text, resolves: some, lotUses: some })
  fc.assert(
    fc.property(given, text, (more, by) => {
      const leaf = transactionLeaf({ ...EARN, ...more }, { by, explanation: more.id })
      expect(leaf).toBe(canonicalJson(JSON.parse(leaf) as Canonical))
      expect(JSON.parse(leaf)).toMatchObject({
        id: more.id,
        kind: more.kind,
        resolves: more.resolves,
        commitments: { by },
      })
    }),
  )
})
