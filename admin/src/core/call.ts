import { newId } from './new-id'

/**
 * The only place that talks to the server. The access token lives in memory, the refresh token in this tab's
 * sessionStorage; a call refused for an expired token asks for a new one once, together with all others that wait.
 */
const BASE = '/api/v1'
const KEEP = 'mulin.admin.refresh'
const NONCE = 'mulin.admin.nonce'

export interface Failure {
  code: string
  sentence: string
  field?: string
  detail?: unknown
  requestId?: string
}

/** An expected "no" of the server, or no answer at all (`NO_ANSWER`, safe to ask again). */
export class CallError extends Error {
  constructor(
    readonly status: number,
    readonly failure: Failure,
  ) {
    super(failure.sentence)
  }
}

export interface Tokens {
  accessToken: string
  refreshToken: string
}

export type Query = Record<string, string | number | boolean | readonly string[] | null | undefined>

let accessToken: string | null = null
let renewal: Promise<boolean> | null = null
const listeners = new Set<() => void>()

export function onTokens(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Whether this tab holds a session. The server still decides whether it is any good. */
export function hasSession(): boolean {
  return sessionStorage.getItem(KEEP) !== null
}

export function keepTokens(tokens: Tokens | null): void {
  accessToken = tokens?.accessToken ?? null
  if (tokens === null) sessionStorage.removeItem(KEEP)
  else sessionStorage.setItem(KEEP, tokens.refreshToken)
  for (const listener of listeners) listener()
}

export function get<T>(path: string, query?: Query): Promise<T> {
  return json<T>('GET', path, query)
}
export function post<T>(path: string, body?: unknown): Promise<T> {
  return json<T>('POST', path, undefined, body)
}
export function put<T>(path: string, body: unknown): Promise<T> {
  return json<T>('PUT', path, undefined, body)
}
export function remove<T>(path: string): Promise<T> {
  return json<T>('DELETE', path)
}

/**
 * Fetches a file and hands it to the browser under the server's name for it, or under `fallbackName`.
 *
 * @param made what the file is made of, when the server has to be told
 */
export async function download(
  path: string,
  query: Query | undefined,
  fallbackName: string,
  made?: object,
): Promise<void> {
  const answer = await send(made === undefined ? 'GET' : 'POST', path, query, made)
  const url = URL.createObjectURL(await answer.blob())
  const link = Object.assign(document.createElement('a'), { href: url, download: nameOf(answer) ?? fallbackName })
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

/** A file to be shown, not kept. */
export async function fetchFile(path: string): Promise<Blob> {
  return (await send('GET', path)).blob()
}

async function json<T>(method: string, path: string, query?: Query, body?: unknown): Promise<T> {
  const answer = await send(method, path, query, body)
  return (answer.status === 204 ? undefined : await answer.json()) as T
}

async function send(method: string, path: string, query?: Query, body?: unknown): Promise<Response> {
  if (accessToken === null && hasSession() && !path.startsWith('/session/')) await renew()
  const answer = await ask(method, path, query, body)
  if (answer.ok) return answer
  const failure = await failureOf(answer)
  const stale = answer.status === 401 && failure.code === 'TOKEN_EXPIRED' && hasSession()
  if (!stale || !(await renew())) {
    if (answer.status === 401 && !path.startsWith('/session/')) keepTokens(null)
    throw new CallError(answer.status, failure)
  }
  const again = await ask(method, path, query, body)
  if (again.ok) return again
  throw new CallError(again.status, await failureOf(again))
}

async function ask(method: string, path: string, query?: Query, body?: unknown): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (body !== undefined) headers['content-type'] = 'application/json'
  if (accessToken !== null) headers.authorization = `Bearer ${accessToken}`
  try {
    return await fetch(BASE + path + search(query), {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    })
  } catch {
    throw new CallError(0, { code: 'NO_ANSWER', sentence: '连不上服务器，请检查网络后再试一次' })
  }
}

/** One renewal at a time: the refresh token may be used only once. */
function renew(): Promise<boolean> {
  renewal ??= renewOnce().finally(() => {
    renewal = null
  })
  return renewal
}

async function renewOnce(): Promise<boolean> {
  const refreshToken = sessionStorage.getItem(KEEP)
  if (refreshToken === null) return false
  // The nonce stays until it is answered: the same renewal asked twice, because the first answer was lost, is one.
  const nonce = sessionStorage.getItem(NONCE) ?? newId()
  sessionStorage.setItem(NONCE, nonce)
  const answer = await ask('POST', '/session/refresh', undefined, { refreshToken, nonce })
  const settled = answer.ok || (answer.status < 500 && answer.status !== 429)
  if (settled) sessionStorage.removeItem(NONCE)
  if (answer.ok) keepTokens((await answer.json()) as Tokens)
  else if (settled) keepTokens(null)
  else throw new CallError(answer.status, await failureOf(answer))
  return answer.ok
}

async function failureOf(answer: Response): Promise<Failure> {
  const requestId = answer.headers.get('x-request-id') ?? undefined
  try {
    const body = (await answer.json()) as Partial<Failure> & { error?: Partial<Failure> }
    const told = body.error ?? body
    if (told.code && told.sentence) return { requestId, ...told, code: told.code, sentence: told.sentence }
  } catch {
    // Not our JSON: a proxy answered, or the server broke off.
  }
  return { code: 'UNKNOWN', sentence: '服务器出错了，请稍后再试一次', requestId }
}

export function search(query: Query | undefined): string {
  const pairs = new URLSearchParams()
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value === undefined || value === null || value === '') continue
    if (Array.isArray(value)) for (const one of value) pairs.append(key, one)
    else pairs.append(key, String(value))
  }
  const text = pairs.toString()
  return text ? `?${text}` : ''
}

function nameOf(answer: Response): string | null {
  const told = answer.headers.get('content-disposition') ?? ''
  const wide = /filename\*=UTF-8''([^;]+)/i.exec(told)?.[1]
  return wide ? decodeURIComponent(wide) : (/filename="?([^";]+)"?/i.exec(told)?.[1] ?? null)
}
