import { beforeAll, expect, test } from 'vitest'
import { newSeed, times } from '../support/long'
import { type Bundle, builtBundle } from '../support/weapp/bundle'
import { newDataRenderer } from '../support/weapp/data-renderer'
import { newTown } from '../support/weapp/town'

let bundle: Bundle
beforeAll(() => {
  bundle = builtBundle()
})

test('a day in a village without a network: today’s doors come along, two visits and an answer wait, and all of it goes up', async () => {
  const town = await newTown(bundle, newDataRenderer)
  const { world, plate, elder } = town
  const { db, later } = world
  await db.requirement.create({
    data: {
      ...{ id: crypto.randomUUID(), category: 'livingAlone', interval: 'month', channels: 'inPerson', minSeconds: 0 },
      ...{ regionId: world.places.county.id, regionPath: world.places.county.path, validFrom: '2026-01-01' },
    },
  })
  const li = await world.elder({ name: '李桂兰', birthDate: '1950-02-01', categories: [] })
  const other = await world.plate(li.id)

  const phone = await town.logIn(town.helperPhone())
  await phone.tap('进村没网？先下载今天的几户')
  expect(phone.shows('今天的 1 户已在手机里')).toBe(true)
  const kept = [...phone.device.storage.values()].join()
  expect(kept).toContain('王大娘')
  for (const secret of ['王秀英', '138', '12号', plate.id, plate.serial]) expect(kept).not.toContain(secret)

  await phone.goes(false)
  phone.device.camera = plate.code
  await phone.tap('扫一扫，开始帮忙')
  expect(phone.lines()).toEqual(expect.arrayContaining(['没有网络，照样能开始', '王大娘']))
  await phone.tap('开始帮忙')
  expect(phone.route()).toBe('visit/current')
  expect(phone.shows('1 条等待上传')).toBe(true)
  later(66 * 60)
  await phone.reopen()
  await phone.tap('您正在帮忙')
  // a phone's clock goes on while the test runs
  expect(phone.shows('1小时5分') || phone.shows('1小时6分')).toBe(true)
  await phone.tap('扫地')
  await phone.tap('帮完了')
  expect(phone.lines()).toEqual(expect.arrayContaining(['辛苦了，记下了', '已记在手机里，有网就上传']))
  await phone.tap('好，知道了')
  expect(phone.shows('2 条等待上传')).toBe(true)

  // a door that wasn't taken along: begun all the same
  phone.device.camera = other.code
  await phone.tap('扫一扫，开始帮忙')
  expect(phone.shows('还看不出是谁家')).toBe(true)
  await phone.tap('开始帮忙')
  later(30 * 60)
  await phone.tap('帮完了')
  await phone.tap('好，知道了')
  expect(await db.visit.count()).toBe(0)
  await phone.tap('4 条等待上传')
  await phone.tap('复制成文字')
  expect(phone.device.clipboard.split('\n')).toHaveLength(4)
  expect(phone.device.clipboard).not.toContain(other.serial)

  later(3600)
  await phone.goes(true)
  expect(phone.shows('结束，记下了')).toBe(true)
  const visits = await db.visit.findMany({ include: { elders: true }, orderBy: { checkInAt: 'asc' } })
  expect(visits.map(({ state, elders }) => [state, elders[0]?.elderId])).toEqual([
    ['finished', elder.id],
    ['finished', li.id],
  ])
  expect(visits.map(({ servedSeconds }) => Math.round((servedSeconds ?? 0) / 600))).toEqual([7, 3])
  expect(JSON.parse(visits[0]?.tasksDone ?? '')).toEqual(['扫地'])
  expect(await db.deviceKey.count()).toBe(1)

  const old = await town.logIn(town.elderPhone())
  await old.goes(false)
  await old.tap('请确认')
  await old.tap('是，来过了')
  expect(old.lines()).toEqual(expect.arrayContaining(['谢谢您，记下了', '已记在手机里，有网就上传']))
  await old.goes(true)
  expect(await db.visit.count({ where: { state: 'confirmed' } })).toBe(1)

  // the next day nothing of it is left on the phone; nor is it for who logs in next
  later(24 * 3600)
  await phone.reopen()
  expect(phone.buttons()).toContain('进村没网？先下载今天的几户')
  expect([...phone.device.storage.values()].join()).not.toContain('codes')
})

test('staff at a door without a network: all is well in one tap, kept and sent', async () => {
  const town = await newTown(bundle, newDataRenderer)
  const { world, plate } = town
  const phone = await town.logIn(town.staffPhone())
  await phone.goes(false)
  phone.device.camera = plate.code
  await phone.tap('扫门牌，到户核对')
  await phone.tap('都好')
  expect(phone.shows('已记在手机里，有网就上传')).toBe(true)
  // pressed without a network it still waits; pressed once there is one it is sent at once
  await phone.reopen({ path: 'queue/waiting' })
  await phone.tap('现在上传')
  expect(phone.shows('都上传好了')).toBe(false)
  expect(await world.db.fieldCheck.count()).toBe(0)
  phone.device.online = true
  await phone.tap('现在上传')
  expect(phone.shows('都上传好了')).toBe(true)
  expect(await world.db.fieldCheck.findMany()).toMatchObject([{ result: 'well', level: 1 }])
})

test('a network that comes and goes, answers that are lost, an app that is closed: every press counts once', async () => {
  const actions = times(16, 500)
  const town = await newTown(bundle, newDataRenderer)
  const { world, plate } = town
  const phone = await town.logIn(town.helperPhone())
  phone.device.camera = plate.code
  const seed = (newSeed() % 2147483646) + 1
  let state = seed
  const chance = (share: number) => {
    state = (state * 48271) % 2147483647
    return state / 2147483647 < share
  }
  const HOME = '扫一扫，开始帮忙'
  for (let no = 0; no < actions / 2; no++) {
    world.later(20 * 60)
    await phone.goes(chance(0.5))
    await phone.tap(HOME)
    phone.device.losesNextAnswer = chance(0.3)
    await phone.tap('开始帮忙')
    phone.device.losesNextAnswer = false
    world.later(20 * 60)
    if (chance(0.3)) {
      await phone.reopen()
      await phone.tap('您正在帮忙')
    }
    await phone.goes(chance(0.5))
    phone.device.losesNextAnswer = chance(0.3)
    await phone.tap('帮完了')
    phone.device.losesNextAnswer = false
    if (!phone.buttons().includes('好，知道了')) throw new Error(phone.lines().join(' | '))
    await phone.tap('好，知道了')
    if (chance(0.2)) await phone.reopen()
  }
  await phone.goes(true)
  await phone.glanceAway()
  const visits = await world.db.visit.findMany({ include: { evidence: true } })
  expect(
    visits.map(({ state: reached, evidence }) => [reached, evidence.length]),
    `MULIN_SEED=${seed - 1}`,
  ).toEqual(Array(actions / 2).fill(['finished', 2]))
  expect(await world.db.queueEvent.count({ where: { outcome: 'conflict' } })).toBe(0)
  expect(phone.shows('条等待上传')).toBe(false)
}, 600_000)
