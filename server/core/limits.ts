import { createHash } from 'node:crypto'
import type Koa from 'koa'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { Refusal } from '../../shared/core/refusals'
import { addSeconds } from '../../shared/core/time'
import { query } from './db'
import type { Parts } from './route'

/** Guessing must not pay: logins, eight-digit codes, invitations and typed plate numbers are counted per address. */
const GUESSED =
  /^\/api\/v1\/(session\/(demo|wechat|phone|invited|desk|password|proof)|redemptions\/look-ups|proxy-invitations\/(offers|acceptances)|scans|public\/)/
const WINDOW_SECONDS = 60
/** A person at a desk presses more than one on a phone, and less than a script. */
const OF_PERSON = 10

/** Per address: everything in this process, what can be guessed in the database, for all processes together. */
export function rateLimits(parts: Pick<Parts, 'db' | 'config' | 'now'>): Koa.Middleware {
  const points = parts.config.rateLimit
  const all = new RateLimiterMemory({ points: points * 20, duration: WINDOW_SECONDS })
  return async (ctx, next) => {
    if (!ctx.path.startsWith('/api/')) return next()
    await consume(all, ctx.ip)
    if (GUESSED.test(ctx.path) && (await guesses(parts, ctx.ip)) > points * 2) throw new Refusal('TOO_MANY_REQUESTS')
    return next()
  }
}

/** Per person, whatever address they come from. */
export function personLimit(points: number): (personId: string) => Promise<void> {
  const limiter = new RateLimiterMemory({ points: points * OF_PERSON, duration: WINDOW_SECONDS })
  return (personId) => consume(limiter, personId)
}

async function consume(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key)
  } catch {
    throw new Refusal('TOO_MANY_REQUESTS')
  }
}

/** How often this address guessed in the running window, this time included; the address itself is not kept. */
async function guesses({ db, now, config }: Pick<Parts, 'db' | 'config' | 'now'>, address: string): Promise<number> {
  const at = now()
  const key = createHash('sha256').update(config.keys.index.key).update(`guess|${address}`).digest('hex').slice(0, 32)
  const [row] = await db.$transaction((tx) =>
    query<{ count: number | bigint }>(
      tx,
      `INSERT INTO rate_limit ("key", "count", "until") VALUES ($1, 1, $2)
       ON CONFLICT ("key") DO UPDATE SET
         "count" = CASE WHEN rate_limit."until" <= $3 THEN 1 ELSE rate_limit."count" + 1 END,
         "until" = CASE WHEN rate_limit."until" <= $3 THEN $2 ELSE rate_limit."until" END
       RETURNING "count"`,
      key,
      addSeconds(at, WINDOW_SECONDS),
      at,
    ),
  )
  return Number(row?.count ?? 0)
}
