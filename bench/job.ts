// The main job over HTTP on both databases beside TPC-B, in turns, so that what else the machine does falls on all alike.
import { analyze, type Context, closeAll, config, newDatabases, newPgbench } from './context'
import { type Bench, type Counts, type MeasuredVerb, openBench, VERBS } from './hot'
import { median, quantile } from './load'

const CLIENTS = [1, 8, 32]
const REQUESTS: Record<number, number> = { 1: 60, 8: 320, 32: 640 }
/** The crowd's visits, however short the measurement: fewer say nothing of the slowest in a hundred. */
const CROWD = 32
const CROWD_VISITS = 2048
const PAIRS = 1024
/** A server in life has run all morning: it is measured once it gets no better, or after so many turns. */
const WARM_VISITS = 512
const WARM_TURNS_MAX = 10
const CHEAPER = 0.95
const ROUNDS = 2
const TPCB_SECONDS = 4

type Found = { rates: number[]; times: number[]; cpu: number[]; databaseCpu: number[]; refused: number }

export async function measureJob(context: Context): Promise<void> {
  const { say, size, postgres } = context
  const countsOf = (clients: number): Counts => {
    const others = Math.max(32, Math.round((REQUESTS[clients] ?? 0) * Math.min(size, 1)))
    return { others, visits: clients === CROWD ? CROWD_VISITS : others }
  }
  const rounds = Math.max(1, Math.round(ROUNDS * size))
  const databases = await newDatabases(context, 'job')
  const benches: Bench[] = []
  for (const one of databases) benches.push(await openBench(one, config.keys, PAIRS))
  const tpcb = newPgbench(postgres.url, Math.max(1, Math.round(TPCB_SECONDS * Math.min(size, 1))))
  if (tpcb === null) say('pgbench is not on this machine: no TPC-B to compare with.\n')
  const found = new Map<string, Found>()
  const beside = new Map<number, number[]>()
  for (const bench of benches) say(await warmUp(bench))
  // plans that were made of empty tables are made anew, as they are once PostgreSQL has looked at them by itself
  for (const one of databases) await analyze(one)
  for (const bench of benches) await bench.round(CROWD, { visits: CROWD, others: countsOf(CROWD).others })
  for (let turn = 0; turn < rounds; turn++) {
    for (const clients of CLIENTS) {
      if (tpcb !== null) beside.set(clients, [...(beside.get(clients) ?? []), tpcb(clients)])
      for (const bench of benches) {
        const round = await bench.round(clients, countsOf(clients))
        for (const verb of VERBS) note(found, `${bench.name} ${verb} ${clients}`, round[verb])
      }
    }
  }
  for (const bench of benches) await bench.stop()
  await closeAll(databases)

  say(
    `\nMedian of ${rounds} rounds; ${CROWD} clients began, ended and confirmed ${CROWD_VISITS} visits a round, and asked ${countsOf(CROWD).others} of every other verb. CPU: milliseconds of processor time a request costs the server, and PostgreSQL.\n`,
  )
  say('| database | verb | clients | requests/s | of TPC-B | p50 ms | p99 ms | server CPU | database CPU | refused |')
  say('|---|---|---|---|---|---|---|---|---|---|')
  for (const { name } of benches)
    for (const verb of VERBS)
      for (const clients of CLIENTS) {
        const one = foundOf(found, `${name} ${verb} ${clients}`)
        const share = median(one.rates) / median(beside.get(clients) ?? [])
        const times = `${quantile(one.times, 0.5).toFixed(1)} | ${quantile(one.times, 0.99).toFixed(1)}`
        const cpu = `${median(one.cpu).toFixed(2)} | ${name === 'SQLite' ? '–' : median(one.databaseCpu).toFixed(2)}`
        say(
          `| ${name} | ${verb} | ${clients} | ${Math.round(median(one.rates))} | ${Number.isFinite(share) ? share.toFixed(2) : '–'} | ${times} | ${cpu} | ${one.refused} |`,
        )
      }
  if (tpcb !== null) {
    say('\n| pgbench TPC-B, clients | transactions/s |\n|---|---|')
    for (const clients of CLIENTS) say(`| ${clients} | ${Math.round(median(beside.get(clients) ?? []))} |`)
  }
  tellAims(context, found, median(beside.get(CROWD) ?? []))
}

/** Warm until a confirmation costs hardly less processor time than at its best before; says how much that took. */
async function warmUp({ name, warm }: Bench): Promise<string> {
  const costs: number[] = []
  const isSteady = () => costs.length > 2 && Math.min(...costs.slice(-2)) > Math.min(...costs.slice(0, -2)) * CHEAPER
  while (!isSteady() && costs.length < WARM_TURNS_MAX) {
    const { cpuMs, databaseCpuMs } = await warm(CROWD, WARM_VISITS)
    costs.push(cpuMs + databaseCpuMs)
  }
  const shown = costs.map((one) => one.toFixed(2)).join(', ')
  return `${name} was warm after ${costs.length * WARM_VISITS} visits: a confirmation cost ${shown} ms.`
}

function tellAims({ aim }: Context, found: ReadonlyMap<string, Found>, tpcb: number): void {
  const sqlite = foundOf(found, `SQLite confirm ${CROWD}`)
  const postgres = foundOf(found, `PostgreSQL confirm ${CROWD}`)
  const [rate, share] = [Math.round(median(sqlite.rates)), median(postgres.rates) / tpcb]
  aim('confirmation, 32 clients, SQLite: 1,000/s', `${rate}/s`, rate >= 1000)
  if (tpcb > 0) aim('confirmation, 32 clients, PostgreSQL: 0.5 of TPC-B', share.toFixed(2), share >= 0.5)
  for (const [name, { times }] of [
    ['SQLite', sqlite],
    ['PostgreSQL', postgres],
  ] as const) {
    const slowest = quantile(times, 0.99)
    aim(`confirmation, 32 clients, ${name}: p99 under 50 ms`, `${slowest.toFixed(0)} ms`, slowest < 50)
  }
}

function note(found: Map<string, Found>, key: string, seen: MeasuredVerb): void {
  const old = foundOf(found, key)
  found.set(key, {
    rates: [...old.rates, seen.requestsPerSecond],
    times: [...old.times, ...seen.times],
    cpu: [...old.cpu, seen.cpuMs],
    databaseCpu: [...old.databaseCpu, seen.databaseCpuMs],
    refused: old.refused + seen.refused,
  })
}

function foundOf(found: ReadonlyMap<string, Found>, key: string): Found {
  return found.get(key) ?? { rates: [], times: [], cpu: [], databaseCpu: [], refused: 0 }
}
