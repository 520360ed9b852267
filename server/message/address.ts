import { outsideOf } from '../../shared/message/kinds'
import { findBy } from '../core/bulk'
import type { Config, Template } from '../core/config'
import type { Db } from '../core/db'
import { readOpenids } from '../person/openids'
import { openPersons } from '../person/vault'

/** Where somebody can be told: opened for the sending only. */
export type Address = {
  wechat: { openid: string; template: Template } | null
  phone: string | null
  /** the page of the mini-program it leads to */
  page: string
  /** why WeChat isn't one of the ways */
  whyNot: string
}

const LIST = 'notice/mine'

/** Addresses of messages by their ids, all with a handful of queries; nobody is told who was erased or turned off. */
export async function addressOf(
  db: Db,
  { keys, messages }: Pick<Config, 'keys' | 'messages'>,
  wanted: readonly { id: string; personId: string; kind: string }[],
): Promise<Map<string, Address>> {
  const personIds = [...new Set(wanted.map((one) => one.personId))]
  const rows = (await findBy(db, 'Person', 'id', personIds)).filter(
    (one) => one.disabledAt === null && one.erasedAt === null,
  )
  const ids = rows.map((one) => one.id)
  const opened = await openPersons(db, keys, ids)
  const openidOf = await readOpenids(db, keys, ids)
  const grants = new Map(
    (await findBy(db, 'MessageGrant', 'personId', ids)).map((one) => [`${one.personId} ${one.subject}`, one]),
  )
  const links = new Map(
    (
      await findBy(
        db,
        'Notice',
        'id',
        wanted.map((one) => one.id),
      )
    ).map((one) => [one.id, one.phoneLink]),
  )
  return new Map(
    wanted
      .filter((one) => ids.includes(one.personId))
      .map(({ id, personId, kind }) => {
        const { subject } = outsideOf(kind)
        const template = messages.templates[subject]
        const openid = openidOf.get(personId) ?? null
        const grant = grants.get(`${personId} ${subject}`)
        const agreed = grant !== undefined && (grant.isLasting || grant.left > 0)
        const address: Address = {
          wechat: openid !== null && agreed && template !== undefined ? { openid, template } : null,
          phone: opened.get(personId)?.phone ?? null,
          page: (links.get(id) ?? '').replace(/^\//, '') || LIST,
          whyNot: openid === null || template === undefined ? 'nobody' : 'noConsent',
        }
        return [id, address]
      }),
  )
}
