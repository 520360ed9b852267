import { Refusal } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import type { DraftView, SchemeView, TrialView } from '../../shared/scheme/view'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope, pathsOf } from '../core/actor'
import type { Keys } from '../core/config'
import { type Db, underPath } from '../core/db'
import { findRegionInScope, pathsAbove } from '../region/queries'
import { presentDrafts, presentSchemes, presentTrial } from './present'

type Given = { db: Db; keys: Keys; actor: Actor; at: Date }
const DRAFTS_SHOWN = 100

/** The published versions that hold for the actor's places, newest first, and the drafts of who may read them. */
export async function listSchemes(
  { db, keys, actor, at }: Given,
  query: { regionId?: string | undefined },
): Promise<{ versions: SchemeView[]; drafts: DraftView[] }> {
  const paths =
    query.regionId === undefined
      ? pathsOf(actor, can('scheme.read'))
      : [(await findRegionInScope(db, actor, can('scheme.read'), query.regionId)).path]
  const above = [...new Set(paths.flatMap(pathsAbove))]
  const below = paths.map((path) => ({ regionPath: underPath(path) }))
  const versions = await db.scheme.findMany({
    where: { OR: [{ regionPath: { in: above } }, ...below] },
    orderBy: [{ validFrom: 'desc' }, { version: 'desc' }, { id: 'asc' }],
  })
  const drafts = await db.schemeDraft.findMany({
    where: { OR: below },
    orderBy: [{ changedAt: 'desc' }, { id: 'asc' }],
    take: DRAFTS_SHOWN,
  })
  return {
    versions: await presentSchemes(db, keys, versions, dayOf(at)),
    drafts: await presentDrafts(db, keys, actor, drafts, at),
  }
}

/** @throws Refusal NOT_FOUND for one that isn't there, or doesn't hold for the actor's places */
export async function findDraft({ db, keys, actor, at }: Given, id: string): Promise<DraftView> {
  const draft = await db.schemeDraft.findFirst({ where: { id, ...inScope(actor, can('scheme.read')) } })
  if (draft === null) throw new Refusal('NOT_FOUND')
  const [view] = await presentDrafts(db, keys, actor, [draft], at)
  return view as DraftView
}

export async function findTrial({ db, keys, actor, at }: Given, id: string): Promise<TrialView> {
  const trial = await db.schemeTrial.findFirst({ where: { id, ...inScope(actor, can('scheme.read')) } })
  if (trial === null) throw new Refusal('NOT_FOUND')
  return presentTrial(db, keys, trial, at)
}
