import type { z } from 'zod'
import { Refusal, refuse } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import { relationFor } from '../../shared/member/rules'
import type { redeemInput } from '../../shared/redemption/input'
import { expiryOf, leftOf, type StockPeriod, timesPrice, whyNotRedeem } from '../../shared/redemption/rules'
import type { Relation } from '../../shared/scheme/document'
import { holds, priceOfOffer } from '../../shared/scheme/gates'
import type { Actor } from '../core/actor'
import { joined, settled } from '../core/batch'
import type { Db, Tx } from '../core/db'
import { idFrom, newDigits } from '../core/ids'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { actAsProxy } from '../elder/proxy-acts'
import { drawEach } from '../fund/draw'
import { letOverdraw } from '../ledger/overdraft'
import { hold } from '../ledger/post'
import { balanceOf } from '../ledger/queries'
import { accountOfPerson } from '../member/account'
import { pathsAbove } from '../region/queries'
import { readPersonFacts } from '../scheme/persons'
import { programmeOf, schemeOn } from '../scheme/queries'
import { overdraftOf, whyNotByScheme } from './gate'
import { findHolder, type Holder } from './policy'
import { takeEach } from './stock'

export type RedeemInput = z.infer<typeof redeemInput>

const CODE_DIGITS = 8
const CODE_TRIES = 20

/**
 * Takes one piece from the shelf, holds its price, draws its cost on the money behind it, and gives a code to fetch it with:
 * all four or nothing.
 *
 * @throws Refusal PRODUCT_UNKNOWN, POINT_UNKNOWN, OUT_OF_STOCK, POINTS_NOT_ENOUGH, NO_SCHEME, FUND_NONE, FUND_EXHAUSTED, and what the rules of the place say
 */
export async function redeem(db: Db, actor: Actor, input: RedeemInput, at: Date): Promise<{ id: string }> {
  return redeemInTurn(db, { actor, input, at })
}

type RedeemAsk = { actor: Actor; input: RedeemInput; at: Date }

/** Whoever wants the same shelf waits for it anyway: a crowd waits here, and leaves the connections to the others. */
const redeemInTurn = joined<RedeemAsk, { id: string }>({
  apart: ({ input }) => [input.id],
  most: 1,
  writers: 4,
  work: async (db, asks) => Promise.all(asks.map(async (ask) => settled(await redeemOne(db, ask)))),
})

async function redeemOne(db: Db, { actor, input, at }: RedeemAsk): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'redeem', input, at }, async () => {
      const holder = await findHolder(tx, actor, input.elderId)
      if (holder.forElderId !== null)
        await actAsProxy(tx, {
          personId: actor.personId,
          elderId: holder.forElderId,
          kind: 'redeem',
          refId: input.id,
          at,
        })
      const beneficiary = input.kinId === undefined ? undefined : await findBeneficiary(tx, holder, input.kinId)
      const product = await findOffered(tx, holder, input.productId)
      const point = await tx.redemptionPoint.findUnique({ where: { id: input.pointId } })
      const stock = await tx.productStock.findUnique({
        where: { productId_pointId: { productId: product.id, pointId: input.pointId } },
      })
      if (point?.active !== true || stock === null) throw new Refusal('POINT_UNKNOWN', { field: 'pointId' })
      const accountId = await accountOfPerson(tx, holder.personId, product.programmeId, at)
      const overdraft = await overdraftOf(tx, holder.regionPath, at)
      const { availableMilliPoints } = await balanceOf(tx, accountId)
      const { quantity = 1 } = input
      const document = (await schemeOn(tx, holder.regionPath, dayOf(at)))?.document
      const price = timesPrice({ ...product, priceMilliPoints: priceOfOffer(document, product) }, quantity)
      if (price === null) throw new Refusal('TOO_MANY_AT_ONCE', { field: 'quantity', most: product.mostAtOnce })
      const { priceMilliPoints, costFen } = price
      const left = leftOf({ ...stock, period: stock.period as StockPeriod }, dayOf(at)) >= quantity ? quantity : 0
      refuse(whyNotRedeem({ active: product.active, priceMilliPoints, left }, availableMilliPoints + overdraft))
      await refuseByRule(tx, product, holder, at)
      await letOverdraw(tx, accountId, overdraft)

      const [taken] = await takeEach(tx, [{ productId: product.id, pointId: point.id, pieces: quantity }], dayOf(at))
      if (taken !== true) throw new Refusal('OUT_OF_STOCK')
      const expiresAt = expiryOf(at, product.holdHours)
      if (priceMilliPoints > 0n)
        await hold(
          tx,
          {
            id: holdIdOf(input.id),
            programmeId: product.programmeId,
            accountId,
            milliPoints: priceMilliPoints,
            refType: 'redemption',
            refId: input.id,
            until: expiresAt,
            byId: actor.personId,
            happenedAt: at,
            explanation: { productId: product.id, priceMilliPoints: String(priceMilliPoints) },
          },
          at,
        )
      // The books may allow more, from rules that held before; the account is locked by now.
      if (priceMilliPoints > 0n && (await balanceOf(tx, accountId)).availableMilliPoints < -overdraft)
        throw new Refusal('POINTS_NOT_ENOUGH')
      refuse(
        await whyNotByScheme(
          tx,
          holder,
          { id: input.id, programmeId: product.programmeId, kind: product.kind, beneficiary },
          at,
        ),
      )
      const { personId, regionId, regionPath } = holder
      const { kind } = product
      const [paid] = await drawEach(
        tx,
        [{ redemptionId: input.id, productId: product.id, kind, costFen, regionPath }],
        at,
      )
      refuse(paid?.refusal ?? null)
      await insertWithCode(tx, {
        id: input.id,
        personId,
        accountId,
        programmeId: product.programmeId,
        productId: product.id,
        pointId: point.id,
        regionId,
        regionPath,
        quantity,
        priceMilliPoints,
        costFen,
        fundLineId: paid?.fundLineId ?? null,
        heldAt: at,
        expiresAt,
        byPersonId: actor.personId,
        forPersonId: beneficiary?.personId ?? null,
        forRelation: beneficiary?.relation ?? null,
      })
      await logOperation(tx, actor, {
        at,
        action: 'redeem',
        resource: 'redemption',
        resourceId: input.id,
        regionPath,
        after: {
          ...{ productId: product.id, pointId: point.id },
          ...(beneficiary === undefined
            ? {}
            : { forPersonId: beneficiary.personId, forRelation: beneficiary.relation }),
        },
      })
      return { id: input.id }
    }),
  )
}

