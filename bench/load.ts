// The load: requests that are ready to be sent, by so many clients at once, each on one connection of its own that stays open.
import { connect, type Socket } from 'node:net'

export type Request = { path: string; token: string; at: Date; body: object }
export type Measured = { requestsPerSecond: number; times: number[]; refused: number }

/** Every chain is one person's requests, one after the other; `clients` chains are under way at once. */
export async function send(port: number, chains: readonly (readonly Request[])[], clients: number): Promise<Measured> {
  const ready = chains.map((chain) => chain.map(textOf))
  const times: number[] = []
  let refused = 0
  let next = 0
  async function work(): Promise<void> {
    const ask = await connected(port)
    for (let chain = ready[next++]; chain !== undefined; chain = ready[next++]) {
      for (const text of chain) {
        const began = performance.now()
        const status = await ask(text)
        times.push(performance.now() - began)
        if (status >= 500) throw new Error(`the server answered ${status}`)
        if (status >= 300) refused += 1
      }
    }
    ask.close()
  }
  const began = performance.now()
  await Promise.all(Array.from({ length: clients }, work))
  const took = (performance.now() - began) / 1000
  return { requestsPerSecond: times.length / took, times, refused }
}

/** The time that a share of the requests was answered within. */
export function quantile(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

function textOf({ path, token, at, body }: Request): string {
  const content = JSON.stringify(body)
  return [
    `POST /api/v1${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(content)}`,
    `Authorization: Bearer ${token}`,
    `X-Bench-At: ${at.toISOString()}`,
    '',
    content,
  ].join('\r\n')
}

type Ask = ((text: string) => Promise<number>) & { close: () => void }

/** HTTP as thin as it gets: the load must not take the processor from what it measures. */
function connected(port: number): Promise<Ask> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true })
    let received = ''
    let answered: (status: number) => void = () => {}
    socket.setEncoding('latin1')
    socket.on('error', reject)
    socket.on('data', (piece) => {
      received += piece
      const end = received.indexOf('\r\n\r\n')
      if (end < 0) return
      const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0)
      if (received.length < end + 4 + length) return
      const status = Number(received.slice(9, 12))
      received = ''
      answered(status)
    })
    const ask = (text: string) =>
      new Promise<number>((done) => {
        answered = done
        socket.write(text)
      })
    socket.once('connect', () => resolve(Object.assign(ask, { close: () => void socket.end() })))
  })
}
