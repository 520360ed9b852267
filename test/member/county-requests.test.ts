// What two counties, or two persons of one, agree to before points move: moving away, settling, taking over, closing.
import { randomUUID } from 'node:crypto'
import { expect, test, vi } from 'vitest'
import { auditLedger } from '../../server/ledger/audit'
import { balanceOf } from '../../server/ledger/queries'
import { newShop } from '../redemption/shop'
import { serveWorld } from '../support/world'

vi.setConfig({ testTimeout: 180_000 })

async function twoCounties() {
  const shop = await newShop()
  const { db, places, programmeId } = shop
  const { ask } = await serveWorld(shop)
  const helper = await shop.richMember(9000n)
  const there = await db.programme.create({
    data: { id: randomUUID(), regionId: places.otherCounty.id, code: 'other', name: '环翠互助' },
  })
  const [boss, second, other] = [
    await shop.staff('countyAdmin', places.county),
    await shop.staff('countyAdmin', places.county),
    await shop.staff('countyAdmin', places.otherCounty),
  ]
  const accountId = await shop.accountOf(helper.personId)
  const asked = async (who: { personId: string }, body: object) => {
    const id = randomUUID()
    const answer = await ask<{ code?: string }>(who, 'POST', '/point-requests', {
      id,
      accountId,
      reason: '搬走了',
      ...body,
    })
    return { id, status: answer.status, code: answer.body.code }
  }
  const approve = async (who: { personId: string }, id: string) =>
    (await ask<{ code?: string }>(who, 'POST', `/point-requests/${id}/decision`, { decision: 'approve' })).status
  const posted = async (id: string) => (await balanceOf(db, id)).postedMilliPoints
  const accountThere = async () =>
    (
      await db.personAccount.findUniqueOrThrow({
        where: { personId_programmeId: { personId: helper.personId, programmeId: there.id } },
      })
    ).accountId
  const right = async () => expect((await auditLedger(db)).problem).toBeNull()
  return {
    ...shop,
    ask,
    helper,
    there,
    boss,
    second,
    other,
    accountId,
    asked,
    approve,
    posted,
    accountThere,
    right,
    programmeId,
  }
}

test('points move to another county when that county agrees, and both settle until neither owes anything', async () => {
  const county = await twoCounties()
  const { db, ask, boss, second, other, there, asked, approve, posted, accountThere, accountId, right } = county
  const moving = await asked(boss, { kind: 'TRANSFER_REGION', toProgrammeId: there.id, milliPoints: '4000' })
  expect(moving).toMatchObject({ status: 201 })
  const list = async (who: { personId: string }) =>
    (await ask<{ items: { id: string; mayDecide: boolean }[] }>(who, 'GET', '/point-requests')).body.items
  expect(await list(boss)).toMatchObject([{ id: moving.id, mayDecide: false }])
  expect(await list(second)).toEqual([])
  expect(await list(other)).toMatchObject([{ id: moving.id, mayDecide: true }])
  expect(await approve(second, moving.id)).toBe(404)
  expect(await approve(other, moving.id)).toBe(200)
  expect([await posted(accountId), await posted(await accountThere())]).toEqual([5000n, 4000n])
  await right()

  const clearing = await db.ledgerAccount.findFirstOrThrow({
    where: { kind: 'clearing', programmeId: county.programmeId },
  })
  expect(clearing.postedMilliPoints).toBe(4000n)
  expect((await asked(boss, { kind: 'SETTLE', toProgrammeId: there.id })).code).toBe('NOT_FOUND')
  const programmes = (await ask<{ id: string }[]>(boss, 'GET', '/programmes')).body.map(({ id }) => id)
  expect(programmes).toEqual(expect.arrayContaining([county.programmeId, there.id]))
  const owed = async (who: { personId: string }) => (await ask<object[]>(who, 'GET', '/clearings')).body
  const [mine, theirs] = [
    { accountId: clearing.id, otherProgrammeId: there.id, owedMilliPoints: '4000' },
    { otherProgrammeId: county.programmeId, owedMilliPoints: '-4000' },
  ]
  expect(await owed(boss)).toMatchObject([{ ...mine, asked: false, since: expect.any(String) }])
  expect(await owed(other)).toMatchObject([{ ...theirs, asked: false }])
  const settling = await asked(boss, { kind: 'SETTLE', accountId: clearing.id, toProgrammeId: there.id })
  expect(await owed(other)).toMatchObject([{ ...theirs, asked: true }])
  expect(await approve(other, settling.id)).toBe(200)
  expect(await owed(boss)).toMatchObject([{ owedMilliPoints: '0', since: null, asked: false }])
  expect(await db.ledgerAccount.count({ where: { kind: 'clearing', postedMilliPoints: 0n } })).toBe(2)
  await right()
})