/** The HOLD of a redemption: its POST or VOID names it. */
export function holdIdOf(redemptionId: string): string {
  return idFrom('HOLD', redemptionId)
}

/** A product on offer where the holder is at home: of the village, the town or the county. */
async function findOffered(tx: Tx, holder: Holder, productId: string) {
  const programme = await programmeOf(tx, holder.countyId)
  if (programme === null) throw new Refusal('NO_SCHEME')
  const product = await tx.product.findUnique({ where: { id: productId } })
  const offered = product?.programmeId === programme.id && pathsAbove(holder.regionPath).includes(product.regionPath)
  if (product === null || !offered) throw new Refusal('PRODUCT_UNKNOWN')
  return product
}

/** A confirmed relative something is redeemed for. @throws Refusal NOT_FOUND */
async function findBeneficiary(
  tx: Tx,
  holder: Holder,
  kinId: string,
): Promise<{ personId: string; relation: Relation }> {
  const kin = await tx.kin.findUnique({ where: { id: kinId } })
  if (kin?.state !== 'confirmed' || ![kin.personId, kin.otherPersonId].includes(holder.personId))
    throw new Refusal('NOT_FOUND', { field: 'kinId' })
  return {
    personId: kin.personId === holder.personId ? kin.otherPersonId : kin.personId,
    relation: relationFor({ ...kin, relation: kin.relation as Relation }, holder.personId),
  }
}

/** Who may, where the offer itself says so. @throws Refusal WHO_RULE */
async function refuseByRule(tx: Tx, product: { programmeId: string; whoRule: string }, holder: Holder, at: Date) {
  if (product.whoRule === '') return
  const day = dayOf(at)
  const facts = await readPersonFacts(tx, [holder.personId], product.programmeId, day)
  if (!holds(product.whoRule, { person: facts.get(holder.personId) ?? {}, day })) throw new Refusal('WHO_RULE')
}

type Row = {
  id: string
  personId: string
  accountId: string
  programmeId: string
  productId: string
  pointId: string
  regionId: string
  regionPath: string
  quantity: number
  priceMilliPoints: bigint
  costFen: number
  fundLineId: string | null
  heldAt: Date
  expiresAt: Date
  byPersonId: string
  forPersonId: string | null
  forRelation: string | null
}

/** Eight digits that no other held redemption has: whoever has them by chance already makes us draw again. */
async function insertWithCode(tx: Tx, row: Row): Promise<void> {
  for (let tries = 0; tries < CODE_TRIES; tries++) {
    const written = await tx.$executeRaw`
      INSERT INTO redemption ("id", "personId", "accountId", "programmeId", "productId", "pointId", "regionId", "regionPath", "quantity",
        "priceMilliPoints", "costFen", "fundLineId", "state", "code", "heldAt", "expiresAt", "byPersonId", "forPersonId", "forRelation")
      VALUES (${row.id}, ${row.personId}, ${row.accountId}, ${row.programmeId}, ${row.productId}, ${row.pointId}, ${row.regionId}, ${row.regionPath}, ${row.quantity},
        ${row.priceMilliPoints}, ${row.costFen}, ${row.fundLineId}, 'held', ${newDigits(CODE_DIGITS)}, ${row.heldAt}, ${row.expiresAt}, ${row.byPersonId}, ${row.forPersonId}, ${row.forRelation})
      ON CONFLICT ("code") WHERE "state" = 'held' DO NOTHING`
    if (written === 1) return
  }
  throw new Refusal('BUSY')
}
