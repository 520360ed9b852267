import type { z } from 'zod'
import { refuse } from '../../shared/core/refusals'
import { addDays, type Day, dayOf } from '../../shared/core/time'
import { levelOfScore, whyNotAssess } from '../../shared/elder/ability'
import type { assessElderInput } from '../../shared/elder/input'
import type { AbilityLevel } from '../../shared/elder/words'
import type { Actor } from '../core/actor'
import { type Db, query, type Reader, type Tx } from '../core/db'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { settingsAt } from '../region/settings'
import { findElderToChange } from './find'

/** Writes down what an assessment found; it holds from its day until a later one. */
export async function assessElder(
  db: Db,
  actor: Actor,
  elderId: string,
  input: z.infer<typeof assessElderInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(
      tx,
      { key: input.id, personId: actor.personId, verb: 'assessElder', input: { elderId, ...input }, at },
      async () => {
        const elder = await findElderToChange(tx, actor, elderId)
        await addAssessment(tx, actor, elder, input, 'desk', at)
        return { id: elderId }
      },
    ),
  )
}

/**
 * The same inside somebody's transaction, for an import.
 * @throws Refusal SCORE_RANGE, DATE_IN_FUTURE, DATE_ORDER with the field
 */
export async function addAssessment(
  tx: Tx,
  actor: Actor,
  elder: { id: string; regionPath: string },
  input: z.infer<typeof assessElderInput>,
  source: 'desk' | 'import',
  at: Date,
): Promise<void> {
  const { assessmentDays } = await settingsAt(tx, elder.regionPath, dayOf(at))
  const nextDueDay = input.nextDueDay ?? addDays(input.assessedDay, assessmentDays)
  const reason = whyNotAssess({ ...input, nextDueDay }, dayOf(at))
  refuse(reason, { field: reason === 'SCORE_RANGE' ? 'score' : reason === 'DATE_ORDER' ? 'nextDueDay' : 'assessedDay' })
  const level = levelOfScore(input.score) as AbilityLevel
  await tx.assessment.create({
    data: { ...input, nextDueDay, elderId: elder.id, level, source, byPersonId: actor.personId, recordedAt: at },
  })
  await logOperation(tx, actor, {
    at,
    action: 'assess',
    resource: 'elder',
    resourceId: elder.id,
    regionPath: elder.regionPath,
    after: { assessedDay: input.assessedDay, level, nextDueDay },
  })
}

/** How able each of these elders was on a day, by the last assessment until then; who was never assessed is left out. */
export async function abilityOn(db: Reader, elderIds: readonly string[], day: Day): Promise<Map<string, AbilityLevel>> {
  const rows = await query<{ elderId: string; level: AbilityLevel }>(
    db,
    `SELECT "elderId", "level" FROM assessment WHERE "elderId" IN LIST($1) AND "assessedDay" <= $2 ORDER BY "assessedDay", "recordedAt"`,
    [...new Set(elderIds)],
    day,
  )
  return new Map(rows.map(({ elderId, level }) => [elderId, level]))
}
