import { randomUUID } from 'node:crypto'
import { bodyParser } from '@koa/bodyparser'
import Router from '@koa/router'
import type Koa from 'koa'
import { REFUSALS, Refusal, type RefusalCode, refuse } from '../../shared/core/refusals'
import { can, PROVED_ANEW } from '../../shared/session/permissions'
import { type Actor, holds, pathsOf, whyNotProved } from './actor'
import { type Db, isTaken, readWithin } from './db'
import { readInput } from './input'
import { personLimits, takesFiles } from './limits'
import { bugOf } from './log'
import { refuseOdd } from './plain'
import type { File, Parts, Role, Route } from './route'

export const API = '/api/v1'
const BODY_BYTES = '256kb'
const FILE_BODY_BYTES = '6mb'

/** How a token becomes an actor; the session noun gives it, so that this file knows no noun. */
export type Authenticate = ((token: string, requestId: string, at: Date) => Promise<Actor>) & {
  /** What was remembered of a session holds no more. */
  forget?: (sessionId: string) => void
}

/** What finds the route of a request, and whether there is one at all at a path. */
export type Routing = { routes: () => Koa.Middleware; isKnown: (path: string) => boolean }

/**
 * Puts the routes into routers: log in, allow, read, run, check the answer. One router for all that begin alike, since each
 * tries its routes one after the other.
 */
export function routerOf(routes: readonly Route[], parts: Parts, authenticate: Authenticate): Routing {
  const routers = new Map<string, Router>()
  const spend = personLimits(parts)
  for (const one of routes) {
    const isSensitive = wantsProof(one)
    const beginning = beginningOf(`${API}${one.path}`)
    // Strict: /visits/ is a visit whose id was forgotten, and no list. Sensitive: limits know a path by its letters.
    const router = routers.get(beginning) ?? new Router({ prefix: API, strict: true, sensitive: true })
    routers.set(beginning, router)
    router.register(one.path, [one.method], async (ctx: Koa.Context) => {
      ctx.state.route = `${one.method} ${one.path}`
      const at = parts.now()
      const actor =
        one.who === 'public'
          ? (null as unknown as Actor)
          : await authenticate(bearerOf(ctx), ctx.state.requestId as string, at)
      if (actor !== null) {
        ctx.state.actorId = actor.personId
        await spend(actor.personId, one)
      }
      allow(one, actor)
      if (isSensitive) refuse(whyNotProved(actor, at))
      refuseOdd({ ...ctx.query })
      refuseOdd((ctx.request as { body?: unknown }).body ?? null)
      const query = one.query === null ? undefined : readInput(one.query, { ...ctx.query })
      const input =
        one.input === null ? undefined : readInput(one.input, (ctx.request as { body?: unknown }).body ?? {})
      const params = (ctx as unknown as { params: Record<string, string> }).params
      refuseOdd(params)
      const requestId = ctx.state.requestId as string
      const run = (db: Db) => one.run({ db, actor, at, params, input, query, parts, requestId })
      // the reader is a transaction: a list that would write something, or begin one, fails its test
      const answer = one.within
        ? await readWithin(parts.db, pathsOf(actor, can(...one.may)), (reader) => run(reader as Db))
        : await run(parts.db)
      // What anybody may write changes what one may do: an invitation taken up, a consent taken back.
      if (one.who === 'person' && one.method !== 'GET') authenticate.forget?.(actor.sessionId)
      ctx.status = one.status
      if (one.view === null) return sendFile(ctx, answer as File)
      // As text: as an object it would be made into text twice, for its length and for the socket.
      ctx.type = 'application/json'
      ctx.body = JSON.stringify(parts.config.checkAnswers ? one.view.parse(answer) : answer)
    })
  }
  const lanes = new Map([...routers].map(([beginning, router]) => [beginning, router.routes()]))
  const methods = [...new Set(routes.map(({ method }) => method))]
  return {
    routes: () => (ctx, next) => lanes.get(beginningOf(ctx.path))?.(ctx as never, next) ?? next(),
    isKnown: (path) => {
      const router = routers.get(beginningOf(path))
      return methods.some((method) => router?.match(path, method).route === true)
    },
  }
}

/** The first word of a path below the API: "visits". */
function beginningOf(path: string): string {
  const from = API.length + 1
  const end = path.indexOf('/', from)
  return path.slice(from, end < 0 ? undefined : end)
}

function allow(one: Route, actor: Actor | null): void {
  if (one.who === 'public' || one.who === 'person' || actor === null) return
  if (!one.who.some((facet) => holds(actor, facet))) throw new Refusal('NOT_ALLOWED')
}

/** A write that nothing but sensitive permissions let through. */
function wantsProof({ method, who, may }: Route): boolean {
  const isStaffOnly =
    typeof who !== 'string' && may.length > 0 && who.every((facet) => can(...may).includes(facet as Role))
  return method !== 'GET' && isStaffOnly && may.every((permission) => PROVED_ANEW.includes(permission))
}

