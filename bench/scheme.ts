// How fast rules judge: a list of events on one core, and a what-if over past visits beside a server that goes on answering.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { insertAll } from '../server/core/bulk'
import { transact } from '../server/core/db'
import { newLog } from '../server/core/log'
import { runTrial } from '../server/scheme/trial'
import type { SchemeDocument } from '../shared/scheme/document'
import { judgeEvent, newRun } from '../shared/scheme/engine'
import type { SchemeEvent } from '../shared/scheme/input'
import { STANDARD_SCHEME } from '../shared/scheme/standard'
import { analyze, type Context, closeAll, type Database, databaseCpu, newDatabases, thousands } from './context'
import { addCounty } from './village'

/** Everything a county can ask of a visit at once: caps of every kind, a coefficient by rule and one by time of day. */
const FULL: SchemeDocument = {
  title: '压测',
  sample: true,
  pointsWord: '积分',
  earn: {
    milliPoints: 1000,
    seconds: 3600,
    visitSecondsMin: 900,
    visitSecondsMax: 14_400,
    presencePermille: 600,
    rounding: { mode: 'down', stepMilliPoints: 100, over: 'cumulative' },
    coefficients: [
      { name: '难度', times: [6, 5], when: 'difficulty >= 2 and not group' },
      { name: '晚间', times: [3, 2], fromClock: '18:00', toClock: '21:00' },
    ],
    earners: [{ fromAge: 16 }],
    dayCapMilliPoints: 4000,
    monthCapMilliPoints: 60_000,
    accountCapMilliPoints: 1_500_000,
    overflow: { account: 'pool' },
  },
  expiry: { kind: 'yearEnd' },
}
const RATE_ONLY: SchemeDocument = {
  ...FULL,
  earn: { milliPoints: 1000, seconds: 3600, dayCapMilliPoints: 2000 },
}

const EVENTS = 200_000
const HELPERS = 2000
const FROM = '2026-01-01'
const TO = '2026-12-31'

export async function measureScheme(context: Context): Promise<void> {
  const { say, aim, size } = context
  const events = eventsOf(Math.round(EVENTS * Math.min(size, 1)))
  judgeAll(RATE_ONLY, events.slice(0, 20_000))
  say('| `scheme run` | visits a second of one core |\n|---|---|')
  const [rate, full] = [judgeAll(RATE_ONLY, events), judgeAll(FULL, events)]
  say(`| a rate and a day’s cap | ${thousands(rate)} |\n| everything on | ${thousands(full)} |`)
  aim('scheme run, everything on: 50,000 visits/s', `${thousands(full)}/s`, full >= 50_000)
  say(
    '\n| what-if | visits | seconds | of processor time: ours, the database’s | longest somebody else waited ms | memory it took MB | times it said how far it was |\n|---|---|---|---|---|---|---|',
  )
  const databases = await newDatabases(context, 'trial')
  for (const one of databases) await measureTrial(context, one)
  await closeAll(databases)
}

async function measureTrial({ say, aim, visits }: Context, database: Database): Promise<void> {
  const { db, name } = database
  const trialId = await addYear(database, visits)
  await analyze(database)
  let told = 0
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const began = performance.now()
  const own = process.cpuUsage()
  const theirs = await databaseCpu(database)
  const before = process.memoryUsage().rss
  let most = before
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss)
  }, 100)
  const now = () => {
    told += 1
    return new Date()
  }
  await runTrial({ db, now, log: newLog('silent') }, trialId)
  const seconds = (performance.now() - began) / 1000
  delay.disable()
  clearInterval(watch)
  const { user, system } = process.cpuUsage(own)
  const worked = [(user + system) / 1e6, ((await databaseCpu(database)) - theirs) / 1000]
  const waited = delay.max / 1e6
  const trial = await db.schemeTrial.findUniqueOrThrow({ where: { id: trialId } })
  const { visits: judged } = JSON.parse(trial.result ?? '{"visits":0}') as { visits: number }
  if (trial.state !== 'done' || judged !== visits) throw new Error(`the what-if is ${trial.state}: ${judged} visits`)
  const memory = (most - before) / 1e6
  say(
    `| ${name} | ${thousands(judged)} | ${seconds.toFixed(1)} | ${worked.map((one) => one.toFixed(1)).join(' + ')} | ${waited.toFixed(0)} | ${memory.toFixed(0)} | ${told} |`,
  )
  const asked = (60 * visits) / 1_000_000
  aim(`${name}: what-if of ${thousands(visits)} visits, ${asked} s`, `${seconds.toFixed(1)} s`, seconds < asked)
  aim(`${name}: nobody waits for it longer than 100 ms`, `${waited.toFixed(0)} ms`, waited < 100)
}

