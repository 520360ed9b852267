import { hash } from 'node:crypto'
import { commitmentText } from '../../shared/core/canonical'
import { copyWith } from '../../shared/core/copy'
import { type LeafCommitments, type LeafTransaction, transactionLeaf } from '../../shared/ledger/leaf'

export type LotUse = {
  transactionId: string
  no: number
  lotTransactionId: string
  lotNo: number
  useNo: number
  milliPoints: bigint
  leftMilliPoints: bigint
}

/** The leaf of a transaction with what it took from lots. */
export function leafOf(
  one: Omit<LeafTransaction, 'lotUses'>,
  uses: readonly LotUse[],
  commitments: LeafCommitments,
): string {
  return transactionLeaf(copyWith(one, { lotUses: lotUsesHash(uses) }), commitments)
}

type LotUseTexts = { [Field in Exclude<keyof LotUse, 'transactionId'>]: LotUse[Field] | string }

/** What a transaction took from lots, as one hash; null where it took nothing. */
export function lotUsesHash(uses: readonly LotUseTexts[]): string | null {
  const lines = uses.map(
    ({ no, lotTransactionId, lotNo, useNo, milliPoints, leftMilliPoints }) =>
      `${no} ${lotTransactionId} ${lotNo} ${useNo} ${milliPoints} ${leftMilliPoints}\n`,
  )
  return lines.length === 0 ? null : sha256(lines.sort().join(''))
}

/** What stands in a leaf for who did it and why: SHA-256 over salt, field and value. */
export function commitmentsOf(one: { byId: string; explanation: string }, salt: string): LeafCommitments {
  return { by: commit(salt, 'by', one.byId), explanation: commit(salt, 'explanation', one.explanation) }
}

export function commit(salt: string, field: string, value: string): string {
  return sha256(commitmentText(salt, field, value))
}

export function byTransaction<Row extends { transactionId: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const group = groups.get(row.transactionId)
    if (group === undefined) groups.set(row.transactionId, [row])
    else group.push(row)
  }
  return groups
}

const sha256 = (text: string) => hash('sha256', text, 'hex')
