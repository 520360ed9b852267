import type { z } from 'zod'
import { Refusal, refuse } from '../../shared/core/refusals'
import { addDays, dayOf } from '../../shared/core/time'
import { CATEGORY_WORDS } from '../../shared/elder/words'
import type { addRequirementInput, changeRequirementInput, endRequirementInput } from '../../shared/requirement/input'
import { type Interval, requirementSentence, whyNotRule } from '../../shared/requirement/rules'
import type { RequirementView } from '../../shared/requirement/view'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope, pathsOf } from '../core/actor'
import type { Db, Reader, Tx } from '../core/db'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { findPlaceInScope, findRegionInScope, pathsAbove, regionNames } from '../region/queries'
import { requirementOf } from './lives'

/** Requirements that hold in the actor's regions, or come from above them. */
export async function listRequirements(
  db: Reader,
  actor: Actor,
  regionId: string | undefined,
): Promise<RequirementView[]> {
  const within =
    regionId === undefined ? undefined : (await findRegionInScope(db, actor, can('requirement.read'), regionId)).path
  const above = (within === undefined ? pathsOf(actor, can('requirement.read')) : [within]).flatMap(pathsAbove)
  const rows = await db.requirement.findMany({
    where: { OR: [...inScope(actor, can('requirement.read'), within).OR, { regionPath: { in: above } }] },
    orderBy: [{ regionPath: 'asc' }, { category: 'asc' }, { validFrom: 'desc' }, { id: 'asc' }],
    take: 500,
  })
  return show(db, rows)
}

/** A requirement holds from a day on: never backwards, or what was judged would change. */
export async function addRequirement(
  db: Db,
  actor: Actor,
  input: z.output<typeof addRequirementInput>,
  at: Date,
): Promise<RequirementView> {
  await db.$transaction((tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'addRequirement', input, at }, async () => {
      const { regionId, channels, natures, ...rule } = input
      refuse(whyNotRule(input), { field: 'intervalLength' })
      const region = await findPlaceInScope(tx, actor, can('requirement.rule'), regionId, dayOf(at))
      refuse(input.validFrom < dayOf(at) ? 'DATE_IN_PAST' : null, { field: 'validFrom' })
      refuse(input.validTo !== null && input.validTo < input.validFrom ? 'DATE_ORDER' : null, { field: 'validTo' })
      const row = {
        ...rule,
        regionId,
        regionPath: region.path,
        channels: channels.join(','),
        natures: natures.join(','),
      }
      await tx.requirement.create({ data: row })
      await logOperation(tx, actor, {
        at,
        action: 'add',
        resource: 'requirement',
        resourceId: input.id,
        regionPath: region.path,
        after: row,
      })
      return { id: input.id }
    }),
  )
  return findOne(db, input.id)
}

/**
 * What a rule becomes from a day on. The version before ends the day before and stays as it was: what was judged by it does
 * not change. A version that would begin with or before the one it replaces, or in the past, is refused.
 */
export async function changeRequirement(
  db: Db,
  actor: Actor,
  requirementId: string,
  input: z.output<typeof changeRequirementInput>,
  at: Date,
): Promise<RequirementView> {
  const asked = { requirementId, ...input }
  await db.$transaction((tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'changeRequirement', input: asked, at }, async () => {
      const found = await findToChange(tx, actor, requirementId)
      refuse(whyNotRule(input), { field: 'intervalLength' })
      refuse(input.validFrom < dayOf(at) ? 'DATE_IN_PAST' : null, { field: 'validFrom' })
      refuse(
        input.validFrom <= found.validFrom || (found.validTo !== null && found.validTo < input.validFrom)
          ? 'DATE_ORDER'
          : null,
        { field: 'validFrom' },
      )
      const { channels, natures, ...rule } = input
      const { regionId, regionPath, category, validTo } = found
      const row = {
        ...rule,
        regionId,
        regionPath,
        category,
        validTo,
        channels: channels.join(','),
        natures: natures.join(','),
        replacesId: found.id,
      }
      const ended = await tx.requirement.updateMany({
        where: { id: found.id, validTo: found.validTo },
        data: { validTo: addDays(input.validFrom, -1) },
      })
      if (ended.count === 0) throw new Refusal('CHANGED_MEANWHILE')
      await tx.requirement.create({ data: row })
      await logOperation(tx, actor, {
        at,
        action: 'change',
        resource: 'requirement',
        resourceId: input.id,
        regionPath,
        before: found,
        after: row,
      })
      return { id: input.id }
    }),
  )
  return findOne(db, input.id)
}

async function findToChange(tx: Tx, actor: Actor, requirementId: string) {
  const found = await tx.requirement.findFirst({
    where: { id: requirementId, ...inScope(actor, can('requirement.rule')) },
  })
  if (found === null) throw new Refusal('NOT_FOUND')
  return found
}

/** The last day of a requirement: today or later. Ending it again on the same day changes nothing. */
export async function endRequirement(
  db: Db,
  actor: Actor,
  requirementId: string,
  input: z.output<typeof endRequirementInput>,
  at: Date,
): Promise<RequirementView> {
  await db.$transaction(async (tx) => {
    const found = await findToChange(tx, actor, requirementId)
    if (found.validTo === input.validTo) return
    refuse(input.validTo < dayOf(at) ? 'DATE_IN_PAST' : input.validTo < found.validFrom ? 'DATE_ORDER' : null, {
      field: 'validTo',
    })
    await tx.requirement.update({ where: { id: requirementId }, data: { validTo: input.validTo } })
    await logOperation(tx, actor, {
      at,
      action: 'end',
      resource: 'requirement',
      resourceId: requirementId,
      regionPath: found.regionPath,
      before: { validTo: found.validTo },
      after: { validTo: input.validTo },
    })
  })
  return findOne(db, requirementId)
}

async function findOne(db: Reader, id: string): Promise<RequirementView> {
  const [shown] = await show(db, [await db.requirement.findUniqueOrThrow({ where: { id } })])
  return shown as RequirementView
}

async function show(
  db: Reader,
  rows: Awaited<ReturnType<Reader['requirement']['findMany']>>,
): Promise<RequirementView[]> {
  const names = await regionNames(
    db,
    rows.map((one) => one.regionId),
  )
  return rows.map((row) => ({
    id: row.id,
    regionId: row.regionId,
    regionName: names.get(row.regionId)?.name ?? '',
    category: row.category,
    categoryWord: (CATEGORY_WORDS as Record<string, string>)[row.category] ?? row.category,
    interval: row.interval as Interval,
    intervalLength: row.intervalLength,
    sentence: requirementSentence(requirementOf(row)),
    channels: row.channels.split(','),
    natures: row.natures.split(','),
    minSeconds: row.minSeconds,
    validFrom: row.validFrom,
    validTo: row.validTo,
    replacesId: row.replacesId,
  }))
}
