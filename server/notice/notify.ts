import type { NoticeKind } from '../../shared/notice/kinds'
import { insertNew } from '../core/bulk'
import type { Tx } from '../core/db'
import { newId } from '../core/ids'
import { queueMessages } from '../message/queue'

export type Notice = {
  personId: string
  kind: NoticeKind
  /** what it is about; for 长辈版 at most 15 characters */
  title: string
  /** what happened and what to do, in plain Chinese, without anybody's full name, number or address */
  body: string
  /** the page it leads to on the phone, e.g. /ledger/points */
  phoneLink?: string
  /** and at the desk, e.g. /accounts/… */
  deskLink?: string
  /** of what it tells there is one, however often it is told */
  key: string
}

/**
 * Tells people something in the app, in the commit of what happened; told again under the same key nothing is written. What
 * is new goes into the queue of messages as well, which looks whether and how it reaches them elsewhere.
 *
 * @returns the keys of those that are new
 */
export async function notify(tx: Tx, notices: readonly Notice[], at: Date): Promise<string[]> {
  const rows = new Map(
    notices.map(({ key, phoneLink = '', deskLink = '', ...rest }) => [
      key,
      { id: newId(at), ...rest, phoneLink, deskLink, dedupeKey: key, createdAt: at },
    ]),
  )
  // In order, so that no two lists wait for each other.
  const inOrder = [...rows.values()].sort((one, other) => (one.dedupeKey < other.dedupeKey ? -1 : 1))
  const fresh = new Set(await insertNew(tx, 'notice', inOrder, 'dedupeKey'))
  const told = inOrder.filter((one) => fresh.has(one.dedupeKey))
  await queueMessages(tx, told, at)
  return told.map((one) => one.dedupeKey)
}
