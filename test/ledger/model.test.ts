// The books against a model small enough to be seen to be right: a map of balances and a list of what may still be undone.
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { auditLedger } from '../../server/ledger/audit'
import { type Books, codesOf, newBooks } from './books'

const PEOPLE = 3
type Deed =
  | { kind: 'earn'; who: number; amount: bigint }
  | { kind: 'give'; who: number; to: number; amount: bigint }
  | { kind: 'hold'; who: number; amount: bigint }
  | { kind: 'postHold' | 'voidHold'; which: number }
  | { kind: 'reverse'; which: number }

const who = fc.nat(PEOPLE - 1)
const amount = fc.bigInt(1n, 5000n)
const which = fc.nat(9)
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('earn' as const), who, amount }) },
  {
    weight: 2,
    arbitrary: fc
      .record({ kind: fc.constant('give' as const), who, to: who, amount })
      .filter((one) => one.who !== one.to),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('hold' as const), who, amount }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('postHold' as const, 'voidHold' as const), which }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('reverse' as const), which }) },
)

type Moves = { who: number; amount: bigint }[]
type Model = {
  posted: bigint[]
  pending: bigint[]
  owed: bigint[]
  holds: { id: string; who: number; amount: bigint; resolved: boolean }[]
  moved: { id: string; moves: Moves; reversed: boolean }[]
}

/** What the model says will happen; changes it when it does. */
function expected(model: Model, one: Deed, id: string): string {
  const free = (person: number) => at(model.posted, person) - at(model.pending, person)
  switch (one.kind) {
    case 'earn':
      return move(model, id, [{ who: one.who, amount: one.amount }])
    case 'give':
      if (free(one.who) < one.amount) return 'POINTS_NOT_ENOUGH'
      return move(model, id, [
        { who: one.who, amount: -one.amount },
        { who: one.to, amount: one.amount },
      ])
    case 'hold':
      if (free(one.who) < one.amount) return 'POINTS_NOT_ENOUGH'
      model.pending[one.who] = at(model.pending, one.who) + one.amount
      model.holds.push({ id, who: one.who, amount: one.amount, resolved: false })
      return ''
    case 'postHold':
    case 'voidHold': {
      const held = model.holds[one.which]
      if (held === undefined) return 'NOT_FOUND'
      if (held.resolved) return 'HOLD_RESOLVED'
      held.resolved = true
      model.pending[held.who] = at(model.pending, held.who) - held.amount
      return one.kind === 'voidHold' ? '' : move(model, id, [{ who: held.who, amount: -held.amount }])
    }
    case 'reverse': {
      const done = model.moved[one.which]
      if (done === undefined) return 'NOT_FOUND'
      if (done.reversed) return 'ALREADY_REVERSED'
      done.reversed = true
      for (const { who: person, amount: moved } of done.moves) {
        const missing = moved - free(person)
        if (missing > 0n) {
          model.owed[person] = at(model.owed, person) + missing
          model.posted[person] = at(model.posted, person) + missing
        }
        model.posted[person] = at(model.posted, person) - moved
      }
      return ''
    }
  }
}

function move(model: Model, id: string, moves: Moves): '' {
  for (const one of moves) model.posted[one.who] = at(model.posted, one.who) + one.amount
  model.moved.push({ id, moves, reversed: false })
  return ''
}

const at = (list: readonly bigint[], place: number): bigint => list[place] ?? 0n

/** The same on the books. */
async function done(books: Books, people: readonly string[], model: Model, one: Deed, id: string): Promise<string> {
  const [code = ''] = await codesOf([run()])
  return code

  function run(): Promise<unknown> {
    const account = (place: number) => people[place] ?? ''
    switch (one.kind) {
      case 'earn':
        return books.post(books.earn(account(one.who), one.amount, { id }))
      case 'give':
        return books.post(
          books.draft({
            id,
            kind: 'GIFT',
            postings: [
              { accountId: account(one.who), milliPoints: -one.amount },
              { accountId: account(one.to), milliPoints: one.amount },
            ],
          }),
        )
      case 'hold':
        return books.hold(account(one.who), one.amount, { id })
      case 'postHold':
        return books.postHold(model.holds[one.which]?.id ?? randomUUID(), { id })
      case 'voidHold':
        return books.voidHold(model.holds[one.which]?.id ?? randomUUID())
      case 'reverse':
        return books.reverse(model.moved[one.which]?.id ?? randomUUID())
    }
  }
}

test('whatever is done in whatever order, the books do what the model says and stay right', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 5, maxLength: 25 }), async (deeds) => {
      const books = await newBooks()
      const people = [await books.open(), await books.open(), await books.open()]
      const zero = () => people.map(() => 0n)
      const model: Model = { posted: zero(), pending: zero(), owed: zero(), holds: [], moved: [] }
      for (const one of deeds) {
        const id = randomUUID()
        const code = await done(books, people, model, one, id)
        expect([one, code]).toEqual([one, expected(model, one, id)])
      }
      for (const [place, accountId] of people.entries()) {
        expect(await books.balance(accountId)).toEqual({
          posted: at(model.posted, place),
          pending: at(model.pending, place),
        })
      }
      const recovery = await books.db.ledgerAccount.aggregate({
        where: { kind: 'recovery' },
        _sum: { postedMilliPoints: true },
      })
      expect(recovery._sum.postedMilliPoints ?? 0n).toBe(-model.owed.reduce((sum, owed) => sum + owed, 0n))
      expect((await auditLedger(books.db)).problem).toBeNull()
      await books.db.$disconnect()
    }),
    { numRuns: 12 },
  )
}, 120_000)

test('whatever is done at once, nobody is below zero and the books stay right', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 10, maxLength: 30 }), async (deeds) => {
      const books = await newBooks()
      const people = [await books.member(4000n), await books.member(4000n), await books.member(4000n)]
      const holds = [await books.hold(people[0] ?? '', 1000n), await books.hold(people[1] ?? '', 1000n)]
      const moved = (await books.db.ledgerTransaction.findMany({ where: { kind: 'EARN' } })).map((one) => ({
        id: one.id,
        moves: [],
        reversed: false,
      }))
      const model: Model = {
        posted: [],
        pending: [],
        owed: [],
        holds: holds.map((id) => ({ id, who: 0, amount: 0n, resolved: false })),
        moved,
      }

      await Promise.all(deeds.map((one) => done(books, people, model, one, randomUUID())))

      expect((await auditLedger(books.db)).problem).toBeNull()
      await books.db.$disconnect()
    }),
    { numRuns: 6 },
  )
}, 120_000)
