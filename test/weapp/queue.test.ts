import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { mintPlateToken, newCodeId, printedNumber } from '../../server/core/code-tokens'
import { type Bundle, builtBundle } from '../support/weapp/bundle'
import { newDataRenderer } from '../support/weapp/data-renderer'
import { newTown } from '../support/weapp/town'

let bundle: Bundle
beforeAll(() => {
  bundle = builtBundle()
})

test('a canteen without a network serves a queue of cards, is closed and opened again, and uploads all of it once', async () => {
  const town = await newTown(bundle, newDataRenderer)
  const { world } = town
  const { db, keys, places, clock } = world
  await db.product.updateMany({ data: { mealTime: 'lunch', priceMilliPoints: 0n } })
  await db.productStock.updateMany({ data: { left: 10 } })
  const cards: string[] = []
  for (let no = 0; no < 4; no++) {
    const { id: elderId, personId } = await world.elder()
    const id = newCodeId()
    await db.plate.create({
      data: {
        ...{ id, kind: 'card', keyId: keys.code[0].id, serial: printedNumber(id), elderId, batchId: randomUUID() },
        ...{ regionId: places.village.id, regionPath: places.village.path },
        ...{ issuedAt: clock.now, issuedByPersonId: personId },
      },
    })
    cards.push(`https://mulin.example/e/${mintPlateToken(keys.code, 'e', id)}`)
  }
  const phone = await town.logIn(town.counterPhone())
  await phone.tap('今天的饭')
  await phone.goes(false)
  const [a, b, c, d] = cards as [string, string, string, string]
  // the camera sees a card twice before it is taken away, and one comes back to the queue
  phone.device.cards = [a, a, b, c, a]
  await phone.tap('一张一张扫卡')
  expect(phone.shows('4 条等待上传')).toBe(true)
  expect(await db.redemption.count()).toBe(0)
  await phone.reopen()
  await phone.tap('今天的饭')
  phone.device.cards = [d]
  await phone.tap('一张一张扫卡')
  expect(phone.shows('5 条等待上传')).toBe(true)
  phone.device.losesNextAnswer = true
  await phone.goes(true)
  await phone.tap('5 条等待上传')
  if (phone.buttons().includes('现在上传')) await phone.tap('现在上传')
  expect(await db.redemption.count({ where: { state: 'fulfilled' } })).toBe(4)
  expect(await db.queueEvent.count()).toBe(5)
  expect(phone.shows('今天这一顿已经领过了')).toBe(true)
  await phone.tap('复制成文字')
  expect(phone.device.clipboard.split('\n')).toHaveLength(5)
})
