import { text as readText } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import Koa, { type Context } from 'koa'
import { adminRoutes } from './admin'
import { CALLS, type EmulatedCall, isRecord } from './calls'
import { WechatError } from './errors'
import { type Fault, takeFault } from './faults'
import type { State } from './state'

/** The emulated host: the calls of the table under their own paths, and beside them what a test may do to it. */
export function newEmulatorApp(state: State): Koa {
  const app = new Koa()
  app.use(async (ctx, next) => {
    const call = CALLS.find((one) => one.path === ctx.path)
    if (call === undefined) return next()
    await serve(state, call, ctx)
  })
  const admin = adminRoutes(state)
  app.use(admin.routes()).use(admin.allowedMethods())
  return app
}

/** Always HTTP 200, unless a fault says otherwise. */
async function serve(state: State, call: EmulatedCall, ctx: Context): Promise<void> {
  const query = Object.fromEntries(Object.entries(ctx.query).map(([key, value]) => [key, String(value)]))
  const body = jsonIn(await readText(ctx.req))
  const fault = takeFault(state.faults, call.name)
  const logged = {
    call: call.name,
    method: ctx.method,
    query,
    body,
    at: state.clock.now(),
    fault: fault?.kind ?? null,
    errcode: 0,
  }
  state.requests.push(logged)

  if (fault?.kind === 'latency') await pause(fault.ms)
  try {
    if (fault !== null) refuseAtOnce(fault)
    if (ctx.method !== call.method) throw new WechatError(43002)
    if (call.method === 'POST' && !isRecord(body)) throw new WechatError(body === undefined ? 44002 : 47001)
    const answer = await call.answer(state, { query, body: isRecord(body) ? body : {} })
    ctx.type = answer.type
    ctx.body = answer.body
  } catch (error) {
    if (!(error instanceof WechatError)) throw error
    logged.errcode = error.errcode
    ctx.type = fault?.kind === 'jsonAsImage' ? 'image/jpeg' : 'application/json; encoding=utf-8'
    ctx.body = JSON.stringify({ errcode: error.errcode, errmsg: `${error.message} rid: ${newRid(state)}` })
  }
  if (fault !== null) spoil(ctx, fault)
}

/** Faults that strike before the call has done anything. */
function refuseAtOnce(fault: Fault): void {
  if (fault.kind === 'errcode' || fault.kind === 'jsonAsImage') throw new WechatError(fault.errcode)
  if ((fault.kind === 'reset' || fault.kind === 'status' || fault.kind === 'page') && !fault.acted)
    throw new WechatError(-1)
}

/** Faults that strike when the answer is on its way: what was done is done. */
function spoil(ctx: Context, fault: Fault): void {
  if (fault.kind === 'reset') {
    ctx.respond = false
    ctx.req.socket.resetAndDestroy()
  } else if (fault.kind === 'status') {
    ctx.status = fault.status
    ctx.type = 'text/html'
    ctx.body = '<html><body><h1>502 Bad Gateway</h1></body></html>'
  } else if (fault.kind === 'page') {
    ctx.type = 'text/html'
    ctx.body = '<html><body>请先登录网络</body></html>'
  } else if (fault.kind === 'truncated') {
    ctx.body = firstHalf(ctx.body)
  } else if (fault.kind === 'stalled') {
    ctx.respond = false
    ctx.res.writeHead(200, { 'content-type': 'application/json', 'transfer-encoding': 'chunked' })
    ctx.res.write(firstHalf(ctx.body))
  }
}

function firstHalf(body: unknown): Buffer {
  const whole = Buffer.isBuffer(body) ? body : Buffer.from(String(body))
  return whole.subarray(0, Math.floor(whole.length / 2))
}

/** As the real ones: the first group is the UNIX time in hex. */
function newRid(state: State): string {
  const seconds = Math.floor(state.clock.now().getTime() / 1000)
  return [seconds.toString(16).padStart(8, '0'), state.chance.hex8(), state.chance.hex8()].join('-')
}

/** JSON whatever its content type; undefined for no body, null for a bad one. */
function jsonIn(body: string): unknown {
  if (body === '') return undefined
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}