test('who moves away for good takes all along, and the account is closed; while something is held it waits', async () => {
  const { ask, shopWish, helper, other, boss, there, asked, approve, posted, accountThere, accountId, right, db } =
    await twoCounties().then((county) => ({ ...county, shopWish: county.wish() }))
  const held = await asked(boss, { kind: 'CLOSE', counterpart: 'county', toProgrammeId: there.id })
  await db.product.updateMany({ data: { priceMilliPoints: 1000n } })
  expect((await ask(helper.actor, 'POST', '/redemptions', shopWish)).status).toBe(201)
  expect(await approve(other, held.id)).toBe(409)
  expect((await ask(helper.actor, 'POST', `/redemptions/${shopWish.id}/cancellation`, {})).status).toBeLessThan(300)
  expect(await approve(other, held.id)).toBe(200)
  expect([await posted(accountId), await posted(await accountThere())]).toEqual([0n, 9000n])
  expect((await db.ledgerAccount.findUniqueOrThrow({ where: { id: accountId } })).closedAt).not.toBeNull()
  expect((await asked(boss, { kind: 'GRANT', milliPoints: '1000' })).code).toBe('ACCOUNT_CLOSED')
  await right()
})

test('an account is closed to an heir, to the pool, or to nobody; an empty one too', async () => {
  const { boss, second, asked, approve, posted, accountId, accountOf, richMember, member, right, db } =
    await twoCounties()
  const heir = await accountOf((await member()).personId)
  const toHeir = await asked(boss, { kind: 'CLOSE', counterpart: 'heir', heirAccountId: heir })
  expect(await approve(second, toHeir.id)).toBe(200)
  expect(await posted(heir)).toBe(9000n)
  const wang = await accountOf((await richMember(500n)).personId)
  const toPool = await asked(boss, { kind: 'CLOSE', accountId: wang, counterpart: 'pool' })
  expect(await approve(second, toPool.id)).toBe(200)
  const pool = await db.ledgerAccount.findFirstOrThrow({ where: { kind: 'pool' } })
  expect(pool.postedMilliPoints).toBe(500n)
  const empty = await accountOf((await member()).personId)
  const toNobody = await asked(boss, { kind: 'CLOSE', accountId: empty, counterpart: 'expired' })
  expect(await approve(second, toNobody.id)).toBe(200)
  expect(
    await db.ledgerAccount.count({ where: { id: { in: [accountId, wang, empty] }, closedAt: { not: null } } }),
  ).toBe(3)
  await right()
})

