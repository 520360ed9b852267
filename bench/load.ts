import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import type { Keys } from '../server/core/config'
import { signAccess } from '../server/session/tokens'
import { addDays, addSeconds, instantOf } from '../shared/core/time'
import { type Pair, PLACE } from './village'

export type Measured = { requestsPerSecond: number; p50: number; p99: number; refused: number }

/** The main job again and again: check-in, check-out and the elder's yes, by `clients` people at once. */
export async function runMainJob(
  port: number,
  keys: Keys,
  pairs: readonly Pair[],
  clients: number,
  seconds: number,
  firstDay: string,
): Promise<Measured> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients })
  const times: number[] = []
  let refused = 0
  const until = performance.now() + seconds * 1000

  async function ask(personId: string, sessionId: string, at: Date, path: string, body: object): Promise<void> {
    const token = signAccess({ personId, sessionId }, keys, at)
    const began = performance.now()
    const status = await post(agent, port, path, token, at, JSON.stringify(body))
    times.push(performance.now() - began)
    if (status >= 300) refused += 1
  }

  async function work(pair: Pair): Promise<void> {
    for (let day = firstDay; performance.now() < until; day = addDays(day, 1)) {
      const id = randomUUID()
      const begins = instantOf(day, '09:00')
      const ends = addSeconds(begins, 3900)
      const answers = addSeconds(ends, 600)
      await ask(pair.helperPersonId, pair.helperSession, begins, '/visits', {
        id,
        code: pair.code,
        elderIds: [pair.elderId],
        serviceId: pair.serviceId,
        place: PLACE,
        deviceAt: begins.toISOString(),
      })
      await ask(pair.helperPersonId, pair.helperSession, ends, `/visits/${id}/check-out`, {
        id: randomUUID(),
        code: pair.code,
        place: PLACE,
        tasksDone: [],
        deviceAt: ends.toISOString(),
      })
      await ask(pair.elderPersonId, pair.elderSession, answers, `/visits/${id}/confirmation`, {
        id: randomUUID(),
        elderId: pair.elderId,
        answer: 'yes',
        how: 'app',
      })
    }
  }

  const began = performance.now()
  await Promise.all(pairs.slice(0, clients).map(work))
  const took = (performance.now() - began) / 1000
  agent.destroy()
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
  return { requestsPerSecond: times.length / took, p50: at(0.5), p99: at(0.99), refused }
}

function post(agent: Agent, port: number, path: string, token: string, at: Date, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      authorization: `Bearer ${token}`,
      'x-bench-at': at.toISOString(),
    }
    const sent = request(
      { agent, port, host: '127.0.0.1', method: 'POST', path: `/api/v1${path}`, headers },
      (answer) => {
        answer.resume()
        answer.on('end', () => resolve(answer.statusCode ?? 0))
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}
