import Taro from '@tarojs/taro'
import { REFUSALS } from '../../../shared/core/refusals'
import type { Tokens } from '../../../shared/session/view'
import { learnServerTime } from './clock'
import { newId } from './ids'
import { changeSession, currentSession, endSession } from './session'

/** The only place that talks to the server. */
const TIMEOUT_MS = 15_000

export interface Failure {
  /** A code of shared/core/refusals, or NO_ANSWER: nobody knows whether it was done, so ask again. */
  code: string
  /** What the person reads. */
  sentence: string
  field?: string
  detail?: Record<string, unknown>
  requestId?: string
}

/** An expected "no" of the server, or no answer at all (`status` 0). */
export class CallError extends Error {
  constructor(
    readonly status: number,
    readonly failure: Failure,
  ) {
    super(failure.code)
  }
}

export type Query = Record<string, string | number | boolean | null | undefined>

export function get<T>(path: string, query?: Query): Promise<T> {
  return call<T>('GET', path + search(query))
}
export function post<T>(path: string, body: object = {}): Promise<T> {
  return call<T>('POST', path, body)
}
export function put<T>(path: string, body: object): Promise<T> {
  return call<T>('PUT', path, body)
}
export function remove<T>(path: string): Promise<T> {
  return call<T>('DELETE', path)
}

/** Why something failed, as the person reads it. A bug of ours is a failure too: it never shows as a blank page. */
export function failureOf(error: unknown): Failure {
  if (error instanceof CallError) return error.failure
  console.error(error)
  return { code: 'INTERNAL', sentence: REFUSALS.INTERNAL[1] }
}

/** Whether nobody knows what became of it: it may be asked again under the same id, and should be. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof CallError && (error.status === 0 || error.status === 429 || error.status >= 500)
}

/** Whether it failed for want of an answer, not because somebody said no. */
export function isOffline(failure: Failure): boolean {
  return failure.code === 'NO_ANSWER' || failure.code === 'BUSY'
}

/** Whether the person has to log in (again) before this can be answered. */
export function needsLogin(failure: Failure): boolean {
  return failure.code === 'NOT_LOGGED_IN' || failure.code === 'SESSION_ENDED'
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
type Answer = { statusCode: number; data: unknown; header?: object }

async function call<T>(method: Method, path: string, body?: object): Promise<T> {
  const token = currentSession()?.tokens.accessToken
  try {
    return (await ask(method, path, token, body)).data as T
  } catch (error) {
    if (!(error instanceof CallError) || token === undefined || path.startsWith('/session/')) throw error
    if (error.failure.code === 'TOKEN_EXPIRED' && (await renewed(token)))
      return (await ask(method, path, currentSession()?.tokens.accessToken, body)).data as T
    if (needsLogin(error.failure)) endSession()
    throw error
  }
}

async function ask(method: Method, path: string, token: string | undefined, body?: object): Promise<Answer> {
  const header: Record<string, string> = { accept: 'application/json' }
  if (body !== undefined) header['content-type'] = 'application/json'
  if (token !== undefined) header.authorization = `Bearer ${token}`
  const answer: Answer = await Taro.request({
    url: `${API_BASE}/api/v1${path}`,
    method,
    header,
    data: body === undefined ? undefined : JSON.stringify(body),
    timeout: TIMEOUT_MS,
  }).catch(noAnswer)
  learnServerTime(headerOf(answer, 'date'))
  if (answer.statusCode >= 200 && answer.statusCode < 300) return answer
  throw new CallError(answer.statusCode, told(answer))
}

/** WeChat rejects with a plain {errMsg}, the browser with whatever it likes: all of it means the same. */
function noAnswer(): never {
  throw new CallError(0, { code: 'NO_ANSWER', sentence: '没有网络，请检查一下再试' })
}

function told(answer: Answer): Failure {
  const requestId = headerOf(answer, 'x-request-id')
  const data = answer.data
  if (typeof data === 'object' && data !== null && 'code' in data && 'sentence' in data)
    return { requestId, ...data } as Failure
  return { requestId, code: 'INTERNAL', sentence: REFUSALS.INTERNAL[1] }
}

function headerOf(answer: Answer, name: string): string | undefined {
  const found = Object.entries(answer.header ?? {}).find(([key]) => key.toLowerCase() === name)
  return found === undefined ? undefined : String(found[1])
}

/** A token that holds for a file that is not fetched through here. */
export async function freshToken(): Promise<string> {
  await get('/me')
  return currentSession()?.tokens.accessToken ?? ''
}

let renewal: Promise<boolean> | null = null

/** Makes sure the token isn't `stale` any more. One renewal at a time: a refresh token may be used only once. */
async function renewed(stale: string): Promise<boolean> {
  const session = currentSession()
  if (session === null) return false
  if (session.tokens.accessToken !== stale) return true
  renewal ??= renew().finally(() => {
    renewal = null
  })
  return renewal
}

async function renew(): Promise<boolean> {
  const session = currentSession()
  if (session === null) return false
  const nonce = session.renewalNonce ?? (await newId())
  changeSession({ renewalNonce: nonce })
  try {
    const body = { refreshToken: session.tokens.refreshToken, nonce }
    const answer = await ask('POST', '/session/refresh', undefined, body)
    if (currentSession() === null) return false
    changeSession({ tokens: answer.data as Tokens, renewalNonce: null })
    return true
  } catch (error) {
    if (isUnanswered(error)) throw error
    endSession()
    return false
  }
}

/** "?a=1&b=x" of what is given; mini-programs have no URLSearchParams. */
export function search(query: Query = {}): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '')
  if (pairs.length === 0) return ''
  return `?${pairs.map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`).join('&')}`
}
