// A wire between the server and PostgreSQL that can be cut at the worst moment: just before a COMMIT arrives, or when it is done
// and the answer is on its way.
import { createServer, connect as dial, type Socket } from 'node:net'

export type Cut = 'before' | 'after'

export async function startProxy(databaseUrl: string) {
  const { hostname, port } = new URL(databaseUrl)
  let cut: Cut | null = null
  let cuts = 0
  const open = new Set<Socket>()
  const server = createServer((near) => {
    const far = dial(Number(port), hostname)
    let isCommitting = false
    const drop = () => {
      cuts += 1
      cut = null
      near.destroy()
      far.end()
    }
    near.on('data', (bytes) => {
      const isCommit = cut !== null && bytes.includes('COMMIT')
      if (isCommit && cut === 'before') return drop()
      isCommitting ||= isCommit
      far.write(bytes)
    })
    far.on('data', (bytes) => {
      if (isCommitting && bytes.includes('COMMIT')) return drop()
      near.write(bytes)
    })
    for (const socket of [near, far]) {
      open.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        near.destroy()
        far.destroy()
        open.delete(socket)
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(databaseUrl)
  url.port = String((server.address() as { port: number }).port)
  return {
    url: url.toString(),
    /** cuts the wire at the next commit */
    cutNext: (where: Cut) => {
      cut = where
    },
    cuts: () => cuts,
    stop: () => {
      for (const socket of open) socket.destroy()
      server.close()
    },
  }
}
