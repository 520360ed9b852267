import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Actor } from '../../server/core/actor'
import { auditLedger } from '../../server/ledger/audit'
import { bonus } from '../../server/ledger/grant'
import { accountOfPerson } from '../../server/member/account'
import { askClosing, findClosing } from '../../server/member/closing'
import { findAccountPage } from '../../server/member/entries'
import { answerGift, give, withdrawGift } from '../../server/member/give'
import { findGiving, kinOfAccount, listGifts } from '../../server/member/giving'
import { answerKin, declareKin, endKin, registerKin } from '../../server/member/kin'
import { decideRequest, listRequests, requestPoints } from '../../server/member/requests'
import { addOrganisation, listOrganisations } from '../../server/registry/organisations'
import { answerRound, proposeGrants } from '../../server/scheme/grants'
import { openProgramme } from '../../server/scheme/publish'
import { dayOf, startOfDay } from '../../shared/core/time'
import type { SchemeDocument } from '../../shared/scheme/document'
import { atDoor, HOME, refusalOf } from '../support/door'
import { newWorld, SIMPLE, type World } from '../support/world'

/** A helper with points, her father of 62, and a clerk of the town. */
async function family(rules: Partial<SchemeDocument>, milliPoints = 10_000n) {
  const document: SchemeDocument = { ...SIMPLE, ...rules }
  const world = await newWorld({ scheme: document })
  const { db, keys, clock } = world
  const helper = await world.member({ name: '张兰' })
  const fatherId = await world.person({ name: '张建国', phone: '19911112222', birthDate: '1964-05-01', sex: 'male' })
  const father = await world.member({ personId: fatherId })
  const clerk = await world.staff('townStaff', world.places.town)
  const pointsOf = async (personId: string) => {
    const account = await db.personAccount.findFirst({ where: { personId } })
    if (account === null) return 0n
    return (await db.ledgerAccount.findUniqueOrThrow({ where: { id: account.accountId } })).postedMilliPoints
  }
  const credit = (personId: string, amount: bigint, expiresAt: Date | null = null) =>
    db.$transaction(async (tx) => {
      const to = await accountOfPerson(tx, personId, world.programmeId, clock.now)
      const id = randomUUID()
      const about = { refType: 'referral', refId: id, happenedAt: clock.now, byId: 'test', explanation: {} }
      await bonus(tx, { id, ...about, to, milliPoints: amount, expiresAt }, clock.now)
    })
  await credit(helper.personId, milliPoints)
  const declared = (more: object = {}, by: Actor = helper.actor) =>
    declareKin(
      db,
      keys,
      by,
      { id: randomUUID(), relation: 'parent', name: '张建国', phone: '19911112222', ...more },
      clock.now,
    )
  const yes = (id: string, by: Actor, answer: 'yes' | 'no' = 'yes') => answerKin(db, by, id, { answer }, clock.now)
  const gave = (whom: string | undefined, points: number, more: object = {}) =>
    give(
      db,
      helper.actor,
      {
        id: randomUUID(),
        to: 'kin',
        ...(whom === undefined ? {} : { whom }),
        milliPoints: String(points * 1000),
        note: '',
        ...more,
      },
      clock.now,
    )
  const answered = (id: string, by: Actor, answer: 'yes' | 'no' = 'yes') =>
    answerGift(db, by, id, { answer }, clock.now)
  return { world, helper, father, clerk, pointsOf, credit, declared, yes, gave, answered }
}
const OPEN: Partial<SchemeDocument> = { transfer: { relations: ['spouse', 'parent'], recipientFromAge: 60 } }

