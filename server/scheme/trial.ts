import { setImmediate } from 'node:timers/promises'
import type { z } from 'zod'
import { Refusal } from '../../shared/core/refusals'
import { addDays, type Day, dayOf, daysBetween, startOfDay } from '../../shared/core/time'
import type { Nature, SchemeDocument } from '../../shared/scheme/document'
import { addVisit, newPerson, newRun } from '../../shared/scheme/engine'
import type { addTrialInput } from '../../shared/scheme/input'
import { inForce, type SchemeVersion } from '../../shared/scheme/versions'
import type { Actor } from '../core/actor'
import type { RowOf } from '../core/bulk'
import { type Db, query, type Reader, underPath } from '../core/db'
import { bugOf } from '../core/log'
import { once } from '../core/once'
import type { Parts } from '../core/route'
import { numbersOf, pathsAbove } from '../region/queries'
import { newFactsReader } from './facts'
import { mayWrite } from './policy'
import { newTally, type Priced, resultOf, tallyVisit } from './tally'

const SPAN_DAYS_MAX = 731
/** So many visits are judged before the server gets its turn again: a few milliseconds. */
const VISITS_AT_ONCE = 200
const PAGE = 1000

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

/** Judges the visits of the span by the draft, day after day, and keeps how far it has got. Others are served in between. */
export async function runTrial({ db, now, log }: Pick<Parts, 'db' | 'now' | 'log'>, trialId: string): Promise<void> {
  // A request that is repeated finds the trial under way already.
  const { count } = await db.schemeTrial.updateMany({
    where: { id: trialId, state: 'waiting' },
    data: { state: 'running', touchedAt: now() },
  })
  if (count === 0) return
  try {
    const trial = await db.schemeTrial.findUniqueOrThrow({ where: { id: trialId } })
    const result = await judgeDays(db, trial, (doneDays) => touch(db, trialId, { doneDays }, now()))
    await touch(db, trialId, { doneDays: trial.days, state: 'done', result: JSON.stringify(result) }, now())
  } catch (error) {
    log.error({ trialId, bug: bugOf(error) }, 'a what-if failed')
    await touch(db, trialId, { state: 'failed' }, now())
  }
}

async function touch(db: Db, id: string, data: Partial<Trial>, at: Date): Promise<void> {
  await db.schemeTrial.updateMany({ where: { id, state: 'running' }, data: { ...data, touchedAt: at } })
}

async function judgeDays(db: Db, trial: Trial, onDays: (done: number) => Promise<void>) {
  const draft = await db.schemeDraft.findUniqueOrThrow({ where: { id: trial.draftId } })
  const versions = await versionsWith(db, draft, trial.fromDay)
  const readFacts = newFactsReader(
    db,
    versions.map(({ document }) => document),
  )
  const run = newRun(versions, { people: [] }, { keepsVisits: false })
  const tally = newTally()
  const step = Math.max(1, Math.floor(trial.days / 50))
  for (let done = 0; done < trial.days; done++) {
    for await (const visits of visitsOfDay(db, trial.regionPath, addDays(trial.fromDay, done))) {
      const factsOf = await readFacts(visits)
      for (const [place, visit] of visits.entries()) {
        if (place % VISITS_AT_ONCE === VISITS_AT_ONCE - 1) await setImmediate()
        const { memberPersonId, servedSeconds, level, day } = visit
        let person = run.people.get(memberPersonId)
        if (person === undefined) {
          person = newPerson({ id: memberPersonId })
          run.people.set(memberPersonId, person)
        }
        const version = inForce(versions, visit.regionPath, day)
        const judgement =
          version === null
            ? null
            : addVisit(run, version, person, {
                servedSeconds: servedSeconds ?? 0,
                nature: visit.nature as Nature,
                level: level ?? 0,
                day,
                ...factsOf(visit),
              })
        tallyVisit(tally, visit, judgement)
      }
    }
    if (done % step === step - 1) await onDays(done + 1)
  }
  return resultOf(tally, await townNames(db, trial.regionPath), await priceOfPoint(db, draft))
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

type PastVisit = Pick<
  RowOf<'Visit'>,
  | 'id'
  | 'memberPersonId'
  | 'serviceId'
  | 'channel'
  | 'day'
  | 'checkInAt'
  | 'regionPath'
  | 'servedSeconds'
  | 'nature'
  | 'level'
  | 'awardedMilliPoints'
>

/**
 * What counts and is settled: paid, or past where it would have been. In the order it began, a page at a time, and the
 * server has its turn in between.
 */
async function* visitsOfDay(db: Reader, regionPath: string, day: Day): AsyncGenerator<PastVisit[]> {
  const { gte, lt } = underPath(regionPath)
  let after: Pick<PastVisit, 'checkInAt' | 'id'> | undefined = { checkInAt: startOfDay(day), id: '' }
  while (after !== undefined) {
    await setImmediate()
    const page: PastVisit[] = await query<PastVisit>(
      db,
      `SELECT "id", "memberPersonId", "serviceId", "channel", "day", "checkInAt", "regionPath", "servedSeconds", "nature",
         "level", "awardedMilliPoints"
       FROM visit INDEXED BY visit_state_checkInAt_idx
       WHERE "state" IN ('finished', 'confirmed', 'approved') AND "checkInAt" >= $1 AND "checkInAt" < $2
         AND ("checkInAt", "id") > ($1, $3) AND "regionPath" >= $4 AND "regionPath" < $5 AND "counted"
         AND ("awardedMilliPoints" IS NOT NULL OR "state" <> 'finished')
       ORDER BY "checkInAt", "id" LIMIT ${PAGE}`,
      after.checkInAt,
      startOfDay(addDays(day, 1)),
      after.id,
      gte,
      lt,
    )
    yield page
    after = page.length < PAGE ? undefined : page.at(-1)
  }
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
