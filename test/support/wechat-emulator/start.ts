import { once } from 'node:events'
import { newEmulatorApp } from './app'
import { type EmulatorOptions, newState, type State } from './state'

export type WechatEmulator = State & { base: string; close(): Promise<void> }

/** Starts the emulated host on 127.0.0.1, on a free port unless one is given. */
export async function startWechatEmulator(options: EmulatorOptions & { port?: number } = {}): Promise<WechatEmulator> {
  const state = newState(options)
  const server = newEmulatorApp(state).listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return Object.assign(state, {
    base: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  })
}