describe('who is a relative', () => {
  test('is said by one and confirmed by the other, or by staff; never by who said it', async () => {
    const { declared, yes, helper, father, clerk, world } = await family(OPEN)
    expect(await refusalOf(declared({ name: '张建军' }))).toBe('KIN_UNKNOWN')
    expect(await refusalOf(declared({}, father.actor))).toBe('KIN_SELF')
    const { id } = await declared()
    expect(await refusalOf(declared({ relation: 'friend' }))).toBe('KIN_EXISTS')
    expect(await refusalOf(yes(id, helper.actor))).toBe('REQUEST_OWN')
    const stranger = await world.member({ name: '李红' })
    expect(await refusalOf(yes(id, stranger.actor))).toBe('NOT_FOUND')
    expect(await refusalOf(yes(id, await world.staff('townStaff', world.places.town2)))).toBe('NOT_FOUND')
    await yes(id, clerk)
    expect(await refusalOf(yes(id, father.actor))).toBe('KIN_STATE')
    await endKin(world.db, father.actor, id, world.clock.now)
    expect(await refusalOf(endKin(world.db, helper.actor, id, world.clock.now))).toBe('KIN_STATE')
    await declared()
  })

  test('is written down by staff who saw the papers, within their places', async () => {
    const { world, helper, clerk } = await family(OPEN)
    const elder = await world.elder()
    const input = {
      id: randomUUID(),
      relation: 'grandparent' as const,
      of: { kind: 'member' as const, id: helper.id },
      to: { kind: 'elder' as const, id: elder.id },
    }
    const far = await world.staff('townStaff', world.places.town2)
    expect(await refusalOf(registerKin(world.db, far, input, world.clock.now))).toBe('NOT_FOUND')
    await registerKin(world.db, clerk, input, world.clock.now)
    expect((await registerKin(world.db, clerk, input, world.clock.now)).id).toBe(input.id)
    const { kin } = await findGiving(world.db, world.keys, elder.actor, world.clock.now)
    expect(kin.map(({ relationWord, state }) => [relationWord, state])).toEqual([['孙子女', 'confirmed']])
  })
})

describe('a gift', () => {
  test('goes to whom the rules name, once, and keeps the time its points have (W14)', async () => {
    const { world, declared, yes, gave, father, helper, pointsOf, credit } = await family(OPEN, 1000n)
    await credit(helper.personId, 4000n, startOfDay('2027-01-01'))
    const { id } = await declared()
    expect(await refusalOf(gave(id, 2))).toBe('NOT_FOUND')
    await yes(id, father.actor)
    const friendId = await world.person({ name: '李红', phone: '19933334444', birthDate: '1950-01-01' })
    const friend = await world.member({ personId: friendId })
    const { id: friendship } = await declared({ relation: 'friend', name: '李红', phone: '19933334444' })
    await yes(friendship, friend.actor)
    expect(await refusalOf(gave(friendship, 1))).toBe('RELATION')
    expect(await refusalOf(gave(id, 6))).toBe('POINTS_NOT_ENOUGH')
    const same = { id: randomUUID() }
    await gave(id, 3, same)
    await gave(id, 3, same)
    expect([await pointsOf(helper.personId), await pointsOf(father.personId)]).toEqual([2000n, 3000n])
    const { expiring } = await findGiving(world.db, world.keys, father.actor, world.clock.now)
    expect(expiring).toEqual([{ day: '2026-12-31', milliPoints: '2000', daysLeft: 39 }])
    const { accountId } = await world.db.personAccount.findFirstOrThrow({ where: { personId: father.personId } })
    const clerk = await world.staff('townStaff', world.places.town)
    const page = await findAccountPage(world.db, world.keys, clerk, accountId, world.clock.now)
    expect(page.expiring).toEqual(expiring)
    expect((await auditLedger(world.db)).problem).toBeNull()
  })

  test('is not for who is too young, nor where nothing can be given', async () => {
    const young = await family({ transfer: { relations: ['parent'], recipientFromAge: 70 } })
    const { id } = await young.declared()
    await young.yes(id, young.father.actor)
    expect(await refusalOf(young.gave(id, 1))).toBe('AGE')
    const { kin } = await findGiving(young.world.db, young.world.keys, young.helper.actor, young.world.clock.now)
    expect(kin[0]).toMatchObject({ whyNot: 'AGE', name: '张建国' })
    const closed = await family({})
    const { id: other } = await closed.declared()
    await closed.yes(other, closed.father.actor)
    expect(await refusalOf(closed.gave(other, 1))).toBe('GIFT_CLOSED')
  })

  test('waits for who gets it where the rules want that; a no leaves all as it was', async () => {
    const { world, declared, yes, gave, answered, father, helper, clerk, pointsOf } = await family({
      transfer: { ...OPEN.transfer, approval: 'recipient' },
    })
    const { id } = await declared()
    await yes(id, father.actor)
    const first = await gave(id, 2)
    expect(await pointsOf(father.personId)).toBe(0n)
    expect(await refusalOf(answered(first.id, clerk))).toBe('NOT_FOUND')
    expect(await refusalOf(answered(first.id, helper.actor))).toBe('REQUEST_OWN')
    await answered(first.id, father.actor, 'no')
    expect(await refusalOf(answered(first.id, father.actor))).toBe('GIFT_STATE')
    const second = await gave(id, 2)
    await answered(second.id, father.actor)
    const third = await gave(id, 2)
    await withdrawGift(world.db, helper.actor, third.id, world.clock.now)
    expect([await pointsOf(helper.personId), await pointsOf(father.personId)]).toEqual([8000n, 2000n])
  })

  test('of two at once only what the year allows is given', async () => {
    const { declared, yes, gave, father, pointsOf } = await family({
      transfer: { ...OPEN.transfer, yearMilliPointsMax: 5000 },
    })
    const { id } = await declared()
    await yes(id, father.actor)
    const both = await Promise.all([refusalOf(gave(id, 3)), refusalOf(gave(id, 3))])
    expect(both.sort()).toEqual(['YEAR_GIFT_USED', null].sort())
    expect(await pointsOf(father.personId)).toBe(3000n)
    await gave(id, 2)
    expect(await refusalOf(gave(id, 1))).toBe('YEAR_GIFT_USED')
  })

  test('is agreed to by staff of the place, where the rules want that', async () => {
    const { world, declared, yes, gave, answered, father, clerk, pointsOf } = await family({
      transfer: { ...OPEN.transfer, approval: 'staff' },
    })
    const { id } = await declared()
    await yes(id, father.actor)
    const gift = await gave(id, 2)
    expect(await refusalOf(answered(gift.id, father.actor))).toBe('NOT_FOUND')
    expect(await refusalOf(answered(gift.id, await world.staff('townStaff', world.places.town2)))).toBe('NOT_FOUND')
    const both = await Promise.all([refusalOf(answered(gift.id, clerk)), refusalOf(answered(gift.id, clerk))])
    expect(both.sort()).toEqual(['GIFT_STATE', null].sort())
    expect(await pointsOf(father.personId)).toBe(2000n)
  })
})

