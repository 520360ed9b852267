import { Refusal, type RefusalCode, refuse } from '../../shared/core/refusals'
import { isBalanced, type Posting } from '../../shared/ledger/rules'
import type { Tx } from '../core/db'
import { rowsAs } from '../core/rows'
import type { Draft, Order, WhyNot } from './order'
import { write } from './write'

export type { Draft, WhyNot } from './order'

type Held = { programmeId: string; accountId: string; milliPoints: bigint; refType: string; refId: string; until: Date }
export type Ask = { id: string; byId: string; happenedAt: Date; explanation: unknown }
export type HoldAsk = Ask & Held
export type PostHoldAsk = Ask & {
  holdId: string
  to: string
  milliPoints?: bigint
  /** PAY where the hold was an elder's booking; then its reference is the visit */
  kind?: 'POST' | 'PAY'
  ref?: { refType: string; refId: string; revision: number }
  expiresAt?: Date | null | undefined
}
export type ReverseAsk = { id: string; transactionId: string; byId: string; explanation: unknown }

/**
 * Moves points: all drafts or none. With the rest of this file the only code that changes a balance.
 *
 * @throws Refusal POINTS_NOT_ENOUGH, ALREADY_POSTED, PROGRAMME_MIXED, AMOUNT, UNBALANCED, ACCOUNT_UNKNOWN, ACCOUNT_CLOSED, CLOCK_WENT_BACK
 */
export async function post(tx: Tx, drafts: readonly Draft[], at: Date): Promise<void> {
  all(await postEach(tx, drafts, at))
}

/** Moves points: a refused draft refuses itself only. Answers why not, or null, in the order asked. */
export function postEach(tx: Tx, drafts: readonly Draft[], at: Date): Promise<WhyNot[]> {
  return writeEach(
    tx,
    drafts.map((draft) => whyNotDraft(draft) ?? draft),
    at,
  )
}

/** Reserves points of an account until an instant: nobody else can spend them, and they haven't moved yet. */
export async function hold(tx: Tx, ask: HoldAsk, at: Date): Promise<void> {
  all(await holdEach(tx, [ask], at))
}

export function holdEach(tx: Tx, asks: readonly HoldAsk[], at: Date): Promise<WhyNot[]> {
  const orders = asks.map(({ accountId, milliPoints, until, ...rest }) =>
    milliPoints <= 0n
      ? 'AMOUNT'
      : { ...rest, kind: 'HOLD', revision: 0, postings: [], held: { accountId, milliPoints, until } },
  )
  return writeEach(tx, orders, at)
}

/**
 * Takes what was held, or less of it; what is left over is free again.
 *
 * @throws Refusal HOLD_RESOLVED, HOLD_EXPIRED, NOT_FOUND, AMOUNT
 */
export async function postHold(tx: Tx, ask: PostHoldAsk, at: Date): Promise<void> {
  all(await postHoldEach(tx, [ask], at))
}

export async function postHoldEach(tx: Tx, asks: readonly PostHoldAsk[], at: Date): Promise<WhyNot[]> {
  const holds = await findHolds(tx, asks)
  const orders = asks.map(({ holdId, to, milliPoints: asked, kind = 'POST', ref = {}, expiresAt, ...rest }) => {
    const held = holds.get(holdId)
    if (held === undefined) return 'NOT_FOUND'
    const milliPoints = asked ?? held.resolves.milliPoints
    if (milliPoints <= 0n || milliPoints > held.resolves.milliPoints) return 'AMOUNT'
    if (rest.happenedAt > held.until) return 'HOLD_EXPIRED'
    const postings = [
      { accountId: held.resolves.accountId, milliPoints: -milliPoints },
      { accountId: to, milliPoints, expiresAt },
    ]
    return { ...rest, ...held.ref, ...ref, kind, postings, resolves: held.resolves }
  })
  return writeEach(tx, orders, at)
}

/** Gives back what was held: cancelled, or its time is over. */
export async function voidHold(tx: Tx, ask: Ask & { holdId: string }, at: Date): Promise<void> {
  all(await voidHoldEach(tx, [ask], at))
}

export async function voidHoldEach(tx: Tx, asks: readonly (Ask & { holdId: string })[], at: Date): Promise<WhyNot[]> {
  const holds = await findHolds(tx, asks)
  const orders = asks.map(({ holdId, ...rest }) => {
    const held = holds.get(holdId)
    if (held === undefined) return 'NOT_FOUND'
    return { ...rest, ...held.ref, kind: 'VOID', postings: [], resolves: held.resolves }
  })
  return writeEach(tx, orders, at)
}

/**
 * Undoes one transaction by its exact negation, one level deep; the lots it took from are as they were. Who can't give the
 * points back gets them advanced from his own recovery account first: the reversal stays exact, and what he owes is on the
 * books.
 *
 * REVERSE: −(each posting of the earlier one)
 * ADVANCE, where needed: recovery −missing, member +missing
 *
 * @throws Refusal NOT_FOUND, ALREADY_REVERSED, NOT_REVERSIBLE for what has a way back of its own or another county's side
 */
export async function reverse(tx: Tx, ask: ReverseAsk, at: Date): Promise<void> {
  all(await reverseEach(tx, [ask], at))
}

