import { Refusal } from '../../shared/core/refusals'
import type { Tx } from '../core/db'
import { idFrom } from '../core/ids'
import { issuanceAccount, systemAccount } from './accounts'
import type { WhyNot } from './order'
import { post, postEach } from './post'

export type ImportRow = {
  accountId: string
  milliPoints: bigint
  expiresAt: Date | null
  happenedAt: Date
  source: string
}

/**
 * Takes over balances of another system. What its list says in all is issued into suspense, each row comes out of it, so
 * that a row that is refused stays visible there until somebody has answered for it.
 *
 * IMPORT: issuance −total, suspense +total; then for each row suspense −x, member +x
 *
 * @param ask.importId names the list: the same list again writes nothing
 * @param ask.totalMilliPoints what the list itself says in all
 * @returns why each row was refused, or null
 */
export async function importBalances(
  tx: Tx,
  ask: { importId: string; programmeId: string; totalMilliPoints: bigint; rows: readonly ImportRow[]; byId: string },
  at: Date,
): Promise<WhyNot[]> {
  const { importId, programmeId, totalMilliPoints, rows, byId } = ask
  if (totalMilliPoints <= 0n) throw new Refusal('AMOUNT')
  const [issuance, suspense] = [
    await issuanceAccount(tx, programmeId),
    await systemAccount(tx, programmeId, 'suspense'),
  ]
  const common = { programmeId, kind: 'IMPORT', revision: 0, byId }
  const total = {
    ...{ ...common, id: idFrom('IMPORT', importId), refType: 'import', refId: importId, happenedAt: at },
    explanation: { rows: rows.length },
    postings: [
      { accountId: issuance, milliPoints: -totalMilliPoints },
      { accountId: suspense, milliPoints: totalMilliPoints },
    ],
  }
  await post(tx, [total], at)
  const drafts = rows.map(({ accountId, milliPoints, expiresAt, happenedAt, source }, place) => ({
    ...{
      ...common,
      id: idFrom('IMPORT', importId, String(place)),
      refType: 'importRow',
      refId: `${importId}/${place}`,
    },
    ...{ happenedAt, explanation: { source } },
    postings: [
      { accountId: suspense, milliPoints: -milliPoints },
      { accountId, milliPoints, expiresAt },
    ],
  }))
  return postEach(tx, drafts, at)
}
