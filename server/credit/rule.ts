import type { z } from 'zod'
import { refuse } from '../../shared/core/refusals'
import { type Day, dayOf } from '../../shared/core/time'
import { type CreditDocument, creditDocument } from '../../shared/credit/document'
import type { setCreditRuleInput } from '../../shared/credit/input'
import { STANDARD_CREDIT } from '../../shared/credit/rules'
import type { CreditRules } from '../../shared/credit/view'
import { maskName } from '../../shared/person/rules'
import { can } from '../../shared/session/permissions'
import { type Actor, homeOf, homePathOf, pathsOf } from '../core/actor'
import type { RowOf } from '../core/bulk'
import { insertNew } from '../core/bulk'
import type { Keys } from '../core/config'
import { type Db, query, type Reader, type Tx } from '../core/db'
import { idFrom } from '../core/ids'
import { hashOf, once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { takenAs } from '../core/taken'
import { openPersons } from '../person/vault'
import { findPlaceInScope, pathsAbove, regionsOfPath } from '../region/queries'

export type Rule = { id: string; version: number; validFrom: Day; document: CreditDocument }
type Row = RowOf<'CreditRule'>

/** The rules of the places above, the nearest and latest first. */
async function rowsAt(db: Reader, regionPath: string): Promise<Row[]> {
  const rows = await query<Row>(
    db,
    'SELECT * FROM credit_rule WHERE "regionPath" IN LIST($1) ORDER BY "validFrom" DESC, "version" DESC',
    pathsAbove(regionPath),
  )
  return rows.sort((one, other) => other.regionPath.length - one.regionPath.length)
}

/**
 * The rule of a county on a day. Where nobody set one the standard one is written down first, so that a grade can be made
 * again when the standard is another.
 */
export async function ruleOn(tx: Tx, county: { id: string; path: string }, day: Day, at: Date): Promise<Rule> {
  const row = (await rowsAt(tx, county.path)).find((one) => one.validFrom <= day)
  if (row !== undefined) return ruleOf(row)
  const id = idFrom('creditRule', county.id, hashOf(STANDARD_CREDIT))
  const standard = {
    ...{ id, regionId: county.id, regionPath: county.path, version: 0, validFrom: '2000-01-01' },
    ...{ document: JSON.stringify(STANDARD_CREDIT), byPersonId: 'clock', recordedAt: at },
  }
  await insertNew(tx, 'credit_rule', [standard], 'id')
  return ruleOf(standard)
}

export function ruleOf({
  id,
  version,
  validFrom,
  document,
}: Pick<Row, 'id' | 'version' | 'validFrom' | 'document'>): Rule {
  return { id, version, validFrom, document: creditDocument.parse(JSON.parse(document)) }
}

/**
 * Sets how the actor's county makes grades, from a later day on.
 * @throws Refusal CREDIT_FROM, CHANGED_MEANWHILE when somebody else set one at the same moment
 */
export async function setCreditRule(
  db: Db,
  actor: Actor,
  input: z.infer<typeof setCreditRuleInput>,
  at: Date,
): Promise<{ id: string }> {
  return takenAs('CHANGED_MEANWHILE', {}, () =>
    db.$transaction((tx) =>
      once(tx, { key: input.id, personId: actor.personId, verb: 'setCreditRule', input, at }, async () => {
        const { id, validFrom, document } = input
        const region = await findPlaceInScope(
          tx,
          actor,
          can('credit.rule'),
          homeOf(actor, can('credit.rule')),
          dayOf(at),
        )
        refuse(validFrom <= dayOf(at) ? 'CREDIT_FROM' : null, { field: 'validFrom' })
        const last = await tx.creditRule.findFirst({ where: { regionId: region.id }, orderBy: { version: 'desc' } })
        const version = (last?.version ?? 0) + 1
        await tx.creditRule.create({
          data: {
            ...{ id, version, validFrom, regionId: region.id, regionPath: region.path },
            ...{ document: JSON.stringify(document), byPersonId: actor.personId, recordedAt: at },
          },
        })
        const about = { action: 'set', resource: 'creditRule', resourceId: id, regionPath: region.path }
        await logOperation(tx, actor, { ...about, at, after: { version, validFrom, document } })
        return { id }
      }),
    ),
  )
}

export async function findCreditRules(db: Db, keys: Keys, actor: Actor): Promise<CreditRules> {
  const path = homePathOf(actor, can('credit.read'))
  const rows = await rowsAt(db, path)
  const [regionName] = (await regionsOfPath(db, path)).slice(-1).map(({ name }) => name)
  const persons = await openPersons(
    db,
    keys,
    rows.map(({ byPersonId }) => byPersonId).filter((one) => one !== 'clock'),
  )
  const known = rows.map((row) => ({
    ...{ version: row.version, validFrom: row.validFrom, document: ruleOf(row).document },
    byName: row.byPersonId === 'clock' ? '系统标准' : maskName(persons.get(row.byPersonId)?.name ?? ''),
    recordedAt: row.recordedAt.toISOString(),
  }))
  const standard = {
    version: 0,
    validFrom: '2000-01-01',
    document: STANDARD_CREDIT,
    byName: '系统标准',
    recordedAt: null,
  }
  return {
    regionName: regionName ?? '',
    rules: known.length === 0 ? [standard] : known,
    mayChange: pathsOf(actor, can('credit.rule')).length > 0,
  }
}