/** A year of counted visits of so many helpers, none of whom is at two places at once; and a what-if that waits. */
async function addYear({ db, name }: Database, visits: number): Promise<string> {
  const { county, villages, serviceId, programmeId } = await addCounty(db, 16, 45)
  const [first] = villages as [(typeof villages)[number]]
  const firstNo = Number(first.path.split('/').at(-2))
  const at = new Date('2026-01-01T00:00:00Z')
  const helpers = Array.from({ length: HELPERS }, (_, no) => no)
  const base = { nameSealed: 'x', nameInitials: 'x', identityKind: 'none', sex: 'female', createdAt: at }
  const place = { regionId: first.id, regionPath: first.path, countyId: first.countyId as string }
  const joined = { kind: 'volunteer', state: 'active', trainings: '', joinedDay: '2020-01-01', endedDay: null }
  await transact(db, async (tx) => {
    await insertAll(
      tx,
      'person',
      helpers.map((no) => ({ id: `p${no}`, birthDate: '1960-05-01', ...base })),
    )
    await insertAll(
      tx,
      'member',
      helpers.map((no) => ({ id: `m${no}`, personId: `p${no}`, ...place, ...joined })),
    )
  })
  const each = Math.floor((365 * 86_400) / Math.ceil(visits / HELPERS))
  const begins = `${Date.UTC(2025, 11, 31, 16) / 1000} + (n.i / ${HELPERS}) * ${each}`
  const served = `${Math.min(3600, each - 60)}`
  const [instant, day] =
    name === 'SQLite'
      ? [
          (seconds: string) => `strftime('%Y-%m-%dT%H:%M:%S.000+00:00', ${seconds}, 'unixepoch')`,
          (seconds: string) => `strftime('%Y-%m-%d', ${seconds} + 28800, 'unixepoch')`,
        ]
      : [
          (seconds: string) => `to_timestamp(${seconds})`,
          (seconds: string) => `to_char(to_timestamp(${seconds} + 28800) AT TIME ZONE 'UTC', 'YYYY-MM-DD')`,
        ]
  for (let from = 0; from < visits; from += 50_000)
    await db.$executeRawUnsafe(`
      WITH RECURSIVE n(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i < ${Math.min(visits, from + 50_000) - 1})
      INSERT INTO visit ("id", "memberId", "memberPersonId", "serviceId", "regionId", "regionPath", "countyId", "channel", "nature",
        "state", "checkInAt", "checkOutAt", "recordedAt", "day", "month", "servedSeconds", "counted", "level", "tasksDone",
        "awardedMilliPoints", "awardRevision", "flag")
      SELECT 'v' || n.i, 'm' || (n.i % ${HELPERS}), 'p' || (n.i % ${HELPERS}), '${serviceId}', r."id", r."path", r."countyId", 'inPerson', 'volunteer',
        'approved', ${instant(begins)}, ${instant(`${begins} + ${served}`)}, ${instant(begins)}, ${day(begins)},
        substr(${day(begins)}, 1, 7), ${served}, true, 3, '[]', 1000, 0, 'clean'
      FROM n JOIN region AS r ON r."no" = ${firstNo} + (n.i % ${villages.length})`)
  const draftId = 'draft'
  const whole = { programmeId, regionId: county.id, regionPath: county.path }
  await db.schemeDraft.create({
    data: {
      ...{ id: draftId, ...whole, document: JSON.stringify(STANDARD_SCHEME), state: 'draft', validFrom: FROM },
      ...{ changedByPersonId: 'p0', changedAt: at },
    },
  })
  await db.schemeTrial.create({
    data: {
      ...{ id: 'trial', draftId, regionPath: county.path, fromDay: FROM, toDay: TO, state: 'waiting', days: 365 },
      ...{ doneDays: 0, byPersonId: 'p0', startedAt: at, touchedAt: at },
    },
  })
  return 'trial'
}

function judgeAll(document: SchemeDocument, events: readonly SchemeEvent[]): number {
  const version = { id: 'scheme', version: 1, regionPath: '/', validFrom: '2020-01-01', document }
  const people = Array.from({ length: 2000 }, (_, no) => ({ id: `m${no}`, birthDate: '1960-05-01' }))
  const run = newRun([version], { people })
  const began = process.cpuUsage()
  for (const event of events) judgeEvent(run, event)
  // Seconds of processor time: what one core does, whoever else is at work on the machine.
  return Math.round((events.length / process.cpuUsage(began).user) * 1_000_000)
}

/** A year of visits of 2,000 helpers, in the order of their days. */
function eventsOf(visits: number): SchemeEvent[] {
  const year = Date.UTC(2026, 0, 1)
  return Array.from({ length: visits }, (_, no) => ({
    kind: 'visit',
    id: `v${no}`,
    at: new Date(year + Math.floor((no / visits) * 365) * 86_400_000 + (no % 12) * 3_600_000).toISOString(),
    by: `m${(no * 7919) % 2000}`,
    servedSeconds: 900 + ((no * 37) % 180) * 60,
    plannedSeconds: 3600,
    difficulty: no % 4,
  }))
}
