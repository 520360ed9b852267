// The text of a transaction for good: what is sealed today must be made again in thirty years, letter by letter.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { byTransaction, commitmentsOf, leafOf as leafWithLots, lotUsesHash } from '../../server/ledger/leaf'
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

test('what it took from lots is one hash for good, in whatever order it was read; nothing taken is no hash', () => {
  const first = { transactionId: 't1', no: 1, lotTransactionId: 't0', lotNo: 1, useNo: 2 }
  const second = { transactionId: 't1', no: 2, lotTransactionId: 't9', lotNo: 1, useNo: 1 }
  const uses = [
    { ...first, milliPoints: 500n, leftMilliPoints: 0n },
    { ...second, milliPoints: 300n, leftMilliPoints: 700n },
  ]
  // printf '1 t0 1 2 500 0\n2 t9 1 1 300 700\n' | sha256sum
  const hash = 'c82c23f541604119e001c558309003fbb21c3b02cb08a9bc754eda71d4da5761'
  expect(lotUsesHash(uses)).toBe(hash)
  expect(lotUsesHash(uses.toReversed())).toBe(hash)
  expect(lotUsesHash([])).toBeNull()
  expect(leafWithLots(EARN, uses, COMMITMENTS)).toBe(leafOf({ lotUses: hash }))
  expect(leafWithLots(EARN, [], COMMITMENTS)).toBe(leafOf())
})

test('who did it and why stand in it under a salt, each under its own name', () => {
  // printf '%s' cd:by:li | sha256sum; printf '%s' 'cd:explanation:{}' | sha256sum
  expect(commitmentsOf({ byId: 'li', explanation: '{}' }, 'cd')).toEqual({
    by: '258e4d0726cb63133eac8a1650ab7da26cae71aeb4662612c744c76b59a2ba32',
    explanation: '86d677fca16b3514162d20b46a84935cd93649586fbe41c00451fb386b0a071f',
  })
})

test('what belongs to one transaction is kept together, in its order', () => {
  const rows = ['a 1', 'b 1', 'a 2', 'a 3'].map((name) => ({ transactionId: name.slice(0, 1), name }))
  const names = [...byTransaction(rows)].map(([id, group]) => [id, ...group.map((one) => one.name)])
  expect(names).toEqual([
    ['a', 'a 1', 'a 2', 'a 3'],
    ['b', 'b 1'],
  ])
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