describe('a donation', () => {
  test('goes to the pool or to an elder one has helped, not below the least', async () => {
    const world = await newWorld({ scheme: { ...SIMPLE, donate: { to: ['pool', 'elder'], milliPointsMin: 2000 } } })
    const { helper, elder, served, answer, pointsOf } = await atDoor(world, { homePoint: HOME })
    await answer(await served(60), 'yes')
    const other = await world.elder()
    const gave = (to: 'pool' | 'elder', points: number, whom?: string) =>
      refusalOf(
        give(
          world.db,
          helper.actor,
          {
            id: randomUUID(),
            to,
            milliPoints: String(points * 1000),
            note: '',
            ...(whom === undefined ? {} : { whom }),
          },
          world.clock.now,
        ),
      )
    expect(await gave('pool', 1)).toBe('DONATE_LEAST')
    expect(await gave('pool', 3)).toBeNull()
    expect(await gave('elder', 2, other.id)).toBe('NOT_FOUND')
    expect(await gave('elder', 4, elder.id)).toBeNull()
    expect(await gave('pool', 6)).toBe('POINTS_NOT_ENOUGH')
    expect([await pointsOf(), await pointsOf(elder.personId)]).toEqual([5000n, 4000n])
    const pool = await world.db.ledgerAccount.findFirstOrThrow({ where: { kind: 'pool' } })
    expect(pool.postedMilliPoints).toBe(3000n)
    const { elders, donateTo } = await findGiving(world.db, world.keys, helper.actor, world.clock.now)
    expect([elders, donateTo]).toEqual([[{ id: elder.id, name: '王大娘' }], ['pool', 'elder']])
  })
})

