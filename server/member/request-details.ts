import { ACCOUNT_WORDS, type AccountKind } from '../../shared/ledger/rules'
import { maskName } from '../../shared/person/rules'
import { findBy } from '../core/bulk'
import type { Keys } from '../core/config'
import type { Reader } from '../core/db'
import type { ImportDetail } from '../ledger/request'
import { openPersons } from '../person/vault'
import { ownersOf } from './account'

type Asked = { id: string; kind: string; programmeId: string; otherAccountId: string | null; detail: string | null }

/** What whoever agrees to a request must see of it beside account and amount: where points go, what pays, how long a list is. */
export async function detailsOf(db: Reader, keys: Keys, rows: readonly Asked[]): Promise<Map<string, string>> {
  const ids = rows.flatMap((row) => row.otherAccountId ?? [])
  const accounts = new Map((await findBy(db, 'LedgerAccount', 'id', ids)).map((one) => [one.id, one]))
  const programmes = await findBy(
    db,
    'Programme',
    'id',
    [...accounts.values()].map((one) => one.programmeId),
  )
  const owners = await ownersOf(db, ids)
  const persons = await openPersons(db, keys, [...new Set(owners.values())])
  const wordsOf = (row: Asked): string | null => {
    if (row.detail !== null) return `${(JSON.parse(row.detail) as ImportDetail).length} 人的余额`
    const other = accounts.get(row.otherAccountId ?? '')
    if (other === undefined) return row.kind === 'CLOSE' ? '余额作废' : null
    const programme = programmes.find((one) => one.id === other.programmeId)?.name ?? ''
    if (row.kind === 'SETTLE') return `和${programme}结清`
    if (other.programmeId !== row.programmeId) return `到${programme}`
    const owner = persons.get(owners.get(other.id) ?? '')?.name
    const name = owner === undefined ? ACCOUNT_WORDS[other.kind as AccountKind] : maskName(owner)
    return row.kind === 'GRANT' ? `从${name}出` : `余额到${name}`
  }
  return new Map(rows.flatMap((row) => (wordsOf(row) === null ? [] : [[row.id, wordsOf(row) as string] as const])))
}
