import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { issueCertificate } from '../../server/certificate/issue'
import { revokeCertificate } from '../../server/certificate/revoke'
import { openApps } from '../support/apps'
import { atDoor, HOME } from '../support/door'
import { newWorld } from '../support/world'

test('whoever scans a certificate is told by the browser itself whether it holds', async () => {
  const world = await newWorld()
  const door = await atDoor(world, { homePoint: HOME })
  for (const minutes of [65, 30]) await door.answer(await door.served(minutes), 'yes')
  const helper = door.helper.actor
  const ask = { id: randomUUID(), kind: 'service' as const, from: '2026-11-01', to: '2026-11-22' }
  const no = await issueCertificate(world.parts, helper, ask, world.clock.now)
  const { base, phone, context, problems } = await openApps(world, [
    { personId: helper.personId, kindWord: '志愿者', app: 'phone' },
  ])
  const stranger = await (await context({ width: 390, height: 844 }, null)).newPage()
  const reads = (words: string) => stranger.getByText(words).filter({ visible: true }).first().waitFor()

  await stranger.goto(`${base}/c/${no}`)
  await reads('有效')
  await reads('志愿服务 2 次，1 小时 35 分钟')
  await reads('这台设备已自己核对：签名正确，内容没有改动')
  await stranger.goto(`${base}/c/0000000000000000`)
  await stranger.reload()
  await reads('查无此证')
  await revokeCertificate(world.parts, await world.staff('villageStaff'), no, { reason: 'other' }, world.clock.now)
  await stranger.goto(`${base}/c/${no}`)
  await stranger.reload()
  await reads('已撤销')

  const own = await phone('志愿者')
  await own
    .getByText(/扫一扫/)
    .filter({ visible: true })
    .first()
    .waitFor()
  await own.goto(`${base}/#/certificate/mine`)
  await own.getByText('开一份').filter({ visible: true }).first().click()
  await own.getByText('打开证明').filter({ visible: true }).first().waitFor()
  expect(await world.db.certificate.count()).toBe(2)
  expect(problems).toEqual([])
})