describe('a donation to an organisation', () => {
  test('goes to one of the county that takes part, into an account of its own, as old as it is', async () => {
    const { world, helper, gave, credit, pointsOf } = await family({ donate: { to: ['organisation'] } }, 1000n)
    const { db, keys, clock, places } = world
    await credit(helper.personId, 4000n, startOfDay('2027-01-01'))
    const clerkOf = {
      here: await world.staff('villageStaff'),
      there: await world.staff('villageStaff', places.otherVillage),
    }
    const canteen = await organisationIn(world, clerkOf.here, places.village.id, '北庄长者食堂')
    const far = await organisationIn(world, clerkOf.there, places.otherVillage.id, '前双岛食堂')
    const view = await findGiving(db, keys, helper.actor, clock.now)
    expect([view.donateTo, view.organisations]).toEqual([
      ['organisation'],
      [{ id: canteen, name: '北庄长者食堂', kindWord: '助餐点（长者食堂）' }],
    ])
    const to = { to: 'organisation' }
    expect(await refusalOf(gave(undefined, 1, to))).toBe('REQUIRED')
    expect(await refusalOf(gave(far, 1, to))).toBe('NOT_FOUND')
    expect(await refusalOf(gave(undefined, 1, { to: 'pool' }))).toBe('DONATE_CLOSED')
    const same = { ...to, id: randomUUID() }
    await gave(canteen, 3, same)
    await gave(canteen, 3, same)
    const both = await Promise.all([refusalOf(gave(canteen, 2, to)), refusalOf(gave(canteen, 2, to))])
    expect(both.sort()).toEqual(['POINTS_NOT_ENOUGH', null].sort())
    expect(await pointsOf(helper.personId)).toBe(0n)
    const { items } = await listOrganisations(db, clerkOf.here, { limit: 50 })
    expect(items.map(({ name, milliPoints }) => [name, milliPoints])).toEqual([['北庄长者食堂', '5000']])
    expect((await listGifts(db, keys, clerkOf.here, { limit: 50 })).items[0]).toMatchObject({
      ...{ kindWord: '捐赠', toName: '北庄长者食堂', state: 'done' },
    })
    const account = await db.ledgerAccount.findFirstOrThrow({ where: { kind: 'organisation' } })
    const lots = await db.ledgerEntry.findMany({ where: { accountId: account.id } })
    expect(lots.some(({ lotExpiresAt }) => lotExpiresAt?.getTime() === startOfDay('2027-01-01').getTime())).toBe(true)
    expect((await auditLedger(db)).problem).toBeNull()
    await db.organisation.update({ where: { id: canteen }, data: { active: false } })
    expect(await refusalOf(gave(canteen, 1, to))).toBe('NOT_FOUND')
  })

  async function organisationIn(world: World, clerk: Actor, regionId: string, name: string): Promise<string> {
    const id = randomUUID()
    const rest = { code: '', address: '', phone: '', openingHours: '', needs: [], active: true }
    await addOrganisation(world.db, clerk, { id, kind: 'canteen', regionId, name, ...rest }, world.clock.now)
    return id
  }
})

