import type Koa from 'koa'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { Refusal } from '../../shared/core/refusals'

/** Guessing must not pay: logins, eight-digit codes and typed plate numbers are counted per address. */
const GUESSED = /^\/api\/v1\/(session\/(demo|wechat|phone|desk)|redemptions\/look-ups|scans|public\/)/

export function rateLimits(points: number): Koa.Middleware {
  const all = new RateLimiterMemory({ points: points * 20, duration: 60 })
  const guessed = new RateLimiterMemory({ points: points * 2, duration: 60 })
  return async (ctx, next) => {
    if (!ctx.path.startsWith('/api/')) return next()
    const limiter = GUESSED.test(ctx.path) ? guessed : all
    try {
      await limiter.consume(ctx.ip)
    } catch {
      throw new Refusal('TOO_MANY_REQUESTS')
    }
    return next()
  }
}
