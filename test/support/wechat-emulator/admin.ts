import { json as readJson } from 'node:stream/consumers'
import Router from '@koa/router'
import { z } from 'zod'
import type { State } from './state'

const callName = z.enum(['session', 'token', 'phone', 'plateImage', 'message', 'text'])
const newUser = z.strictObject({
  openid: z.string().exactOptional(),
  unionid: z.string().nullable().exactOptional(),
  phone: z.string().exactOptional(),
  countryCode: z.string().exactOptional(),
  blocked: z.boolean().exactOptional(),
})
const codeAsked = z.strictObject({ openid: z.string() })
const consent = z.strictObject({
  openid: z.string(),
  templateId: z.string(),
  messages: z.union([z.number().int().min(0), z.literal('longTerm')]),
})
const template = z.strictObject({ id: z.string(), keys: z.array(z.string()) })
const faultBase = { call: callName.exactOptional(), times: z.number().int().min(1) }
const fault = z.discriminatedUnion('kind', [
  z.strictObject({ ...faultBase, kind: z.literal('latency'), ms: z.number() }),
  z.strictObject({ ...faultBase, kind: z.literal('reset'), acted: z.boolean() }),
  z.strictObject({ ...faultBase, kind: z.literal('status'), status: z.number(), acted: z.boolean() }),
  z.strictObject({ ...faultBase, kind: z.literal('truncated') }),
  z.strictObject({ ...faultBase, kind: z.literal('stalled') }),
  z.strictObject({ ...faultBase, kind: z.literal('page'), acted: z.boolean() }),
  z.strictObject({ ...faultBase, kind: z.literal('jsonAsImage'), errcode: z.number() }),
  z.strictObject({ ...faultBase, kind: z.literal('errcode'), errcode: z.number() }),
])

/**
 * What a browser, a phone's bundle or another process may do to the emulator, where a test in the same process uses its
 * state directly.
 */
export function adminRoutes(state: State): Router {
  const routes = new Router({ prefix: '/emulator' })

  routes.use(async (ctx, next) => {
    try {
      await next()
    } catch (error) {
      ctx.status = 400
      ctx.body = { error: String(error) }
    }
  })
  routes.post('/users', async (ctx) => {
    const { consents: _, ...user } = state.addUser(newUser.parse(await readJson(ctx.req)))
    ctx.body = user
  })
  routes.post('/login-codes', async (ctx) => {
    ctx.body = { code: state.loginCode(codeAsked.parse(await readJson(ctx.req)).openid) }
  })
  routes.post('/phone-codes', async (ctx) => {
    ctx.body = { code: state.phoneCode(codeAsked.parse(await readJson(ctx.req)).openid) }
  })
  routes.post('/consents', async (ctx) => {
    const { openid, templateId, messages } = consent.parse(await readJson(ctx.req))
    state.allow(openid, templateId, messages)
    ctx.status = 204
  })
  routes.post('/templates', async (ctx) => {
    const { id, keys } = template.parse(await readJson(ctx.req))
    state.addTemplate(id, keys)
    ctx.status = 204
  })
  routes.post('/pages', async (ctx) => {
    for (const page of z.array(z.string()).parse(await readJson(ctx.req))) state.publishedPages.add(page)
    ctx.status = 204
  })
  routes.post('/faults', async (ctx) => {
    state.faults.push(fault.parse(await readJson(ctx.req)))
    ctx.status = 204
  })
  routes.delete('/faults', (ctx) => {
    state.faults.length = 0
    ctx.status = 204
  })
  routes.post('/clock', async (ctx) => {
    state.clock.advance(z.strictObject({ seconds: z.number() }).parse(await readJson(ctx.req)).seconds)
    ctx.body = { now: state.clock.now() }
  })
  routes.get('/requests', (ctx) => {
    ctx.body = state.requests
  })
  routes.get('/messages', (ctx) => {
    ctx.body = state.messages
  })
  return routes
}
