import { createServer, type Server } from 'node:http'
import type Koa from 'koa'

/**
 * How long somebody may take, in milliseconds, before the connection is theirs no longer: who sends a head or a body in
 * drops, says nothing, or never reads the answer must not hold what others wait for.
 */
export type Timeouts = {
  /** until the head of a request is there */
  headersMs: number
  /** until all of it is there, body included */
  requestMs: number
  /** between two requests on one connection */
  keepAliveMs: number
  /** without a byte in either direction */
  silentMs: number
  /** how often the server looks */
  checkEveryMs: number
}
export const TIMEOUTS: Timeouts = {
  ...{ headersMs: 15_000, requestMs: 30_000, keepAliveMs: 5000, silentMs: 60_000, checkEveryMs: 1000 },
}
const CONNECTIONS_MAX = 10_000

/** Serves an app with its timeouts; rejects when the port is taken. */
export async function listen(
  app: Koa,
  { port, host }: { port: number; host: string },
  timeouts: Timeouts = TIMEOUTS,
): Promise<Server> {
  const server = createServer(
    {
      headersTimeout: timeouts.headersMs,
      requestTimeout: timeouts.requestMs,
      keepAliveTimeout: timeouts.keepAliveMs,
      connectionsCheckingInterval: timeouts.checkEveryMs,
    },
    app.callback(),
  )
  server.setTimeout(timeouts.silentMs)
  server.maxConnections = CONNECTIONS_MAX
  server.listen(port, host)
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve)
    server.once('error', reject)
  })
  return server
}
