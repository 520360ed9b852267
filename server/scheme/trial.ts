import type { z } from 'zod'
import { Refusal } from '../../shared/core/refusals'
import { type Day, dayOf, daysBetween } from '../../shared/core/time'
import type { SchemeDocument } from '../../shared/scheme/document'
import type { addTrialInput } from '../../shared/scheme/input'
import type { SchemeVersion } from '../../shared/scheme/versions'
import type { Actor } from '../core/actor'
import { type Db, type Reader, underPath, urlOf } from '../core/db'
import { newTurn } from '../core/driver'
import { bugOf } from '../core/log'
import { once } from '../core/once'
import type { Parts } from '../core/route'
import { openThreads } from '../core/threads'
import { numbersOf, pathsAbove } from '../region/queries'
import type { PastAsk } from './past'
import { mayWrite } from './policy'
import { type Priced, resultOf, type Tally } from './tally'

const SPAN_DAYS_MAX = 731
const PROGRESS_TIMES = 50
/** Of the thread: what it remembers of 100,000 helpers. */
const MEMORY_MB = 160

type Trial = Awaited<ReturnType<Db['schemeTrial']['findUniqueOrThrow']>>

/**
 * Puts a what-if over real past visits on record; `runTrial` then works it off.
 * @throws Refusal TRIAL_SPAN
 */
export async function addTrial(
  db: Db,
  actor: Actor,
  input: z.infer<typeof addTrialInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'addTrial', input, at }, async () => {
      const draft = await tx.schemeDraft.findUnique({ where: { id: input.draftId } })
      if (draft === null || !mayWrite(actor, draft.regionPath)) throw new Refusal('NOT_FOUND')
      const days = daysBetween(input.from, input.to) + 1
      if (days < 1 || days > SPAN_DAYS_MAX || input.to > dayOf(at)) throw new Refusal('TRIAL_SPAN', { field: 'to' })
      await tx.schemeTrial.create({
        data: {
          id: input.id,
          draftId: draft.id,
          regionPath: draft.regionPath,
          fromDay: input.from,
          toDay: input.to,
          state: 'waiting',
          days,
          doneDays: 0,
          byPersonId: actor.personId,
          startedAt: at,
          touchedAt: at,
        },
      })
      return { id: input.id }
    }),
  )
}

/**
 * Judges the visits of the span by the draft in a thread of its own, and keeps how far it has got: whoever else asks is
 * answered meanwhile. One at a time: a second what-if begins when the first is through.
 */
export async function runTrial({ db, now, log }: Pick<Parts, 'db' | 'now' | 'log'>, trialId: string): Promise<void> {
  const pass = await turnOf(db)()
  try {
    // A request that is repeated finds the trial under way already.
    const { count } = await db.schemeTrial.updateMany({
      where: { id: trialId, state: 'waiting' },
      data: { state: 'running', touchedAt: now() },
    })
    if (count === 0) return
    const trial = await db.schemeTrial.findUniqueOrThrow({ where: { id: trialId } })
    const result = await judgeDays(db, trial, (doneDays) => touch(db, trialId, { doneDays }, now()))
    await touch(db, trialId, { doneDays: trial.days, state: 'done', result: JSON.stringify(result) }, now())
  } catch (error) {
    log.error({ trialId, bug: bugOf(error) }, 'a what-if failed')
    await touch(db, trialId, { state: 'failed' }, now()).catch(() => {})
  } finally {
    pass()
  }
}
const turns = new WeakMap<Db, ReturnType<typeof newTurn>>()
function turnOf(db: Db): ReturnType<typeof newTurn> {
  const known = turns.get(db)
  if (known !== undefined) return known
  const turn = newTurn()
  turns.set(db, turn)
  return turn
}

async function touch(db: Db, id: string, data: Partial<Trial>, at: Date): Promise<void> {
  await db.schemeTrial.updateMany({ where: { id, state: 'running' }, data: { ...data, touchedAt: at } })
}

async function judgeDays(db: Db, trial: Trial, onDays: (done: number) => Promise<void>) {
  const draft = await db.schemeDraft.findUniqueOrThrow({ where: { id: trial.draftId } })
  const { regionPath, fromDay, days } = trial
  const asked = { versions: await versionsWith(db, draft, fromDay), regionPath, fromDay, days }
  const step = Math.max(1, Math.floor(days / PROGRESS_TIMES))
  let told = Promise.resolve()
  const threads = openThreads<PastAsk, Tally>('server/scheme/past-thread.ts', 1, { databaseUrl: urlOf(db) }, MEMORY_MB)
  try {
    const tally = await threads.ask(asked, (done) => {
      if (done % step === 0) told = told.then(() => onDays(done)).catch(() => {})
    })
    await told
    return resultOf(tally, await townNames(db, regionPath), await priceOfPoint(db, draft))
  } finally {
    await threads.close()
  }
}

/** The published rules of the places below, and the draft instead of what its own region has. */
async function versionsWith(
  db: Reader,
  draft: { id: string; programmeId: string; regionId: string; regionPath: string; document: string },
  from: Day,
): Promise<SchemeVersion[]> {
  const rows = await db.scheme.findMany({
    where: {
      programmeId: draft.programmeId,
      regionPath: underPath(draft.regionPath),
      regionId: { not: draft.regionId },
    },
  })
  return [
    ...rows.map((row) => ({ ...row, document: JSON.parse(row.document) as SchemeDocument })),
    {
      id: draft.id,
      version: 0,
      regionPath: draft.regionPath,
      validFrom: from,
      document: JSON.parse(draft.document) as SchemeDocument,
    },
  ]
}

/** The places one step below the draft's region, by their paths: where points come from. */
async function townNames(
  db: Reader,
  regionPath: string,
): Promise<(visitPath: string) => { regionPath: string; name: string }> {
  const depth = numbersOf(regionPath).length
  const rows = await db.region.findMany({ where: { path: underPath(regionPath) }, select: { path: true, name: true } })
  const names = new Map(rows.map(({ path, name }) => [path, name]))
  return (visitPath) => {
    const path = pathsAbove(visitPath)[depth] ?? regionPath
    return { regionPath: path, name: names.get(path) ?? '' }
  }
}

/** What a point costs: the scheme's offset, else what the catalogue pays for its prices on average. */
async function priceOfPoint(db: Reader, draft: { programmeId: string; document: string }): Promise<Priced | null> {
  const { redeem } = JSON.parse(draft.document) as SchemeDocument
  if (redeem?.yuan !== undefined)
    return { basis: 'offset', fen: BigInt(redeem.yuan.fen), milliPoints: BigInt(redeem.yuan.milliPoints) }
  const { _sum } = await db.product.aggregate({
    where: { programmeId: draft.programmeId, active: true },
    _sum: { costFen: true, priceMilliPoints: true },
  })
  const { costFen, priceMilliPoints } = _sum
  return costFen === null || priceMilliPoints === null || priceMilliPoints === 0n
    ? null
    : { basis: 'catalogue', fen: BigInt(costFen), milliPoints: priceMilliPoints }
}