describe('grants by rule', () => {
  const GRANTS: NonNullable<SchemeDocument['grants']> = [
    { name: '困难老人', when: 'categories has livingAlone', milliPoints: 5000, every: 'month', from: 'pool' },
  ]
  const PRIORITY = { to: ['pool' as const], priority: ['age >= 80', 'age >= 60'] }

  async function county(given: World) {
    const [first, second] = [
      await given.staff('countyAdmin', given.places.county),
      await given.staff('countyAdmin', given.places.county),
    ]
    const answer = (id: string, by: Actor, said: 'approve' | 'reject' = 'approve') =>
      answerRound(given.db, by, id, { answer: said, reason: '' }, given.clock.now)
    return { first, second, answer }
  }

  test('are proposed once a month, agreed to by two, and given to the first by priority as long as the pool lasts', async () => {
    const { world, helper, pointsOf, gave } = await family({ grants: GRANTS, donate: PRIORITY }, 20_000n)
    const { db, clock } = world
    const younger = await world.elder({ birthDate: '1960-01-01' })
    const older = await world.elder({ birthDate: '1940-01-01' })
    await world.elder({ categories: [] })
    const { first, second, answer } = await county(world)
    expect(await proposeGrants(db, clock.now)).toBe(1)
    expect(await proposeGrants(db, clock.now)).toBe(0)
    const { id } = await db.grantRound.findFirstOrThrow()
    await answer(id, first)
    expect(await refusalOf(answer(id, first))).toBe('REQUEST_OWN')
    expect(await refusalOf(answer(id, await world.staff('townStaff', world.places.town)))).toBe('NOT_FOUND')
    expect(await refusalOf(answer(id, second))).toBe('POOL_EMPTY')
    await gave(undefined, 7, { to: 'pool' })
    const outcomes = await Promise.all([refusalOf(answer(id, second)), refusalOf(answer(id, second))])
    expect(outcomes.filter((one) => one === null)).toHaveLength(1)
    expect([await pointsOf(older.personId), await pointsOf(younger.personId)]).toEqual([5000n, 0n])
    expect(await db.grantRound.findFirst({ where: { id } })).toMatchObject({ state: 'done', granted: 1, left: 1 })
    const next = world.at('08:00', '2026-12-01')
    expect(await proposeGrants(db, next)).toBe(1)
    expect(await pointsOf(helper.personId)).toBe(13_000n)
    expect((await auditLedger(db)).problem).toBeNull()
  })

  test('given once reach whoever joins later, and nobody twice', async () => {
    const once = {
      name: '启动积分',
      when: 'age >= 80',
      milliPoints: 3000,
      every: 'once',
      from: 'issuance',
      approvers: 1,
    }
    const { world, pointsOf } = await family({ grants: [once as (typeof GRANTS)[number]] })
    const { db } = world
    const elder = await world.elder({ birthDate: '1940-01-01' })
    const { first, answer } = await county(world)
    await proposeGrants(db, world.clock.now)
    await answer((await db.grantRound.findFirstOrThrow()).id, first)
    expect(await proposeGrants(db, world.at('08:00', '2026-12-01'))).toBe(0)
    const newcomer = await world.elder({ birthDate: '1941-01-01' })
    expect(await proposeGrants(db, world.clock.now)).toBe(1)
    const round = await db.grantRound.findFirstOrThrow({ where: { state: 'waiting' } })
    await answer(round.id, first)
    expect([await pointsOf(elder.personId), await pointsOf(newcomer.personId)]).toEqual([3000n, 3000n])
    expect(dayOf(world.clock.now)).toBe('2026-12-01')
  })
})

