import type { RefusalCode } from '../../shared/core/refusals'
import type { AccountKind, LotRef, Posting } from '../../shared/ledger/rules'
import { idFrom } from '../core/ids'

/** A transaction to be written. Its id and its reference are the caller's: the same write twice meets its own first row. */
export type Draft = {
  id: string
  programmeId: string
  kind: string
  refType: string
  refId: string
  revision: number
  happenedAt: Date
  /** the person or job that did it: an id, never a name */
  byId: string
  explanation: unknown
  postings: readonly Posting[]
}

/** A draft with what only holds, reversals and what is like them have. */
export type Order = Draft & {
  held?: { accountId: string; milliPoints: bigint; until: Date }
  resolves?: { id: string; accountId: string; milliPoints: bigint }
  reverses?: string
  /** the transaction whose lots are as they were before it; a reversal, an unfreezing */
  undoes?: string
  /** a shortfall is advanced from the recovery account, instead of refused */
  mayOwe?: true
}

/** null: written. */
export type WhyNot = RefusalCode | null

export type Account = {
  id: string
  programmeId: string
  kind: AccountKind
  stored: boolean
  postedMilliPoints: bigint
  pendingMilliPoints: bigint
  lowestMilliPoints: bigint | null
  seq: number
  lotsFrom: number
  isClosed: boolean
  isNew: boolean
}

export type Entry = {
  transactionId: string
  no: number
  programmeId: string
  accountId: string
  accountSeq: number | null
  amountMilliPoints: bigint
  balanceAfterMilliPoints: bigint | null
  lotMilliPoints: bigint | null
  lotExpiresAt: Date | null
}
/** What is on its way into the books: entries in the order of the postings. */
export type Written = { order: Order; entries: Entry[]; from: (readonly LotRef[] | undefined)[] }

/** What a member owes after a reversal he couldn't cover is kept beside his account. */
export const recoveryIdOf = (accountId: string): string => idFrom('account', accountId, 'recovery')

export function accountsIn({ postings, held, resolves }: Order): string[] {
  return [...postings, held, resolves].flatMap((one) => (one === undefined ? [] : [one.accountId]))
}
