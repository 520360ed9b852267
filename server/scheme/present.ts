import { REFUSALS } from '../../shared/core/refusals'
import { type Day, dayOf } from '../../shared/core/time'
import { maskName } from '../../shared/person/rules'
import type { SchemeDocument } from '../../shared/scheme/document'
import { inForce } from '../../shared/scheme/versions'
import type { DraftView, SchemeView, TrialResult, TrialView } from '../../shared/scheme/view'
import { sentencesOf } from '../../shared/scheme/words'
import type { Actor } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db, Reader } from '../core/db'
import { openPersons } from '../person/vault'
import { regionNames } from '../region/queries'
import { servicesAt } from '../service/queries'
import { type Draft, whyNotFromDay } from './draft'
import { whyNotPublishing } from './policy'
import { readScheme } from './read'

type Row = Awaited<ReturnType<Db['scheme']['findUniqueOrThrow']>>
type Trial = Awaited<ReturnType<Db['schemeTrial']['findUniqueOrThrow']>>
/** A trial that hasn't got on for so long went down with its server; one that waits may wait for others. */
const TRIAL_LOST_SECONDS = { running: 120, waiting: 1800 }

export async function presentSchemes(db: Reader, keys: Keys, rows: readonly Row[], today: Day): Promise<SchemeView[]> {
  const names = await namesOf(db, keys, rows, (row) => [row.publishedByPersonId])
  return rows.map((row) => ({
    ...partsOf(row, names.region(row.regionId)),
    version: row.version,
    publishedAt: row.publishedAt.toISOString(),
    publishedByName: row.publishedByPersonId === null ? null : names.person(row.publishedByPersonId),
    inForce:
      inForce(
        rows.filter((other) => other.regionId === row.regionId && other.programmeId === row.programmeId),
        row.regionPath,
        today,
      )?.id === row.id,
  }))
}

export async function presentDrafts(
  db: Reader,
  keys: Keys,
  actor: Actor,
  rows: readonly Draft[],
  at: Date,
): Promise<DraftView[]> {
  const names = await namesOf(db, keys, rows, (row) => [row.changedByPersonId, row.submittedByPersonId])
  const views: DraftView[] = []
  for (const row of rows) {
    const services = (await servicesAt(db, row.regionPath)).map(({ code }) => code)
    const { problems } = readScheme(JSON.parse(row.document), services)
    const isOpen = row.state === 'draft' || row.state === 'submitted'
    const late = isOpen ? await whyNotFromDay(db, row, dayOf(at)) : null
    const whyNot = row.state !== 'submitted' ? 'SCHEME_STATE' : (whyNotPublishing(actor, row) ?? late)
    const trial = await db.schemeTrial.findFirst({ where: { draftId: row.id }, orderBy: { startedAt: 'desc' } })
    views.push({
      ...partsOf(row, names.region(row.regionId)),
      state: row.state as DraftView['state'],
      changedAt: row.changedAt.toISOString(),
      changedByName: names.person(row.changedByPersonId),
      submittedAt: row.submittedAt?.toISOString() ?? null,
      submittedByName: row.submittedByPersonId === null ? null : names.person(row.submittedByPersonId),
      problems: [
        ...problems,
        ...(late === null ? [] : [{ path: 'validFrom', sentence: REFUSALS[late][1], severity: 'error' as const }]),
      ],
      whyNotPublish: whyNot,
      whyNotPublishSentence: whyNot === null ? null : REFUSALS[whyNot][1],
      trialId: trial?.id ?? null,
    })
  }
  return views
}

export async function presentTrial(db: Reader, keys: Keys, trial: Trial, at: Date): Promise<TrialView> {
  const { state } = trial
  const isOpen = state === 'waiting' || state === 'running'
  const isLost = isOpen && at.getTime() - trial.touchedAt.getTime() > TRIAL_LOST_SECONDS[state] * 1000
  return {
    id: trial.id,
    draftId: trial.draftId,
    from: trial.fromDay,
    to: trial.toDay,
    state: isLost ? 'failed' : isOpen ? 'running' : (trial.state as TrialView['state']),
    days: trial.days,
    doneDays: trial.doneDays,
    result: trial.result === null ? null : await named(db, keys, JSON.parse(trial.result) as TrialResult),
  }
}

/** A result is kept without names; whoever looks at it sees them masked. */
async function named(db: Reader, keys: Keys, result: TrialResult): Promise<TrialResult> {
  const persons = await openPersons(
    db,
    keys,
    [...result.gains, ...result.losses].map(({ personId }) => personId),
  )
  const withName = <T extends { personId: string }>(one: T) => ({
    ...one,
    name: maskName(persons.get(one.personId)?.name ?? ''),
  })
  return { ...result, gains: result.gains.map(withName), losses: result.losses.map(withName) }
}

function partsOf(row: { id: string; regionId: string; validFrom: string; document: string }, regionName: string) {
  const document = JSON.parse(row.document) as SchemeDocument
  const { title, sample } = document
  return {
    id: row.id,
    regionId: row.regionId,
    regionName,
    validFrom: row.validFrom,
    title,
    sample,
    document,
    sentences: sentencesOf(document),
  }
}

async function namesOf<R extends { regionId: string }>(
  db: Reader,
  keys: Keys,
  rows: readonly R[],
  personsOf: (row: R) => (string | null)[],
) {
  const regions = await regionNames(
    db,
    rows.map(({ regionId }) => regionId),
  )
  const ids = rows.flatMap(personsOf).filter((id): id is string => id !== null)
  const persons = await openPersons(db, keys, ids)
  return {
    region: (id: string) => regions.get(id)?.name ?? '',
    person: (id: string) => maskName(persons.get(id)?.name ?? ''),
  }
}
