import Taro from '@tarojs/taro'
import { type Query, search } from './call'

/** Where one logs in. */
export const LOGIN = '/session/login'

/** Opens a page on top of this one: go('/visit/detail', { id }). */
export function go(page: string, params?: Query): Promise<unknown> {
  return arrive(Taro.navigateTo({ url: page + search(params) }))
}

/** Opens a page in place of this one: one doesn't come back to a form that was answered. */
export function goInstead(page: string, params?: Query): Promise<unknown> {
  return arrive(Taro.redirectTo({ url: page + search(params) }))
}

/** Opens a page and forgets all others: tabs, login, home. */
export function goFresh(page: string, params?: Query): Promise<unknown> {
  return arrive(Taro.reLaunch({ url: page + search(params) }))
}

/** A page of a sub-package that never came can't be opened without network: one stays where one is and is told why. */
async function arrive(going: Promise<unknown>): Promise<unknown> {
  if (process.env.TARO_ENV === 'h5') return going
  return going.catch(() =>
    Taro.showModal({ title: '这一页还没下载', content: '有网络时再打开', showCancel: false, confirmText: '知道了' }),
  )
}

/** Back to where one came from; a page that was opened by a scan has nothing behind it and goes to `home`. */
export function goBack(home: string): Promise<unknown> {
  return Taro.getCurrentPages().length > 1 ? Taro.navigateBack() : goFresh(home)
}

/** Logs in and comes back to this very page. */
export function goLogin(): Promise<unknown> {
  const [page] = Taro.getCurrentPages().slice(-1)
  const { path = '', params = {} } = Taro.getCurrentInstance().router ?? {}
  const here = (page?.route ?? path).replace(/^\/?/, '/').replace(/\?.*$/, '')
  // The values stand here as they do in the address, encoded already; two of them are Taro's own.
  const pairs = Object.entries(params).filter(([name]) => name !== '$taroTimestamp' && name !== 'stamp')
  const query = pairs.map(([name, value]) => `${name}=${value}`).join('&')
  return goInstead(LOGIN, { next: query === '' ? here : `${here}?${query}` })
}