describe('closing by the rules of the place', () => {
  test('after a death the points go to an heir who was confirmed, or to the pool; never as the rules don’t say', async () => {
    const { world, helper, father, clerk, declared, yes, pointsOf } = await family({
      closing: { onDeath: 'heir', heirRelations: ['spouse', 'parent'] },
    })
    const { db, clock } = world
    const boss = await world.staff('countyAdmin', world.places.county)
    const { accountId } = await db.personAccount.findFirstOrThrow({ where: { personId: helper.personId } })
    const ask = (more: object) =>
      requestPoints(db, clerk, { id: randomUUID(), kind: 'CLOSE', accountId, reason: '去世', ...more }, clock.now)
    const { id: heirKinId } = await declared()
    const heir = { closing: 'death', counterpart: 'heir', heirKinId }
    expect(await refusalOf(ask(heir))).toBe('NOT_FOUND')
    await yes(heirKinId, father.actor)
    expect(await refusalOf(ask({ counterpart: 'pool' }))).toBe('REQUIRED')
    expect(await refusalOf(ask({ closing: 'death', counterpart: 'expired' }))).toBe('CLOSING_RULE')
    expect(await refusalOf(ask({ closing: 'moving', counterpart: 'pool' }))).toBe('CLOSING_RULE')
    const { id } = await ask(heir)
    await decideRequest(db, boss, id, { decision: 'approve', reason: '' }, clock.now)
    expect([await pointsOf(helper.personId), await pointsOf(father.personId)]).toEqual([0n, 10_000n])
    expect(await kinOfAccount(db, world.keys, accountId)).toMatchObject([{ name: '张*国', relationWord: '父母' }])
  })

  test('the family asks on the phone, the county agrees; what the rules don’t say can’t be asked for', async () => {
    const { world, father, helper, pointsOf, credit } = await family({
      closing: { onDeath: 'heir', onMoving: 'pool', heirRelations: ['child'] },
      transfer: {},
    })
    const { db, keys, clock, places } = world
    const elder = await world.elder({ name: '刘桂兰' })
    await credit(elder.personId, 6000n)
    const proxy = await world.proxy(elder.id)
    const village = await world.staff('villageStaff')
    const far = await world.staff('villageStaff', places.village3)
    const boss = await world.staff('countyAdmin', places.county)
    const kin = {
      id: randomUUID(),
      relation: 'parent' as const,
      of: { kind: 'member' as const, id: helper.id },
      to: { kind: 'elder' as const, id: elder.id },
    }
    await registerKin(db, await world.staff('townStaff', places.town), kin, clock.now)
    const see = (by: Actor) => findClosing(db, keys, by, elder.id, clock.now)
    const ask = (by: Actor, more: object = {}) =>
      askClosing(
        db,
        by,
        { id: randomUUID(), elderId: elder.id, closing: 'death', to: 'heir', heirKinId: kin.id, ...more },
        clock.now,
      )
    expect(await see(proxy)).toMatchObject({
      ...{ name: '刘桂兰', milliPoints: '6000', whyNotSentence: null, waitsSince: null },
      ...{ death: ['heir', 'pool'], moving: ['pool'], heirs: [{ id: kin.id, name: '张兰', relationWord: '子女' }] },
    })
    expect((await see(village)).name).toBe('刘*兰')
    expect(await refusalOf(see(far))).toBe('NOT_FOUND')
    expect(await refusalOf(ask(father.actor))).toBe('NOT_FOUND')
    expect(await refusalOf(ask(proxy, { to: 'expired', heirKinId: undefined }))).toBe('CLOSING_RULE')
    expect(await refusalOf(ask(proxy, { closing: 'moving' }))).toBe('CLOSING_RULE')
    const both = await Promise.all([refusalOf(ask(proxy)), refusalOf(ask(village))])
    expect(both.sort()).toEqual(['REQUEST_WAITING', null].sort())
    expect(await refusalOf(ask(proxy))).toBe('REQUEST_WAITING')
    expect((await see(proxy)).waitsSince).toBe(clock.now.toISOString())
    expect(await pointsOf(elder.personId)).toBe(6000n)
    const { items } = await listRequests(db, keys, boss, { limit: 50, state: 'waiting' })
    expect(items[0]).toMatchObject({ kind: 'CLOSE', mayDecide: true })
    expect(items[0]?.reason).toMatch(/在手机上提出：去世$/)
    await decideRequest(db, boss, items[0]?.id ?? '', { decision: 'approve', reason: '' }, clock.now)
    expect([await pointsOf(elder.personId), await pointsOf(helper.personId)]).toEqual([0n, 16_000n])
    expect((await see(proxy)).whyNotSentence).toBe('这个积分账户已经关闭')
    expect((await auditLedger(db)).problem).toBeNull()
  })

  test('who moved takes the points along to a county that agrees', async () => {
    const { world, credit } = await family({ closing: { onMoving: 'export' } })
    const { db, keys, clock, places } = world
    const elder = await world.elder({ name: '刘桂兰' })
    await credit(elder.personId, 6000n)
    const proxy = await world.proxy(elder.id)
    const { id: there } = await db.$transaction((tx) =>
      openProgramme(tx, { regionId: places.otherCounty.id, code: 'other', name: '环翠' }),
    )
    const { counties, moving } = await findClosing(db, keys, proxy, elder.id, clock.now)
    expect([moving, counties]).toEqual([['county'], [{ id: there, name: '环翠区' }]])
    const about = { elderId: elder.id, closing: 'moving' as const, to: 'county' as const }
    expect(await refusalOf(askClosing(db, proxy, { id: randomUUID(), ...about }, clock.now))).toBe('REQUIRED')
    const { id } = await askClosing(db, proxy, { id: randomUUID(), ...about, toProgrammeId: there }, clock.now)
    const boss = await world.staff('countyAdmin', places.otherCounty)
    await decideRequest(db, boss, id, { decision: 'approve', reason: '' }, clock.now)
    const accounts = await db.personAccount.findMany({ where: { personId: elder.personId } })
    const away = accounts.find(({ programmeId }) => programmeId === there)
    const moved = await db.ledgerAccount.findUniqueOrThrow({ where: { id: away?.accountId ?? '' } })
    expect(moved.postedMilliPoints).toBe(6000n)
    expect((await auditLedger(db)).problem).toBeNull()
  })
})
