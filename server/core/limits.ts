import { createHash } from 'node:crypto'
import type Koa from 'koa'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { Refusal } from '../../shared/core/refusals'
import { addSeconds } from '../../shared/core/time'
import { isPostgresUrl, query, urlOf } from './db'
import type { Parts, Route } from './route'

/** Guessing must not pay: logins, eight-digit codes, invitations and typed plate numbers are counted per address. */
const GUESSED =
  /^\/api\/v1\/(session\/(demo|wechat|phone|invited|desk|password|proof)|redemptions\/look-ups|proxy-invitations\/(offers|acceptances)|scans|public\/)/
const WINDOW_SECONDS = 60
/** A person at a desk presses more than one on a phone, and less than a script; one route of all is not all a person needs. */
const OF_PERSON = 10
const OF_ROUTE = 5
/** What makes or reads a file costs a hundred times a question. */
const OF_FILES = 1
const OF_ADDRESS = 20
const OF_GUESSES = 2
/** From this share of a limit on, what one process counted is counted with the others'. */
const SHARED_FROM = 1 / 4

type Counting = Pick<Parts, 'db' | 'config' | 'now'>

/** Per address: everything, and what can be guessed in the database from the first time on. */
export function rateLimits(parts: Counting): Koa.Middleware {
  const points = parts.config.rateLimit
  const all = newLimit(parts, 'address', points * OF_ADDRESS)
  return async (ctx, next) => {
    if (!ctx.path.startsWith('/api/')) return next()
    await all(ctx.ip)
    if (GUESSED.test(ctx.path) && (await countTogether(parts, `guess|${ctx.ip}`, 1)) > points * OF_GUESSES)
      throw new Refusal('TOO_MANY_REQUESTS')
    return next()
  }
}

/** Per person, whatever address they come from: everything, and each route by itself. */
export function personLimits(parts: Counting): (personId: string, route: Route) => Promise<void> {
  const points = parts.config.rateLimit
  const all = newLimit(parts, 'person', points * OF_PERSON)
  const ofRoute = newLimit(parts, 'route', points * OF_ROUTE)
  const ofFiles = newLimit(parts, 'files', points * OF_FILES)
  return async (personId, route) => {
    await all(personId)
    await (isOfFiles(route) ? ofFiles : ofRoute)(`${personId} ${route.method} ${route.path}`)
  }
}

/** Where files come in as base64; see shared/import/limits. */
const WITH_FILES = ['/imports', '/papers', '/proxy-invitations', '/region-maps']

/** Whether a path, below the API, takes a file. */
export function takesFiles(path: string): boolean {
  return WITH_FILES.some((one) => path.startsWith(one))
}

function isOfFiles(route: Route): boolean {
  return route.view === null || (route.method === 'POST' && takesFiles(route.path))
}

/**
 * Counts in this process; who comes near the limit is counted in the database too, where the other processes count: they
 * are few, and everybody else costs nothing. On SQLite there is one process.
 */
function newLimit(parts: Counting, name: string, points: number): (key: string) => Promise<void> {
  const local = new RateLimiterMemory({ points, duration: WINDOW_SECONDS })
  const isShared = isPostgresUrl(urlOf(parts.db))
  const from = Math.ceil(points * SHARED_FROM)
  return async (key) => {
    const { consumedPoints } = await local.consume(key).catch(() => {
      throw new Refusal('TOO_MANY_REQUESTS')
    })
    if (!isShared || consumedPoints < from) return
    const all = await countTogether(parts, `${name}|${key}`, consumedPoints === from ? from : 1)
    if (all > points) throw new Refusal('TOO_MANY_REQUESTS')
  }
}

/** How often this came in the running window, on all processes, `more` times included; who it was is not kept. */
async function countTogether({ db, now, config }: Counting, what: string, more: number): Promise<number> {
  const at = now()
  const key = createHash('sha256').update(config.keys.index.key).update(what).digest('hex').slice(0, 32)
  const [row] = await db.$transaction((tx) =>
    query<{ count: number | bigint }>(
      tx,
      `INSERT INTO rate_limit ("key", "count", "until") VALUES ($1, $4, $2)
       ON CONFLICT ("key") DO UPDATE SET
         "count" = CASE WHEN rate_limit."until" <= $3 THEN $4 ELSE rate_limit."count" + $4 END,
         "until" = CASE WHEN rate_limit."until" <= $3 THEN $2 ELSE rate_limit."until" END
       RETURNING "count"`,
      key,
      addSeconds(at, WINDOW_SECONDS),
      at,
      more,
    ),
  )
  return Number(row?.count ?? 0)
}
