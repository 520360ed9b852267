import type { Config } from '../core/config'
import { openField, sealField } from '../core/crypto'
import type { Db } from '../core/db'
import type { Log } from '../core/log'
import { newTableTokenStore, tokenTableOf } from './token-store'
import { newWechat, type Wechat } from './wechat'

const PLACE = { table: 'wechat_token', column: 'token', personId: '', version: 1 }

/**
 * WeChat as this server's settings describe it, or null where none is configured. The access token is sealed in the
 * database; what WeChat refuses is logged with its errcode and request id, and with nothing personal.
 */
export function newWechatOf(config: Config, db: Db, now: () => Date, log: Log): Wechat | null {
  if (config.wechat === null) return null
  const { own } = config.keys
  const tokenStore = newTableTokenStore({
    table: tokenTableOf(db.wechatToken),
    id: config.wechat.appid,
    seal: (token) => sealField(own, token, PLACE),
    open: (sealed) => openField(own, sealed, PLACE),
    now,
  })
  return newWechat({
    ...config.wechat,
    tokenStore,
    now,
    log: (line) => line.outcome !== 'ok' && log.warn({ wechat: line }),
  })
}
