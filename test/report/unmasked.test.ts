import { randomUUID } from 'node:crypto'
import ExcelJS from 'exceljs'
import { expect, test } from 'vitest'
import { expireExports } from '../../server/report/unmasked'
import type { ExportRequestView } from '../../shared/report/view'
import { newWorld, serveWorld, type World } from '../support/world'

async function county() {
  const world = await newWorld()
  const { ask, base } = await serveWorld(world)
  await world.elder({ name: '欧阳秀英' })
  await world.elder({ name: '刘桂兰', place: world.places.otherVillage })
  const [one, two] = [
    await world.staff('countyAdmin', world.places.county),
    await world.staff('countyAdmin', world.places.county),
  ]
  const request = (purpose = '入户核对电话') => ({
    ...{ id: randomUUID(), kind: 'elders', regionId: world.places.village.id, purpose },
  })
  return { world, ask, base, one, two, request }
}

test('a list without masks needs a purpose and another person, comes once, and carries who took it', async () => {
  const { world, ask, one, two, request } = await county()
  const asked = request()
  const decision = `/unmasked-exports/${asked.id}/decision`
  const file = `/unmasked-exports/${asked.id}/file`
  expect((await ask(one, 'POST', '/unmasked-exports', { ...asked, purpose: '  ' })).status).toBe(400)
  for (const _ of [1, 2]) expect((await ask(one, 'POST', '/unmasked-exports', asked)).status).toBe(200)
  expect((await ask<{ code: string }>(one, 'POST', file, {})).body.code).toBe('EXPORT_GONE')
  expect((await ask<{ code: string }>(one, 'POST', decision, { agreed: true })).body.code).toBe('EXPORT_TWO_PERSONS')
  expect((await ask(two, 'POST', decision, { agreed: true })).status).toBe(200)
  expect((await ask<{ code: string }>(two, 'POST', decision, { agreed: false })).body.code).toBe('EXPORT_GONE')
  expect((await ask(two, 'POST', file, {})).status).toBe(404)

  const answers = await Promise.all([bytesOf(world, one, file), bytesOf(world, one, file)])
  const [taken] = answers.filter((answer) => answer.status === 200)
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  const text = await textOf(taken?.bytes as Buffer)
  expect(text).toContain('欧阳秀英')
  expect(text).toContain('北庄村12号')
  expect(text).not.toContain('刘桂兰')
  expect(text).toContain('孙梅 2026-11-22 09:00 导出')
  expect((await ask<{ code: string }>(one, 'POST', file, {})).body.code).toBe('EXPORT_GONE')
  const log = await world.db.operationLog.findMany({
    where: { resource: 'unmaskedExport' },
    orderBy: [{ at: 'asc' }, { id: 'asc' }],
  })
  expect(log.map(({ action, purpose }) => [action, purpose])).toEqual([
    ['ask', '入户核对电话'],
    ['approve', '入户核对电话'],
    ['export', '入户核对电话'],
  ])
}, 120_000)

test('what nobody agreed to or fetched in time is over', async () => {
  const { world, ask, one, two, request } = await county()
  const [late, unanswered] = [request(), request()]
  for (const each of [late, unanswered]) await ask(one, 'POST', '/unmasked-exports', each)
  await ask(two, 'POST', `/unmasked-exports/${late.id}/decision`, { agreed: true })
  world.later(24 * 3600)
  await world.db.session.updateMany({ data: { provedAt: world.clock.now } })
  expect((await ask<{ code: string }>(one, 'POST', `/unmasked-exports/${late.id}/file`, {})).body.code).toBe(
    'EXPORT_GONE',
  )
  const again = await ask<{ code: string }>(two, 'POST', `/unmasked-exports/${unanswered.id}/decision`, {
    agreed: true,
  })
  expect(again.body.code).toBe('EXPORT_GONE')
  const listed = async () =>
    (await ask<{ items: ExportRequestView[] }>(two, 'GET', '/unmasked-exports')).body.items.map(({ state }) => state)
  expect(await listed()).toEqual(['expired', 'expired'])
  expect(await expireExports(world.db, world.clock.now)).toBe(2)
  expect(await listed()).toEqual(['expired', 'expired'])
})

test('a desk below the county asks in vain, and an auditor sees that there were lists, and no more', async () => {
  const { world, ask, one, request } = await county()
  const asked = request()
  await ask(one, 'POST', '/unmasked-exports', asked)
  const town = await world.staff('townStaff', world.places.town)
  expect((await ask(town, 'POST', '/unmasked-exports', request())).status).toBe(403)
  const auditor = await world.staff('auditor', world.places.county)
  const seen = (await ask<{ items: ExportRequestView[] }>(auditor, 'GET', '/unmasked-exports')).body.items
  expect(seen).toMatchObject([{ id: asked.id, askedByName: '孙*', mayDecide: false, mayFetch: false }])
  expect((await ask(auditor, 'POST', `/unmasked-exports/${asked.id}/decision`, { agreed: true })).status).toBe(403)
})

test('a workbook of the desk says at its end who took it, and the log that somebody did', async () => {
  const { world, one } = await county()
  const { bytes } = await bytesOf(world, one, '/exports/elders', 'GET')
  const book = new ExcelJS.Workbook()
  await book.xlsx.load(bytes as never)
  const sheet = book.worksheets[0]
  expect(sheet?.lastRow?.getCell(1).text).toBe('孙梅 2026-11-22 09:00 导出，仅限工作使用')
  expect(sheet?.headerFooter.oddFooter).toContain('孙梅')
  expect(await world.db.operationLog.findMany({ where: { resource: 'list' } })).toMatchObject([
    { action: 'export', after: JSON.stringify({ title: '老人名单', format: 'xlsx' }) },
  ])
})

async function textOf(bytes: Buffer): Promise<string> {
  const book = new ExcelJS.Workbook()
  await book.xlsx.load(bytes as never)
  return (book.worksheets[0]?.getSheetValues() ?? []).map((row) => JSON.stringify(row)).join('\n')
}

async function bytesOf(world: World, who: { personId: string }, path: string, method = 'POST') {
  const { base, tokenOf } = await serveWorld(world)
  const answer = await fetch(`${base}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await tokenOf(who.personId)}` },
    ...(method === 'POST' ? { body: '{}' } : {}),
  })
  return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()) }
}