test('balances of another system are taken over by two, and what does not add up stays in sight', async () => {
  const { ask, boss, second, approve, posted, accountOf, member, programmeId, right, db } = await twoCounties()
  const [li, wang] = [await member(), await member()]
  const row = (memberId: string, milliPoints: string) => ({
    memberId,
    milliPoints,
    earnedDay: '2026-03-01',
    source: '旧系统',
  })
  const list = {
    ...{
      id: randomUUID(),
      programmeId,
      totalMilliPoints: '5000',
      reason: '旧系统的余额',
      evidenceHash: 'a'.repeat(64),
    },
    rows: [{ ...row(li.id, '3000'), lastDay: '2027-12-31' }, row(wang.id, '1500')],
  }
  expect((await ask(boss, 'POST', '/point-imports', list)).status).toBe(201)
  expect((await ask(boss, 'POST', '/point-imports', list)).status).toBe(201)
  const own = await ask<{ code: string }>(boss, 'POST', `/point-requests/${list.id}/decision`, { decision: 'approve' })
  expect(own.body.code).toBe('REQUEST_OWN')
  expect(await approve(second, list.id)).toBe(200)
  expect([await posted(await accountOf(li.personId)), await posted(await accountOf(wang.personId))]).toEqual([
    3000n,
    1500n,
  ])
  const suspense = await db.ledgerAccount.findFirstOrThrow({ where: { kind: 'suspense' } })
  expect(suspense.postedMilliPoints).toBe(500n)
  // somebody answers for the rest: it goes back where it came from
  const back = {
    id: randomUUID(),
    kind: 'MANUAL',
    accountId: suspense.id,
    milliPoints: '-500',
    reason: '旧系统多记',
    evidenceHash: 'b'.repeat(64),
  }
  expect((await ask(boss, 'POST', '/point-requests', back)).status).toBe(201)
  expect(await approve(second, back.id)).toBe(200)
  expect(await posted(suspense.id)).toBe(0n)
  await right()
})

test('two records of one human are joined by the merge of persons alone: no request empties one account into another', async () => {
  const { boss, asked, richMember, accountId, posted, db } = await twoCounties()
  const twin = await richMember(500n)
  const before = await posted(accountId)
  expect(await asked(boss, { kind: 'MERGE' })).toMatchObject({ status: 400 })
  expect(await asked(boss, { kind: 'CLOSE', intoMemberId: twin.id })).toMatchObject({
    status: 400,
    code: 'UNKNOWN_KEY',
  })
  expect([await posted(accountId), await db.ledgerRequest.count({ where: { accountId } })]).toEqual([before, 0])
})

test('nobody asks for or agrees to what brings him points: as heir, as a line of a list, by what is undone', async () => {
  const { ask, asked, approve, accountId, accountOf, places, programmeId, db, ...shop } = await twoCounties()
  const [greedy, second] = [
    await shop.staff('countyAdmin', places.county),
    await shop.staff('countyAdmin', places.county),
  ]
  const line = await shop.member({ personId: greedy.personId })
  const own = await accountOf(greedy.personId)
  expect((await asked(greedy, { kind: 'CLOSE', counterpart: 'heir', heirAccountId: own })).code).toBe('REQUEST_OWN')
  const heir = await asked(second, { kind: 'CLOSE', counterpart: 'heir', heirAccountId: own })
  expect([heir.status, await approve(greedy, heir.id)]).toEqual([201, 403])
  const list = {
    ...{ id: randomUUID(), programmeId, totalMilliPoints: '5000', reason: '旧系统', evidenceHash: 'a'.repeat(64) },
    rows: [{ memberId: line.id, milliPoints: '5000', earnedDay: '2026-03-01', source: '1' }],
  }
  expect((await ask<{ code: string }>(greedy, 'POST', '/point-imports', list)).body.code).toBe('REQUEST_OWN')
  expect((await ask(second, 'POST', '/point-imports', list)).status).toBe(201)
  expect(await approve(greedy, list.id)).toBe(403)

  // through the other side of the transaction: the programme's own account has no owner
  const taken = await asked(second, {
    ...{ kind: 'MANUAL', accountId: own, milliPoints: '1000', evidenceHash: 'b'.repeat(64) },
  })
  expect(await approve(shop.boss, taken.id)).toBe(200)
  const given = await asked(second, {
    ...{ kind: 'MANUAL', accountId: own, milliPoints: '-1000', evidenceHash: 'b'.repeat(64) },
  })
  expect(await approve(shop.boss, given.id)).toBe(200)
  const { id: transactionId } = await db.ledgerTransaction.findFirstOrThrow({ where: { refId: given.id } })
  const issuance = await db.ledgerAccount.findFirstOrThrow({ where: { kind: 'issuance', programmeId } })
  const back = { kind: 'REVERSE', accountId: issuance.id, transactionId }
  expect((await asked(greedy, back)).code).toBe('REQUEST_OWN')
  const agreed = await asked(second, back)
  expect([agreed.status, await approve(greedy, agreed.id)]).toEqual([201, 403])
  await shop.right()
})
