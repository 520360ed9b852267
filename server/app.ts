import Koa from 'koa'
import compress from 'koa-compress'
import helmet from 'koa-helmet'
import { Refusal } from '../shared/core/refusals'
import { alarmRoutes } from './alarm/routes'
import { anomalyRoutes } from './anomaly/routes'
import { auditRoutes } from './audit/routes'
import { certificateRoutes } from './certificate/routes'
import { complaintRoutes } from './complaint/routes'
import { answering, bounded, jsonBody, routerOf } from './core/http'
import { rateLimits } from './core/limits'
import { bugOf } from './core/log'
import type { Parts, Route } from './core/route'
import { creditRoutes } from './credit/routes'
import { proxyRoutes } from './elder/proxy-routes'
import { elderRoutes } from './elder/routes'
import { fundRoutes } from './fund/routes'
import { health } from './health'
import { importRoutes } from './import/routes'
import { jobRoutes } from './jobs/routes'
import { delegationRoutes } from './member/delegation-routes'
import { givingRoutes } from './member/giving-routes'
import { mergeRoutes } from './member/merge-routes'
import { pointsRoutes } from './member/points-routes'
import { memberRoutes } from './member/routes'
import { messageRoutes } from './message/routes'
import { noticeRoutes } from './notice/routes'
import { openApiOf } from './openapi'
import { orderRoutes } from './order/routes'
import { pairingRoutes } from './pairing/routes'
import { paperRoutes } from './paper/routes'
import { personRoutes } from './person/routes'
import { plateRoutes } from './plate/routes'
import { proofRoutes } from './proof/routes'
import { logSite } from './proof/site'
import { queueRoutes } from './queue/routes'
import { redemptionRoutes } from './redemption/routes'
import { regionRoutes } from './region/routes'
import { registryRoutes } from './registry/routes'
import { openPages } from './report/open-page'
import { reportRoutes } from './report/routes'
import { requirementRoutes } from './requirement/routes'
import { schemeRoutes } from './scheme/routes'
import { serviceRoutes } from './service/routes'
import { newAuthenticate } from './session/authenticate'
import { sessionRoutes } from './session/routes'
import { sites } from './sites'
import { textRoutes } from './text/routes'
import { visitRoutes } from './visit/routes'

/** Every route there is: the router, the OpenAPI document and the test matrix are made from this list. */
export const ROUTES: readonly Route[] = [
  ...sessionRoutes,
  ...personRoutes,
  ...regionRoutes,
  ...serviceRoutes,
  ...memberRoutes,
  ...delegationRoutes,
  ...mergeRoutes,
  ...noticeRoutes,
  ...messageRoutes,
  ...textRoutes,
  ...elderRoutes,
  ...proxyRoutes,
  ...importRoutes,
  ...paperRoutes,
  ...plateRoutes,
  ...orderRoutes,
  ...visitRoutes,
  ...auditRoutes,
  ...registryRoutes,
  ...alarmRoutes,
  ...anomalyRoutes,
  ...complaintRoutes,
  ...creditRoutes,
  ...requirementRoutes,
  ...pairingRoutes,
  ...schemeRoutes,
  ...pointsRoutes,
  ...givingRoutes,
  ...redemptionRoutes,
  ...fundRoutes,
  ...queueRoutes,
  ...certificateRoutes,
  ...proofRoutes,
  ...reportRoutes,
  ...jobRoutes,
]

/** Nobody else's scripts, frames or addresses: the two apps and the API live on one origin. */
const CONTENT = {
  directives: {
    'default-src': ["'self'"],
    'script-src': ["'self'"],
    'style-src': ["'self'", "'unsafe-inline'"],
    'img-src': ["'self'", 'data:', 'blob:'],
    'font-src': ["'self'", 'data:'],
    'media-src': ["'self'", 'blob:'],
    'connect-src': ["'self'"],
    'object-src': ["'none'"],
    'frame-ancestors': ["'none'"],
    'base-uri': ["'self'"],
    'form-action': ["'self'"],
    'upgrade-insecure-requests': null,
  },
}

/** Builds the server from its parts; tests pass their own database, clock and WeChat. */
export function newApp(parts: Parts): Koa {
  const app = new Koa({ proxy: parts.config.trustProxy })
  // What breaks after an answer began, mostly somebody who went away in the middle of a file: Koa would print all of it.
  app.on('error', (error: unknown) => parts.log.warn({ bug: bugOf(error) }))
  const router = routerOf(ROUTES, parts, newAuthenticate(parts))
  let openApi: string | undefined // a fifth of what a process takes to begin, and few ask for it
  app.use(answering(parts))
  app.use(
    helmet({
      contentSecurityPolicy: CONTENT,
      strictTransportSecurity: parts.config.production ? undefined : false,
    } as never),
  )
  app.use(health(parts))
  app.use(compress({ threshold: 2048 }))
  app.use(rateLimits(parts))
  app.use(bounded(parts))
  app.use(async (ctx, next) => {
    if (ctx.path !== '/api/openapi.json') return next()
    ctx.type = 'application/json'
    openApi ??= JSON.stringify(openApiOf(ROUTES, parts.config.publicUrl))
    ctx.body = openApi
  })
  app.use(jsonBody())
  app.use(router.routes())
  app.use(async (ctx, next) => {
    if (!ctx.path.startsWith('/api/')) return next()
    throw new Refusal(router.isKnown(ctx.path) ? 'METHOD_NOT_ALLOWED' : 'NOT_FOUND')
  })
  app.use(openPages(parts))
  app.use(logSite(parts))
  app.use(sites(parts))
  return app
}
