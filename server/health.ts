import type Koa from 'koa'
import { collectDefaultMetrics, register } from 'prom-client'
import type { Parts } from './core/route'

/** /healthz: the process answers · /readyz: the database does too · /metrics: for the operator's own network only. */
export function health({ db, config }: Parts): Koa.Middleware {
  if (config.production && register.getMetricsAsArray().length === 0) collectDefaultMetrics()
  return async (ctx, next) => {
    if (ctx.path === '/healthz') {
      ctx.body = { ok: true }
      return
    }
    if (ctx.path === '/readyz') {
      const ready = await db.meta.count().then(
        () => true,
        () => false,
      )
      ctx.status = ready ? 200 : 503
      ctx.body = { ok: ready }
      return
    }
    if (
      ctx.path === '/metrics' &&
      ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(ctx.req.socket.remoteAddress ?? '')
    ) {
      ctx.type = register.contentType
      ctx.body = await register.metrics()
      return
    }
    await next()
  }
}