export async function reverseEach(tx: Tx, asks: readonly ReverseAsk[], at: Date): Promise<WhyNot[]> {
  const found = await findUndoing(
    tx,
    asks.map((one) => one.transactionId),
  )
  const orders = asks.map(({ id, transactionId, byId, explanation }) => {
    const earlier = found.get(transactionId)
    if (earlier === undefined) return 'NOT_FOUND'
    const { programmeId, kind, postings } = earlier
    if (postings.length === 0 || ONE_WAY.includes(kind)) return 'NOT_REVERSIBLE'
    const reference = { programmeId, refType: 'transaction', refId: transactionId, revision: 0 }
    const undone = { reverses: transactionId, undoes: transactionId, mayOwe: true as const }
    return { ...reference, ...undone, id, kind: 'REVERSE', happenedAt: at, byId, explanation, postings }
  })
  return writeEach(tx, orders, at)
}

/**
 * A freeze ends by UNFREEZE and an expiry by RESTORE: undone both ways they would give twice. Of what moved between counties
 * each has its half in books of its own.
 */
const ONE_WAY = ['REVERSE', 'FREEZE', 'UNFREEZE', 'EXPIRE', 'TRANSFER_REGION', 'SETTLE']

/** Gives frozen points back to whom they were taken from, into the lots they came from. Once per freeze. */
export async function undoFreeze(tx: Tx, ask: ReverseAsk, at: Date): Promise<void> {
  const { id, transactionId, byId, explanation } = ask
  const earlier = (await findUndoing(tx, [transactionId])).get(transactionId)
  if (earlier?.kind !== 'FREEZE') throw new Refusal('NOT_FOUND')
  const { programmeId, postings } = earlier
  const reference = { programmeId, refType: 'transaction', refId: transactionId, revision: 0 }
  const order = { ...reference, id, kind: 'UNFREEZE', happenedAt: at, byId, explanation, postings }
  all(await write(tx, [{ ...order, undoes: transactionId }], at))
}

/** Throws the first refusal: all or nothing, since the caller's transaction ends with it. */
function all(outcomes: readonly WhyNot[]): void {
  for (const whyNot of outcomes) refuse(whyNot)
}

/** Writes the orders among them; what was refused before it became one keeps its place. */
async function writeEach(tx: Tx, asked: readonly (Order | RefusalCode)[], at: Date): Promise<WhyNot[]> {
  const isOrder = (one: Order | RefusalCode): one is Order => typeof one !== 'string'
  const outcomes = await write(tx, asked.filter(isOrder), at)
  let next = 0
  return asked.map((one) => (isOrder(one) ? (outcomes[next++] ?? null) : one))
}

function whyNotDraft({ postings }: Draft): WhyNot {
  if (postings.length < 2 || postings.some((one) => one.milliPoints === 0n)) return 'AMOUNT'
  return isBalanced(postings) ? null : 'UNBALANCED'
}

type Hold = {
  id: string
  kind: string
  programmeId: string
  refType: string
  refId: string
  revision: number | bigint
} & {
  accountId: string
  milliPoints: bigint
  until: Date
}

async function findHolds(tx: Tx, asks: readonly { holdId: string }[]) {
  const ids = asks.map(({ holdId }) => ({ id: holdId }))
  const found = await tx.$queryRaw<Hold[]>`
    SELECT t."id", t."kind", t."programmeId", t."refType", t."refId", t."revision", t."heldAccountId" AS "accountId",
      t."heldMilliPoints" AS "milliPoints", t."heldUntil" AS "until"
    FROM ${rowsAs(tx, 'asked', { id: 'text' }, ids)} JOIN ledger_transaction AS t ON t."id" = asked."id"`
  const holds = found.filter(({ kind }) => kind === 'HOLD')
  return new Map(
    holds.map(({ id, programmeId, refType, refId, revision, accountId, milliPoints, until }) => [
      id,
      {
        ref: { programmeId, refType, refId, revision: Number(revision) },
        resolves: { id, accountId, milliPoints: BigInt(milliPoints) },
        until,
      },
    ]),
  )
}

type Earlier = { id: string; programmeId: string; kind: string; accountId: string | null; milliPoints: bigint | null }

/** Transactions and, in order, what each would be undone with. */
async function findUndoing(tx: Tx, asked: readonly string[]) {
  const ids = [...new Set(asked)].map((id) => ({ id }))
  const rows = await tx.$queryRaw<Earlier[]>`
    SELECT t."id", t."programmeId", t."kind", e."accountId", -e."amountMilliPoints" AS "milliPoints"
    FROM ${rowsAs(tx, 'asked', { id: 'text' }, ids)} JOIN ledger_transaction AS t ON t."id" = asked."id"
    LEFT JOIN ledger_entry AS e ON e."transactionId" = t."id" ORDER BY t."id", e."no"`
  const found = new Map<string, { programmeId: string; kind: string; postings: Posting[] }>()
  for (const { id, programmeId, kind, accountId, milliPoints } of rows) {
    const one = found.get(id) ?? { programmeId, kind, postings: [] }
    if (accountId !== null && milliPoints !== null) one.postings.push({ accountId, milliPoints: BigInt(milliPoints) })
    found.set(id, one)
  }
  return found
}
