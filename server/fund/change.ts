import type { z } from 'zod'
import { Refusal } from '../../shared/core/refusals'
import type { addFundLineInput, FundTerms, fundChangeInput, fundDecisionInput } from '../../shared/fund/input'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope, mayOver } from '../core/actor'
import { type Db, driverOf, type Tx } from '../core/db'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { mayKeep } from './policy'

/**
 * Opens a line of money for a region and a year. It pays for nothing until a second person agreed to its terms.
 *
 * @throws Refusal NOT_FOUND, NOT_ALLOWED, PRODUCT_UNKNOWN
 */
export async function addFundLine(
  db: Db,
  actor: Actor,
  input: z.infer<typeof addFundLineInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'addFundLine', input, at }, async () => {
      const { id, regionId, year, terms, reason } = input
      const region = await tx.region.findUnique({ where: { id: regionId } })
      if (region === null || !mayOver(actor, can('fund.keep'), region.path))
        throw new Refusal('NOT_FOUND', { field: 'regionId' })
      if (!mayKeep(actor, region)) throw new Refusal('NOT_ALLOWED')
      await tx.fundLine.create({
        data: {
          ...{ id, regionId, regionPath: region.path, year, name: terms.name, source: terms.source },
          ...{ kinds: '', productIds: '', priority: terms.priority, active: false, budgetFen: 0n },
        },
      })
      await askFor(tx, actor, { id, fundLineId: id, regionPath: region.path, terms, reason }, at)
      return { id }
    }),
  )
}

/**
 * Asks for other terms of a line: another budget, another rule.
 *
 * @throws Refusal NOT_FOUND, NOT_ALLOWED, FUND_CHANGE_WAITS, FUND_BELOW_DRAWN, PRODUCT_UNKNOWN
 */
export async function changeFundLine(
  db: Db,
  actor: Actor,
  lineId: string,
  { id, terms, reason }: z.infer<typeof fundChangeInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(
      tx,
      { key: id, personId: actor.personId, verb: 'changeFundLine', input: { lineId, terms, reason }, at },
      async () => {
        const line = await findKept(tx, actor, lineId)
        if (BigInt(terms.budgetFen) < line.drawnFen) throw new Refusal('FUND_BELOW_DRAWN', { field: 'terms.budgetFen' })
        await askFor(tx, actor, { id, fundLineId: line.id, regionPath: line.regionPath, terms, reason }, at)
        return { id: line.id }
      },
    ),
  )
}

/**
 * Agrees to new terms, which hold from this moment, or sends them back. Never who asked.
 *
 * @throws Refusal NOT_FOUND, NOT_ALLOWED, FUND_TWO_PERSONS, FUND_CHANGE_DECIDED, FUND_BELOW_DRAWN
 */
export async function decideFundChange(
  db: Db,
  actor: Actor,
  changeId: string,
  input: z.infer<typeof fundDecisionInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(
      tx,
      { key: `${changeId}:${actor.personId}`, personId: actor.personId, verb: 'decideFundChange', input, at },
      async () => {
        const change = await tx.fundChange.findUnique({ where: { id: changeId }, include: { decision: true } })
        if (change === null) throw new Refusal('NOT_FOUND')
        const line = await findKept(tx, actor, change.fundLineId)
        if (change.askedById === actor.personId) throw new Refusal('FUND_TWO_PERSONS')
        // with the line locked nobody else decides, and nothing is drawn between the look and the change
        if ((await tx.fundDecision.findUnique({ where: { changeId } })) !== null)
          throw new Refusal('FUND_CHANGE_DECIDED')
        await tx.fundDecision.create({ data: { changeId, ...input, byId: actor.personId, at } })
        if (input.decision === 'approve') await put(tx, line, JSON.parse(change.terms) as FundTerms)
        await logOperation(tx, actor, {
          ...{ at, action: input.decision, resource: 'fundLine', resourceId: line.id, regionPath: line.regionPath },
          after: { ...(JSON.parse(change.terms) as FundTerms), reason: input.reason },
        })
        return { id: line.id }
      },
    ),
  )
}

async function put(tx: Tx, line: { id: string; drawnFen: bigint }, terms: FundTerms): Promise<void> {
  const budgetFen = BigInt(terms.budgetFen)
  if (budgetFen < line.drawnFen) throw new Refusal('FUND_BELOW_DRAWN')
  const { name, source, priority, active } = terms
  await tx.fundLine.update({
    where: { id: line.id },
    data: {
      ...{ name, source, priority, active, budgetFen },
      ...{ kinds: terms.kinds.join(','), productIds: terms.productIds.join(',') },
    },
  })
}

/** A line the actor keeps, locked. */
async function findKept(tx: Tx, actor: Actor, lineId: string) {
  if (driverOf(tx).provider === 'postgresql')
    await tx.$queryRaw`SELECT "id" FROM fund_line WHERE "id" = ${lineId} FOR NO KEY UPDATE`
  const line = await tx.fundLine.findFirst({ where: { id: lineId, ...inScope(actor, can('fund.keep')) } })
  if (line === null) throw new Refusal('NOT_FOUND')
  const region = await tx.region.findUniqueOrThrow({ where: { id: line.regionId } })
  if (!mayKeep(actor, region)) throw new Refusal('NOT_ALLOWED')
  return line
}

type Change = { id: string; fundLineId: string; regionPath: string; terms: FundTerms; reason: string }

async function askFor(tx: Tx, actor: Actor, { terms, ...change }: Change, at: Date): Promise<void> {
  const waiting = await tx.fundChange.count({ where: { fundLineId: change.fundLineId, decision: { is: null } } })
  if (waiting > 0) throw new Refusal('FUND_CHANGE_WAITS')
  const known = await tx.product.count({ where: { id: { in: terms.productIds } } })
  if (known < new Set(terms.productIds).size) throw new Refusal('PRODUCT_UNKNOWN', { field: 'terms.productIds' })
  await tx.fundChange.create({
    data: { ...change, terms: JSON.stringify(terms), askedById: actor.personId, askedAt: at },
  })
  await logOperation(tx, actor, {
    ...{ at, action: 'ask', resource: 'fundLine', resourceId: change.fundLineId, regionPath: change.regionPath },
    after: { ...terms, reason: change.reason },
  })
}
