import Taro from '@tarojs/taro'
import type { Identity, Me, Tokens } from '../../../shared/session/view'
import { get, post, remove } from '../core/call'
import { phoneOfLogin } from '../core/device'
import { wearElderFace } from '../core/face'
import { goFresh } from '../core/go'
import { homeOf } from '../core/home'
import { changeSession, leaveSession, startSession } from '../core/session'

export function readIdentities(): Promise<Identity[]> {
  return get('/session/identities')
}

export async function loginAs(identityId: string): Promise<void> {
  startSession(await post<Tokens>('/session/demo', { identityId, ...(await phoneOfLogin()) }))
}

/** Logs in by WeChat; the ticket says that the phone number has to be handed over first. */
export async function loginByWeChat(): Promise<{ ticket: string | null }> {
  const { code } = await Taro.login()
  const answer = await post<Tokens | { ticket: string }>('/session/wechat', { code, ...(await phoneOfLogin()) })
  if ('ticket' in answer) return { ticket: answer.ticket }
  startSession(answer)
  return { ticket: null }
}

export async function loginByPhone(ticket: string, phoneCode: string): Promise<void> {
  startSession(await post<Tokens>('/session/phone', { ticket, phoneCode, ...(await phoneOfLogin()) }))
}

/** The first login of a relative whom an elder invites. */
export async function loginInvited(said: {
  ticket: string
  phoneCode: string
  code: string
  name: string
}): Promise<void> {
  startSession(await post<Tokens>('/session/invited', { ...said, ...(await phoneOfLogin()) }))
}

/** Asks who has just logged in. Who is only looked after gets the face made for it; from then on the choice is theirs. */
export async function meet(): Promise<Me> {
  const me = await get<Me>('/me')
  changeSession({ me })
  if (me.elder !== null && me.member === null && me.roles.length === 0) wearElderFace(true)
  return me
}

/** To the page one came from, or to where this person begins. */
export function arrive(me: Me, next: string | undefined): Promise<unknown> {
  return goFresh(next === undefined || next === '' ? homeOf(me) : next)
}

/** The server forgets the session if it can be reached; this phone does in any case. */
export async function leave(): Promise<void> {
  await remove('/session').catch(() => undefined)
  leaveSession()
  wearElderFace(false)
}
