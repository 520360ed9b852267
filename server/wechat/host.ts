import { randomInt } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { BUSY, type Failure, failure, failureOf, isTokenError, type Result } from './results'

export type Fetch = (url: URL, init: RequestInit) => Promise<Response>

export type Limits = {
  /** how long one exchange may take, body included */
  timeoutMs: number
  /** how often one call is tried in all */
  tries: number
  /** the first pause is random below this, each later one below twice the one before */
  backOffMs: number
}

/** One call of the table: what is sent, and how its answer is read. */
export type Call<T> = {
  name: string
  method: 'GET' | 'POST'
  path: string
  query?: Record<string, string>
  body?: unknown
  /** The value in a successful answer, or null for what is none. */
  read(bytes: Buffer): T | null
  /** Whether it may be sent again when it is unknown if the host has acted: not for a message, nor for a code that works once. */
  repeatable: boolean
}

/** Where a call gets its access token, and a better one when WeChat no longer likes it. */
export type TokenSource = {
  current(): Promise<Result<{ token: string }>>
  renewed(refused: string): Promise<Result<{ token: string }>>
}

/** For the operator; holds no code, token, secret, openid, phone or text. `rid` is what WeChat's support asks for. */
export type LogLine = {
  call: string
  outcome: 'ok' | Failure['reason']
  errcode?: number
  rid?: string
  tries: number
  ms: number
}

type Outcome<T> =
  | { kind: 'value'; value: T }
  | { kind: 'refused'; errcode: number; rid?: string }
  | { kind: 'silence'; mayHaveActed: boolean }

/**
 * The HTTP side of WeChat: one function that makes a call and answers in our words. It waits and tries again when WeChat
 * is busy, renews the token once when WeChat refuses it, and never repeats by itself what might then happen twice.
 */
export function newHost(options: {
  base: string
  fetch: Fetch
  limits: Limits
  now: () => Date
  log?: (line: LogLine) => void
}) {
  const { base, limits, now } = options

  return async function ask<T>(call: Call<T>, tokens?: TokenSource): Promise<Result<{ value: T }>> {
    const began = now().getTime()
    const { result, outcome, tries } = await askUntilDone(call, tokens)
    options.log?.({
      call: call.name,
      outcome: result.ok ? 'ok' : result.reason,
      ...(outcome?.kind === 'refused' && {
        errcode: outcome.errcode,
        ...(outcome.rid !== undefined && { rid: outcome.rid }),
      }),
      tries,
      ms: now().getTime() - began,
    })
    return result
  }

  async function askUntilDone<T>(call: Call<T>, tokens: TokenSource | undefined) {
    let token = await tokens?.current()
    let mayRenew = tokens !== undefined
    for (let tries = 1; ; tries++) {
      if (token?.ok === false) return { result: token, tries: tries - 1 }
      const outcome = await exchange(call, token?.token)
      if (outcome.kind === 'value') return { result: { ok: true as const, value: outcome.value }, outcome, tries }
      if (mayRenew && token !== undefined && outcome.kind === 'refused' && isTokenError(outcome.errcode)) {
        mayRenew = false
        token = await tokens?.renewed(token.token)
      } else if (tries < limits.tries && mayTryAgain(call, outcome)) {
        await pause(randomInt(limits.backOffMs * 2 ** (tries - 1)) + 1)
      } else return { result: inOurWords(call, outcome, tokens !== undefined), outcome, tries }
    }
  }

  async function exchange<T>(call: Call<T>, token: string | undefined): Promise<Outcome<T>> {
    const bytes = await send(call, token)
    if (!Buffer.isBuffer(bytes)) return bytes
    const error = errorIn(bytes)
    if (error !== null) return { kind: 'refused', ...error }
    const value = call.read(bytes)
    return value === null ? { kind: 'silence', mayHaveActed: true } : { kind: 'value', value }
  }

  async function send(call: Call<unknown>, token: string | undefined): Promise<Buffer | Outcome<never>> {
    const url = new URL(call.path, base)
    for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value)
    if (token !== undefined) url.searchParams.set('access_token', token)
    try {
      const response = await options.fetch(url, {
        method: call.method,
        redirect: 'error',
        signal: AbortSignal.timeout(limits.timeoutMs),
        ...(call.body !== undefined && {
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(call.body),
        }),
      })
      const bytes = Buffer.from(await response.arrayBuffer())
      return response.status === 200 ? bytes : { kind: 'silence', mayHaveActed: true }
    } catch (error) {
      return { kind: 'silence', mayHaveActed: !neverLeft(error) }
    }
  }
}

export type Ask = ReturnType<typeof newHost>

function mayTryAgain(call: Call<unknown>, outcome: Outcome<unknown>): boolean {
  if (outcome.kind === 'refused') return outcome.errcode === BUSY
  return outcome.kind === 'silence' && (call.repeatable || !outcome.mayHaveActed)
}

/** A token that is refused twice is refused for a reason that passes; without a token it is the secret that is wrong. */
function inOurWords(
  call: Call<unknown>,
  outcome: Exclude<Outcome<unknown>, { kind: 'value' }>,
  withToken: boolean,
): Failure {
  if (outcome.kind === 'silence') return failure('unreachable', call.repeatable || !outcome.mayHaveActed)
  return withToken && isTokenError(outcome.errcode) ? failure('busy', true) : failureOf(outcome.errcode)
}

/** Errors that undici and Node give before a single byte of the request has left. */
const NEVER_LEFT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])
const withCode = z.object({ cause: z.object({ code: z.string() }) })

function neverLeft(error: unknown): boolean {
  const known = withCode.safeParse(error)
  return known.success && NEVER_LEFT.has(known.data.cause.code)
}

const errorAnswer = z.object({ errcode: z.number(), errmsg: z.string().optional() })

/** The error in an answer, whatever its status and content type: errors come as 200, and as an image. */
function errorIn(bytes: Buffer): { errcode: number; rid?: string } | null {
  const answer = errorAnswer.safeParse(jsonIn(bytes))
  if (!answer.success || answer.data.errcode === 0) return null
  const rid = /rid: ([\w-]+)/.exec(answer.data.errmsg ?? '')?.[1]
  return { errcode: answer.data.errcode, ...(rid !== undefined && { rid }) }
}

/** Reads an answer of a known shape. */
export function jsonOf<T>(shape: z.ZodType<T>): (bytes: Buffer) => T | null {
  return (bytes) => shape.safeParse(jsonIn(bytes)).data ?? null
}

function jsonIn(bytes: Buffer): unknown {
  if (bytes[0] !== 0x7b) return undefined
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}
