// The books as a model small enough to be seen to be right: people with lots, what is held, what may still be undone.
import fc from 'fast-check'

export const PEOPLE = 3
export type Deed =
  | { kind: 'earn'; who: number; amount: bigint; days: number }
  | { kind: 'give'; who: number; to: number; amount: bigint }
  | { kind: 'hold' | 'freeze'; who: number; amount: bigint }
  | { kind: 'postHold'; which: number; percent: bigint }
  | { kind: 'voidHold' | 'unfreeze' | 'reverse'; which: number }
  | { kind: 'night' }

const who = fc.nat(PEOPLE - 1)
const amount = fc.oneof(
  { weight: 9, arbitrary: fc.bigInt(1n, 5000n) },
  fc.constantFrom(0n, -1n, 2n ** 53n, 2n ** 53n + 1n),
)
const which = fc.nat(9)
export const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('earn' as const), who, amount, days: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('give' as const), who, to: who, amount }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('hold' as const, 'freeze' as const), who, amount }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('postHold' as const), which, percent: fc.bigInt(1n, 110n) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('voidHold' as const, 'unfreeze' as const, 'reverse' as const),
      which,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('night' as const) }) },
)

/** `over` is the day it ends with; 0 never. */
export type Lot = { left: bigint; over: number }
type Use = { lot: Lot; amount: bigint }
type Move = { who: number; amount: bigint; uses: Use[]; lot: Lot | null }
type Hold = { id: string; who: number; amount: bigint; isResolved: boolean }
type Done = { id: string; moves: Move[]; isUndone: boolean }
export type Model = {
  day: number
  lots: Lot[][]
  pending: bigint[]
  owed: bigint
  frozen: bigint
  due: bigint
  expired: bigint
  holds: Hold[]
  freezes: Done[]
  moved: Done[]
}

const MAX = 2n ** 53n
const people = <T>(make: () => T): T[] => Array.from({ length: PEOPLE }, make)

export const newModel = (): Model => ({
  ...{ day: 0, lots: people(() => []), pending: people(() => 0n) },
  ...{ owed: 0n, frozen: 0n, due: 0n, expired: 0n, holds: [], freezes: [], moved: [] },
})

const lotsOf = (model: Model, person: number): Lot[] => model.lots[person] ?? []
export const postedOf = (model: Model, person: number): bigint =>
  lotsOf(model, person).reduce((sum, lot) => sum + lot.left, 0n)
const freeOf = (model: Model, person: number): bigint => postedOf(model, person) - (model.pending[person] ?? 0n)

function credit(model: Model, person: number, milliPoints: bigint, over = 0): Move {
  const lot = { left: milliPoints, over }
  lotsOf(model, person).push(lot)
  return { who: person, amount: milliPoints, uses: [], lot }
}

function debit(model: Model, person: number, milliPoints: bigint, first: Lot | null = null): Move {
  const uses: Use[] = []
  let rest = milliPoints
  for (const lot of [...(first === null ? [] : [first]), ...lotsOf(model, person)]) {
    const taken = lot.left < rest ? lot.left : rest
    lot.left -= taken
    rest -= taken
    uses.push({ lot, amount: taken })
  }
  return { who: person, amount: -milliPoints, uses, lot: null }
}

const putBack = (move: Move) => {
  for (const { lot, amount: taken } of move.uses) lot.left += taken
}

/** What will happen: a refusal's code, or '' and the model has changed. */
export function expected(model: Model, one: Deed, id: string): string {
  switch (one.kind) {
    case 'earn':
      if (one.amount <= 0n) return 'AMOUNT'
      if (one.amount > MAX) return 'AMOUNT'
      model.moved.push({
        id,
        moves: [credit(model, one.who, one.amount, one.days === 0 ? 0 : model.day + one.days)],
        isUndone: false,
      })
      return ''
    case 'give':
      if (one.amount <= 0n || one.amount > MAX || one.who === one.to) return 'AMOUNT'
      if (freeOf(model, one.who) < one.amount) return 'POINTS_NOT_ENOUGH'
      model.moved.push({
        id,
        moves: [debit(model, one.who, one.amount), credit(model, one.to, one.amount)],
        isUndone: false,
      })
      return ''
    case 'hold':
      if (one.amount <= 0n || one.amount > MAX) return 'AMOUNT'
      if (freeOf(model, one.who) < one.amount) return 'POINTS_NOT_ENOUGH'
      model.pending[one.who] = (model.pending[one.who] ?? 0n) + one.amount
      model.holds.push({ id, who: one.who, amount: one.amount, isResolved: false })
      return ''
    case 'freeze':
      if (one.amount <= 0n || one.amount > MAX) return 'AMOUNT'
      if (freeOf(model, one.who) < one.amount) return 'POINTS_NOT_ENOUGH'
      model.freezes.push({ id, moves: [debit(model, one.who, one.amount)], isUndone: false })
      model.frozen += one.amount
      return ''
    case 'unfreeze': {
      const frozen = model.freezes[one.which]
      if (frozen === undefined) return 'NOT_FOUND'
      if (frozen.isUndone) return 'ALREADY_POSTED'
      frozen.isUndone = true
      for (const move of frozen.moves) {
        putBack(move)
        model.frozen += move.amount
      }
      return ''
    }
    case 'postHold':
    case 'voidHold':
      return resolve(model, one, id)
    case 'reverse':
      return reverse(model, one.which)
    case 'night':
      model.day += 1
      for (let person = 0; person < PEOPLE; person++) expire(model, person)
      return ''
  }
}

function resolve(model: Model, one: { kind: string; which: number; percent?: bigint }, id: string): string {
  const held = model.holds[one.which]
  if (held === undefined) return 'NOT_FOUND'
  const taken = one.kind === 'voidHold' ? 0n : (held.amount * (one.percent ?? 0n)) / 100n
  if (one.kind === 'postHold' && (taken <= 0n || taken > held.amount)) return 'AMOUNT'
  if (held.isResolved) return 'HOLD_RESOLVED'
  held.isResolved = true
  model.pending[held.who] = (model.pending[held.who] ?? 0n) - held.amount
  if (one.kind === 'voidHold') return ''
  model.due += taken
  model.moved.push({ id, moves: [debit(model, held.who, taken)], isUndone: false })
  return ''
}

/** Who can't give it back gets it advanced; then all is as if it had not been, as far as it is still there. */
function reverse(model: Model, place: number): string {
  const done = model.moved[place]
  if (done === undefined) return 'NOT_FOUND'
  if (done.isUndone) return 'ALREADY_REVERSED'
  done.isUndone = true
  for (const { who: person, amount: moved } of done.moves) {
    const missing = moved - freeOf(model, person)
    if (moved <= 0n || missing <= 0n) continue
    model.owed += missing
    credit(model, person, missing)
  }
  for (const move of done.moves) {
    if (move.amount < 0n) putBack(move)
    else debit(model, move.who, move.amount, move.lot)
  }
  if (done.moves.length === 1 && (done.moves[0]?.amount ?? 0n) < 0n) model.due += done.moves[0]?.amount ?? 0n
  return ''
}

function expire(model: Model, person: number): void {
  let free = freeOf(model, person)
  for (const lot of lotsOf(model, person).filter(({ over }) => over !== 0 && over <= model.day)) {
    const taken = lot.left < free ? lot.left : free
    if (taken <= 0n) continue
    lot.left -= taken
    free -= taken
    model.expired += taken
  }
}
