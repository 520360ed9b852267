import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { newCodeId, printedNumber } from '../../server/core/code-tokens'
import { addProduct, newShop } from '../redemption/shop'
import { openApps } from '../support/apps'

test('a queue with cards is served with and without a network, uploaded when it is back, and the month is settled by two persons', {
  timeout: 180_000,
}, async () => {
  const shop = await newShop()
  const { db, keys, places, clock, pointId, elder, staff, later } = shop
  const lunch = await addProduct(shop)
  await db.product.update({
    where: { id: lunch },
    data: { kind: 'meal', mealTime: 'lunch', name: '午餐', costFen: 800, priceMilliPoints: 0n },
  })
  await db.productStock.create({ data: { productId: lunch, pointId, left: 0, period: 'day', perPeriod: 200 } })
  const counter = await shop.counter()
  const [admin, finance] = [await staff('countyAdmin', places.county), await staff('countyAdmin', places.county)]
  const cards: string[] = []
  for (let no = 0; no < 5; no++) {
    const id = newCodeId()
    const { serial } = await db.plate.create({
      data: {
        ...{ id, kind: 'card', keyId: keys.code[0].id, serial: printedNumber(id), elderId: (await elder()).id },
        ...{ regionId: places.village.id, regionPath: places.village.path, batchId: randomUUID() },
        ...{ issuedAt: clock.now, issuedByPersonId: counter.personId },
      },
    })
    cards.push(serial)
  }
  const { phone, desk, problems } = await openApps(shop, [
    { personId: counter.personId, kindWord: '食堂', app: 'phone' },
    { personId: admin.personId, kindWord: '区县管理员', app: 'admin' },
    { personId: finance.personId, kindWord: '区县财务', app: 'admin' },
  ])

  const canteen = await phone('食堂')
  const shown = (words: string) => canteen.getByText(words).filter({ visible: true }).first()
  await canteen.getByRole('button', { name: '今天的饭' }).filter({ visible: true }).first().click()
  await shown('一张一张扫卡').waitFor()
  // a scanner types the number and presses Enter
  const field = canteen.getByLabel('扫码枪或手填卡号').filter({ visible: true }).first()
  const scan = async (card = '') => {
    await field.fill(card)
    await field.press('Enter')
  }
  const [first, second, ...rest] = cards
  await scan(first)
  await scan(second)
  await shown('今天 2 份，还有 198 份').waitFor({ timeout: 30_000 })
  await canteen.context().setOffline(true)
  // one card comes back
  for (const card of [...rest, rest[0]]) await scan(card)
  await shown('4 条等待上传').waitFor()
  expect(await db.redemption.count()).toBe(2)
  await canteen.context().setOffline(false)
  await shown('今天这一顿已经领过了').waitFor({ timeout: 60_000 })
  expect(await db.redemption.count({ where: { state: 'fulfilled', mealTime: 'lunch' } })).toBe(5)

  later(20 * 86_400)
  const office = await desk('区县管理员')
  await office.goto(`${office.url().split('/admin')[0]}/admin/settlements?month=2026-11`)
  await office.getByRole('button', { name: '开结算单' }).click()
  await office.getByText('等付款').first().waitFor()
  expect(await office.getByRole('button', { name: '已付款' }).count()).toBe(0)
  const bank = await desk('区县财务')
  await bank.goto(`${bank.url().split('/admin')[0]}/admin/settlements?month=2026-11`)
  await bank.getByRole('button', { name: '已付款' }).click()
  await bank.getByLabel('转账凭证号').fill('20261212-7')
  await bank.getByRole('button', { name: '付过了' }).click()
  await bank.getByText('凭证 20261212-7').first().waitFor()
  expect(await db.settlement.findFirstOrThrow()).toMatchObject({ pieces: 5, costFen: 4000n, paymentNo: '20261212-7' })
  expect(problems).toEqual([])
})
