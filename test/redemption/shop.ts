// A canteen with something on the shelf, and people who have points to spend.
import { randomUUID } from 'node:crypto'
import { issuanceAccount } from '../../server/ledger/accounts'
import { post } from '../../server/ledger/post'
import { balanceOf } from '../../server/ledger/queries'
import { accountOfPerson } from '../../server/member/account'
import { addFund } from '../support/funds'
import { newWorld, type Place, type World } from '../support/world'

export async function newShop(
  given: { left?: number; priceMilliPoints?: bigint; holdHours?: number; world?: World; budgetFen?: bigint } = {},
) {
  const world = given.world ?? (await newWorld())
  const { db, places, programmeId } = world
  const pointId = await addPoint(world, '泽头食堂', places.town)
  const productId = await addProduct(world, given)
  await db.productStock.create({ data: { productId, pointId, left: given.left ?? 10 } })
  const fundLineId = await addFund(world, { budgetFen: given.budgetFen })
  const accountOf = (personId: string) =>
    db.$transaction((tx) => accountOfPerson(tx, personId, programmeId, world.clock.now))

  /** Puts points into somebody's account, as if earned. */
  async function give(personId: string, milliPoints: bigint) {
    const accountId = await accountOf(personId)
    await db.$transaction(async (tx) => {
      const postings = [
        { accountId: await issuanceAccount(tx, programmeId), milliPoints: -milliPoints },
        { accountId, milliPoints },
      ]
      await post(
        tx,
        [
          {
            id: randomUUID(),
            programmeId,
            kind: 'GRANT',
            refType: 'test',
            refId: randomUUID(),
            revision: 0,
            happenedAt: world.clock.now,
            byId: 'test',
            explanation: {},
            postings,
          },
        ],
        world.clock.now,
      )
    })
  }
  async function richMember(milliPoints = 20_000n) {
    const member = await world.member()
    await give(member.personId, milliPoints)
    return member
  }
  const left = async (product = productId, point = pointId) =>
    (await db.productStock.findUniqueOrThrow({ where: { productId_pointId: { productId: product, pointId: point } } }))
      .left
  const balance = async (personId: string) => balanceOf(db, await accountOf(personId))
  const counter = (id = pointId, place = places.town) =>
    world.staff('redemptionPoint', place, { redemptionPointId: id })
  const wish = (more: { id?: string; productId?: string; pointId?: string; elderId?: string } = {}) => ({
    id: randomUUID(),
    productId,
    pointId,
    ...more,
  })
  return { ...world, pointId, productId, fundLineId, give, richMember, left, balance, counter, wish, accountOf }
}
export type Shop = Awaited<ReturnType<typeof newShop>>

export async function addPoint({ db }: World, name: string, place: Place): Promise<string> {
  const { id } = await db.redemptionPoint.create({
    data: {
      id: randomUUID(),
      name,
      regionId: place.id,
      regionPath: place.path,
      address: '泽头街 1 号',
      phone: '06318451234',
      openingHours: '9:00–17:00',
      active: true,
    },
  })
  return id
}

export async function addProduct(
  { db, places, programmeId }: World,
  given: { priceMilliPoints?: bigint; holdHours?: number; place?: Place; programmeId?: string } = {},
): Promise<string> {
  const place = given.place ?? places.county
  const { id } = await db.product.create({
    data: {
      id: randomUUID(),
      name: '大米 5 斤',
      icon: 'rice',
      kind: 'goods',
      description: '',
      priceMilliPoints: given.priceMilliPoints ?? 20_000n,
      costFen: 2000,
      holdHours: given.holdHours ?? 72,
      regionId: place.id,
      regionPath: place.path,
      programmeId: given.programmeId ?? programmeId,
      active: true,
    },
  })
  return id
}
