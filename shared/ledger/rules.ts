/** Kinds of accounts. One per person and programme, or one per programme. */
export const ACCOUNT_KINDS = [
  'issuance',
  'member',
  'pool',
  'organisation',
  'redemptionDue',
  'settled',
  'expired',
  'frozen',
  'recovery',
  'clearing',
  'suspense',
] as const
export type AccountKind = (typeof ACCOUNT_KINDS)[number]

export const ACCOUNT_WORDS: Record<AccountKind, string> = {
  issuance: '发放总账',
  member: '个人账户',
  pool: '公益池',
  organisation: '组织账户',
  redemptionDue: '待结算兑换',
  settled: '已结算',
  expired: '已过期',
  frozen: '冻结',
  recovery: '待追回',
  clearing: '往来清算',
  suspense: '导入待核',
}

/** Their balance is the sum of their entries and nothing else, so that no transfer has to wait for another to change it. */
const DERIVED: readonly AccountKind[] = ['issuance', 'settled', 'expired']
/** What may be owed: these have no limit below. */
const MAY_OWE: readonly AccountKind[] = ['issuance', 'recovery', 'clearing', 'suspense']

export const isStored = (kind: AccountKind): boolean => !DERIVED.includes(kind)

/** The available balance never goes below it; null = no limit. Who may overdraw is the scheme's to say, not the kind's. */
export const lowestOf = (kind: AccountKind): bigint | null =>
  MAY_OWE.includes(kind) || DERIVED.includes(kind) ? null : 0n

/** Points there hold lots: each credit opens one, each debit takes from the oldest. */
const LOT_HOLDERS: readonly AccountKind[] = ['member', 'pool', 'organisation']
export const holdsLots = (kind: AccountKind): boolean => LOT_HOLDERS.includes(kind)

/** The most one posting moves: what every reader of JSON still reads exactly. */
export const MILLI_POINTS_MAX = 2n ** 53n

/** A lot is named by the entry that opened it. */
export type LotRef = { transactionId: string; no: number; milliPoints: bigint }
/**
 * @property expiresAt when the lot that a credit opens is over; without it never
 * @property from the lots a debit takes from, instead of the oldest
 */
export type Posting = {
  accountId: string
  milliPoints: bigint
  expiresAt?: Date | null | undefined
  from?: readonly LotRef[] | undefined
}

/** Whether a list of postings moves points without making any: at least two, none empty, zero in all. */
export function isBalanced(postings: readonly Posting[]): boolean {
  if (postings.length < 2 || postings.some((one) => one.milliPoints === 0n)) return false
  return postings.reduce((sum, one) => sum + one.milliPoints, 0n) === 0n
}

/** What may still be taken out: posted less what is held, and less what must stay. */
export function availableOf(account: { postedMilliPoints: bigint; pendingMilliPoints: bigint }): bigint {
  return account.postedMilliPoints - account.pendingMilliPoints
}

/** What needs two persons before it moves points; a grant below the limit of the place needs one. */
export const REQUEST_KINDS = [
  'MANUAL',
  'GRANT',
  'RESTORE',
  'REVERSE',
  'FREEZE',
  'UNFREEZE',
  'CLOSE',
  'TRANSFER_REGION',
  'SETTLE',
  'IMPORT',
] as const
export type RequestKind = (typeof REQUEST_KINDS)[number]