function bearerOf(ctx: Koa.Context): string {
  const header = ctx.get('authorization')
  if (!header.startsWith('Bearer ')) throw new Refusal('NOT_LOGGED_IN')
  return header.slice(7)
}

function sendFile(ctx: Koa.Context, file: File): void {
  ctx.type = file.type
  ctx.set('Content-Disposition', `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`)
  ctx.set('Cache-Control', 'no-store')
  ctx.body = file.bytes
}

/** Numbers a request, writes its one line, and turns whatever is thrown into the one shape of an answer. */
export function answering(parts: Parts): Koa.Middleware {
  return async (ctx, next) => {
    const began = performance.now()
    ctx.state.requestId = randomUUID()
    ctx.set('X-Request-Id', ctx.state.requestId)
    try {
      if (ctx.path.startsWith('/api/')) ctx.set('Date', parts.now().toUTCString()) // phones learn how far their own clock is off
      await next()
      if (ctx.status === 404 && ctx.body === undefined && ctx.path.startsWith('/api/')) throw new Refusal('NOT_FOUND')
    } catch (error) {
      answerError(ctx, parts, error)
    }
    if (!ctx.path.startsWith('/api/')) return
    ctx.set('Cache-Control', 'no-store')
    parts.log.info({
      requestId: ctx.state.requestId,
      actor: ctx.state.actorId,
      route: ctx.state.route ?? 'none',
      status: ctx.status,
      // why not: who is refused a login, a right or a form, and how often, is read here
      ...(ctx.state.refused === undefined ? {} : { code: ctx.state.refused }),
      ms: Math.round(performance.now() - began),
    })
  }
}

function answerError(ctx: Koa.Context, parts: Parts, error: unknown): void {
  const refusal = error instanceof Refusal ? error : refusalOf(error)
  const code = refusal?.code ?? 'INTERNAL'
  const { field, ...detail } = refusal?.detail ?? {}
  ctx.state.refused = code
  ctx.status = REFUSALS[code][0]
  ctx.body = {
    code,
    sentence: REFUSALS[code][1],
    ...(field === undefined ? {} : { field }),
    ...(Object.keys(detail).length === 0 ? {} : { detail }),
    requestId: ctx.state.requestId,
  }
  if (ctx.status === 503 || ctx.status === 429) ctx.set('Retry-After', '3')
  if (refusal === null) parts.log.error({ requestId: ctx.state.requestId, route: ctx.state.route, bug: bugOf(error) })
}

/** No turn for a transaction in time; deadlock or serialisation, as Prisma and as PostgreSQL say it; SQLite's writer. */
const BUSY = new Set(['P2028', 'P2034', '40P01', '40001', 'SQLITE_BUSY'])

/** What the frameworks throw and people may cause: a body too large, no JSON, a busy database. */
function refusalOf(error: unknown): Refusal | null {
  const { type, status, code } = (error ?? {}) as { type?: string; status?: number; code?: string }
  const known: Record<string, RefusalCode> = {
    'entity.too.large': 'TOO_LARGE',
    'entity.parse.failed': 'BAD_JSON',
    'encoding.unsupported': 'BAD_JSON',
    'charset.unsupported': 'BAD_JSON',
    'request.aborted': 'BAD_JSON',
  }
  if (type !== undefined && type in known) return new Refusal(known[type] as RefusalCode)
  if (error instanceof SyntaxError && status === 400) return new Refusal('BAD_JSON')
  if (status === 400) return new Refusal('BAD_INPUT')
  if (isTaken(error)) return new Refusal('CHANGED_MEANWHILE')
  if (code !== undefined && BUSY.has(code)) return new Refusal('BUSY')
  return null
}

/** JSON only, small, and nothing hidden in prototypes. */
export function jsonBody(): Koa.Middleware {
  const upTo = (jsonLimit: string) =>
    bodyParser({
      enableTypes: ['json'],
      jsonLimit,
      jsonStrict: true,
      onError: (error) => {
        throw error
      },
    })
  const [small, large] = [upTo(BODY_BYTES), upTo(FILE_BODY_BYTES)]
  return async (ctx, next) => {
    if (ctx.method !== 'POST' && ctx.method !== 'PUT') return next()
    return (takesFiles(ctx.path.slice(API.length)) ? large : small)(ctx as never, next)
  }
}

/** Refuses what would only wait: better a clear "come back" than a queue that never ends. */
export function bounded(parts: Parts): Koa.Middleware {
  let open = 0
  return async (ctx, next) => {
    if (!ctx.path.startsWith('/api/')) return next()
    if (open >= parts.config.busyAbove) throw new Refusal('BUSY')
    open += 1
    try {
      await next()
    } finally {
      open -= 1
    }
  }
}
